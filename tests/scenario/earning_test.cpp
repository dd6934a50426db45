// Section D: what a sale earns, to the last unit.

#include <random>

#include "shop.hpp"

namespace laurel::test {
namespace {

std::string with_rules(const std::string& rules, const std::string& base = kReference) {
  return replaced(base, "identity:", "rules:\n" + rules + "identity:");
}

// No level has a rate of its own.
std::string without_rates() {
  return replaced(replaced(kReference, "from: 0.00, rate: 1 point per 1.00", "from: 0.00"),
                  "from: 1000.00, rate: 1 point per 1.00", "from: 1000.00");
}

std::string with_rate(const std::string& rate) {
  return with_rules("  - { id: base, rate: " + rate + " }\n", without_rates());
}

std::string with_tenders(const std::string& earn_on) {
  return replaced(
      kReference, "  amount: after_discounts",
      "  amount: after_discounts\n  tenders_that_do_not_earn: [points]\n  earn_on: " + earn_on);
}

Transaction half_paid_with_points() {
  auto sold = sale("R-1", {"100.00"});
  sold.tenders = {{"card", "50.00"}, {"points", "50.00"}};
  return sold;
}

struct PaidWithPoints {
  const char* earn_on;
  std::int64_t points;
};

class PartPaidWithPoints : public testing::TestWithParam<PaidWithPoints> {};

TEST_P(PartPaidWithPoints, D2_earns_as_declared) {
  Shop shop(with_tenders(GetParam().earn_on));
  EXPECT_EQ(earned(shop.posts(half_paid_with_points())), GetParam().points);
  EXPECT_EQ(reversed(shop.posts(return_of("X-1", "R-1"))), GetParam().points);
  shop.adds_up();
}

INSTANTIATE_TEST_SUITE_P(Earning, PartPaidWithPoints,
                         testing::Values(PaidWithPoints{"cash_part", 50},
                                         PaidWithPoints{"gross", 100},
                                         PaidWithPoints{"none_if_redeemed", 0}));

TEST(Earning, D2_the_default_is_the_cash_part) {
  Shop shop(replaced(kReference, "  amount: after_discounts",
                     "  amount: after_discounts\n  tenders_that_do_not_earn: [points]"));
  EXPECT_EQ(earned(shop.posts(half_paid_with_points())), 50);
}

TEST(Earning, D3_tax_and_delivery_are_outside_the_base_and_the_explanation_says_so) {
  Shop shop(replaced(kReference, "  amount: after_discounts",
                     "  amount: before_tax\n  exclude: { tags: [delivery] }"));
  auto sold = sale("R-1", {"122.00", "7.00"});
  sold.lines[0].tax = "22.00";
  sold.lines[1].tags = {"delivery"};
  EXPECT_EQ(earned(shop.posts(sold)), 100);
  const auto explained = shop.engine().explain(sold.key);
  ASSERT_TRUE(explained.ok());
  ASSERT_EQ(explained->lines.size(), 2u);
  EXPECT_EQ(explained->lines[0].charged, "122.00");
  EXPECT_EQ(explained->lines[0].eligible, "100.00");
  EXPECT_EQ(explained->lines[1].eligible, "0.00");
  EXPECT_FALSE(explained->lines[1].excluded.empty());
  EXPECT_EQ(shop.member().tier.spend_minor, 100'00);
}

TEST(Earning, D5_a_step_rate_is_not_a_linear_one) {
  Shop shop(with_rate("5 points per full 2.50"));
  const std::pair<const char*, std::int64_t> rows[] = {
      {"2.49", 0}, {"2.50", 5}, {"3.00", 5}, {"4.99", 5}, {"5.00", 10}};
  for (const auto& [amount, points] : rows) {
    EXPECT_EQ(earned(shop.posts(sale(amount, {amount}))), points) << amount;
  }
  shop.adds_up();
}

TEST(Earning, D6_fifty_thousand_tenths_of_a_point_are_five_thousand_points) {
  auto yaml =
      replaced(with_rate("0.1 points per 1.00"), "  points:\n", "  points:\n    scale: 1\n");
  Shop shop(replaced(yaml, "at: transaction", "at: line"));
  for (int i = 0; i < 500; ++i) {
    shop.posts(sale("R-" + std::to_string(i), std::vector<std::string>(100, "1.00")));
  }
  const auto balance = shop.balance();
  EXPECT_EQ(balance.available.text(balance.scale), "5000");
  shop.spends(balance.available.units());
  EXPECT_EQ(shop.available(), 0);
}

TEST(Earning, D6_cents_add_up_exactly) {
  Shop shop(with_rate("1 point per 0.01"));
  EXPECT_EQ(earned(shop.posts(sale("R-1", {"267.39", "0.89"}))), 26828);
  EXPECT_EQ(shop.member().tier.spend_minor, 26828);
}

std::string with_exchange(const std::string& rates) {
  return replaced(kReference, "currency: EUR", "currency: EUR\nexchange: { " + rates + " }");
}

Transaction sale_in(const std::string& currency, const std::string& id, const std::string& amount) {
  auto sold = sale(id, {amount});
  sold.currency = currency;
  return sold;
}

TEST(Earning, D8_the_return_uses_the_exchange_rate_of_the_sale) {
  Shop shop(with_exchange("ZAR: 1/17"));
  EXPECT_EQ(earned(shop.posts(sale_in("ZAR", "R-1", "1700.00"))), 100);
  EXPECT_EQ(shop.member().tier.spend_minor, 100'00);
  shop.publish(with_exchange("ZAR: 1/20"), at("2025-03-02T00:00:00Z"));
  shop.is("2025-03-02T10:00:00Z");
  EXPECT_EQ(earned(shop.posts(sale_in("ZAR", "R-2", "1700.00"))), 85);
  EXPECT_EQ(reversed(shop.posts(return_of_amount("X-1", "R-1", "850.00"))), 50);
  EXPECT_EQ(reversed(shop.posts(return_of("X-2", "R-1"))), 50);
  EXPECT_EQ(shop.available(), 85);
  EXPECT_EQ(shop.member().tier.spend_minor, 85'00);
  shop.adds_up();
}

TEST(Earning, D8_a_dated_rate_is_that_of_the_day_of_the_sale) {
  Shop shop(with_exchange("ZAR: { 2025-01-01: 1/17, 2025-03-01: 1/20 }"));
  auto february = sale_in("ZAR", "R-1", "1700.00");
  february.at = at("2025-02-28T22:59:59Z");
  auto march = sale_in("ZAR", "R-2", "1700.00");
  march.at = at("2025-02-28T23:00:00Z");
  EXPECT_EQ(earned(shop.posts(february)), 100);
  EXPECT_EQ(earned(shop.posts(march)), 85);
  EXPECT_EQ(reversed(shop.posts(return_of("X-1", "R-1"))), 100);
  shop.adds_up();
}

TEST(Earning, D9_currencies_have_their_own_minor_units) {
  Shop shop(with_exchange("JPY: 1, KWD: 1"));
  EXPECT_EQ(earned(shop.posts(sale_in("JPY", "R-1", "275"))), 275);
  EXPECT_EQ(earned(shop.posts(sale_in("KWD", "R-2", "12.345"))), 12);
  EXPECT_EQ(shop.refuses(sale_in("JPY", "R-3", "2.75")).faults.at(0).pointer, "/lines/0/amount");
  EXPECT_EQ(shop.refuses(sale_in("EUR", "R-4", "12.345")).faults.at(0).pointer, "/lines/0/amount");
  EXPECT_EQ(shop.refuses(sale_in("ABC", "R-5", "1.00")).faults.at(0).code, "unknown_currency");
  EXPECT_EQ(shop.refuses(sale_in("GBP", "R-6", "1.00")).faults.at(0).code, "currency_not_taken");
  EXPECT_EQ(shop.available(), 287);
  shop.adds_up();
}

std::int64_t sum_of_lines(const Receipt& receipt) {
  std::int64_t sum = 0;
  for (const auto& line : receipt.lines) sum += line.points.units();
  return sum;
}

TEST(Earning, D10_rounding_once_a_receipt_or_once_a_line) {
  Shop by_receipt;
  const auto one = by_receipt.posts(sale("R-1", {"0.60", "0.60", "0.60"}));
  EXPECT_EQ(earned(one), 1);
  EXPECT_EQ(sum_of_lines(one), 1);
  Shop by_line(replaced(kReference, "at: transaction", "at: line"));
  EXPECT_EQ(earned(by_line.posts(sale("R-1", {"0.60", "0.60", "0.60"}))), 0);
}

TEST(Earning, D10_lines_sum_to_the_receipt_whatever_the_basket) {
  Shop shop;
  std::mt19937_64 random(10);
  for (int i = 0; i < 300; ++i) {
    std::vector<std::string> amounts;
    for (std::uint64_t lines = random() % 9 + 1; lines > 0; --lines) {
      amounts.push_back(
          Money(static_cast<std::int64_t>(random() % 700), *Currency::of("EUR")).text());
    }
    const auto receipt = shop.posts(sale("R-" + std::to_string(i), amounts));
    EXPECT_EQ(sum_of_lines(receipt), earned(receipt)) << "basket " << i;
  }
}

TEST(Earning, D11_parts_sum_to_the_whole) {
  Shop shop(with_rate("1 point per 0.01"));
  auto sold = sale("R-1", {"10.00"});
  sold.lines[0].quantity = Quantity::of(3);
  shop.posts(sold);
  std::vector<std::int64_t> points;
  for (const auto* id : {"X-1", "X-2", "X-3"}) {
    auto back = return_of(id, "R-1");
    back.return_lines = {{"1", Quantity::of(1)}};
    points.push_back(reversed(shop.posts(back)));
  }
  EXPECT_EQ(points, (std::vector<std::int64_t>{334, 333, 333}));
  shop.adds_up();
}

TEST(Earning, D11_a_bonus_over_equal_lines_is_split_without_loss) {
  Shop shop(with_rules("  - { id: ten, bonus: 10 points }\n"));
  const auto receipt = shop.posts(sale("R-1", {"0.10", "0.10", "0.10"}));
  EXPECT_EQ(earned(receipt), 10);
  for (const auto* id : {"1", "2", "3"}) {
    shop.posts(return_of_line(std::string("X-") + id, "R-1", id));
  }
  EXPECT_EQ(shop.available(), 0);
  shop.adds_up();
}

struct CrossingRow {
  const char* crossing;
  std::int64_t first, second;
};

class CrossingSale : public testing::TestWithParam<CrossingRow> {};

TEST_P(CrossingSale, D13_is_valued_as_declared) {
  auto yaml = replaced(kReference, "crossing: next_purchase",
                       std::string("crossing: ") + GetParam().crossing);
  yaml = replaced(yaml, "{ id: silver, from: 0.00, rate: 1 point per 1.00 }",
                  "{ id: base, from: 0.00 }\n"
                  "    - { id: one, from: 100000.00, rate: 1 point per 1000.00 }");
  yaml = replaced(yaml, "{ id: gold, from: 1000.00, rate: 1 point per 1.00 }",
                  "{ id: two, from: 300000.00, rate: 1 point per 900.00 }");
  Shop shop(yaml);
  EXPECT_EQ(earned(shop.posts(sale("R-0", {"20000.00"}, "berta"))), 0);
  EXPECT_EQ(earned(shop.posts(sale("R-1", {"196000.00"}))), GetParam().first);
  EXPECT_EQ(shop.tier(), "one");
  EXPECT_EQ(earned(shop.posts(sale("R-2", {"150000.00"}))), GetParam().second);
  EXPECT_EQ(shop.tier(), "two");
  EXPECT_EQ(reversed(shop.posts(return_of("X-2", "R-2"))), GetParam().second);
  EXPECT_EQ(reversed(shop.posts(return_of("X-1", "R-1"))), GetParam().first);
  shop.adds_up();
}

INSTANTIATE_TEST_SUITE_P(Earning, CrossingSale,
                         testing::Values(CrossingRow{"next_purchase", 0, 150},
                                         CrossingRow{"split", 96, 155},
                                         CrossingRow{"whole_purchase", 196, 166}));

TEST(Earning, D13_exactly_at_the_threshold_is_the_higher_tier) {
  Shop shop;
  shop.posts(sale("R-1", {"999.99"}));
  EXPECT_EQ(shop.tier(), "silver");
  shop.posts(sale("R-2", {"0.01"}));
  EXPECT_EQ(shop.tier(), "gold");
}

// ---- Overflow
// ------------------------------------------------------------------------------------

TEST(Earning, a_programme_that_could_give_more_points_than_can_be_counted_does_not_load) {
  const std::vector<SourceFile> files{{"programme.yaml", with_rate("1000000 points per 0.01")}};
  const auto loaded = load_programme(files);
  EXPECT_FALSE(loaded.programme.has_value());
  ASSERT_FALSE(loaded.faults.empty());
  EXPECT_EQ(loaded.faults[0].code, "out_of_range");
}

TEST(Earning, balances_beyond_what_can_be_counted_are_refused_and_nothing_is_stored) {
  Shop shop;
  shop.posts(sale("R-1", {"1.00"}));
  // By two people, so that it may be as much as it likes.
  const auto gives = [&](const char* id, std::int64_t points) -> Result<ReviewItem> {
    const auto asked = shop.engine().adjust(
        {{"desk", id}, shop.member().id, "", Points(points), "clerk", "x", {}});
    if (!asked) return asked.error();
    return shop.engine().review().accept({asked->review, "ann", "x"});
  };
  EXPECT_EQ(gives("A-1", kMaxPoints).error().code, ErrorCode::kOutOfRange);
  ASSERT_TRUE(gives("A-2", kMaxPoints - 1).ok());
  EXPECT_EQ(shop.refuses(sale("R-2", {"1.00"})).code, ErrorCode::kOutOfRange);
  EXPECT_EQ(shop.available(), kMaxPoints);
  EXPECT_EQ(reversed(shop.posts(return_of("X-1", "R-1"))), 1);
  shop.adds_up();
}

TEST(Earning, spend_beyond_what_can_be_counted_is_refused_and_nothing_is_stored) {
  Shop shop(with_exchange("JPY: 1000000000"));
  const auto receipt = shop.engine().post(sale_in("JPY", "R-1", "10000000000000"));
  ASSERT_FALSE(receipt.ok());
  EXPECT_EQ(receipt.error().code, ErrorCode::kOutOfRange);
  EXPECT_EQ(shop.engine().entries({}, 10)->entries.size(), 0u);
}

// ---- D15 ----------------------------------------------------------------------------------------

constexpr const char* kOffers = R"(lanes: { offers: best, season: all }
rules:
  - { id: hotel-flat, when: { department: hotel }, rate: 1 point per 2.00 }
  - { id: spa-triple, when: { department: spa, tier: gold }, multiply: 3, lane: offers }
  - { id: spa-double, when: { department: spa }, multiply: 2, lane: offers }
  - { id: online, when: { channel: online }, multiply: 1.5, lane: season }
  - { id: refill, when: { tag: refill }, bonus: 5 points per unit }
  - { id: big, when: { basket: { at_least: 300.00 } }, bonus: 100 points, on_return: recheck }
identity:)";

Transaction random_basket(std::mt19937_64& random, int number) {
  const auto pick = [&](std::initializer_list<const char*> from) {
    return std::string(*(from.begin() + static_cast<std::ptrdiff_t>(random() % from.size())));
  };
  std::vector<std::string> amounts(random() % 6 + 1);
  for (auto& amount : amounts) {
    amount = Money(static_cast<std::int64_t>(random() % 12'000), *Currency::of("EUR")).text();
  }
  auto made = sale("R-" + std::to_string(number), amounts, pick({"anna", "berta", "carla", ""}));
  made.channel = pick({"store", "online", ""});
  for (auto& line : made.lines) {
    line.department = pick({"retail", "hotel", "spa", "restaurant", ""});
    line.quantity = Quantity::of(static_cast<std::int64_t>(random() % 4) + 1);
    if (random() % 4 == 0) line.tags = {"refill"};
  }
  if (random() % 5 == 0) made.tenders = {{"points", "1.00"}, {"card", "9.00"}};
  return made;
}

std::string awards_of(const std::vector<AwardedPoints>& awards) {
  std::string text;
  for (const auto& award : awards) {
    text += award.rule + " " + award.wallet + " " + std::to_string(award.points.units()) + "; ";
  }
  return text;
}

std::string told(const Receipt& receipt) {
  std::string text = std::to_string(earned(receipt)) + "\n" + receipt.attribution.by + "\n";
  for (const auto& line : receipt.lines) text += line.line + ": " + awards_of(line.awards) + "\n";
  return text + awards_of(receipt.transaction_awards) + receipt.tier.id + " " +
         std::to_string(receipt.tier.spend_minor) + " " + receipt.digest;
}

std::string told(const Explanation& explanation) {
  std::string text = explanation.tier + " " + explanation.digest + "\n";
  for (const auto& line : explanation.lines) text += line.line + " " + line.eligible + "\n";
  for (const auto& reason : explanation.reasons) {
    text += reason.rule + " " + reason.line + " " + reason.code + " " + reason.condition + " " +
            reason.seen + " " + std::to_string(reason.points.units()) + "\n";
  }
  return text;
}

TEST(Earning, D15_two_thousand_quotes_are_what_is_posted) {
  Shop shop(replaced(with_tenders("cash_part"), "identity:", kOffers));
  std::mt19937_64 random(15);
  for (int i = 0; i < 2'000; ++i) {
    const auto basket = random_basket(random, i);
    const auto quoted = shop.engine().quote(basket);
    const auto why = shop.engine().explain(basket);
    ASSERT_TRUE(quoted.ok() && why.ok());
    EXPECT_TRUE(quoted->quote);
    const auto posted = shop.posts(basket);
    ASSERT_EQ(told(*quoted), told(posted)) << "basket " << i;
    ASSERT_EQ(quoted->wallets, posted.wallets) << "basket " << i;
    if (!posted.attribution.member) continue;
    const auto said = shop.engine().explain(basket.key);
    ASSERT_TRUE(said.ok());
    ASSERT_EQ(told(*why), told(*said)) << "basket " << i;
  }
  shop.adds_up();
}

TEST(Earning, D15_a_quote_stores_nothing) {
  Shop shop;
  ASSERT_TRUE(shop.engine().quote(sale("R-1", {"10.00"})).ok());
  EXPECT_EQ(shop.engine().entries({}, 10)->entries.size(), 0u);
  EXPECT_EQ(shop.engine().transaction({"till-1", "R-1"}).error().code,
            ErrorCode::kUnknownTransaction);
  EXPECT_FALSE(shop.posts(sale("R-1", {"10.00"})).replayed);
}

// ---- D18 ----------------------------------------------------------------------------------------

TEST(Earning, D18_a_percentage_survives_saving_and_loading) {
  const auto yaml = replaced(
      kReference, "    on_shortfall: debt",
      "    on_shortfall: debt\n    liability: { unit_cost: 0.01 EUR, expected_redemption: 2.5% }");
  const auto first = programme_of(yaml);
  const auto again = load_programme(first.files());
  ASSERT_TRUE(again.programme.has_value());
  EXPECT_EQ(again.programme->wallets().at(0).liability->expected_redemption, "2.5%");
  EXPECT_EQ(again.programme->digest(), first.digest());
}

TEST(Earning, D18_half_a_unit_is_rounded_as_declared) {
  const std::pair<const char*, std::int64_t> rows[] = {
      {"half_up", 893}, {"half_even", 892}, {"floor", 892}, {"ceil", 893}};
  for (const auto& [mode, units] : rows) {
    auto yaml =
        replaced(with_rate("0.85 points per 1.00"), "  points:\n", "  points:\n    scale: 2\n");
    Shop shop(replaced(yaml, "mode: floor", std::string("mode: ") + mode));
    EXPECT_EQ(earned(shop.posts(sale("R-1", {"10.50"}))), units) << mode;
  }
}

}  // namespace
}  // namespace laurel::test
