#include "engine/notices.hpp"

#include <algorithm>
#include <tuple>

#include "base/try.hpp"

namespace laurel::engine {
namespace {

using std::chrono::days;

bool ends(Instant end, Instant now) { return end > now && end != kNever; }

// Her points by wallet and end, the soonest first.
std::vector<Notice> expiries(const ledger::Books& books, const programme::Compiled& compiled,
                             Instant now, Instant by) {
  std::vector<Notice> notices;
  for (const auto& lot : books.lots) {
    const Instant end = ledger::lot_end(books.record, lot);
    if (lot.remaining == Points{} || !ends(end, now) || end > by) continue;
    if (end <= books.record.told_of_expiry) continue;
    const auto wallet = compiled.wallet_index(lot.wallet);
    if (!wallet) continue;
    auto at = std::ranges::find_if(notices, [&](const Notice& notice) {
      return notice.wallet == lot.wallet && notice.at == end;
    });
    if (at == notices.end()) {
      at = notices.insert(
          at,
          Notice{Notice::Of::kExpiry, lot.wallet, compiled.wallets[*wallet].scale, {}, {}, end});
    }
    at->points += lot.remaining;
  }
  std::ranges::sort(notices, [](const Notice& a, const Notice& b) {
    return std::tie(a.at, a.wallet) < std::tie(b.at, b.wallet);
  });
  return notices;
}

}  // namespace

Instant next_notice(const ledger::Books& books, const programme::Compiled& compiled, Instant now) {
  Instant next = kNever;
  const auto& policy = compiled.notices;
  if (policy.expiry_days > 0) {
    for (const auto& lot : books.lots) {
      const Instant end = ledger::lot_end(books.record, lot);
      if (lot.remaining == Points{} || !ends(end, now)) continue;
      if (end <= books.record.told_of_expiry) continue;
      next = std::min(next, end - days(policy.expiry_days));
    }
  }
  const Instant until = books.record.tier.until;
  if (policy.tier_loss_days > 0 && ends(until, now) && until > books.record.told_of_tier) {
    next = std::min(next, until - days(policy.tier_loss_days));
  }
  return next;
}

Result<void> book_notices(Unit& unit, MemberSession& session) {
  const auto& compiled = unit.in_force(unit.now);
  const auto& policy = compiled.notices;
  if (policy.expiry_days == 0 && policy.tier_loss_days == 0) return {};
  LAUREL_TRY_VOID(session.load_open_lots());
  if (next_notice(session.books(), compiled, unit.now) > unit.now) return {};
  auto& record = session.books().record;
  std::vector<Notice> notices;
  if (policy.expiry_days > 0) {
    const Instant by = unit.now + days(policy.expiry_days);
    notices = expiries(session.books(), compiled, unit.now, by);
    record.told_of_expiry = std::max(record.told_of_expiry, by);
  }
  const Instant until = record.tier.until;
  const bool level_ends = policy.tier_loss_days > 0 && ends(until, unit.now) &&
                          until > record.told_of_tier &&
                          until - days(policy.tier_loss_days) <= unit.now;
  if (level_ends) {
    record.told_of_tier = until;
    const auto rules = tier_rules(compiled);
    const auto state = ledger::advance_tier(rules, record.tier, unit.now);
    const std::string level(ledger::held_level(rules, state, unit.now));
    const auto after = ledger::advance_tier(rules, state, until);
    const auto next = ledger::held_level(rules, after, until);
    const auto& levels = compiled.tiers;
    if (ledger::level_index(levels, next) < ledger::level_index(levels, level)) {
      notices.push_back({Notice::Of::kTierLoss, {}, 0, {}, level, until});
    }
  }
  if (notices.empty()) return {};
  auto entry = session.begin(ledger::EntryKind::kNotice, unit.now);
  entry.actor = "laurel";
  entry.reason = "it is going to happen";
  entry.about = record.last_entry;
  entry.programme = compiled.digest;
  entry.notices = std::move(notices);
  return session.end(std::move(entry), compiled);
}

}  // namespace laurel::engine
