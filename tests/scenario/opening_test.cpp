// What members had in another system.

#include "each_store.hpp"
#include "laurel/lots.hpp"
#include "laurel/merging.hpp"
#include "shop.hpp"

namespace laurel::test {
namespace {

class Openings : public EachStore {};

INSTANTIATE_TEST_SUITE_P(Stores, Openings, each_store(), store_name);

Opening opening(const std::string& id, const std::string& card = "anna") {
  Opening one;
  one.key = {"old", id};
  one.identifier = {"card", card};
  return one;
}

Opening::Lot lot(std::int64_t points, const char* until, const char* from = nullptr) {
  Opening::Lot one;
  one.points = Points(points);
  one.until = *parse_date(until);
  if (from != nullptr) one.available_from = *parse_date(from);
  return one;
}

std::string opens(Shop& shop, const Opening& one) {
  const auto opened = shop.engine().lots().open(std::span(&one, 1));
  if (!opened.front()) return std::string(opened.front().error().name());
  return opened.front()->replayed ? "replayed" : "opened";
}

TEST_P(Openings, K1_bring_lots_level_and_spend_once) {
  Shop shop(kReference, uri());
  shop.is("2026-01-10T10:00:00Z");
  shop.posts(sale("R-1", {"1.00"}));
  auto one = opening("M-1");
  one.lots = {lot(120, "2026-03-31"), lot(80, "2026-06-30", "2026-02-01")};
  one.spend = "600.00";
  EXPECT_EQ(opens(shop, one), "opened");
  EXPECT_EQ(opens(shop, one), "replayed");
  EXPECT_EQ(shop.balance().available.units(), 121);
  EXPECT_EQ(shop.tier(), "silver");
  shop.posts(sale("R-2", {"399.00"}));
  EXPECT_EQ(shop.tier(), "gold");
  shop.is("2026-04-01T10:00:00Z");
  EXPECT_EQ(shop.balance().available.units(), 1 + 399 + 80);
  shop.is("2026-07-01T10:00:00Z");
  EXPECT_EQ(shop.balance().available.units(), 1 + 399);
  shop.adds_up();
}

TEST_P(Openings, K1_by_the_card_of_one_who_was_merged_are_who_she_is_now) {
  Shop shop(kReference, uri());
  shop.is("2026-01-10T10:00:00Z");
  shop.posts(sale("R-1", {"1.00"}));
  shop.posts(sale("R-2", {"2.00"}, "berta"));
  const MemberId anna = shop.member("anna").id, berta = shop.member("berta").id;
  ASSERT_TRUE(shop.engine().merging().merge({{"desk", "1"}, anna, berta, "clerk", "one"}).ok());
  auto one = opening("M-1", "berta");
  one.lots = {lot(120, "2026-03-31")};
  EXPECT_EQ(opens(shop, one), "opened");
  EXPECT_EQ(shop.balance().available.units(), 123);
  shop.adds_up();
}

TEST_P(Openings, K1_find_her_by_an_identifier_that_is_kept_hashed) {
  Shop shop(
      replaced(kReference, "card: { strength: strong,", "card: { strength: strong, keep: hashed,"),
      uri());
  shop.is("2026-01-10T10:00:00Z");
  shop.posts(sale("R-1", {"1.00"}));
  auto one = opening("M-1");
  one.lots = {lot(120, "2026-03-31")};
  EXPECT_EQ(opens(shop, one), "opened");
  EXPECT_EQ(shop.balance().available.units(), 121);
}

TEST_P(Openings, K1_a_level_that_is_brought_ends_on_its_last_day) {
  Shop shop(kReference, uri());
  shop.is("2026-01-10T10:00:00Z");
  shop.posts(sale("R-1", {"1.00"}));
  auto one = opening("M-1");
  one.tier = "gold";
  one.tier_until = *parse_date("2026-02-28");
  EXPECT_EQ(opens(shop, one), "opened");
  EXPECT_EQ(shop.tier(), "gold");
  shop.is("2026-03-01T10:00:00Z");
  EXPECT_EQ(shop.tier(), "silver");
  shop.adds_up();
}

TEST_P(Openings, are_refused_whole) {
  Shop shop(kReference, uri());
  shop.is("2026-01-10T10:00:00Z");
  shop.posts(sale("R-1", {"1.00"}));
  auto one = opening("M-1");
  one.lots = {lot(120, "2026-03-31")};
  EXPECT_EQ(opens(shop, one), "opened");
  auto other = one;
  other.lots[0].until = *parse_date("2026-04-30");
  EXPECT_EQ(opens(shop, other), "idempotency_conflict");
  EXPECT_EQ(opens(shop, opening("M-2", "nobody")), "unknown_member");
  auto wrong = opening("M-3");
  wrong.lots = {lot(0, "2026-03-31"), lot(5, "2026-01-09")};
  wrong.tier = "platinum";
  wrong.spend = "-1.00";
  const auto refused = shop.engine().lots().open(std::span(&wrong, 1));
  ASSERT_FALSE(refused.front().ok());
  EXPECT_EQ(refused.front().error().faults.size(), 4u);
  EXPECT_EQ(shop.balance().available.units(), 121);
}

}  // namespace
}  // namespace laurel::test
