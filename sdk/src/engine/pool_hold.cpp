#include "engine/pool_hold.hpp"

#include <algorithm>

#include "base/try.hpp"

namespace laurel::engine {
namespace {

using ledger::Entry;
using ledger::EntryKind;

// Points of one lot. The spender's own go before others' that die at the same moment.
struct Slice {
  Instant end;
  std::size_t place = 0;
  Points points;
};

void add_slices(MemberSession& session, const std::string& wallet, std::size_t place,
                std::vector<Slice>& slices) {
  for (const auto& lot : session.books().lots) {
    if (lot.wallet != wallet || !lot.activated || lot.remaining <= Points{}) continue;
    slices.push_back({ledger::lot_end(session.record(), lot), place, lot.remaining});
  }
}

}  // namespace

Result<PoolPurse> PoolPurse::of(Unit& unit, MemberSession& spender,
                                const programme::Compiled& compiled) {
  PoolPurse purse(spender);
  LAUREL_TRY(auto spending, pool_spending(unit, spender.record()));
  purse.pool_ = spending.pool;
  for (auto& record : spending.members) {
    if (record.id == spender.record().id) {
      purse.gives_ = true;
      continue;
    }
    purse.others_.emplace_back(unit, std::move(record));
    LAUREL_TRY_VOID(purse.others_.back().settle(compiled));
  }
  return purse;
}

Points PoolPurse::available(const std::string& wallet) const {
  Points sum;
  const auto add = [&](const MemberSession& session) {
    const auto* state = ledger::find_wallet(session.record(), wallet);
    if (state != nullptr) sum += state->available;
  };
  if (gives_) add(*spender_);
  for (const auto& other : others_) add(other);
  return sum;
}

Result<std::vector<Points>> PoolPurse::shares(const std::string& wallet, Points points) {
  std::vector<Slice> slices;
  if (gives_) {
    LAUREL_TRY_VOID(spender_->load_open_lots());
    add_slices(*spender_, wallet, 0, slices);
  }
  for (std::size_t i = 0; i < others_.size(); ++i) {
    LAUREL_TRY_VOID(others_[i].load_open_lots());
    add_slices(others_[i], wallet, i + 1, slices);
  }
  std::ranges::stable_sort(slices, {}, &Slice::end);
  std::vector<Points> shares(others_.size() + 1);
  for (const auto& slice : slices) {
    const Points taken = std::min(points, slice.points);
    shares[slice.place] += taken;
    points -= taken;
  }
  if (points == Points{}) return shares;
  return Error{ErrorCode::kInsufficientPoints, "the pool has fewer points available"};
}

Result<void> PoolPurse::hold(Entry& opens, const programme::Compiled& compiled,
                             const Holding& holding) {
  const std::string& wallet = compiled.wallets[holding.wallet].id;
  LAUREL_TRY(const auto each, shares(wallet, holding.points));
  Holding part = holding;
  for (std::size_t i = 0; i < others_.size(); ++i) {
    part.points = each[i + 1];
    if (part.points == Points{}) continue;
    Entry entry = others_[i].begin(EntryKind::kHold, opens.event_time);
    entry.about = opens.id;
    entry.actor = opens.actor;
    entry.programme = opens.programme;
    entry.redemption = ledger::RedemptionTerms{wallet, part.points, {}, {}};
    entry.redemption->pool = pool_;
    LAUREL_TRY_VOID(hold_points(others_[i], entry, compiled, part));
    const EntryId id = entry.id;
    LAUREL_TRY_VOID(others_[i].end(std::move(entry), compiled));
    opens.redemption->parts.push_back({others_[i].record().id, id, part.points});
  }
  if (!opens.redemption->parts.empty()) {
    opens.redemption->left = holding.points;
    opens.redemption->until = holding.until;
  }
  part.points = each.front();
  return part.points == Points{} ? Result<void>() : hold_points(*spender_, opens, compiled, part);
}

Result<void> PoolPurse::close() {
  for (auto& other : others_) LAUREL_TRY_VOID(other.close());
  return {};
}

}  // namespace laurel::engine
