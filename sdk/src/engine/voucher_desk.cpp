#include "engine/voucher_desk.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/marks.hpp"
#include "engine/past.hpp"
#include "engine/reward_stock.hpp"
#include "ledger/voucher_code.hpp"

namespace laurel::engine {
namespace {

using ledger::Entry;
using ledger::Voucher;
using ledger::VoucherIssue;
using ledger::VoucherKind;
using ledger::VoucherMove;
using ledger::VoucherMoveKind;

Result<std::string> new_code(Unit& unit, const std::string& secret, const Entry& entry,
                             std::size_t place, const std::set<std::string>& taken) {
  for (int attempt = 0;; ++attempt) {
    auto code = ledger::derive_code(secret, entry.id, place, attempt);
    if (taken.contains(code)) continue;
    LAUREL_TRY(const auto stored, unit.view.voucher(code));
    if (!stored) return code;
  }
}

std::size_t codes_of(const Entry& entry) {
  std::size_t count = 0;
  for (const auto& issue : entry.vouchers_issued) count += issue.codes.size();
  return count;
}

Result<void> derive_codes(Unit& unit, const Entry& entry, VoucherIssue& issue, std::size_t count) {
  LAUREL_TRY(const auto secret, secret_of(unit));
  std::set<std::string> taken;
  for (const auto& voucher : unit.change.vouchers) taken.insert(voucher.code);
  const std::size_t first = codes_of(entry);
  for (std::size_t i = 0; i < count; ++i) {
    LAUREL_TRY(auto code, new_code(unit, secret, entry, first + i, taken));
    taken.insert(code);
    issue.codes.push_back(std::move(code));
  }
  return {};
}

Result<void> check_codes(const Unit& unit, const VoucherIssue& issue) {
  std::vector<FieldFault> faults;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < issue.codes.size(); ++i) {
    LAUREL_TRY(const auto stored, unit.view.voucher(issue.codes[i]));
    if (!stored && seen.insert(issue.codes[i]).second) continue;
    faults.push_back({"/codes/" + std::to_string(i), "taken", "this code is in use already"});
  }
  if (faults.empty()) return {};
  return Error{ErrorCode::kInvalid, "one or more fields are wrong", std::move(faults)};
}

VoucherKind kind_of(programme::Gives gives) {
  switch (gives) {
    case programme::Gives::kMoney: return VoucherKind::kMoney;
    case programme::Gives::kPercent: return VoucherKind::kPercent;
    case programme::Gives::kProduct: return VoucherKind::kProduct;
    case programme::Gives::kExperience: return VoucherKind::kExperience;
    case programme::Gives::kCodes: return VoucherKind::kForeign;
  }
  return VoucherKind::kForeign;
}

// The share of `whole` that goes with what is kept of the sale.
std::int64_t kept_share(std::int64_t whole, const Transaction& sale, const Kept& kept) {
  const Valuable valuable(sale);
  std::int64_t minor = 0;
  for (const auto& line : kept) minor += line.minor;
  const std::int64_t all = valuable.total_minor();
  if (minor >= all) return whole;
  if (minor <= 0) return 0;
  return split(whole, std::array{minor, all - minor}).front();
}

bool keeps_anything(const Kept& kept) {
  return std::any_of(kept.begin(), kept.end(),
                     [](const KeptLine& line) { return line.quantity > Quantity{}; });
}

// What the money to give back is short of.
void take_off_refund(Entry& entry, const Transaction& sale, std::int64_t minor) {
  if (entry.refund.empty() || minor == 0) return;
  const auto currency = Currency::of(sale.currency);
  const auto refund = currency ? Money::parse(entry.refund, *currency) : Result<Money>(Error{});
  if (!refund) return;
  entry.refund = Money(std::max<std::int64_t>(0, refund->minor() - minor), *currency).text();
}

struct Used {
  std::string code = {};
  std::int64_t minor = 0, uses = 0;  // still taken for the sale
};

// By the sale, less what its returns gave back.
std::vector<Used> used_by(const Sale& sale) {
  std::vector<Used> list;
  const auto add = [&](const Entry& entry) {
    for (const auto& move : entry.voucher_moves) {
      const bool use = move.kind == VoucherMoveKind::kUse;
      if (!use && move.kind != VoucherMoveKind::kRestore) continue;
      auto at = std::find_if(list.begin(), list.end(),
                             [&](const Used& used) { return used.code == move.code; });
      if (at == list.end()) at = list.insert(at, {move.code});
      at->minor += use ? move.minor : -move.minor;
      at->uses += use ? move.uses : -move.uses;
    }
  };
  add(sale.entry);
  for (const auto& movement : sale.movements) add(movement);
  return list;
}

// How a voucher that a rule gave to the sale stands.
struct RuleVoucher {
  std::string rule = {}, code = {};
  bool cancelled = false;
};

std::vector<RuleVoucher> given_for(const Sale& sale) {
  std::vector<RuleVoucher> list;
  const auto add = [&](const Entry& entry) {
    for (const auto& issue : entry.vouchers_issued) {
      if (issue.rule.empty() || issue.codes.empty()) continue;
      list.push_back({issue.rule, issue.codes.front()});
    }
    for (const auto& move : entry.voucher_moves) {
      if (move.kind == VoucherMoveKind::kGive) list.push_back({move.rule, move.code});
      for (auto& given : list) {
        if (given.code != move.code) continue;
        if (move.kind == VoucherMoveKind::kCancel) given.cancelled = true;
        if (move.kind == VoucherMoveKind::kRevive) given.cancelled = false;
      }
    }
  };
  if (const Entry* holder = sale.holder()) add(*holder);
  for (const auto& movement : sale.movements) add(movement);
  return list;
}

std::int64_t used_minor(const Voucher& voucher) { return voucher.terms.minor - voucher.left_minor; }

}  // namespace

