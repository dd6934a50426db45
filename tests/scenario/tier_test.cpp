// Section C11 and D13: levels that are crossed, bought and returned, granted and kept.

#include "each_store.hpp"
#include "shop.hpp"

namespace laurel::test {
namespace {

class Tiers : public EachStore {};
INSTANTIATE_TEST_SUITE_P(Stores, Tiers, each_store(), store_name);

TierGift gift(Shop& shop, const std::string& id, const std::string& tier,
              std::optional<Date> until = {}) {
  return {{"desk", id}, shop.member().id, tier, until, "clerk", "a welcome"};
}

void buys_gold(Shop& shop) {
  shop.is("2025-03-01T10:00:00Z");
  shop.posts(sale("R-1", {"600.00"}));
  shop.posts(sale("R-2", {"450.00"}));
  EXPECT_EQ(shop.tier(), "gold");
  shop.is("2025-04-01T10:00:00Z");
  shop.posts(return_of_amount("X-1", "R-2", "100.00"));
}

TEST_P(Tiers, C11_status_bought_and_returned_falls_at_once) {
  Shop shop(kReference, uri());
  buys_gold(shop);
  EXPECT_EQ(shop.member().tier.spend_minor, 950'00);
  EXPECT_EQ(shop.tier(), "silver");
  shop.adds_up();
}

TEST_P(Tiers, C11_or_is_kept_to_the_end_of_the_period) {
  Shop shop(replaced(kReference, "on_return: immediate", "on_return: period_end"), uri());
  buys_gold(shop);
  EXPECT_EQ(shop.tier(), "gold");
  shop.is("2025-12-31T22:59:59Z");
  EXPECT_EQ(shop.tier(), "gold");
  shop.is("2025-12-31T23:00:00Z");
  EXPECT_EQ(shop.tier(), "silver");
  shop.adds_up();
}

TEST_P(Tiers, C11_buying_and_returning_five_times_gains_nothing) {
  Shop shop(kReference, uri());
  for (int i = 0; i < 5; ++i) {
    const auto number = std::to_string(i);
    shop.posts(sale("R-" + number, {"1000.00"}));
    EXPECT_EQ(shop.tier(), "gold");
    shop.posts(return_of("X-" + number, "R-" + number));
    EXPECT_EQ(shop.tier(), "silver");
  }
  shop.adds_up();
}

TEST_P(Tiers, C11_a_level_given_by_hand_has_its_own_end_and_reason) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"10.00"}));
  const auto given = shop.engine().grant_tier(gift(shop, "T-1", "gold", *parse_date("2025-06-30")));
  ASSERT_TRUE(given.ok()) << Shop::describe(given.error());
  EXPECT_EQ(given->tier.reason, "granted");
  EXPECT_EQ(given->tier.until, *parse_date("2025-06-30"));
  shop.posts(return_of("X-1", "R-1"));
  EXPECT_EQ(shop.tier(), "gold");
  shop.is("2025-06-30T21:59:59Z");
  EXPECT_EQ(shop.tier(), "gold");
  shop.is("2025-06-30T22:00:00Z");
  EXPECT_EQ(shop.tier(), "silver");
  shop.adds_up();
}

TEST_P(Tiers, a_level_given_twice_under_one_key_counts_once) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"10.00"}));
  const auto day = *parse_date("2025-06-30");
  EXPECT_FALSE(shop.engine().grant_tier(gift(shop, "T-1", "gold", day))->replayed);
  EXPECT_TRUE(shop.engine().grant_tier(gift(shop, "T-1", "gold", day))->replayed);
  const auto other = shop.engine().grant_tier(gift(shop, "T-1", "gold"));
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().code, ErrorCode::kConflict);
  const auto unknown = shop.engine().grant_tier(gift(shop, "T-2", "platinum"));
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().faults.front().pointer, "/tier");
}

TEST_P(Tiers, a_gift_never_shortens_what_was_earned) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"1000.00"}));
  ASSERT_TRUE(shop.engine().grant_tier(gift(shop, "T-1", "gold", *parse_date("2025-03-31"))).ok());
  shop.is("2025-04-02T10:00:00Z");
  EXPECT_EQ(shop.tier(), "gold");
  EXPECT_EQ(shop.member().tier.until, *parse_date("2025-12-31"));
  EXPECT_EQ(shop.member().tier.reason, "spend");
  shop.adds_up();
}

// ---- The purchase that crosses ------------------------------------------------------------------

// Nothing below 100,000; then a point for each 1,000; from 300,000 one for each 900.
std::string two_thresholds(const std::string& crossing) {
  auto text = replaced(kReference, "crossing: next_purchase", "crossing: " + crossing);
  text = replaced(text, "{ id: silver, from: 0.00, rate: 1 point per 1.00 }",
                  "{ id: none, from: 0.00 }\n"
                  "    - { id: silver, from: 100000.00, rate: 1 point per 1000.00 }");
  return replaced(text, "{ id: gold, from: 1000.00, rate: 1 point per 1.00 }",
                  "{ id: gold, from: 300000.00, rate: 1 point per 900.00 }");
}

struct CrossingRow {
  const char* crossing;
  std::int64_t first;   // 196,000.00 by somebody new
  std::int64_t second;  // 150,000.00 more on the next day
  const char* gold_at;  // the first moment at the new level
};

constexpr CrossingRow kCrossings[] = {
    {"next_purchase", 0, 150, "2025-03-11T10:00:00Z"},
    {"split", 96, 155, "2025-03-11T10:00:00Z"},
    {"whole_purchase", 196, 166, "2025-03-11T10:00:00Z"},
    {"next_day", 0, 150, "2025-03-11T23:00:00Z"},
    {"next_month", 0, 0, "2025-03-31T22:00:00Z"},
    {"after 5 days", 0, 0, "2025-03-15T23:00:00Z"},
};

