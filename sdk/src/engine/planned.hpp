#pragma once
// The store as it will be once what a unit of work has planned so far is written; so that one unit
// may consist of several documents, each posted as if it came by itself.

#include <utility>

#include "engine/session.hpp"
#include "store/store.hpp"

namespace laurel::engine {

class Planned final : public store::View {
 public:
  // Both outlive the view.
  Planned(const store::View& stored, const store::Change& change)
      : stored_(stored), change_(change) {}

  Result<std::optional<store::TransactionRecord>> transaction(
      const TransactionKey& key) const override;
  Result<std::optional<store::Identified>> identify(const std::string& type,
                                                    const std::string& value) const override;
  Result<std::optional<ledger::MemberRecord>> member(MemberId id) const override;
  Result<std::vector<store::IdentifierLink>> identifiers(MemberId id) const override;
  Result<std::vector<ledger::Lot>> open_lots(const ledger::MemberRecord& member) const override;
  Result<std::optional<ledger::Lot>> lot(ledger::LotId id) const override;
  Result<std::optional<ledger::Entry>> entry(EntryId id) const override;
  Result<std::vector<store::UsageRow>> usage(const std::string& counter, MemberId member,
                                             Date first, Date last) const override;
  Result<std::optional<ReviewItem>> review_of(ReviewKind kind,
                                              const std::string& subject) const override;

  Result<std::optional<ledger::Voucher>> voucher(const std::string& code) const override;
  Result<std::string> secret() const override;
  Result<std::optional<MemberProfile>> profile(MemberId id) const override;

  // As they are stored.
  Result<std::vector<MemberId>> seen_with(const std::string& mark,
                                          std::size_t limit) const override {
    return stored_.seen_with(mark, limit);
  }
  Result<std::vector<store::FormerLink>> former_links(const std::string& mark) const override {
    return stored_.former_links(mark);
  }
  Result<std::vector<ledger::Voucher>> vouchers_of(MemberId owner, const std::string& after,
                                                   std::size_t limit) const override {
    return stored_.vouchers_of(owner, after, limit);
  }
  Result<std::vector<ledger::Voucher>> waiting_vouchers(const std::string& pool,
                                                        std::size_t limit) const override {
    return stored_.waiting_vouchers(pool, limit);
  }
  Result<std::vector<store::Unclaimed>> unclaimed(const std::string& type,
                                                  const std::string& value) const override {
    return stored_.unclaimed(type, value);
  }
  Result<std::vector<ledger::Entry>> entries(EntryId after, std::size_t limit) const override {
    return stored_.entries(after, limit);
  }
  Result<std::vector<ledger::Entry>> entries_of(store::Share share, EntryId after,
                                                std::size_t limit) const override {
    return stored_.entries_of(share, after, limit);
  }
  Result<std::vector<MemberId>> due(Instant now, std::size_t limit) const override {
    return stored_.due(now, limit);
  }
  Result<std::vector<ledger::MemberRecord>> members(MemberId after,
                                                    std::size_t limit) const override {
    return stored_.members(after, limit);
  }
  Result<std::vector<store::ProgrammeVersion>> programmes(std::int64_t after) const override {
    return stored_.programmes(after);
  }
  Result<std::vector<store::Directive>> directives(std::int64_t after) const override {
    return stored_.directives(after);
  }
  Result<std::optional<ReviewItem>> review(std::int64_t number) const override {
    return stored_.review(number);
  }
  Result<std::vector<ReviewItem>> reviews(const ReviewFilter& filter, Instant now) const override {
    return stored_.reviews(filter, now);
  }
  Result<std::vector<store::Unclaimed>> oldest_unclaimed(std::size_t limit) const override {
    return stored_.oldest_unclaimed(limit);
  }
  Result<std::vector<MemberId>> sharing(std::int64_t key, std::size_t limit) const override {
    return stored_.sharing(key, limit);
  }
  Result<std::vector<std::int64_t>> matching_keys(MemberId id) const override {
    return stored_.matching_keys(id);
  }
  Result<std::vector<Webhook>> webhooks() const override { return stored_.webhooks(); }
  Result<std::optional<Webhook>> webhook(const std::string& id) const override {
    return stored_.webhook(id);
  }

 private:
  const store::View& stored_;
  const store::Change& change_;
};

// `later` was planned over Planned(…, change): what both write is written once, as `later` says.
void merge(store::Change& change, store::Change&& later);

// The answers of one request show what stands once all of it is done.
void align_answers(std::vector<ledger::Entry>& entries);

// Does the next piece of work of the same unit as if the work so far were stored.
template <class Work>
auto then(Unit& unit, Work work) {
  const Planned view(unit.view, unit.change);
  Unit next{view, unit.ids, unit.now, unit.versions, unit.stands_for};
  next.entries_given = unit.entries_given;
  next.entropy = unit.entropy;
  auto done = work(next);
  unit.ids.member = next.ids.member;
  unit.entries_given = next.entries_given;
  if (!next.whisper.empty()) unit.whisper = std::move(next.whisper);
  merge(unit.change, std::move(next.change));
  return done;
}

}  // namespace laurel::engine
