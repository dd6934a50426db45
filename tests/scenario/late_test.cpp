// What comes late is valued by its own moment, and what it makes of later sales is booked: in
// whichever order the same things are learnt of, the same stands in the end.

#include <algorithm>
#include <random>

#include "each_store.hpp"
#include "shop.hpp"

namespace laurel::test {
namespace {

std::string tiered(const std::string& crossing) {
  auto yaml = replaced(kReference, "crossing: next_purchase", "crossing: " + crossing);
  return replaced(yaml, "{ id: gold, from: 1000.00, rate: 1 point per 1.00 }",
                  "{ id: gold, from: 1000.00, rate: 2 points per 1.00 }");
}

std::vector<Transaction> fortnight() {
  return {sale("A", {"600.00"}, "anna", at("2025-03-01T10:00:00Z")),
          sale("B", {"500.00"}, "anna", at("2025-03-02T10:00:00Z")),
          sale("C", {"100.00"}, "anna", at("2025-03-03T10:00:00Z")),
          sale("D", {"30.00", "70.00"}, "anna", at("2025-03-05T10:00:00Z"))};
}

struct End {
  std::int64_t available = 0, pending = 0, debt = 0;
  std::string tier;
  std::int64_t spend = 0;
  friend bool operator==(const End&, const End&) = default;
};
std::ostream& operator<<(std::ostream& out, const End& end) {
  return out << end.available << " available, " << end.pending << " pending, " << end.debt
             << " owed, " << end.tier << " with " << end.spend;
}

End end_of(Shop& shop) {
  return {shop.available(), shop.pending(), shop.debt(), shop.tier(),
          shop.member().tier.spend_minor};
}

End after(const std::string& yaml, const std::vector<Transaction>& order) {
  Shop shop(yaml);
  shop.is("2025-03-20T10:00:00Z");
  for (const auto& document : order) shop.posts(document);
  const End end = end_of(shop);
  shop.adds_up();
  return end;
}

TEST(Late, a_sale_learnt_of_late_raises_what_came_after_it) {
  Shop shop(tiered("next_purchase"));
  shop.is("2025-03-20T10:00:00Z");
  shop.posts(sale("A", {"600.00"}, "anna", at("2025-03-01T10:00:00Z")));
  shop.posts(sale("C", {"100.00"}, "anna", at("2025-03-03T10:00:00Z")));
  EXPECT_EQ(shop.available(), 700);
  EXPECT_EQ(earned(shop.posts(sale("B", {"500.00"}, "anna", at("2025-03-02T10:00:00Z")))), 500);
  EXPECT_EQ(shop.available(), 600 + 500 + 200) << "C was bought as gold";
  EXPECT_EQ(earned(shop.posts(sale("C", {"100.00"}, "anna", at("2025-03-03T10:00:00Z")))), 100)
      << "the first answer stays the answer";
  EXPECT_EQ(shop.engine().explain(TransactionKey{"till-1", "C"})->tier, "gold");
  shop.adds_up();
}

TEST(Late, a_return_learnt_of_late_lowers_what_came_after_it) {
  Shop shop(tiered("next_purchase"));
  shop.is("2025-03-20T10:00:00Z");
  shop.posts(sale("A", {"1000.00"}, "anna", at("2025-03-01T10:00:00Z")));
  shop.posts(sale("C", {"100.00"}, "anna", at("2025-03-03T10:00:00Z")));
  EXPECT_EQ(shop.available(), 1200);
  EXPECT_EQ(reversed(shop.posts(return_of("X", "A", at("2025-03-02T10:00:00Z")))), 1000);
  EXPECT_EQ(shop.available(), 100);
  shop.adds_up();
}

TEST(Late, a_return_of_a_sale_that_was_rated_again_takes_all_of_it) {
  Shop shop(tiered("next_purchase"));
  shop.is("2025-03-20T10:00:00Z");
  shop.posts(sale("A", {"600.00"}, "anna", at("2025-03-01T10:00:00Z")));
  shop.posts(sale("C", {"100.00"}, "anna", at("2025-03-03T10:00:00Z")));
  shop.posts(sale("B", {"500.00"}, "anna", at("2025-03-02T10:00:00Z")));
  EXPECT_EQ(reversed(shop.posts(return_of("X", "C", at("2025-03-19T10:00:00Z")))), 200);
  EXPECT_EQ(shop.available(), 1100);
  shop.adds_up();
}

TEST(Late, as_is_leaves_later_sales_alone) {
  Shop shop("late: as_is\n" + tiered("next_purchase"));
  shop.is("2025-03-20T10:00:00Z");
  shop.posts(sale("A", {"600.00"}, "anna", at("2025-03-01T10:00:00Z")));
  shop.posts(sale("C", {"100.00"}, "anna", at("2025-03-03T10:00:00Z")));
  shop.posts(sale("B", {"500.00"}, "anna", at("2025-03-02T10:00:00Z")));
  EXPECT_EQ(shop.available(), 1200);
  shop.adds_up();
}

TEST(Late, a_claim_is_a_sale_learnt_of_late) {
  Shop shop(tiered("next_purchase"));
  shop.is("2025-03-20T10:00:00Z");
  shop.posts(sale("A", {"600.00"}, "anna", at("2025-03-01T10:00:00Z")));
  shop.posts(sale("N", {"500.00"}, "", at("2025-03-02T10:00:00Z")));
  shop.posts(sale("C", {"100.00"}, "anna", at("2025-03-03T10:00:00Z")));
  ASSERT_TRUE(shop.engine().claim({"till-1", "N"}, shop.member().id, "clerk").ok());
  EXPECT_EQ(shop.available(), 600 + 500 + 200);
  shop.adds_up();
}

// What looks back: a cap of a day, a count of purchases, what was spent lately.
std::string looking_back() {
  return tiered("next_purchase") + R"(
rules:
  - id: thirty
    bonus: 30 points
    limit: { points: 70, per: member, every: day }
  - id: third
    when: { nth: 3 }
    bonus: 500 points
  - id: spender
    when: { history: { spend: { at_least: 650.00, within: 2 days } } }
    bonus: 7 points
    limit: { times: 1, per: member, every: 2 days }
)";
}

class LateOrders : public testing::TestWithParam<std::string> {};

TEST_P(LateOrders, every_order_of_sales_returns_and_voids_ends_alike) {
  const auto yaml = tiered(GetParam());
  auto documents = fortnight();
  documents.push_back(return_of("XA", "A", at("2025-03-02T18:00:00Z")));
  documents.push_back(return_of_line("XD", "D", "1"));
  documents.back().at = at("2025-03-06T10:00:00Z");
  documents.push_back(void_of("VX", "XA", at("2025-03-04T10:00:00Z")));
  const End right = after(yaml, documents);
  std::mt19937 random(20250301);
  for (int round = 0; round < 60; ++round) {
    std::shuffle(documents.begin(), documents.end(), random);
    std::string order;
    for (const auto& document : documents) order += document.key.id + " ";
    ASSERT_EQ(after(yaml, documents), right) << order;
  }
}

TEST(Late, every_order_ends_alike_under_limits_and_questions_of_the_past) {
  std::vector<Transaction> documents;
  for (int i = 0; i < 8; ++i) {
    const auto hour = at("2025-03-01T08:00:00Z") + std::chrono::hours(7 * i);
    documents.push_back(sale("S-" + std::to_string(i), {"120.00", "110.50"}, "anna", hour));
  }
  documents.push_back(return_of_line("X-1", "S-1", "2"));
  documents.back().at = at("2025-03-02T03:00:00Z");
  documents.push_back(return_of("X-2", "S-2", at("2025-03-03T01:00:00Z")));
  const End right = after(looking_back(), documents);
  std::mt19937 random(7);
  for (int round = 0; round < 40; ++round) {
    std::shuffle(documents.begin(), documents.end(), random);
    std::string order;
    for (const auto& document : documents) order += document.key.id + " ";
    ASSERT_EQ(after(looking_back(), documents), right) << order;
  }
}

// The past holds the return until its void, whichever of the two was learnt of first.
TEST(Late, every_order_ends_alike_where_a_void_comes_before_what_it_voids) {
  for (const char* voided_at : {"2025-03-01T21:00:00Z", "2025-03-02T12:00:00Z"}) {
    std::vector<Transaction> documents{sale("A", {"700.00"}, "anna", at("2025-03-01T10:00:00Z")),
                                       return_of_amount("X", "A", "100.00"),
                                       void_of("V", "X", at(voided_at)),
                                       sale("B", {"100.00"}, "anna", at("2025-03-02T10:00:00Z")),
                                       sale("C", {"100.00"}, "anna", at("2025-03-02T14:00:00Z"))};
    documents[1].at = at("2025-03-01T20:00:00Z");
    const End right = after(looking_back(), documents);
    std::ranges::sort(documents, {}, [](const auto& one) { return one.key.id; });
    do {
      std::string order = voided_at;
      for (const auto& document : documents) order += " " + document.key.id;
      EXPECT_EQ(after(looking_back(), documents), right) << order;
    } while (std::next_permutation(
        documents.begin(), documents.end(),
        [](const auto& one, const auto& other) { return one.key.id < other.key.id; }));
  }
}

// A limit holds what an earlier sale took while all of it was kept, although that was rated again
// after a part of it had come back.
TEST(Late, a_limit_is_left_as_much_room_in_every_order_of_a_return_and_a_sale_learnt_of_late) {
  const auto yaml = tiered("split") + R"(
rules:
  - id: spa
    when: { department: spa }
    multiply: 1.5
    limit: { points: 40, per: member, every: day }
)";
  std::vector<Transaction> documents{
      sale("D", {"560.28"}, "anna", at("2025-03-01T04:39:00Z")),
      sale("A", {"17.04", "485.38"}, "anna", at("2025-03-03T05:05:00Z")),
      sale("B", {"98.52"}, "anna", at("2025-03-03T20:50:00Z")),
      return_of_amount("X", "A", "101.11")};
  documents[1].lines[0].department = "spa";
  documents[2].lines[0].department = "spa";
  documents[3].at = at("2025-03-04T22:09:30Z");
  const End right = after(yaml, documents);
  std::ranges::sort(documents, {}, [](const auto& one) { return one.key.id; });
  do {
    std::string order;
    for (const auto& document : documents) order += " " + document.key.id;
    EXPECT_EQ(after(yaml, documents), right) << order;
  } while (std::next_permutation(
      documents.begin(), documents.end(),
      [](const auto& one, const auto& other) { return one.key.id < other.key.id; }));
}

