#pragma once
// Reading through one connection, in whatever transaction it is in.

#include <utility>
#include <vector>

#include "store/sqlite_database.hpp"
#include "store/sqlite_names.hpp"
#include "store/store.hpp"

namespace laurel::store {

class SqliteView final : public View {
 public:
  // Both outlive the view.
  SqliteView(Database& database, Names& names);

  Result<std::optional<TransactionRecord>> transaction(const TransactionKey& key) const override;
  Result<std::optional<Identified>> identify(const std::string& type,
                                             const std::string& value) const override;
  Result<std::optional<ledger::MemberRecord>> member(MemberId id) const override;
  Result<std::vector<IdentifierLink>> identifiers(MemberId id) const override;
  Result<std::vector<ledger::Lot>> open_lots(const ledger::MemberRecord& member) const override;
  Result<std::optional<ledger::Lot>> lot(ledger::LotId id) const override;
  Result<std::optional<ledger::Entry>> entry(EntryId id) const override;
  Result<std::vector<ledger::Entry>> entries(EntryId after, std::size_t limit) const override;
  Result<std::vector<ledger::Entry>> entries_of(Share share, EntryId after,
                                                std::size_t limit) const override;
  Result<std::vector<MemberId>> due(Instant now, std::size_t limit) const override;
  Result<std::vector<ledger::MemberRecord>> members(MemberId after,
                                                    std::size_t limit) const override;
  Result<std::vector<UsageRow>> usage(const std::string& counter, MemberId member, Date first,
                                      Date last) const override;
  Result<std::optional<ledger::Voucher>> voucher(const std::string& code) const override;
  Result<std::vector<ledger::Voucher>> vouchers_of(MemberId owner, const std::string& after,
                                                   std::size_t limit) const override;
  Result<std::vector<ledger::Voucher>> waiting_vouchers(const std::string& pool,
                                                        std::size_t limit) const override;
  Result<std::string> secret() const override;
  Result<std::vector<ProgrammeVersion>> programmes(std::int64_t after) const override;
  Result<std::vector<Directive>> directives(std::int64_t after) const override;
  Result<std::vector<MemberId>> seen_with(const std::string& mark,
                                          std::size_t limit) const override;
  Result<std::vector<FormerLink>> former_links(const std::string& mark) const override;
  Result<std::vector<Unclaimed>> unclaimed(const std::string& type,
                                           const std::string& value) const override;
  Result<std::vector<Unclaimed>> oldest_unclaimed(std::size_t limit) const override;
  Result<std::optional<ReviewItem>> review(std::int64_t number) const override;
  Result<std::optional<ReviewItem>> review_of(ReviewKind kind,
                                              const std::string& subject) const override;
  Result<std::vector<ReviewItem>> reviews(const ReviewFilter& filter, Instant now) const override;

  Result<std::optional<MemberProfile>> profile(MemberId id) const override;
  Result<std::vector<MemberId>> sharing(std::int64_t key, std::size_t limit) const override;
  Result<std::vector<std::int64_t>> matching_keys(MemberId id) const override;

  // The numbers to go on with; 1 in an empty store.
  Result<NextIds> next_ids() const;

  // For the writer: next_due of the members read since watch_due(). Whoever writes one of them back
  // in the same transaction then knows whether the index of due members is touched.
  void watch_due();
  std::optional<Instant> known_due(MemberId id) const;

  // Whether anybody but this connection has written since this was asked last. Asked at the start
  // of each transaction, so that versions and directives are looked up again only where it is so.
  Result<bool> others_wrote();
  // What was looked up may be otherwise now: this connection has written one, or taken it back.
  void forget_programmes();

 private:
  // Into what is empty: moving a record costs as much as reading it.
  Result<void> read_member(Run& run, int first, ledger::MemberRecord& record) const;
  Result<void> read_entry(Run& run, ledger::Entry& entry) const;
  Result<std::vector<ledger::Entry>> read_entries(Run& run, std::size_t limit) const;
  Result<std::vector<ledger::Voucher>> read_vouchers(Run& run) const;

  Names& names_;
  mutable Statement seen_with_, former_links_;
  mutable Statement unclaimed_, oldest_unclaimed_;
  mutable Statement transaction_, identify_, member_, identifiers_, lot_, entry_, entries_,
      entries_of_, due_, members_, usage_, programmes_, directives_, review_, review_of_, reviews_,
      voucher_, vouchers_of_, waiting_vouchers_, secret_, profile_, sharing_, matching_keys_,
      last_entry_, last_member_, version_;
  bool watching_ = false;
  mutable std::vector<std::pair<MemberId, Instant>> seen_;
  std::optional<std::int64_t> version_seen_;
  // Once looked up.
  mutable std::optional<std::int64_t> last_programme_, last_directive_;
};

}  // namespace laurel::store
