// Section C: everything that was given comes back exactly, whatever the order.

#include <algorithm>
#include <thread>

#include "shop.hpp"

namespace laurel::test {
namespace {

TEST(Return, C1_ten_rounds_of_buying_and_returning_leave_nothing) {
  Shop shop;
  for (int i = 0; i < 10; ++i) {
    const auto id = std::to_string(i);
    shop.posts(sale("R-" + id, {"500.00"}));
    shop.posts(return_of("X-" + id, "R-" + id));
  }
  EXPECT_EQ(shop.available(), 0);
  EXPECT_EQ(shop.debt(), 0);
  EXPECT_EQ(shop.member().tier.spend_minor, 0);
  shop.adds_up();
}

TEST(Return, C4_reversal_uses_the_rules_of_the_sale_and_not_todays) {
  const auto doubled = replaced(kReference, "identity:", R"(rules:
  - id: double
    multiply: 2
identity:)");
  Shop shop(doubled);
  EXPECT_EQ(earned(shop.posts(sale("R-1", {"100.00"}))), 200);
  shop.publish(kReference, at("2025-03-01T11:00:00Z"));
  shop.is("2025-03-01T12:00:00Z");
  EXPECT_EQ(earned(shop.posts(sale("R-2", {"100.00"}))), 100);
  EXPECT_EQ(reversed(shop.posts(return_of_amount("X-1", "R-1", "50.00"))), 100);
  EXPECT_EQ(reversed(shop.posts(return_of("X-2", "R-1"))), 100);
  EXPECT_EQ(shop.available(), 100);
  shop.adds_up();
}

TEST(Return, C5_many_triggers_cancel_a_sale_once) {
  Shop shop;
  shop.posts(sale("R-1", {"176.00"}));
  std::vector<std::thread> triggers;
  std::atomic<int> accepted{0};
  for (const auto* id : {"cancel", "payment-expired", "payment-failed", "admin-cancel"}) {
    triggers.emplace_back([&shop, &accepted, id] {
      const auto receipt = shop.engine().post(void_of(id, "R-1"));
      accepted += receipt.ok() ? 1 : 0;
      if (!receipt) {
        EXPECT_EQ(receipt.error().code, ErrorCode::kAlreadyReversed);
      }
    });
  }
  for (auto& trigger : triggers) trigger.join();
  EXPECT_EQ(accepted, 1);
  EXPECT_EQ(shop.available(), 0);
  shop.adds_up();
}

TEST(Return, C6_returning_everything_again_is_already_reversed) {
  Shop shop;
  shop.posts(sale("R-1", {"10.00"}));
  EXPECT_EQ(reversed(shop.posts(return_of("X-1", "R-1"))), 10);
  for (int i = 2; i <= 5; ++i) {
    EXPECT_EQ(shop.refuses(return_of("X-" + std::to_string(i), "R-1")).code,
              ErrorCode::kAlreadyReversed);
  }
  EXPECT_TRUE(shop.posts(return_of("X-1", "R-1")).replayed);
  EXPECT_EQ(shop.available(), 0);
  shop.adds_up();
}

TEST(Return, C7_partial_returns_add_up) {
  Shop shop;
  shop.posts(sale("R-1", {"10.00"}));
  EXPECT_EQ(reversed(shop.posts(return_of_amount("X-1", "R-1", "3.33"))), 4);
  EXPECT_EQ(reversed(shop.posts(return_of_amount("X-2", "R-1", "3.33"))), 3);
  EXPECT_EQ(reversed(shop.posts(return_of_amount("X-3", "R-1", "3.34"))), 3);
  shop.posts(sale("R-2", {"99.99"}));
  for (int i = 4; i <= 6; ++i) {
    EXPECT_EQ(reversed(shop.posts(return_of_amount("X-" + std::to_string(i), "R-2", "33.33"))), 33);
  }
  EXPECT_EQ(shop.available(), 0);
  shop.adds_up();
}

TEST(Return, C7_quantities_add_up_in_money_and_points) {
  Shop shop;
  auto sold = sale("R-1", {"10.00"});
  sold.lines[0].quantity = Quantity::of(3);
  shop.posts(sold);
  std::vector<std::string> refunds;
  std::int64_t points = 0;
  for (int i = 1; i <= 3; ++i) {
    auto back = return_of("X-" + std::to_string(i), "R-1");
    back.return_lines = {{"1", Quantity::of(1)}};
    const auto receipt = shop.posts(back);
    refunds.push_back(receipt.refund->money);
    points += reversed(receipt);
  }
  EXPECT_EQ(refunds, (std::vector<std::string>{"3.34", "3.33", "3.33"}));
  EXPECT_EQ(points, 10);
  shop.adds_up();
}

TEST(Return, takes_no_more_than_was_sold) {
  Shop shop;
  auto sold = sale("R-1", {"10.00", "5.00"});
  sold.lines[0].quantity = Quantity::of(2);
  shop.posts(sold);
  auto too_many = return_of("X-1", "R-1");
  too_many.return_lines = {{"1", Quantity::of(3)}};
  EXPECT_EQ(shop.refuses(too_many).code, ErrorCode::kExceedsOriginal);
  EXPECT_EQ(shop.refuses(return_of_amount("X-2", "R-1", "15.01")).code,
            ErrorCode::kExceedsOriginal);
  const auto unknown = shop.refuses(return_of_line("X-3", "R-1", "7"));
  EXPECT_EQ(unknown.code, ErrorCode::kInvalid);
  EXPECT_EQ(unknown.faults.at(0).pointer, "/lines/0/original_line");
  EXPECT_EQ(shop.available(), 15);
  shop.adds_up();
}

// Posts the documents in the order given and says what is left.
std::int64_t left_after(const std::vector<Transaction>& documents) {
  Shop shop;
  for (const auto& document : documents) {
    const auto receipt = shop.engine().post(document);
    EXPECT_TRUE(receipt.ok()) << Shop::describe(receipt.error());
  }
  shop.adds_up();
  const auto member = shop.member();
  EXPECT_EQ(member.tier.spend_minor, member.wallets[0].balance.available.units() * 100);
  return member.wallets[0].balance.available.units();
}

TEST(Return, C9_refund_before_its_sale_ends_alike) {
  const auto sold = sale("S", {"100.00"}, "anna", at("2025-03-01T09:00:00Z"));
  const auto back = return_of_amount("A", "S", "40.00");
  EXPECT_EQ(left_after({sold, back}), 60);
  EXPECT_EQ(left_after({back, sold}), 60);
}

TEST(Return, C9_every_order_of_arrival_ends_alike) {
  const auto when = [](int minute) {
    return at("2025-03-01T09:00:00Z") + std::chrono::minutes(minute);
  };
  std::vector<Transaction> documents{sale("S", {"100.00"}, "anna", when(0)),
                                     return_of_amount("A", "S", "40.00"),
                                     return_of_amount("B", "S", "25.00"), void_of("V", "A")};
  documents[1].at = when(1);
  documents[2].at = when(2);
  documents[3].at = when(3);
  std::vector<int> order{0, 1, 2, 3};
  int tried = 0;
  do {
    std::vector<Transaction> arranged;
    for (const int i : order) arranged.push_back(documents[static_cast<std::size_t>(i)]);
    EXPECT_EQ(left_after(arranged), 75) << order[0] << order[1] << order[2] << order[3];
    ++tried;
  } while (std::next_permutation(order.begin(), order.end()));
  EXPECT_EQ(tried, 24);
}

// Two lines of 100.00, the second of which earns double.
const std::string kSecondEarnsDouble = R"(rules:
  - id: double
    when: { sku: double }
    multiply: 2
identity:)";

std::vector<Transaction> lines_and_amounts(Instant from) {
  auto sold = sale("S", {"100.00", "100.00"}, "anna", from);
  sold.lines[1].sku = "double";
  std::vector documents{sold, return_of("A", "S"), return_of_amount("B", "S", "100.00"),
                        void_of("V", "A")};
  documents[1].return_lines = {{"1", {}, "50.00"}};
  for (int i = 1; i < 4; ++i) {
    documents[static_cast<std::size_t>(i)].at = from + std::chrono::minutes(i);
  }
  return documents;
}

// What is left of two lines of 100.00 depends on which of the two came back first: by their own
// time 50.00 of the first line, then 100.00 of the 150.00 that are left.
TEST(Return, C9_lines_and_amounts_that_come_back_end_alike_in_any_order) {
  const auto documents = lines_and_amounts(at("2025-03-01T09:00:00Z"));
  for (const auto& [many, left] : {std::pair{3, 83}, std::pair{4, 150}}) {
    std::vector<int> order{0, 1, 2, 3};
    order.resize(static_cast<std::size_t>(many));
    do {
      Shop shop(replaced(kReference, "identity:", kSecondEarnsDouble));
      for (const int i : order) shop.posts(documents[static_cast<std::size_t>(i)]);
      EXPECT_EQ(shop.available(), left) << testing::PrintToString(order);
      shop.adds_up();
    } while (std::next_permutation(order.begin(), order.end()));
  }
}

TEST(Return, C9_a_part_learnt_of_after_the_rest_came_back_is_no_fault) {
  Shop shop;
  shop.posts(sale("S", {"100.00"}, "anna", at("2025-03-01T09:00:00Z")));
  auto rest = return_of("B", "S");
  rest.at = at("2025-03-01T09:02:00Z");
  shop.posts(rest);
  auto part = return_of_amount("A", "S", "40.00");
  part.at = at("2025-03-01T09:01:00Z");
  EXPECT_EQ(reversed(shop.posts(part)), 0);
  shop.posts(void_of("V", "B"));
  EXPECT_EQ(shop.available(), 60);
  shop.adds_up();
}

TEST(Return, C9_what_has_come_back_once_does_not_come_again) {
  Shop shop;
  shop.posts(sale("S", {"100.00"}, "anna", at("2025-03-01T09:00:00Z")));
  const auto part = [](const char* id, std::optional<Instant> when) {
    auto made = return_of_amount(id, "S", "40.00");
    made.at = when;
    return made;
  };
  auto whole = return_of("W", "S");
  whole.at = at("2025-03-01T09:02:00Z");
  shop.posts(whole);
  // At the same moment, later, or nobody knows when.
  EXPECT_EQ(shop.refuses(part("A", whole.at)).code, ErrorCode::kAlreadyReversed);
  EXPECT_EQ(shop.refuses(part("B", *whole.at + std::chrono::seconds(1))).code,
            ErrorCode::kAlreadyReversed);
  EXPECT_EQ(shop.refuses(part("C", std::nullopt)).code, ErrorCode::kAlreadyReversed);
  shop.posts(sale("T", {"100.00"}, "anna", at("2025-03-01T09:00:00Z")));
  shop.posts(void_of("V", "T"));
  auto late = return_of_amount("D", "T", "40.00");
  late.at = at("2025-03-01T09:01:00Z");
  EXPECT_EQ(shop.refuses(late).code, ErrorCode::kAlreadyReversed);
}

TEST(Return, a_waiting_return_shows_its_effect_once_the_sale_is_there) {
  Shop shop;
  EXPECT_EQ(shop.posts(return_of_amount("A", "S", "40.00")).state, TransactionState::kWaiting);
  shop.posts(sale("S", {"100.00"}));
  const auto now = shop.engine().transaction({"till-1", "A"});
  ASSERT_TRUE(now.ok());
  EXPECT_EQ(reversed(*now), 40);
  EXPECT_EQ(now->refund->money, "40.00");
}

TEST(Return, C10_points_already_spent_become_debt_that_the_next_sale_pays) {
  Shop shop;
  shop.posts(sale("R-1", {"500.00"}));
  shop.spends(450);
  const auto receipt = shop.posts(return_of("X-1", "R-1"));
  ASSERT_EQ(receipt.reversed.size(), 1u);
  EXPECT_EQ(receipt.reversed[0].from_available.units(), 50);
  EXPECT_EQ(receipt.reversed[0].debt.units(), 450);
  EXPECT_EQ(shop.debt(), 450);
  shop.posts(sale("R-2", {"600.00"}));
  EXPECT_EQ(shop.debt(), 0);
  EXPECT_EQ(shop.available(), 150);
  shop.adds_up();
}

TEST(Return, C10_points_that_a_void_gives_again_pay_what_is_owed_by_then) {
  Shop shop;
  shop.posts(sale("R-1", {"100.00"}));
  shop.posts(return_of("X-1", "R-1"));
  shop.posts(sale("R-2", {"50.00"}));
  shop.spends(50);
  shop.posts(return_of("X-2", "R-2"));
  EXPECT_EQ(shop.debt(), 50);
  shop.posts(void_of("V-1", "X-1"));
  EXPECT_EQ(shop.debt(), 0);
  EXPECT_EQ(shop.available(), 50);
  shop.posts(return_of("X-3", "R-1"));
  EXPECT_EQ(shop.debt(), 50);
  EXPECT_EQ(shop.available(), 0);
  shop.adds_up();
}

TEST(Return, C10_expiry_never_pays_a_debt) {
  Shop shop;
  shop.posts(sale("R-1", {"500.00"}));
  shop.spends(450);
  shop.posts(return_of("X-1", "R-1"));
  shop.is("2026-06-01T10:00:00Z");
  ASSERT_TRUE(shop.engine().settle_due(100).ok());
  EXPECT_EQ(shop.debt(), 450);
  shop.adds_up();
}

TEST(Return, C10_written_off_where_the_wallet_says_so) {
  Shop shop(replaced(kReference, "on_shortfall: debt", "on_shortfall: write_off"));
  shop.posts(sale("R-1", {"500.00"}));
  shop.spends(450);
  const auto receipt = shop.posts(return_of("X-1", "R-1"));
  EXPECT_EQ(receipt.reversed.at(0).written_off.units(), 450);
  EXPECT_EQ(shop.debt(), 0);
  shop.adds_up();
}

TEST(Return, C11_status_bought_and_returned_is_lost_at_once) {
  Shop shop;
  shop.posts(sale("R-1", {"600.00"}));
  shop.posts(sale("R-2", {"450.00"}));
  EXPECT_EQ(shop.tier(), "gold");
  shop.posts(return_of_amount("X-1", "R-2", "100.00"));
  EXPECT_EQ(shop.member().tier.spend_minor, 95000);
  EXPECT_EQ(shop.tier(), "silver");
  shop.adds_up();
}

TEST(Return, C11_status_may_be_kept_to_the_end_of_the_period) {
  Shop shop(replaced(kReference, "on_return: immediate", "on_return: period_end"));
  shop.posts(sale("R-1", {"600.00"}));
  shop.posts(sale("R-2", {"450.00"}));
  shop.posts(return_of_amount("X-1", "R-2", "100.00"));
  EXPECT_EQ(shop.tier(), "gold");
  shop.is("2025-12-31T22:59:59Z");
  EXPECT_EQ(shop.tier(), "gold");
  shop.is("2025-12-31T23:00:00Z");
  EXPECT_EQ(shop.tier(), "silver");
  shop.adds_up();
}

TEST(Return, C11_buying_and_returning_status_five_times_gains_nothing) {
  Shop shop;
  for (int i = 0; i < 5; ++i) {
    const auto id = std::to_string(i);
    shop.posts(sale("R-" + id, {"1000.00"}));
    EXPECT_EQ(shop.tier(), "gold");
    shop.posts(return_of("X-" + id, "R-" + id));
    EXPECT_EQ(shop.tier(), "silver");
  }
  shop.adds_up();
}

constexpr const char* kThreshold = R"(rules:
  - id: spend-three-hundred
    when: { basket: { at_least: 300.00 } }
    bonus: 100 points
    on_return: recheck
identity:)";

