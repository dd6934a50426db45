#pragma once
// The store as it was when an entry was about to be booked, with counters of its own: what a replay
// asks about a member's past and about limits is answered by the functions that posting uses.

#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "store/store.hpp"

namespace laurel::engine {

// What limits and budgets have counted.
class Counters {
 public:
  void put(const store::UsageRow& row);
  std::vector<store::UsageRow> rows(const std::string& counter, MemberId member, Date first,
                                    Date last) const;

 private:
  std::map<std::tuple<std::string, MemberId, Date>, std::pair<std::int64_t, std::int64_t>> rows_;
};

// A merge that stood.
struct StoodMerge {
  MemberId into;
  EntryId merge;
  EntryId last_entry;  // of who went
};

class ReplayView final : public store::View {
 public:
  // All outlive the view. `until`: the last entry that it knows; `joined`: who was merged by then.
  ReplayView(const store::View& now, EntryId until, const Counters& counters,
             const std::map<MemberId, StoodMerge>& joined)
      : now_(now), until_(until), counters_(counters), joined_(joined) {}

  Result<std::optional<store::TransactionRecord>> transaction(
      const TransactionKey& key) const override;
  // Merged as she was then; all else as it is now.
  Result<std::optional<ledger::MemberRecord>> member(MemberId id) const override;
  Result<std::vector<store::UsageRow>> usage(const std::string& counter, MemberId member,
                                             Date first, Date last) const override {
    return counters_.rows(counter, member, first, last);
  }

  // As they are now.
  Result<std::optional<store::Identified>> identify(const std::string& type,
                                                    const std::string& value) const override {
    return now_.identify(type, value);
  }
  Result<std::vector<store::IdentifierLink>> identifiers(MemberId id) const override {
    return now_.identifiers(id);
  }
  Result<std::vector<ledger::Lot>> open_lots(const ledger::MemberRecord& record) const override {
    return now_.open_lots(record);
  }
  Result<std::optional<ledger::Lot>> lot(ledger::LotId id) const override { return now_.lot(id); }
  Result<std::optional<ledger::Entry>> entry(EntryId id) const override { return now_.entry(id); }
  Result<std::vector<ledger::Entry>> entries(EntryId after, std::size_t limit) const override {
    return now_.entries(after, limit);
  }
  Result<std::vector<ledger::Entry>> entries_of(store::Share share, EntryId after,
                                                std::size_t limit) const override {
    return now_.entries_of(share, after, limit);
  }
  Result<std::vector<MemberId>> due(Instant now, std::size_t limit) const override {
    return now_.due(now, limit);
  }
  Result<std::vector<ledger::MemberRecord>> members(MemberId after,
                                                    std::size_t limit) const override {
    return now_.members(after, limit);
  }
  Result<std::optional<ledger::Voucher>> voucher(const std::string& code) const override {
    return now_.voucher(code);
  }
  Result<std::vector<ledger::Voucher>> vouchers_of(MemberId owner, const std::string& after,
                                                   std::size_t limit) const override {
    return now_.vouchers_of(owner, after, limit);
  }
  Result<std::vector<ledger::Voucher>> waiting_vouchers(const std::string& pool,
                                                        std::size_t limit) const override {
    return now_.waiting_vouchers(pool, limit);
  }
  Result<std::string> secret() const override { return now_.secret(); }
  Result<std::vector<store::ProgrammeVersion>> programmes(std::int64_t after) const override {
    return now_.programmes(after);
  }
  Result<std::vector<store::Directive>> directives(std::int64_t after) const override {
    return now_.directives(after);
  }
  Result<std::vector<store::Unclaimed>> unclaimed(const std::string& type,
                                                  const std::string& value) const override {
    return now_.unclaimed(type, value);
  }
  Result<std::vector<MemberId>> seen_with(const std::string& mark,
                                          std::size_t limit) const override {
    return now_.seen_with(mark, limit);
  }
  Result<std::vector<store::FormerLink>> former_links(const std::string& mark) const override {
    return now_.former_links(mark);
  }
  Result<std::optional<ReviewItem>> review(std::int64_t number) const override {
    return now_.review(number);
  }
  Result<std::optional<ReviewItem>> review_of(ReviewKind kind,
                                              const std::string& subject) const override {
    return now_.review_of(kind, subject);
  }
  Result<std::vector<ReviewItem>> reviews(const ReviewFilter& filter, Instant now) const override {
    return now_.reviews(filter, now);
  }
  Result<std::optional<MemberProfile>> profile(MemberId id) const override {
    return now_.profile(id);
  }
  Result<std::vector<store::Unclaimed>> oldest_unclaimed(std::size_t limit) const override {
    return now_.oldest_unclaimed(limit);
  }
  Result<std::vector<MemberId>> sharing(std::int64_t key, std::size_t limit) const override {
    return now_.sharing(key, limit);
  }
  Result<std::vector<std::int64_t>> matching_keys(MemberId id) const override {
    return now_.matching_keys(id);
  }

 private:
  const store::View& now_;
  EntryId until_;
  const Counters& counters_;
  const std::map<MemberId, StoodMerge>& joined_;
};

}  // namespace laurel::engine
