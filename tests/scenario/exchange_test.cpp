// What is brought back without a receipt of its own, and what a till keeps back.

#include <algorithm>

#include "each_store.hpp"
#include "shop.hpp"

namespace laurel::test {
namespace {

class Exchange : public EachStore {};
INSTANTIATE_TEST_SUITE_P(Stores, Exchange, each_store(), store_name);

Transaction exchange(const std::string& id, const std::string& amount,
                     std::vector<ReturnPart> returns) {
  auto made = sale(id, {amount});
  made.returns = std::move(returns);
  return made;
}

ReturnPart all_of(const std::string& id) { return {{"till-1", id}}; }

// ---- Exchanges

TEST_P(Exchange, gives_and_takes_in_one_answer) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"100.00", "20.00"}));
  const auto receipt =
      shop.posts(exchange("R-2", "80.00", {{{"till-1", "R-1"}, {{.original_line = "1"}}}}));
  EXPECT_EQ(earned(receipt), 80);
  ASSERT_EQ(receipt.returns.size(), 1u);
  EXPECT_EQ(reversed(receipt.returns[0]), 100);
  EXPECT_EQ(receipt.returns[0].refund->money, "100.00");
  EXPECT_EQ(receipt.wallets[0].available.units(), 100);
  EXPECT_EQ(shop.available(), 100);
  EXPECT_EQ(shop.member().tier.spend_minor, 100'00);
  shop.adds_up();
}

TEST_P(Exchange, answers_alike_for_ever) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"100.00"}));
  const auto document = exchange("R-2", "80.00", {all_of("R-1")});
  const auto first = shop.posts(document);
  shop.posts(sale("R-3", {"1.00"}));
  const auto again = shop.posts(document);
  EXPECT_TRUE(again.replayed);
  EXPECT_EQ(again.entry, first.entry);
  ASSERT_EQ(again.returns.size(), 1u);
  EXPECT_EQ(again.returns[0].entry, first.returns[0].entry);
  EXPECT_EQ(again.wallets, first.wallets);
  EXPECT_EQ(shop.engine().transaction({"till-1", "R-2"})->returns.size(), 1u);
  auto other = document;
  other.returns[0].original.id = "R-3";
  EXPECT_EQ(shop.refuses(other).faults.at(0).pointer, "/returns/0/original");
}

TEST_P(Exchange, is_all_or_nothing) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"100.00"}));
  const auto refused = shop.refuses(exchange("R-2", "80.00", {all_of("R-1"), all_of("R-1")}));
  EXPECT_EQ(refused.code, ErrorCode::kAlreadyReversed);
  EXPECT_EQ(shop.available(), 100);
  EXPECT_EQ(shop.engine().transaction({"till-1", "R-2"}).error().code,
            ErrorCode::kUnknownTransaction);
  shop.posts(exchange("R-2", "80.00", {all_of("R-1")}));
  EXPECT_EQ(shop.available(), 80);
  shop.adds_up();
}

TEST_P(Exchange, what_it_earns_covers_what_it_takes_back) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"100.00"}));
  shop.spends(100);
  const auto receipt = shop.posts(exchange("R-2", "100.00", {all_of("R-1")}));
  EXPECT_EQ(receipt.returns.at(0).reversed.at(0).debt.units(), 0);
  EXPECT_EQ(shop.available(), 0);
  EXPECT_EQ(shop.debt(), 0);
  shop.adds_up();
}

TEST_P(Exchange, of_like_for_like_keeps_her_level) {
  Shop shop(replaced(kReference, "rate: 1 point per 1.00 }\nidentity",
                     "rate: 2 points per 1.00 }\nidentity"),
            uri());
  shop.posts(sale("R-1", {"900.00", "100.00"}));
  const auto receipt =
      shop.posts(exchange("R-2", "100.00", {{{"till-1", "R-1"}, {{.original_line = "2"}}}}));
  EXPECT_EQ(earned(receipt), 200);
  EXPECT_EQ(shop.tier(), "gold");
  shop.adds_up();
}

