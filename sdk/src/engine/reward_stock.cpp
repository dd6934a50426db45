#include "engine/reward_stock.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/past.hpp"

namespace laurel::engine {
namespace {

using ledger::CounterUse;
using ledger::Voucher;

// Of members with something due, so many are looked at: jobs book what is due every second.
constexpr std::size_t kDueLookedAt = 1'000;
constexpr std::string_view kCodes = "codes:";

// What holds give back that are over and not booked so yet; as if their entries stood already.
Result<std::vector<CounterUse>> lapsed(const Unit& unit, const std::string& counter, MemberId who) {
  std::vector<CounterUse> uses;
  LAUREL_TRY(const auto due, unit.view.due(unit.now, kDueLookedAt));
  for (const MemberId id : due) {
    if (who && id != who) continue;
    LAUREL_TRY(const auto record, unit.view.member(id));
    LAUREL_CHECK(record.has_value(), "a member who is due is stored");
    for (const auto& hold : record->holds) {
      if (hold.until > unit.now) continue;
      for (const auto& use : hold.reserved) {
        if (use.counter == counter && (who ? use.per_member : use.for_all)) uses.push_back(use);
      }
    }
  }
  return uses;
}

Result<std::int64_t> codes_reserved(const Unit& unit, const std::string& counter) {
  LAUREL_TRY(const auto rows, unit.view.usage(counter, {}, store::kEver, store::kEver));
  std::int64_t count = rows.empty() ? 0 : rows.front().times;
  if (count == 0) return count;
  LAUREL_TRY(const auto over, lapsed(unit, counter, {}));
  for (const auto& use : over) count -= use.times;
  return count;
}

}  // namespace

Result<ledger::LimitRoom> room_now(const Unit& unit, const programme::Limit& limit, MemberId who,
                                   Date day) {
  LAUREL_TRY(auto room, room_of(unit.view, limit, who, day));
  if (room.times > 0) return room;
  LAUREL_TRY(const auto back, lapsed(unit, limit.counter, who));
  if (back.empty()) return room;
  return room_of(unit.view, limit, who, day, back);
}

Result<std::optional<Voucher>> next_code(const Unit& unit, const std::string& pool, bool reserved) {
  const auto counter = std::string(kCodes) + pool;
  std::int64_t kept = 0;
  if (!reserved) {
    LAUREL_TRY(kept, codes_reserved(unit, counter));
  }
  const auto& changed = unit.change.vouchers;
  LAUREL_TRY(auto waiting,
             unit.view.waiting_vouchers(pool, changed.size() + static_cast<std::size_t>(kept) + 1));
  std::erase_if(waiting, [&](const Voucher& voucher) {
    return std::ranges::any_of(
        changed, [&](const Voucher& other) { return other.code == voucher.code && other.given; });
  });
  if (std::ssize(waiting) <= kept) return std::optional<Voucher>{};
  return std::optional(std::move(waiting.front()));
}

CounterUse reserved_code(const std::string& pool, Date day, std::int64_t times) {
  CounterUse use;
  use.counter = std::string(kCodes) + pool;
  use.for_all = true;
  use.day = day;
  use.times = times;
  return use;
}

}  // namespace laurel::engine
