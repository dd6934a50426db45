// Rules that ask what a member did before, from sale to sale.

#include <array>

#include "each_store.hpp"
#include "shop.hpp"

namespace laurel::test {
namespace {

class Past : public EachStore {};
INSTANTIATE_TEST_SUITE_P(Stores, Past, each_store(), store_name);

std::string with_rule(const std::string& rule) {
  return replaced(kReference, "identity:", "rules:\n  - " + rule + "\nidentity:");
}

// Of 1.00 in that department, so that a point is the rate's.
Transaction in(const std::string& department, const std::string& id) {
  auto sold = sale(id, {"1.00"});
  sold.lines[0].department = department;
  return sold;
}

Transaction visit(const std::string& id, const std::string& department,
                  const std::string& card = "anna") {
  Transaction made;
  made.key = {"booking", id};
  made.kind = TransactionKind::kEvent;
  made.event = "visit";
  made.department = department;
  made.identifiers = {{"card", card}};
  return made;
}

const char* const kWholeHouse =
    "{ id: whole-house, bonus: 500 points, when: { history: { departments: { at_least: 3, within: "
    "30 days } } }, limit: { times: 1, per: member, every: 30 days } }";

TEST_P(Past, whole_house_three_departments_in_thirty_days) {
  Shop shop(with_rule(kWholeHouse), uri());
  EXPECT_EQ(earned(shop.posts(in("retail", "R-1"))), 1);
  EXPECT_EQ(earned(shop.posts(in("spa", "R-2"))), 1);
  EXPECT_EQ(earned(shop.posts(in("spa", "R-3"))), 1);
  EXPECT_EQ(earned(shop.posts(in("hotel", "R-4"))), 501);
  EXPECT_EQ(earned(shop.posts(in("restaurant", "R-5"))), 1);  // once in thirty days
  shop.is("2025-04-15T10:00:00Z");
  EXPECT_EQ(earned(shop.posts(in("hotel", "R-6"))), 1);  // the others are too long ago
  shop.adds_up();
}

TEST_P(Past, department_whose_purchase_was_returned_does_not_count) {
  Shop shop(with_rule(kWholeHouse), uri());
  shop.posts(in("retail", "R-1"));
  shop.posts(in("spa", "R-2"));
  shop.posts(return_of("X-2", "R-2"));
  EXPECT_EQ(earned(shop.posts(in("hotel", "R-3"))), 1);
  EXPECT_EQ(earned(shop.posts(in("restaurant", "R-4"))), 501);
  EXPECT_EQ(reversed(shop.posts(return_of("X-4", "R-4"))), 501);
  EXPECT_EQ(earned(shop.posts(in("spa", "R-5"))), 501);  // the return freed it
  shop.adds_up();
}

TEST_P(Past, salon_first_visit_comes_once) {
  Shop shop(with_rule("{ id: salon-first-visit, bonus: 200 points, when: { event: visit, "
                      "department: spa, nth: 1 } }"),
            uri());
  shop.posts(in("spa", "R-1"));  // a sale is no visit
  EXPECT_EQ(earned(shop.posts(visit("V-1", "hotel"))), 0);
  EXPECT_EQ(earned(shop.posts(visit("V-2", "spa"))), 200);
  EXPECT_EQ(earned(shop.posts(visit("V-3", "spa"))), 0);
  EXPECT_EQ(earned(shop.posts(visit("V-4", "spa", "berta"))), 200);
  shop.adds_up();
}

TEST_P(Past, every_tenth_purchase_is_rewarded_and_returns_do_not_count) {
  Shop shop(with_rule("{ id: tenth, bonus: 50 points, when: { department: restaurant, nth: { "
                      "every: 10 } } }"),
            uri());
  for (int i = 1; i <= 9; ++i) {
    EXPECT_EQ(earned(shop.posts(in("restaurant", "R-" + std::to_string(i)))), 1);
  }
  shop.posts(in("retail", "other"));
  shop.posts(return_of("X-1", "R-1"));
  EXPECT_EQ(earned(shop.posts(in("restaurant", "R-10"))), 1);  // the ninth that she keeps
  EXPECT_EQ(earned(shop.posts(in("restaurant", "R-11"))), 51);
  EXPECT_EQ(earned(shop.posts(in("restaurant", "R-12"))), 1);
  shop.adds_up();
}

TEST_P(Past, returns_may_be_learnt_of_in_another_order_than_they_were_made) {
  Shop shop(with_rule(kWholeHouse), uri());
  auto two = sale("R-1", {"1.00", "1.00"});
  shop.posts(two);
  shop.is("2025-03-20T10:00:00Z");
  auto one_line = return_of_line("X-1", "R-1", "1");
  one_line.at = at("2025-03-10T10:00:00Z");
  EXPECT_EQ(reversed(shop.posts(one_line)), 1);
  EXPECT_EQ(reversed(shop.posts(return_of("X-2", "R-1", at("2025-03-05T10:00:00Z")))), 1);
  shop.posts(in("spa", "R-2"));
  shop.posts(in("hotel", "R-3"));
  auto late = in("restaurant", "R-4");
  late.at = at("2025-03-15T10:00:00Z");
  EXPECT_EQ(earned(shop.posts(late)), 1);
  EXPECT_EQ(shop.available(), 503);  // the third department is the hotel now
  shop.adds_up();
}

TEST_P(Past, first_purchase_is_hers_alone) {
  Shop shop(with_rule("{ id: welcome, bonus: 100 points, when: { first_purchase: true } }"), uri());
  shop.posts(visit("V-1", "spa"));
  EXPECT_EQ(earned(shop.posts(sale("R-1", {"1.00"}))), 101);
  EXPECT_EQ(earned(shop.posts(sale("R-2", {"1.00"}))), 1);
  EXPECT_EQ(earned(shop.posts(sale("B-1", {"1.00"}, "berta"))), 101);
  EXPECT_EQ(reversed(shop.posts(return_of("X-1", "R-1"))), 101);
  shop.adds_up();
}

// The void comes last, or before the sale that it takes back.
TEST_P(Past, C9_what_is_voided_never_was_in_whatever_order_it_is_learnt_of) {
  const std::vector documents{sale("R-1", {"40.00"}, "anna", at("2025-02-20T10:00:00Z")),
                              sale("R-2", {"30.00"}, "anna", at("2025-02-22T10:00:00Z")),
                              void_of("V-1", "R-1", at("2025-02-24T10:00:00Z"))};
  for (const auto& order : {std::array{0, 1, 2}, std::array{0, 2, 1}, std::array{1, 2, 0},
                            std::array{2, 0, 1}, std::array{2, 1, 0}}) {
    Shop shop(with_rule("{ id: welcome, bonus: 100 points, when: { first_purchase: true } }"),
              order[0] == 2 ? uri() : "memory:");
    for (const auto i : order) shop.posts(documents[static_cast<std::size_t>(i)]);
    EXPECT_EQ(shop.available(), 130) << testing::PrintToString(order);
    shop.adds_up();
  }
}

TEST_P(Past, a_return_that_came_before_its_sale_leaves_nothing_of_it_behind) {
  Shop shop(with_rule("{ id: second, bonus: 100 points, when: { department: retail, nth: 2 } }"),
            uri());
  shop.posts(return_of("X-1", "R-1"));
  shop.posts(sale("R-1", {"40.00"}, "anna", at("2025-02-20T10:00:00Z")));
  EXPECT_EQ(earned(shop.posts(sale("R-2", {"30.00"}))), 30);
  EXPECT_EQ(earned(shop.posts(sale("R-3", {"30.00"}))), 130);
  shop.adds_up();
}

TEST_P(Past, spend_and_visits_of_the_calendar_month_begin_anew) {
  Shop shop(with_rule("{ id: hundred, bonus: 10 points, when: { history: { spend: { at_least: "
                      "100.00, within: this month }, visits: { at_least: 2, within: this month } } "
                      "} }"),
            uri());
  shop.is("2025-03-31T10:00:00Z");
  EXPECT_EQ(earned(shop.posts(sale("R-1", {"150.00"}))), 150);  // one day only
  shop.is("2025-04-01T10:00:00Z");
  EXPECT_EQ(earned(shop.posts(sale("R-2", {"60.00"}))), 60);
  EXPECT_EQ(earned(shop.posts(sale("R-3", {"60.00"}))), 60);  // the same day
  shop.is("2025-04-02T10:00:00Z");
  EXPECT_EQ(earned(shop.posts(sale("R-4", {"1.00"}))), 11);
  shop.adds_up();
}

TEST_P(Past, G1_member_without_a_birth_date_has_no_age) {
  Shop shop(with_rule("{ id: young, bonus: 500 points, when: { member: { age: { below: 18 } } } }"),
            uri());
  EXPECT_EQ(earned(shop.posts(sale("R-1", {"1.00"}))), 1);
  const auto explained = shop.engine().explain(TransactionKey{"till-1", "R-1"});
  ASSERT_TRUE(explained.ok());
  const auto& reason = explained->reasons.back();
  EXPECT_EQ(reason.code + " " + reason.condition, "missing_fact age: below 18");
  ASSERT_TRUE(
      shop.engine()
          .enrol({.identifiers = {{"card", "carla"}}, .born = parse_date("2010-01-01").value()})
          .ok());
  EXPECT_EQ(earned(shop.posts(sale("R-2", {"1.00"}, "carla"))), 501);
  shop.adds_up();
}

TEST_P(Past, F6_birthday_on_29_february_is_rewarded_once_every_year) {
  Shop shop(with_rule("{ id: birthday, bonus: 100 points, when: { birthday: today } }"), uri());
  ASSERT_TRUE(
      shop.engine()
          .enrol({.identifiers = {{"card", "anna"}}, .born = parse_date("2000-02-29").value()})
          .ok());
  int id = 0;
  for (const auto& [day, points] : {std::pair("2026-02-28", 101),
                                    {"2026-03-01", 1},
                                    {"2027-02-28", 101},
                                    {"2028-02-28", 1},
                                    {"2028-02-29", 101},
                                    {"2028-03-01", 1}}) {
    shop.is(std::string(day) + "T10:00:00Z");
    EXPECT_EQ(earned(shop.posts(sale("R-" + std::to_string(++id), {"1.00"}))), points) << day;
  }
  shop.adds_up();
}

TEST_P(Past, segment_is_the_one_she_was_in_when_she_bought) {
  Shop shop(with_rule("{ id: vip, bonus: 5 points, when: { segment: vip } }"), uri());
  ASSERT_TRUE(shop.engine().enrol({.identifiers = {{"card", "anna"}}, .segments = {"vip"}}).ok());
  EXPECT_EQ(earned(shop.posts(sale("R-1", {"1.00", "1.00"}))), 7);
  EXPECT_EQ(earned(shop.posts(sale("B-1", {"1.00"}, "berta"))), 1);
  EXPECT_EQ(reversed(shop.posts(return_of_line("X-1", "R-1", "1"))), 1);  // the bonus stays
  shop.adds_up();
}

}  // namespace
}  // namespace laurel::test