TEST(Return, C15_threshold_bonus_is_checked_again) {
  Shop shop(replaced(kReference, "identity:", kThreshold));
  const std::vector<std::string> six(6, "50.00");
  EXPECT_EQ(earned(shop.posts(sale("R-1", six))), 400);
  auto back = return_of("X-1", "R-1");
  back.return_lines = {{"1"}, {"2"}, {"3"}, {"4"}, {"5"}};
  EXPECT_EQ(reversed(shop.posts(back)), 350);
  EXPECT_EQ(shop.available(), 50);
  EXPECT_EQ(reversed(shop.posts(return_of("X-2", "R-1"))), 50);
  shop.adds_up();
}

TEST(Return, C15_threshold_bonus_may_be_kept) {
  Shop shop(replaced(replaced(kReference, "identity:", kThreshold), "recheck", "keep_bonus"));
  const std::vector<std::string> six(6, "50.00");
  shop.posts(sale("R-1", six));
  auto back = return_of("X-1", "R-1");
  back.return_lines = {{"1"}, {"2"}, {"3"}, {"4"}, {"5"}};
  EXPECT_EQ(reversed(shop.posts(back)), 250);
  EXPECT_EQ(reversed(shop.posts(return_of("X-2", "R-1"))), 150);
  EXPECT_EQ(shop.available(), 0);
  shop.adds_up();
}