TEST(Late, a_level_that_a_rule_gives_moves_to_the_sale_that_earns_it) {
  const auto yaml = tiered("next_purchase") + R"(
rules:
  - id: second
    when: { nth: 2 }
    grant: { tier: gold, until: never }
    limit: { times: 1, per: member }
)";
  std::vector<Transaction> documents;
  for (int day = 1; day <= 4; ++day) {
    const auto noon = at("2025-03-01T11:00:00Z") + std::chrono::days(day);
    documents.push_back(sale("S-" + std::to_string(day), {"100.00"}, "anna", noon));
  }
  const End right = after(yaml, documents);
  EXPECT_EQ(right.available, 100 + 100 + 200 + 200);
  std::sort(documents.begin(), documents.end(),
            [](const Transaction& a, const Transaction& b) { return a.key.id < b.key.id; });
  do {
    std::string order;
    for (const auto& document : documents) order += document.key.id + " ";
    ASSERT_EQ(after(yaml, documents), right) << order;
  } while (std::next_permutation(
      documents.begin(), documents.end(),
      [](const Transaction& a, const Transaction& b) { return a.key.id < b.key.id; }));
}

INSTANTIATE_TEST_SUITE_P(Crossings, LateOrders,
                         testing::Values("next_purchase", "next_day", "split", "whole_purchase",
                                         "after 2 days"));

}  // namespace
}  // namespace laurel::test