TEST(Crossing, D13_the_purchase_that_crosses_is_valued_as_declared) {
  for (const auto& [crossing, first, second, gold_at] : kCrossings) {
    Shop shop(two_thresholds(crossing));
    shop.is("2025-03-10T10:00:00Z");
    EXPECT_EQ(earned(shop.posts(sale("R-0", {"20000.00"}))), 0) << crossing;
    shop.posts(return_of("X-0", "R-0"));
    EXPECT_EQ(earned(shop.posts(sale("R-1", {"196000.00"}))), first) << crossing;
    shop.is("2025-03-11T10:00:00Z");
    EXPECT_EQ(earned(shop.posts(sale("R-2", {"150000.00"}))), second) << crossing;
    shop.is(gold_at);
    EXPECT_EQ(shop.tier(), "gold") << crossing;
    shop.adds_up();
  }
}

TEST(Crossing, D13_a_threshold_is_reached_by_its_exact_amount) {
  Shop shop(two_thresholds("split"));
  shop.posts(sale("R-1", {"299999.99"}));
  EXPECT_EQ(shop.tier(), "silver");
  shop.posts(sale("R-2", {"0.01"}));
  EXPECT_EQ(shop.tier(), "gold");
  shop.posts(return_of("X-2", "R-2"));
  EXPECT_EQ(shop.tier(), "silver");
}

// ---- What is counted, and over which time -------------------------------------------------------

TEST_P(Tiers, events_open_a_level_and_a_void_closes_it) {
  auto text = replaced(kReference, "metric: spend", "metric: { events: visit }");
  Shop shop(replaced(text, "from: 1000.00", "from: 3"), uri());
  shop.posts(sale("R-1", {"5000.00"}));
  EXPECT_EQ(shop.tier(), "silver");
  for (const char* id : {"V-1", "V-2", "V-3"}) {
    Transaction visit;
    visit.key = {"till-1", id};
    visit.kind = TransactionKind::kEvent;
    visit.event = "visit";
    visit.identifiers = {{"card", "anna"}};
    shop.posts(visit);
  }
  EXPECT_EQ(shop.tier(), "gold");
  EXPECT_EQ(shop.member().tier.spend_minor, 3);
  EXPECT_EQ(shop.member().tier.metric, TierMetric::kEvents);
  shop.posts(void_of("X-1", "V-2"));
  EXPECT_EQ(shop.tier(), "silver");
  shop.adds_up();
}

TEST_P(Tiers, points_of_a_wallet_open_a_level_and_spending_them_takes_nothing_away) {
  auto text = replaced(kReference, "metric: spend", "metric: { points: points }");
  Shop shop(replaced(text, "from: 1000.00", "from: 100"), uri());
  shop.posts(sale("R-1", {"99.99"}));
  EXPECT_EQ(shop.member().tier.next_needs_minor, 1);
  shop.posts(sale("R-2", {"1.00"}));
  EXPECT_EQ(shop.tier(), "gold");
  shop.is("2026-02-01T10:00:00Z");
  EXPECT_EQ(shop.member().tier.spend_minor, 0);
  shop.adds_up();
}

TEST_P(Tiers, a_year_of_membership_begins_with_the_day_of_enrolment) {
  auto text = replaced(kReference, "window: calendar_year", "window: membership_year");
  text = replaced(text, "valid_until: end_of_year", "valid_until: end_of_membership_year");
  Shop shop(text, uri());
  shop.is("2024-02-29T10:00:00Z");
  shop.posts(sale("R-1", {"600.00"}));
  shop.is("2025-02-27T10:00:00Z");
  shop.posts(sale("R-2", {"400.00"}));
  EXPECT_EQ(shop.tier(), "gold");
  EXPECT_EQ(shop.member().tier.until, *parse_date("2025-02-27"));
  shop.is("2025-02-28T10:00:00Z");
  EXPECT_EQ(shop.tier(), "silver");
  EXPECT_EQ(shop.member().tier.spend_minor, 0);
  // Learnt of late, it counts in the year that has ended.
  shop.posts(sale("R-3", {"700.00"}, "anna", at("2025-02-27T22:30:00Z")));
  EXPECT_EQ(shop.member().tier.spend_minor, 0);
  EXPECT_EQ(shop.member().tier.next_by, *parse_date("2026-02-27"));
  shop.adds_up();
}

// ---- What is told -------------------------------------------------------------------------------

TEST_P(Tiers, says_what_is_needed_to_rise_and_to_stay_and_by_when) {
  auto text = replaced(kReference, "valid_until: end_of_year", "valid_until: end_of_next_year");
  Shop shop(replaced(text, "rate: 1 point per 1.00 }\nidentity",
                     "rate: 1 point per 1.00 }\n"
                     "    - { id: black, from: 10000.00, rate: 1 point per 1.00 }\nidentity"),
            uri());
  shop.posts(sale("R-1", {"7035.00"}));
  const auto tier = shop.member().tier;
  EXPECT_EQ(tier.next_id, "black");
  EXPECT_EQ(tier.next_needs_minor, 2'965'00);
  EXPECT_EQ(tier.next_by, *parse_date("2025-12-31"));
  EXPECT_EQ(tier.kept_until, *parse_date("2026-12-31"));
  EXPECT_EQ(tier.keep_needs_minor, 1'000'00);
  EXPECT_EQ(tier.keep_by, *parse_date("2026-12-31"));
  shop.is("2026-05-01T10:00:00Z");
  shop.posts(sale("R-2", {"400.00"}));
  EXPECT_EQ(shop.member().tier.keep_needs_minor, 600'00);
}

}  // namespace
}  // namespace laurel::test