Result<Voucher*> voucher_in_change(Unit& unit, const std::string& code) {
  auto& changed = unit.change.vouchers;
  const auto at = std::find_if(changed.begin(), changed.end(),
                               [&](const Voucher& voucher) { return voucher.code == code; });
  if (at != changed.end()) return &*at;
  LAUREL_TRY(auto stored, unit.view.voucher(code));
  if (!stored) return static_cast<Voucher*>(nullptr);
  changed.push_back(*std::move(stored));
  return &changed.back();
}

Result<void> move_voucher(Unit& unit, Entry& entry, VoucherMove move) {
  LAUREL_TRY(Voucher* const voucher, voucher_in_change(unit, move.code));
  LAUREL_CHECK(voucher != nullptr, "an entry names a voucher that is not stored");
  LAUREL_TRY_VOID(ledger::apply_move(*voucher, move, entry.booked_at));
  entry.voucher_moves.push_back(std::move(move));
  return {};
}

Result<void> issue_vouchers(Unit& unit, Entry& entry, VoucherIssue issue, std::size_t count) {
  if (issue.codes.empty()) {
    LAUREL_TRY_VOID(derive_codes(unit, entry, issue, count));
  } else {
    LAUREL_TRY_VOID(check_codes(unit, issue));
  }
  auto vouchers = ledger::issued(issue, entry.id, entry.booked_at);
  std::move(vouchers.begin(), vouchers.end(), std::back_inserter(unit.change.vouchers));
  entry.vouchers_issued.push_back(std::move(issue));
  return {};
}

ledger::VoucherTerms terms_of(const programme::Compiled& compiled, const programme::Reward& reward,
                              Instant at, std::int64_t times) {
  ledger::VoucherTerms terms;
  terms.kind = kind_of(reward.gives);
  terms.reward = reward.id;
  terms.minor = reward.minor * times;
  terms.currency = std::string(compiled.currency.code());
  terms.millionths = reward.millionths;
  terms.at_most_minor = reward.at_most_minor;
  terms.minimum_minor = reward.minimum_minor;
  terms.minimum_after = reward.minimum_after;
  terms.item = reward.item;
  terms.bearer = reward.voucher.bearer;
  terms.keeps_remainder = reward.voucher.keeps_remainder;
  terms.covers_shipping = reward.voucher.covers_shipping;
  terms.stays_used = reward.voucher.stays_used;
  terms.uses = reward.voucher.uses;
  terms.valid_from = at;
  const auto end_of = [&](Date last) { return compiled.zone.start_of_day(add_days(last, 1)); };
  if (reward.voucher.valid) {
    terms.valid_until = end_of(add(compiled.zone.local_date(at), *reward.voucher.valid));
  }
  if (reward.voucher.until) {
    terms.valid_until = std::min(terms.valid_until, end_of(*reward.voucher.until));
  }
  return terms;
}

Result<bool> has_room(const Unit& unit, const programme::Compiled& compiled,
                      const programme::Reward& reward, MemberId member, Instant at) {
  const Date day = compiled.zone.local_date(at);
  for (const auto& limit : reward.limits) {
    LAUREL_TRY(const auto room, room_now(unit, limit, limit.per_member ? member : MemberId{}, day));
    if (room.times == 0) return false;
  }
  return true;
}

void count_reward(const programme::Compiled& compiled, const programme::Reward& reward, Instant at,
                  std::int64_t times, Entry& entry) {
  if (reward.limits.empty()) return;
  ledger::CounterUse use;
  use.counter = reward.limits.front().counter;
  for (const auto& limit : reward.limits) (limit.per_member ? use.per_member : use.for_all) = true;
  use.day = compiled.zone.local_date(at);
  use.times = times;
  entry.uses.push_back(std::move(use));
}