TEST_P(Exchange, of_a_sale_that_has_not_come_waits_for_it) {
  Shop shop(kReference, uri());
  const auto receipt = shop.posts(exchange("R-2", "80.00", {all_of("R-1")}));
  EXPECT_EQ(receipt.returns.at(0).state, TransactionState::kWaiting);
  EXPECT_EQ(shop.available(), 80);
  shop.posts(sale("R-1", {"100.00"}, "anna", at("2025-03-01T09:00:00Z")));
  EXPECT_EQ(shop.available(), 80);
  shop.adds_up();
}

TEST_P(Exchange, that_is_voided_is_undone_whole) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"100.00"}));
  shop.posts(exchange("R-2", "80.00", {all_of("R-1")}));
  shop.posts(void_of("V-1", "R-2"));
  EXPECT_EQ(shop.available(), 100);
  EXPECT_EQ(shop.member().tier.spend_minor, 100'00);
  shop.posts(return_of("X-1", "R-1"));
  EXPECT_EQ(shop.available(), 0);
  shop.adds_up();
}

TEST_P(Exchange, that_was_voided_before_it_came_leaves_nothing) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"100.00"}));
  shop.posts(void_of("V-1", "R-2"));
  shop.posts(exchange("R-2", "80.00", {all_of("R-1")}));
  EXPECT_EQ(shop.available(), 100);
  shop.adds_up();
}

TEST_P(Exchange, of_a_new_member_enrols_her_once) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"100.00"}, "anna"));
  auto made = exchange("R-2", "80.00", {all_of("R-1")});
  made.identifiers = {{"card", "berta"}};
  shop.posts(made);
  EXPECT_EQ(shop.available("anna"), 0);
  EXPECT_EQ(shop.available("berta"), 80);
  shop.adds_up();
}

TEST_P(Exchange, a_quote_of_it_stores_nothing) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"100.00"}));
  const auto document = exchange("R-2", "80.00", {all_of("R-1")});
  const auto quote = shop.engine().quote(document);
  ASSERT_TRUE(quote.ok()) << Shop::describe(quote.error());
  EXPECT_EQ(reversed(quote->returns.at(0)), 100);
  EXPECT_EQ(shop.available(), 100);
  EXPECT_FALSE(shop.posts(document).replayed);
}

// ---- Money that the till keeps back

const auto kWithholds = replaced(kReference, "on_shortfall: debt",
                                 "on_shortfall: withhold_money\n    withhold_at: 0.01 EUR");

TEST_P(Exchange, C10_the_till_keeps_back_what_spent_points_were_worth) {
  Shop shop(kWithholds, uri());
  shop.posts(sale("R-1", {"500.00"}));
  shop.spends(450);
  const auto receipt = shop.posts(return_of("X-1", "R-1"));
  EXPECT_EQ(receipt.refund->money, "500.00");
  EXPECT_EQ(receipt.refund->withheld, "4.50");
  EXPECT_EQ(receipt.reversed.at(0).withheld.units(), 450);
  EXPECT_EQ(receipt.reversed.at(0).from_available.units(), 50);
  EXPECT_EQ(shop.debt(), 0);
  EXPECT_EQ(shop.available(), 0);
  shop.posts(sale("R-2", {"600.00"}));
  EXPECT_EQ(shop.available(), 600);
  EXPECT_EQ(shop.posts(return_of("X-1", "R-1")).refund->withheld, "4.50");
  shop.adds_up();
}

TEST_P(Exchange, C10_never_more_than_the_refund_is_kept_back) {
  Shop shop(replaced(kWithholds, "0.01 EUR", "3.00 EUR"), uri());
  shop.posts(sale("R-1", {"10.00"}));
  shop.spends(10);
  const auto receipt = shop.posts(return_of("X-1", "R-1"));
  EXPECT_EQ(receipt.refund->withheld, "9.00");  // of three points; the rest is owed
  EXPECT_EQ(receipt.reversed.at(0).withheld.units(), 3);
  EXPECT_EQ(shop.debt(), 7);
  shop.adds_up();
}

TEST_P(Exchange, what_was_kept_back_is_given_again_when_the_return_is_voided) {
  Shop shop(kWithholds, uri());
  shop.posts(sale("R-1", {"500.00"}));
  shop.spends(450);
  shop.posts(return_of("X-1", "R-1"));
  shop.posts(void_of("V-1", "X-1"));
  EXPECT_EQ(shop.available(), 50);
  EXPECT_EQ(shop.posts(return_of("X-2", "R-1")).refund->withheld, "4.50");
  shop.adds_up();
}

