#pragma once
// A shop, for tests that read like its own words: an engine on a memory store (or another) with a
// clock that stands still until moved.
//
//   Shop shop;
//   shop.sells("R-1", "100.00").to("anna").earns(100);
//   shop.takes_back("X-1", "R-1").reverses(100);
//   shop.has("anna", 0);

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "laurel/laurel.hpp"

namespace laurel::test {

inline Instant at(std::string_view text) { return *parse_instant(text); }

// EUR; 1 point per 1.00, floored once a transaction; lots live 12 months; Europe/Rome; Silver from
// 0, Gold from 1,000.00 by calendar year.
inline constexpr const char* kReference = R"(programme: reference
effective_from: 2020-01-01
time_zone: Europe/Rome
currency: EUR
departments: [retail, hotel, spa, restaurant]
channels: [store, online]
wallets:
  points:
    rounding: { mode: floor, at: transaction }
    pending: none
    expires: { after: 12 months }
    on_shortfall: debt
eligible:
  amount: after_discounts
tiers:
  metric: spend
  window: calendar_year
  valid_until: end_of_year
  crossing: next_purchase
  on_return: immediate
  downgrade: to_qualified
  levels:
    - { id: silver, from: 0.00, rate: 1 point per 1.00 }
    - { id: gold, from: 1000.00, rate: 1 point per 1.00 }
identity:
  types:
    card: { strength: strong, may: [earn, redeem] }
    email: { strength: medium, may: [earn], normalise: email }
    phone: { strength: weak, may: [earn], normalise: phone, region: IT }
  precedence: [card, email, phone]
  unknown: enrol
  claim_within: 30 days
)";

inline std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const auto place = text.find(what);
  EXPECT_NE(place, std::string::npos) << "the programme does not say: " << what;
  if (place != std::string::npos) text.replace(place, what.size(), with);
  return text;
}

inline Programme programme_of(const std::string& yaml) {
  const std::vector<SourceFile> files{{"programme.yaml", yaml}};
  auto loaded = load_programme(files);
  EXPECT_TRUE(loaded.programme.has_value()) << render(loaded.faults);
  if (!loaded.programme) std::abort();
  return *loaded.programme;
}

inline Transaction sale(const std::string& id, const std::vector<std::string>& amounts,
                        const std::string& card = "anna", std::optional<Instant> when = {}) {
  Transaction made;
  made.key = {"till-1", id};
  made.at = when;
  made.currency = "EUR";
  made.channel = "store";
  if (!card.empty()) made.identifiers = {{"card", card}};
  for (std::size_t i = 0; i < amounts.size(); ++i) {
    Line line;
    line.id = std::to_string(i + 1);
    line.department = "retail";
    line.amount = amounts[i];
    made.lines.push_back(std::move(line));
  }
  return made;
}

inline Transaction taking_back(TransactionKind kind, const std::string& id,
                               const std::string& original, std::optional<Instant> when = {}) {
  Transaction made;
  made.key = {"till-1", id};
  made.kind = kind;
  made.at = when;
  made.original = TransactionKey{"till-1", original};
  return made;
}

inline Transaction return_of(const std::string& id, const std::string& original,
                             std::optional<Instant> when = {}) {
  return taking_back(TransactionKind::kReturn, id, original, when);
}

inline Transaction return_of_amount(const std::string& id, const std::string& original,
                                    const std::string& amount) {
  auto made = return_of(id, original);
  made.amount = amount;
  return made;
}

inline Transaction return_of_line(const std::string& id, const std::string& original,
                                  const std::string& line) {
  auto made = return_of(id, original);
  made.return_lines = {{line}};
  return made;
}

inline Transaction void_of(const std::string& id, const std::string& original,
                           std::optional<Instant> when = {}) {
  return taking_back(TransactionKind::kVoid, id, original, when);
}

inline std::int64_t earned(const Receipt& receipt) {
  std::int64_t sum = 0;
  for (const auto& points : receipt.points) sum += points.earned.units();
  return sum;
}

inline std::int64_t reversed(const Receipt& receipt) {
  std::int64_t sum = 0;
  for (const auto& reversal : receipt.reversed)
    sum += (reversal.points - reversal.restored).units();
  return sum;
}

class Shop {
 public:
  explicit Shop(const std::string& yaml = kReference, const std::string& store = "memory:")
      : clock_(at("2025-03-01T10:00:00Z")) {
    auto opened = open_store(store);
    EXPECT_TRUE(opened.ok());
    store_ = *opened;
    reopen();
    publish(yaml);
  }

  void reopen() {
    auto engine = Engine::open({store_, &clock_, nullptr});
    EXPECT_TRUE(engine.ok()) << engine.error().detail;
    engine_ = *std::move(engine);
  }

  void publish(const std::string& yaml, std::optional<Instant> from = {}) {
    const auto published = engine_->publish(programme_of(yaml), {"test", from, true});
    EXPECT_TRUE(published.ok()) << published.error().detail;
  }

  Engine& engine() { return *engine_; }
  ManualClock& clock() { return clock_; }
  StoreHandle store() { return store_; }
  void is(std::string_view now) { clock_.set(at(now)); }

  // Must succeed.
  Receipt posts(const Transaction& transaction) {
    auto receipt = engine_->post(transaction);
    EXPECT_TRUE(receipt.ok()) << describe(receipt.error());
    return receipt ? *receipt : Receipt{};
  }

  // Must not.
  Error refuses(const Transaction& transaction) {
    auto receipt = engine_->post(transaction);
    EXPECT_FALSE(receipt.ok());
    return receipt ? Error{} : receipt.error();
  }

  Member member(const std::string& card = "anna") {
    const std::vector<Identifier> identifiers{{"card", card}};
    auto found = engine_->lookup(identifiers);
    EXPECT_TRUE(found.ok()) << describe(found.error());
    return found ? found->member : Member{};
  }

  WalletBalance balance(const std::string& card = "anna", std::size_t wallet = 0) {
    return member(card).wallets.at(wallet).balance;
  }
  std::int64_t available(const std::string& card = "anna") {
    return balance(card).available.units();
  }
  std::int64_t pending(const std::string& card = "anna") { return balance(card).pending.units(); }
  std::int64_t debt(const std::string& card = "anna") { return balance(card).debt.units(); }
  std::string tier(const std::string& card = "anna") { return member(card).tier.id; }

  void spends(std::int64_t points, const std::string& card = "anna") {
    const auto adjusted = engine_->adjust({{"desk", "A-" + std::to_string(++adjustments_)},
                                           member(card).id,
                                           "",
                                           Points(-points),
                                           "clerk",
                                           "spent at the desk",
                                           {}});
    EXPECT_TRUE(adjusted.ok()) << describe(adjusted.error());
  }

  // The ledger proves itself; call it at the end of every scenario.
  void adds_up() {
    const auto report = engine_->verify({.parts = 3});
    ASSERT_TRUE(report.ok()) << describe(report.error());
    for (const auto& drift : report->drift) {
      ADD_FAILURE() << drift.what << ": stored " << drift.stored << ", rebuilt " << drift.rebuilt;
    }
  }

  static std::string describe(const Error& error) {
    std::string text = std::string(error.name()) + ": " + error.detail;
    for (const auto& fault : error.faults) text += " [" + fault.pointer + " " + fault.code + "]";
    return text;
  }

 private:
  ManualClock clock_;
  StoreHandle store_;
  std::unique_ptr<Engine> engine_;
  int adjustments_ = 0;
};

}  // namespace laurel::test
