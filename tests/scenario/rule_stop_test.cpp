// The kill switch: a rule that gives too much is stopped by hand.

#include "shop.hpp"

namespace laurel::test {
namespace {

const std::string kTripled = replaced(kReference, "identity:\n",
                                      "rules:\n"
                                      "  - id: spa-triple\n"
                                      "    when: { department: retail }\n"
                                      "    multiply: 3\n"
                                      "  - id: big-basket\n"
                                      "    when: { basket: { at_least: 50.00 } }\n"
                                      "    bonus: 100 points\n"
                                      "identity:\n");
const RuleOrder kStop{.rule = "spa-triple", .by = "ann", .reason = "gives too much"};

std::string code_of(const Explanation& explanation, const std::string& rule) {
  for (const auto& reason : explanation.reasons) {
    if (reason.rule == rule) return reason.code;
  }
  return "";
}

TEST(RuleStop, G6_a_stopped_rule_gives_nothing_from_the_next_sale_on_in_every_engine) {
  Shop shop(kTripled);
  ManualClock clock(at("2025-03-01T10:00:00Z"));
  const auto other = Engine::open({shop.store(), &clock, nullptr});
  EXPECT_EQ(earned(*(*other)->post(sale("R-1", {"10.00"}))), 30);
  const auto stopped = shop.engine().stop_rule(kStop);
  ASSERT_TRUE(stopped.ok()) << Shop::describe(stopped.error());
  EXPECT_EQ(earned(*(*other)->post(sale("R-2", {"10.00"}))), 10);
  EXPECT_EQ(code_of(*(*other)->explain(TransactionKey{"till-1", "R-2"}), "spa-triple"), "stopped");
  EXPECT_EQ(code_of(*(*other)->explain(TransactionKey{"till-1", "R-1"}), "spa-triple"), "applied");
  EXPECT_EQ(code_of(*(*other)->explain(sale("R-3", {"10.00"})), "spa-triple"), "stopped");
  shop.adds_up();
}

TEST(RuleStop, what_was_sold_before_keeps_what_it_was_promised_however_late_it_comes) {
  Shop shop(kTripled);
  ASSERT_TRUE(shop.engine().stop_rule(kStop).ok());
  EXPECT_EQ(earned(shop.posts(sale("R-1", {"10.00"}, "anna", at("2025-03-01T09:59:59Z")))), 30);
  EXPECT_EQ(earned(shop.posts(sale("R-2", {"10.00"}, "anna", at("2025-03-01T10:00:00Z")))), 10);
}

// A late sale is looked at along the member's whole past where a programme asks about it.
TEST(RuleStop, a_late_sale_under_limits_is_told_of_the_stop_too) {
  Shop shop(replaced(kTripled, "    multiply: 3\n",
                     "    multiply: 3\n    limit: { points: 500, per: member, every: day }\n"));
  ASSERT_TRUE(shop.engine().stop_rule(kStop).ok());
  shop.is("2025-03-01T13:00:00Z");
  shop.posts(sale("R-2", {"10.00"}, "anna", at("2025-03-01T12:00:00Z")));
  EXPECT_EQ(earned(shop.posts(sale("R-1", {"10.00"}, "anna", at("2025-03-01T11:00:00Z")))), 10);
  EXPECT_EQ(shop.available(), 20);
  shop.adds_up();
}

TEST(RuleStop, returns_are_valued_as_sold_on_either_side_of_the_stop) {
  Shop shop(kTripled);
  shop.posts(sale("R-1", {"10.00", "30.00"}));
  ASSERT_TRUE(shop.engine().stop_rule(kStop).ok());
  shop.posts(sale("R-2", {"10.00", "30.00"}));
  shop.is("2025-03-02T10:00:00Z");
  ASSERT_TRUE(shop.engine().resume_rule(kStop).ok());
  EXPECT_EQ(reversed(shop.posts(return_of_line("X-1", "R-1", "1"))), 30);
  EXPECT_EQ(reversed(shop.posts(return_of_line("X-2", "R-2", "1"))), 10);
  EXPECT_EQ(shop.available(), 90 + 30);
  EXPECT_EQ(earned(shop.posts(sale("R-3", {"10.00"}))), 30);
  shop.adds_up();
}

TEST(RuleStop, a_bonus_of_the_whole_transaction_is_stopped_too) {
  Shop shop(kTripled);
  ASSERT_TRUE(shop.engine().stop_rule({.rule = "big-basket", .by = "ann", .reason = "x"}).ok());
  EXPECT_EQ(earned(shop.posts(sale("R-1", {"60.00"}))), 180);
}

TEST(RuleStop, is_kept_with_who_and_why_and_stands_in_the_next_version) {
  Shop shop(kTripled);
  ASSERT_TRUE(shop.engine().stop_rule(kStop).ok());
  const auto again = shop.engine().stop_rule({.rule = "spa-triple", .by = "ben", .reason = "y"});
  EXPECT_EQ(again->stopped.by, "ann");
  ASSERT_TRUE(shop.engine().publish(programme_of(kTripled + "max_lateness: none\n"), {}).ok());
  EXPECT_EQ(earned(shop.posts(sale("R-1", {"10.00"}))), 10);
  shop.reopen();
  shop.is("2025-03-03T10:00:00Z");
  ASSERT_TRUE(shop.engine().resume_rule({.rule = "spa-triple", .by = "cleo", .reason = "ok"}).ok());
  const auto stops = shop.engine().stops();
  ASSERT_EQ(stops->size(), 1u);
  EXPECT_EQ(stops->front().reason, "gives too much");
  EXPECT_EQ(stops->front().resumed->by, "cleo");
  EXPECT_EQ(stops->front().until, at("2025-03-03T10:00:00Z"));
}

TEST(RuleStop, can_be_set_for_later_but_not_for_what_has_been_sold) {
  Shop shop(kTripled);
  RuleOrder order = kStop;
  order.from = at("2025-03-01T09:00:00Z");
  EXPECT_EQ(shop.engine().stop_rule(order).error().code, ErrorCode::kInvalid);
  order.from = at("2025-03-02T00:00:00Z");
  ASSERT_TRUE(shop.engine().stop_rule(order).ok());
  EXPECT_EQ(earned(shop.posts(sale("R-1", {"10.00"}))), 30);
  shop.is("2025-03-02T00:00:00Z");
  EXPECT_EQ(earned(shop.posts(sale("R-2", {"10.00"}))), 10);
}

TEST(RuleStop, needs_a_rule_that_exists_and_somebody_who_decides) {
  Shop shop(kTripled);
  EXPECT_EQ(shop.engine().stop_rule({.rule = "spa-tripel", .by = "ann"}).error().code,
            ErrorCode::kUnknownRule);
  EXPECT_EQ(shop.engine().stop_rule({.rule = "spa-triple"}).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(shop.engine().resume_rule(kStop).error().code, ErrorCode::kUnknownRule);
}

}  // namespace
}  // namespace laurel::test