Result<std::optional<GivenVoucher>> give_reward(Unit& unit, Entry& entry,
                                                const programme::Compiled& compiled,
                                                const Gift& gift) {
  const auto& reward = gift.reward;
  const auto terms = terms_of(compiled, reward, entry.event_time, gift.times);
  std::optional<GivenVoucher> given;
  if (reward.gives == programme::Gives::kCodes) {
    LAUREL_TRY(const auto next, next_code(unit, reward.item, gift.reserved));
    if (!next) return given;
    given = {next->code, std::min(terms.valid_until, next->terms.valid_until)};
    VoucherMove move{.code = next->code, .kind = VoucherMoveKind::kGive};
    move.owner = terms.bearer ? MemberId{} : gift.to;
    move.until = given->valid_until;
    move.rule = gift.rule;
    LAUREL_TRY_VOID(move_voucher(unit, entry, std::move(move)));
  } else {
    VoucherIssue issue{.terms = terms, .owner = terms.bearer ? MemberId{} : gift.to};
    issue.rule = gift.rule;
    LAUREL_TRY_VOID(issue_vouchers(unit, entry, std::move(issue), 1));
    given = {entry.vouchers_issued.back().codes.front(), terms.valid_until};
  }
  if (!gift.reserved) count_reward(compiled, reward, gift.at, 1, entry);
  return given;
}

Result<void> give_gifts(Unit& unit, Entry& entry, const programme::Compiled& compiled,
                        const std::vector<RuleGift>& gifts, Instant at) {
  for (const auto& gift : gifts) {
    const auto* reward = compiled.catalogue.find(gift.reward);
    LAUREL_CHECK(reward != nullptr, "a rule gives a reward that the catalogue lacks");
    LAUREL_TRY(const bool room, has_room(unit, compiled, *reward, entry.member, at));
    if (!room) continue;
    LAUREL_TRY([[maybe_unused]] const auto given,
               give_reward(unit, entry, compiled, {*reward, entry.member, at, gift.rule}));
  }
  return {};
}

// ---- Returns

Result<void> return_vouchers(Unit& unit, Entry& entry, const Sale& sale, const Kept& kept) {
  const auto& document = *sale.entry.document;
  for (const auto& first : sale.entry.voucher_moves) {
    if (first.kind != VoucherMoveKind::kUse) continue;
    const auto list = used_by(sale);
    const auto used = std::find_if(list.begin(), list.end(),
                                   [&](const Used& one) { return one.code == first.code; });
    const std::int64_t minor = used->minor - kept_share(first.minor, document, kept);
    const std::int64_t uses = used->uses - (keeps_anything(kept) ? first.uses : 0);
    LAUREL_TRY(const Voucher* const voucher, voucher_in_change(unit, first.code));
    LAUREL_CHECK(voucher != nullptr, "a sale names a voucher that is not stored");
    if (first.paid) take_off_refund(entry, document, minor);
    if (voucher->terms.stays_used || (minor == 0 && uses == 0)) continue;
    const bool back = minor > 0 || uses > 0;
    VoucherMove move{.code = first.code, .basket = first.basket};
    move.kind = back ? VoucherMoveKind::kRestore : VoucherMoveKind::kUse;
    move.minor = back ? minor : std::min(-minor, voucher->left_minor);
    move.uses = back ? uses : std::min(-uses, voucher->uses_left);
    LAUREL_TRY_VOID(move_voucher(unit, entry, std::move(move)));
  }
  return {};
}

Result<void> return_gifts(Unit& unit, Entry& entry, const Sale& sale,
                          const programme::Compiled& compiled, const std::vector<RuleGift>& gifts) {
  const auto given = given_for(sale);
  std::vector<RuleGift> missing;
  for (const auto& gift : gifts) {
    const bool has = std::any_of(given.begin(), given.end(), [&](const RuleVoucher& one) {
      return one.rule == gift.rule && !one.cancelled;
    });
    if (!has) missing.push_back(gift);
  }
  for (const auto& one : given) {
    const auto is_its = [&](const RuleGift& gift) { return gift.rule == one.rule; };
    const bool entitled = std::any_of(gifts.begin(), gifts.end(), is_its);
    const bool wanted = std::any_of(missing.begin(), missing.end(), is_its);
    if (one.cancelled ? !wanted : entitled) continue;
    LAUREL_TRY(const Voucher* const voucher, voucher_in_change(unit, one.code));
    LAUREL_CHECK(voucher != nullptr, "a sale names a voucher that is not stored");
    VoucherMove move{.code = one.code, .rule = one.rule};
    move.kind = one.cancelled ? VoucherMoveKind::kRevive : VoucherMoveKind::kCancel;
    if (one.cancelled) move.until = voucher->terms.valid_until;
    if (!one.cancelled) move.charged_minor = used_minor(*voucher);
    const auto* reward = compiled.catalogue.find(voucher->terms.reward);
    if (reward != nullptr) {
      count_reward(compiled, *reward, sale.holder()->event_time, one.cancelled ? 1 : -1, entry);
    }
    LAUREL_TRY_VOID(move_voucher(unit, entry, std::move(move)));
    std::erase_if(missing, is_its);
  }
  return give_gifts(unit, entry, compiled, missing, sale.holder()->event_time);
}

}  // namespace laurel::engine
