#include "store/fault_store.hpp"

#include <utility>

namespace laurel::store {
namespace {

Error fault() { return {ErrorCode::kStoreFailed, "a fault was asked for"}; }

class FaultView final : public View {
 public:
  FaultView(const View& inner, const FaultStore& store) : inner_(inner), store_(store) {}

  Result<std::optional<TransactionRecord>> transaction(const TransactionKey& key) const override {
    if (hit()) return fault();
    return inner_.transaction(key);
  }
  Result<std::optional<Identified>> identify(const std::string& type,
                                             const std::string& value) const override {
    if (hit()) return fault();
    return inner_.identify(type, value);
  }
  Result<std::optional<ledger::MemberRecord>> member(MemberId id) const override {
    if (hit()) return fault();
    return inner_.member(id);
  }
  Result<std::vector<IdentifierLink>> identifiers(MemberId id) const override {
    if (hit()) return fault();
    return inner_.identifiers(id);
  }
  Result<std::vector<ledger::Lot>> open_lots(const ledger::MemberRecord& member) const override {
    if (hit()) return fault();
    return inner_.open_lots(member);
  }
  Result<std::optional<ledger::Lot>> lot(ledger::LotId id) const override {
    if (hit()) return fault();
    return inner_.lot(id);
  }
  Result<std::optional<ledger::Entry>> entry(EntryId id) const override {
    if (hit()) return fault();
    return inner_.entry(id);
  }
  Result<std::vector<ledger::Entry>> entries(EntryId after, std::size_t limit) const override {
    if (hit()) return fault();
    return inner_.entries(after, limit);
  }
  Result<std::vector<ledger::Entry>> entries_of(Share share, EntryId after,
                                                std::size_t limit) const override {
    if (hit()) return fault();
    return inner_.entries_of(share, after, limit);
  }
  Result<std::vector<MemberId>> due(Instant now, std::size_t limit) const override {
    if (hit()) return fault();
    return inner_.due(now, limit);
  }
  Result<std::vector<ledger::MemberRecord>> members(MemberId after,
                                                    std::size_t limit) const override {
    if (hit()) return fault();
    return inner_.members(after, limit);
  }
  Result<std::vector<UsageRow>> usage(const std::string& counter, MemberId member, Date first,
                                      Date last) const override {
    if (hit()) return fault();
    return inner_.usage(counter, member, first, last);
  }
  Result<std::optional<ledger::Voucher>> voucher(const std::string& code) const override {
    if (hit()) return fault();
    return inner_.voucher(code);
  }
  Result<std::vector<ledger::Voucher>> vouchers_of(MemberId owner, const std::string& after,
                                                   std::size_t limit) const override {
    if (hit()) return fault();
    return inner_.vouchers_of(owner, after, limit);
  }
  Result<std::vector<ledger::Voucher>> waiting_vouchers(const std::string& pool,
                                                        std::size_t limit) const override {
    if (hit()) return fault();
    return inner_.waiting_vouchers(pool, limit);
  }
  Result<std::string> secret() const override {
    if (hit()) return fault();
    return inner_.secret();
  }
  Result<std::vector<ProgrammeVersion>> programmes(std::int64_t after) const override {
    if (hit()) return fault();
    return inner_.programmes(after);
  }
  Result<std::vector<Directive>> directives(std::int64_t after) const override {
    if (hit()) return fault();
    return inner_.directives(after);
  }
  Result<std::vector<MemberId>> seen_with(const std::string& mark,
                                          std::size_t limit) const override {
    if (hit()) return fault();
    return inner_.seen_with(mark, limit);
  }
  Result<std::vector<FormerLink>> former_links(const std::string& mark) const override {
    if (hit()) return fault();
    return inner_.former_links(mark);
  }
  Result<std::vector<Unclaimed>> unclaimed(const std::string& type,
                                           const std::string& value) const override {
    if (hit()) return fault();
    return inner_.unclaimed(type, value);
  }
  Result<std::optional<ReviewItem>> review(std::int64_t number) const override {
    if (hit()) return fault();
    return inner_.review(number);
  }
  Result<std::optional<ReviewItem>> review_of(ReviewKind kind,
                                              const std::string& subject) const override {
    if (hit()) return fault();
    return inner_.review_of(kind, subject);
  }
  Result<std::vector<ReviewItem>> reviews(const ReviewFilter& filter, Instant now) const override {
    if (hit()) return fault();
    return inner_.reviews(filter, now);
  }
  Result<std::optional<MemberProfile>> profile(MemberId id) const override {
    if (hit()) return fault();
    return inner_.profile(id);
  }
  Result<std::vector<Unclaimed>> oldest_unclaimed(std::size_t limit) const override {
    if (hit()) return fault();
    return inner_.oldest_unclaimed(limit);
  }
  Result<std::vector<MemberId>> sharing(std::int64_t key, std::size_t limit) const override {
    if (hit()) return fault();
    return inner_.sharing(key, limit);
  }
  Result<std::vector<std::int64_t>> matching_keys(MemberId id) const override {
    if (hit()) return fault();
    return inner_.matching_keys(id);
  }
  Result<std::vector<Webhook>> webhooks() const override {
    if (hit()) return fault();
    return inner_.webhooks();
  }
  Result<std::optional<Webhook>> webhook(const std::string& id) const override {
    if (hit()) return fault();
    return inner_.webhook(id);
  }

 private:
  bool hit() const { return store_.hits(FaultPoint::kView); }

  const View& inner_;
  const FaultStore& store_;
};

}  // namespace

void FaultStore::fail(FaultPoint point, std::int64_t call) {
  point_ = FaultPoint::kNone;
  left_ = call;
  point_ = point;
}

bool FaultStore::hits(FaultPoint point) const { return point_ == point && --left_ == 0; }

std::vector<Result<void>> FaultStore::write(std::span<const UnitOfWork> units) {
  std::vector<UnitOfWork> wrapped;
  wrapped.reserve(units.size());
  for (const UnitOfWork& unit : units) {
    wrapped.emplace_back([this, &unit](const View& view, const NextIds& next) -> Result<Change> {
      auto change = unit(FaultView(view, *this), next);
      if (hits(FaultPoint::kBeforeCommit)) return fault();
      return change;
    });
  }
  auto results = inner_->write(wrapped);
  for (auto& result : results) {
    if (!hits(FaultPoint::kAfterCommit)) continue;
    result = Error{ErrorCode::kOutcomeUnknown, "a fault was asked for"};
  }
  return results;
}

Result<void> FaultStore::read(const std::function<Result<void>(const View&)>& reader) const {
  if (hits(FaultPoint::kRead)) return fault();
  return inner_->read([&](const View& view) { return reader(FaultView(view, *this)); });
}

Result<void> FaultStore::copy_to(const std::string& file,
                                 const std::function<void(BackupProgress)>& progress) const {
  if (hits(FaultPoint::kRead)) return fault();
  return inner_->copy_to(file, progress);
}

Result<std::shared_ptr<void>> FaultStore::reserve(const std::string& role) {
  if (hits(FaultPoint::kRead)) return fault();
  return inner_->reserve(role);
}

}  // namespace laurel::store
