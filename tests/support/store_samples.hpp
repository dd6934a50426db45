#pragma once
// Records as the engine writes them, for tests and benchmarks of the stores.

#include <string>

#include "store/store.hpp"

namespace laurel::samples {

inline constexpr std::int64_t kNoonMs = 1'795'262'400'000;  // 2026-11-21T12:00:00Z

inline Instant at(std::int64_t seconds) {
  return Instant(Duration(kNoonMs)) + std::chrono::seconds(seconds);
}

inline std::string digest() { return "sha256:" + std::string(60, 'a') + "0123"; }

inline std::string card_of(MemberId member) {
  std::string digits = std::to_string(member.number());
  return "63010012" + std::string(10 - digits.size(), '0') + digits;
}

inline Line line(const std::string& id, const std::string& department, const std::string& amount) {
  return {.id = id,
          .sku = "SKU-" + department + "-40213" + id,
          .department = department,
          .category = department + "/new-season",
          .brand = "Maison " + department,
          .quantity = Quantity::of(1),
          .amount = amount};
}

// Three lines, one member by her card, one lot: what a till sends all day.
inline ledger::Entry sale(EntryId id, const TransactionKey& key, MemberId member) {
  const Points points(1'234);
  ledger::Entry entry;
  entry.id = id;
  entry.kind = ledger::EntryKind::kSale;
  entry.member = member;
  entry.event_time = at(id.number());
  entry.booked_at = at(id.number()) + std::chrono::milliseconds(731);
  entry.actor = key.source;
  entry.key = key;
  entry.programme = digest();
  entry.document = Transaction{.key = key,
                               .at = entry.event_time,
                               .store = "knightsbridge",
                               .channel = "store",
                               .currency = "GBP",
                               .associate = "associate-204",
                               .identifiers = {{"card", card_of(member)}},
                               .lines = {line("1", "fashion", "1950.00"),
                                         line("2", "beauty", "89.50"), line("3", "food", "12.35")}};
  entry.attribution = Attribution{.member = member,
                                  .by = "card",
                                  .strength = Strength::kStrong,
                                  .evidence = {{"card", card_of(member), member, "decided"}}};
  entry.valuation = ledger::Valuation{.tier = "gold",
                                      .spend_before_minor = 3'120'050,
                                      .spend_minor = 205'185,
                                      .awards = {{"base", 0, "points", Points(1'000), false},
                                                 {"base", 1, "points", Points(200), false},
                                                 {"base", 2, "points", Points(34), false}}};
  entry.spend_delta_minor = 205'185;
  entry.spend_at = entry.event_time;
  entry.postings = {{"points", ledger::Account::kIssued, -points},
                    {"points", ledger::Account::kAvailable, points}};
  const ledger::LotId lot(id, 0);
  entry.lots_opened = {{lot, "points", id, entry.event_time, at(31'536'000), true, {}}};
  entry.lot_moves = {{lot, ledger::LotMoveKind::kOpen, points}};
  entry.balances_after = {{"points", 0, Points(51'234), Points(), Points(), Points()}};
  entry.tier_after = TierStanding{.id = "gold",
                                  .since = Date(std::chrono::days(20'500)),
                                  .until = Date(std::chrono::days(20'818)),
                                  .spend_minor = 3'325'235,
                                  .next_id = "platinum",
                                  .next_needs_minor = 1'674'765,
                                  .upcoming_id = {},
                                  .upcoming_from = {}};
  return entry;
}

inline ledger::Lot lot(const ledger::Entry& entry, ledger::LotId previous) {
  const ledger::LotOpening& opened = entry.lots_opened.front();
  return {.id = opened.lot,
          .previous = previous,
          .member = entry.member,
          .wallet = opened.wallet,
          .cause = opened.cause,
          .available_from = opened.available_from,
          .expires_at = opened.expires_at,
          .activated = true,
          .earned = entry.lot_moves.front().points,
          .remaining = entry.lot_moves.front().points,
          .reversed = {},
          .spent = {},
          .expired = {}};
}

inline ledger::MemberRecord member(MemberId id) {
  ledger::MemberRecord record;
  record.id = id;
  record.enrolled_at = at(-86'400);
  record.language = "en";
  record.next_due = at(31'536'000);
  record.wallets = {{"points", Points(), Points(50'000), Points(), Points()}};
  record.tier.level = "gold";
  record.tier.since = at(-86'400);
  record.tier.until = at(8'640'000);
  record.tier.reason = "spend";
  record.tier.qualified_in = Date(std::chrono::days(20'770));
  record.tier.last_event = at(0);
  record.tier.buckets = {{Date(std::chrono::days(20'500)), 1'200'000},
                         {Date(std::chrono::days(20'778)), 2'125'235}};
  record.programme = digest();
  return record;
}

inline store::IdentifierLink card(MemberId member) {
  return {.type = "card",
          .value = card_of(member),
          .member = member,
          .verified = true,
          .linked_at = at(-86'400)};
}

// Every field away from its default.
inline ledger::Entry everything() {
  using ledger::LotId;
  ledger::Entry entry = sale(EntryId(4'711), {"till-7", "R-1001"}, MemberId(77));
  entry.previous = EntryId(4'000);
  entry.reason = "goodwill";
  entry.about = EntryId(12);
  entry.state = TransactionState::kReview;
  entry.at_given = false;
  entry.tier_granted = "platinum";
  entry.tier_granted_until = at(99'999);
  Transaction& document = *entry.document;
  document.kind = TransactionKind::kReturn;
  document.key.source = "another-source";
  document.tags = {"staff", "sale"};
  document.lines[0].quantity = Quantity(350);
  document.lines[0].tax = "007.5";  // not a plain decimal
  document.lines[1].associate = "associate-9";
  document.lines[1].tags = {"gift-card"};
  document.lines[2].attributes = {{"size", "M"}, {"colour", "ivory"}};
  document.lines[2].origin = TransactionKey{"restaurant", "77"};
  document.tenders = {{"card", "2000.00"}, {"voucher", "51.85"}};
  document.original = TransactionKey{"till-1", "R-1"};
  document.return_lines = {{"1", Quantity::of(2), "12.00"}, {"2", {}, ""}};
  document.amount = "0.50";
  document.event = "visit";
  document.department = "salon";
  entry.attribution->enrolled = true;
  entry.attribution->evidence.push_back({"phone", "+393331234567", MemberId(78), "disagreed"});
  entry.valuation->exchange_numerator = 1;
  entry.valuation->exchange_denominator = 17;
  entry.valuation->awards.push_back({"welcome", -1, "status", Points(5), true});
  entry.lots_opened.push_back(
      {LotId(entry.id, 1), "status", EntryId(12), at(1), kNever, false, {}});
  entry.lot_moves.push_back({LotId(EntryId(3), 5), ledger::LotMoveKind::kExpire, Points(-9)});
  entry.balances_after.push_back({"status", 2, Points(1), Points(2), Points(3), Points(4)});
  entry.tier_after->upcoming_id = "platinum";
  entry.tier_after->upcoming_from = Date(std::chrono::days(20'800));
  return entry;
}

}  // namespace laurel::samples
