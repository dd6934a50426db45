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
  Result<std::vector<MemberId>> due(Instant now, std::size_t limit) const override;
  Result<std::vector<ledger::MemberRecord>> members(MemberId after,
                                                    std::size_t limit) const override;
  Result<std::vector<UsageRow>> usage(const std::string& counter, MemberId member, Date first,
                                      Date last) const override;
  Result<std::vector<ProgrammeVersion>> programmes(std::int64_t after) const override;
  Result<std::vector<Directive>> directives(std::int64_t after) const override;
  Result<std::vector<Unclaimed>> unclaimed(const std::string& type,
                                           const std::string& value) const override;
  Result<std::optional<ReviewItem>> review(std::int64_t number) const override;
  Result<std::optional<ReviewItem>> review_of(ReviewKind kind,
                                              const std::string& subject) const override;
  Result<std::vector<ReviewItem>> reviews(const ReviewFilter& filter, Instant now) const override;

  // The numbers to go on with; 1 in an empty store.
  Result<NextIds> next_ids() const;

  // For the writer: next_due of the members read since watch_due(). Whoever writes one of them back
  // in the same transaction then knows whether the index of due members is touched.
  void watch_due();
  std::optional<Instant> known_due(MemberId id) const;

  // For the writer: in its transaction nobody else publishes, so that one look at the versions and
  // directives serves all units of work until the next call: after BEGIN, and after one is written.
  void watch_programmes();
  // For readers: the same, as long as the database says that it is of this version.
  void watch_programmes_of(std::int64_t data_version);

 private:
  // Into what is empty: moving a record costs as much as reading it.
  Result<void> read_member(Run& run, int first, ledger::MemberRecord& record) const;
  Result<void> read_entry(Run& run, ledger::Entry& entry) const;

  Names& names_;
  mutable Statement unclaimed_;
  mutable Statement transaction_, identify_, member_, identifiers_, lot_, entry_, entries_, due_,
      members_, usage_, programmes_, directives_, review_, review_of_, reviews_, last_entry_,
      last_member_;
  bool watching_ = false;
  mutable std::vector<std::pair<MemberId, Instant>> seen_;
  bool watching_programmes_ = false;
  std::optional<std::int64_t> watched_version_;
  // While watching, once looked up.
  mutable std::optional<std::int64_t> last_programme_, last_directive_;
};

}  // namespace laurel::store