TEST_P(Exchange, what_is_kept_back_is_money_of_the_sales_currency) {
  Shop shop(replaced(kWithholds, "currency: EUR\n", "currency: EUR\nexchange: { ZAR: 1/17 }\n"),
            uri());
  auto sold = sale("R-1", {"1700.00"});
  sold.currency = "ZAR";
  EXPECT_EQ(earned(shop.posts(sold)), 100);
  shop.spends(100);
  EXPECT_EQ(shop.posts(return_of("X-1", "R-1")).refund->withheld, "17.00");
  shop.adds_up();
}

// ---- Returns that name no sale

const auto kAtValue =
    replaced(kReference, "departments:",
             "arrivals: { return_without_sale: at_value, return_rate: 2 points per 1.00 }\n"
             "departments:");

Transaction unmatched(const std::string& id, const std::string& amount) {
  Transaction made;
  made.key = {"till-1", id};
  made.kind = TransactionKind::kReturn;
  made.identifiers = {{"card", "anna"}};
  made.amount = amount;
  return made;
}

TEST_P(Exchange, a_return_without_a_receipt_takes_points_at_the_declared_rate) {
  Shop shop(kAtValue, uri());
  shop.posts(sale("R-1", {"100.00"}));
  const auto receipt = shop.posts(unmatched("X-1", "10.49"));
  EXPECT_EQ(receipt.state, TransactionState::kAccepted);
  EXPECT_EQ(reversed(receipt), 20);
  EXPECT_EQ(receipt.refund->money, "10.49");
  EXPECT_EQ(shop.available(), 80);
  EXPECT_TRUE(shop.posts(unmatched("X-1", "10.49")).replayed);
  shop.posts(unmatched("X-2", "50.00"));
  EXPECT_EQ(shop.debt(), 20);
  shop.adds_up();
}

TEST_P(Exchange, and_gives_them_again_when_it_is_voided) {
  Shop shop(kAtValue, uri());
  shop.posts(sale("R-1", {"100.00"}));
  shop.posts(unmatched("X-1", "60.00"));
  EXPECT_EQ(shop.debt(), 20);
  shop.posts(void_of("V-1", "X-1"));
  EXPECT_EQ(shop.available(), 100);
  EXPECT_EQ(shop.debt(), 0);
  EXPECT_EQ(shop.refuses(void_of("V-2", "X-1")).code, ErrorCode::kAlreadyReversed);
  shop.adds_up();
}

TEST_P(Exchange, a_return_that_names_nobody_moves_no_points) {
  Shop shop(kAtValue, uri());
  auto nobody = unmatched("X-1", "10.00");
  nobody.identifiers.clear();
  EXPECT_EQ(shop.posts(nobody).state, TransactionState::kUnmatched);
  shop.posts(sale("R-1", {"1.00"}));
  EXPECT_EQ(shop.refuses(unmatched("X-2", "")).faults.at(0).pointer, "/amount");
  auto yen = unmatched("X-3", "10");
  yen.currency = "JPY";
  EXPECT_EQ(shop.refuses(yen).faults.at(0).code, "currency_not_taken");
  shop.adds_up();
}

// ---- Partial awards say so

TEST_P(Exchange, D16_an_award_that_was_cut_says_by_how_much_and_by_which_limit) {
  Shop shop(replaced(kReference, "identity:", R"(rules:
  - { id: triple, multiply: 3, limit: { points: 100, every: month } }
identity:)"),
            uri());
  const auto document = sale("R-1", {"60.00"});
  const auto receipt = shop.posts(document);
  const auto& awards = receipt.lines.at(0).awards;
  const auto triple = std::ranges::find(awards, "triple", &AwardedPoints::rule);
  ASSERT_NE(triple, awards.end());
  EXPECT_EQ(triple->points.units(), 100);
  EXPECT_EQ(triple->cut.units(), 20);
  EXPECT_EQ(triple->limit, "limit: 100 points per member, month");
  shop.publish(kReference, at("2025-03-01T11:00:00Z"));
  shop.is("2025-04-01T12:00:00Z");
  const auto again = shop.posts(document);
  EXPECT_EQ(again.lines.at(0).awards.at(1).cut.units(), 20);
}

}  // namespace
}  // namespace laurel::test