TEST(Return, F14_return_while_pending_cancels_what_waits) {
  Shop shop(replaced(kReference, "pending: none", "pending: 14 days"));
  shop.posts(sale("R-1", {"500.00"}));
  shop.posts(sale("R-2", {"500.00"}));
  EXPECT_EQ(shop.pending(), 1000);
  shop.is("2025-03-11T10:00:00Z");
  const auto early = shop.posts(return_of("X-1", "R-1"));
  EXPECT_EQ(early.reversed.at(0).from_pending.units(), 500);
  EXPECT_EQ(shop.pending(), 500);
  shop.is("2025-03-21T10:00:00Z");
  EXPECT_EQ(shop.available(), 500);
  const auto late = shop.posts(return_of("X-2", "R-2"));
  EXPECT_EQ(late.reversed.at(0).from_available.units(), 500);
  EXPECT_EQ(shop.available(), 0);
  shop.adds_up();
}

TEST(Return, points_that_died_unused_are_not_owed) {
  Shop shop;
  shop.posts(sale("R-1", {"500.00"}));
  shop.is("2026-04-01T10:00:00Z");
  EXPECT_EQ(shop.available(), 0);
  const auto receipt = shop.posts(return_of("X-1", "R-1"));
  EXPECT_EQ(receipt.reversed.at(0).from_expired.units(), 500);
  EXPECT_EQ(shop.debt(), 0);
  shop.adds_up();
}

TEST(Return, without_its_sale_is_kept_or_refused_as_declared) {
  Shop shop;
  Transaction back;
  back.key = {"till-1", "X-1"};
  back.kind = TransactionKind::kReturn;
  EXPECT_EQ(shop.posts(back).state, TransactionState::kUnmatched);
  EXPECT_TRUE(shop.posts(back).replayed);
  shop.adds_up();
}

TEST(Return, D8_speaks_of_the_currency_of_its_sale) {
  Shop shop;
  auto early = return_of_amount("X-1", "R-1", "4.00");
  early.currency = "GBP";
  EXPECT_EQ(shop.posts(early).state, TransactionState::kWaiting);
  shop.posts(sale("R-1", {"10.00"}));
  EXPECT_EQ(shop.available(), 10);
  auto other = return_of_amount("X-2", "R-1", "4.00");
  other.currency = "GBP";
  const auto refused = shop.refuses(other);
  EXPECT_EQ(refused.code, ErrorCode::kInvalid);
  EXPECT_EQ(refused.faults.at(0).pointer, "/currency");
  other.currency = "EUR";
  EXPECT_EQ(reversed(shop.posts(other)), 4);
  shop.adds_up();
}

TEST(Return, that_is_undone_refunds_no_money) {
  Shop shop;
  shop.posts(sale("R-1", {"10.00"}));
  shop.posts(return_of("X-1", "R-1"));
  EXPECT_EQ(shop.posts(void_of("V-1", "X-1")).refund->money, "0.00");
  EXPECT_EQ(shop.posts(void_of("V-1", "X-1")).refund->money, "0.00");
}

TEST(Return, a_void_of_a_return_gives_back_what_it_took) {
  Shop shop;
  shop.posts(sale("R-1", {"500.00"}));
  shop.spends(450);
  shop.posts(return_of("X-1", "R-1"));
  shop.posts(void_of("V-1", "X-1"));
  EXPECT_EQ(shop.available(), 50);
  EXPECT_EQ(shop.debt(), 0);
  EXPECT_EQ(shop.member().tier.spend_minor, 50000);
  EXPECT_EQ(shop.refuses(void_of("V-2", "X-1")).code, ErrorCode::kAlreadyReversed);
  shop.adds_up();
}

TEST(Return, a_return_that_waited_stands_before_those_that_came_after_the_sale) {
  Shop shop;
  shop.posts(return_of_line("X-1", "S", "1"));
  shop.posts(sale("S", {"100.00", "50.00"}));
  EXPECT_EQ(shop.posts(return_of("X-2", "S")).refund->money, "50.00");
  shop.posts(void_of("V-2", "X-2"));
  EXPECT_EQ(shop.available(), 50);
  shop.adds_up();
}

TEST(Return, a_return_that_waited_stands_though_its_sale_is_nobodys) {
  Shop shop;
  shop.posts(return_of_amount("X-1", "S", "40.00"));
  shop.posts(sale("S", {"100.00"}, ""));
  EXPECT_EQ(shop.posts(return_of("X-2", "S")).refund->money, "60.00");
  EXPECT_EQ(shop.engine().transaction({"till-1", "X-1"})->refund->money, "40.00");
  shop.adds_up();
}

TEST(Return, a_claim_takes_back_what_was_returned_before_it_in_any_order) {
  Shop shop;
  shop.posts(sale("R-anna", {"1.00"}));
  shop.posts(return_of_amount("X-1", "S", "40.00"));
  shop.posts(sale("S", {"100.00"}, ""));
  shop.posts(return_of_amount("X-2", "S", "25.00"));
  ASSERT_TRUE(shop.engine().claim({"till-1", "S"}, shop.member().id, "clerk").ok());
  EXPECT_EQ(shop.available(), 36);
  shop.adds_up();
}

}  // namespace
}  // namespace laurel::test
