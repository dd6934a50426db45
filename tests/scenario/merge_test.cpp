// Two members who are one person, and the way back.

#include <thread>

#include "each_store.hpp"
#include "laurel/merging.hpp"
#include "shop.hpp"

namespace laurel::test {
namespace {

class Merges : public EachStore {};
INSTANTIATE_TEST_SUITE_P(Stores, Merges, each_store(), store_name);

MemberId enrols(Shop& shop, const std::string& card) {
  const auto enrolled = shop.engine().enrol({TransactionKey{"web", card}, {{"card", card}}});
  EXPECT_TRUE(enrolled.ok());
  return enrolled ? enrolled->member.id : MemberId{};
}

Result<MergeReceipt> try_merge(Shop& shop, const std::string& id, MemberId into, MemberId from) {
  return shop.engine().merging().merge({{"desk", id}, into, from, "clerk", "one person"});
}

MergeReceipt merges(Shop& shop, const std::string& id, MemberId into, MemberId from) {
  const auto merged = try_merge(shop, id, into, from);
  EXPECT_TRUE(merged.ok()) << Shop::describe(merged.error());
  return merged ? *merged : MergeReceipt{};
}

Result<MergeReceipt> try_part(Shop& shop, const std::string& id, const std::string& merge) {
  return shop.engine().merging().unmerge(
      {{"desk", id}, {"desk", merge}, {}, "clerk", "two people"});
}

MergeReceipt parts(Shop& shop, const std::string& id, const std::string& merge) {
  const auto parted = try_part(shop, id, merge);
  EXPECT_TRUE(parted.ok()) << Shop::describe(parted.error());
  return parted ? *parted : MergeReceipt{};
}

Member member(Shop& shop, MemberId id) {
  const auto found = shop.engine().member(id);
  EXPECT_TRUE(found.ok());
  return found ? *found : Member{};
}

std::int64_t available(Shop& shop, MemberId id) {
  return member(shop, id).wallets.at(0).balance.available.units();
}
std::int64_t debt(Shop& shop, MemberId id) {
  return member(shop, id).wallets.at(0).balance.debt.units();
}

TEST_P(Merges, H5_two_balances_become_one_and_lots_keep_their_dates) {
  Shop shop(kReference, uri());
  const auto anna = enrols(shop, "anna");
  const auto berta = enrols(shop, "berta");
  shop.posts(sale("R-1", {"100.00"}, "anna"));
  shop.is("2025-04-10T10:00:00Z");
  shop.posts(sale("R-2", {"200.00"}, "berta"));
  const auto merged = merges(shop, "M-1", anna, berta);
  EXPECT_EQ(merged.member, anna);
  EXPECT_EQ(merged.wallets.at(0).available.units(), 300);
  const auto one = member(shop, anna);
  ASSERT_EQ(one.wallets.at(0).lots.size(), 2u);
  EXPECT_EQ(to_text(one.wallets.at(0).lots[0].expires_at), "2026-03-01T23:00:00Z");
  EXPECT_EQ(to_text(one.wallets.at(0).lots[1].expires_at), "2026-04-10T22:00:00Z");
  EXPECT_EQ(one.tier.spend_minor, 300'00);
  EXPECT_EQ(one.identifiers.size(), 2u);
  EXPECT_EQ(one.formerly, std::vector{berta});
  shop.adds_up();
}

TEST_P(Merges, H5_old_ids_and_cards_lead_to_who_stayed) {
  Shop shop(kReference, uri());
  const auto anna = enrols(shop, "anna");
  const auto berta = enrols(shop, "berta");
  shop.posts(sale("R-2", {"200.00"}, "berta"));
  merges(shop, "M-1", anna, berta);
  EXPECT_EQ(shop.member("berta").id, anna);
  EXPECT_EQ(member(shop, berta).id, anna);
  const auto receipt = shop.posts(sale("R-3", {"50.00"}, "berta"));
  EXPECT_EQ(receipt.attribution.member, anna);
  EXPECT_EQ(available(shop, berta), 250);
  EXPECT_EQ(shop.engine().ledger(berta, {}, 100)->entries.size(),
            shop.engine().ledger(anna, {}, 100)->entries.size());
  EXPECT_EQ(shop.engine().statement(berta, at("2026-01-01T00:00:00Z"), TimeBasis::kEvent)->member,
            anna);
  shop.adds_up();
}

TEST_P(Merges, H5_merged_again_nothing_changes) {
  Shop shop(kReference, uri());
  const auto anna = enrols(shop, "anna");
  const auto berta = enrols(shop, "berta");
  shop.posts(sale("R-1", {"100.00"}, "berta"));
  const auto first = merges(shop, "M-1", anna, berta);
  EXPECT_TRUE(merges(shop, "M-1", anna, berta).replayed);
  const auto again = merges(shop, "M-2", anna, berta);
  EXPECT_TRUE(again.replayed);
  EXPECT_EQ(again.entry, first.entry);
  EXPECT_TRUE(merges(shop, "M-3", berta, anna).replayed);
  EXPECT_EQ(available(shop, anna), 100);
  EXPECT_EQ(try_merge(shop, "M-4", anna, anna).error().faults.at(0).code, "same_member");
  EXPECT_EQ(try_merge(shop, "M-4", anna, MemberId(999)).error().code, ErrorCode::kUnknownMember);
  shop.adds_up();
}

TEST_P(Merges, H5_sales_that_arrive_meanwhile_are_all_there) {
  Shop shop(kReference, uri());
  const auto anna = enrols(shop, "anna");
  const auto berta = enrols(shop, "berta");
  std::vector<std::thread> tills;
  for (int till = 0; till < 5; ++till) {
    tills.emplace_back([&shop, till] {
      for (int i = 0; i < 10; ++i) {
        const auto id = "R-" + std::to_string(10 * till + i);
        EXPECT_TRUE(shop.engine().post(sale(id, {"10.00"}, i % 2 == 0 ? "anna" : "berta")).ok());
      }
    });
  }
  merges(shop, "M-1", anna, berta);
  for (auto& till : tills) till.join();
  EXPECT_EQ(available(shop, anna), 500);
  EXPECT_EQ(member(shop, anna).tier.spend_minor, 500'00);
  shop.adds_up();
  parts(shop, "U-1", "M-1");
  EXPECT_EQ(available(shop, anna), 250);
  EXPECT_EQ(available(shop, berta), 250);
  shop.adds_up();
}

TEST_P(Merges, H8_what_came_since_goes_to_the_right_side) {
  Shop shop(kReference, uri());
  const auto anna = enrols(shop, "anna");
  const auto berta = enrols(shop, "berta");
  shop.posts(sale("R-1", {"300.00"}, "anna"));
  shop.spends(50, "anna");
  shop.is("2025-03-02T10:00:00Z");
  shop.posts(sale("R-2", {"200.00"}, "berta"));
  merges(shop, "M-1", anna, berta);
  EXPECT_EQ(available(shop, anna), 450);
  shop.is("2025-03-03T10:00:00Z");
  EXPECT_EQ(earned(shop.posts(sale("R-3", {"100.00"}, "berta"))), 100);
  shop.spends(120, "anna");  // the soonest to die: Anna's own
  parts(shop, "U-1", "M-1");
  EXPECT_EQ(available(shop, anna), 130);
  EXPECT_EQ(available(shop, berta), 300);
  const auto hers = member(shop, berta);
  ASSERT_EQ(hers.wallets.at(0).lots.size(), 2u);
  EXPECT_EQ(to_text(hers.wallets.at(0).lots[0].expires_at), "2026-03-02T23:00:00Z");
  EXPECT_EQ(to_text(hers.wallets.at(0).lots[1].expires_at), "2026-03-03T23:00:00Z");
  EXPECT_EQ(hers.tier.spend_minor, 300'00);
  EXPECT_EQ(member(shop, anna).tier.spend_minor, 300'00);
  EXPECT_EQ(shop.member("berta").id, berta);
  EXPECT_EQ(try_part(shop, "U-2", "M-1").error().code, ErrorCode::kAlreadyReversed);
  EXPECT_TRUE(parts(shop, "U-1", "M-1").replayed);
  shop.adds_up();
}

TEST_P(Merges, H8_spent_points_are_missing_where_they_came_from) {
  Shop shop(kReference, uri());
  const auto anna = enrols(shop, "anna");
  const auto berta = enrols(shop, "berta");
  shop.posts(sale("R-2", {"200.00"}, "berta"));
  shop.is("2025-03-02T10:00:00Z");
  shop.posts(sale("R-1", {"300.00"}, "anna"));
  merges(shop, "M-1", anna, berta);
  shop.spends(120, "anna");
  parts(shop, "U-1", "M-1");
  EXPECT_EQ(available(shop, anna), 300);
  EXPECT_EQ(available(shop, berta), 80);
  shop.adds_up();
}

TEST_P(Merges, B17_a_sale_sent_again_after_the_merge_is_still_one) {
  Shop shop(kReference, uri());
  const auto anna = enrols(shop, "anna");
  const auto berta = enrols(shop, "berta");
  const auto first = shop.posts(sale("R-1", {"100.00"}, "anna"));
  merges(shop, "M-1", berta, anna);
  const auto again = shop.posts(sale("R-1", {"100.00"}, "anna"));
  EXPECT_TRUE(again.replayed);
  EXPECT_EQ(again.attribution, first.attribution);
  EXPECT_EQ(available(shop, berta), 100);
  EXPECT_EQ(shop.refuses(sale("R-1", {"100.00"}, "berta")).code, ErrorCode::kConflict);
  EXPECT_EQ(available(shop, berta), 100);
  shop.adds_up();
}

TEST_P(Merges, a_return_of_an_earlier_sale_takes_its_own_points) {
  Shop shop(kReference, uri());
  const auto anna = enrols(shop, "anna");
  const auto berta = enrols(shop, "berta");
  shop.posts(sale("R-1", {"300.00"}, "anna"));
  shop.posts(sale("R-2", {"200.00"}, "berta"));
  merges(shop, "M-1", anna, berta);
  EXPECT_EQ(reversed(shop.posts(return_of_amount("X-1", "R-2", "50.00"))), 50);
  EXPECT_EQ(available(shop, anna), 450);
  parts(shop, "U-1", "M-1");
  EXPECT_EQ(available(shop, anna), 300);
  EXPECT_EQ(available(shop, berta), 150);
  EXPECT_EQ(member(shop, berta).tier.spend_minor, 150'00);
  EXPECT_EQ(reversed(shop.posts(return_of("X-2", "R-2"))), 150);
  EXPECT_EQ(available(shop, berta), 0);
  EXPECT_EQ(debt(shop, berta), 0);
  EXPECT_EQ(member(shop, anna).tier.spend_minor, 300'00);
  shop.adds_up();
}

TEST_P(Merges, a_return_after_the_parting_of_a_sale_in_between) {
  Shop shop(kReference, uri());
  const auto anna = enrols(shop, "anna");
  const auto berta = enrols(shop, "berta");
  merges(shop, "M-1", anna, berta);
  shop.posts(sale("R-1", {"100.00"}, "berta"));
  shop.posts(sale("R-2", {"70.00"}, "anna"));
  parts(shop, "U-1", "M-1");
  shop.posts(return_of("X-1", "R-1"));
  EXPECT_EQ(available(shop, berta), 0);
  EXPECT_EQ(available(shop, anna), 70);
  EXPECT_EQ(member(shop, berta).tier.spend_minor, 0);
  shop.posts(void_of("V-1", "X-1"));
  EXPECT_EQ(available(shop, berta), 100);
  shop.adds_up();
}

TEST_P(Merges, points_that_died_before_the_merge_cost_nothing_when_their_sale_comes_back) {
  Shop shop(kReference, uri());
  const auto anna = enrols(shop, "anna");
  const auto berta = enrols(shop, "berta");
  shop.posts(sale("R-1", {"100.00"}, "berta"));
  shop.is("2026-06-01T10:00:00Z");
  shop.posts(sale("R-2", {"40.00"}, "anna"));
  merges(shop, "M-1", anna, berta);
  const auto receipt = shop.posts(return_of_amount("X-1", "R-1", "60.00"));
  EXPECT_EQ(receipt.reversed.at(0).from_expired.units(), 60);
  EXPECT_EQ(available(shop, anna), 40);
  shop.posts(return_of("X-2", "R-1"));
  EXPECT_EQ(available(shop, anna), 40);
  EXPECT_EQ(debt(shop, anna), 0);
  shop.adds_up();
}

TEST_P(Merges, late_sales_with_the_old_card_go_to_whose_it_is_by_then) {
  Shop shop(kReference, uri());
  const auto anna = enrols(shop, "anna");
  const auto berta = enrols(shop, "berta");
  shop.posts(sale("R-1", {"900.00"}, "anna"));
  shop.is("2025-03-05T10:00:00Z");
  merges(shop, "M-1", anna, berta);
  shop.posts(sale("L-1", {"100.00"}, "berta", at("2025-02-20T10:00:00Z")));
  EXPECT_EQ(member(shop, anna).tier.id, "gold");
  EXPECT_EQ(available(shop, anna), 1000);
  parts(shop, "U-1", "M-1");
  EXPECT_EQ(member(shop, anna).tier.id, "silver");
  EXPECT_EQ(available(shop, berta), 100);
  shop.posts(sale("L-2", {"30.00"}, "berta", at("2025-02-21T10:00:00Z")));
  EXPECT_EQ(available(shop, berta), 130);
  EXPECT_EQ(member(shop, berta).tier.spend_minor, 130'00);
  EXPECT_EQ(available(shop, anna), 900);
  shop.adds_up();
}

TEST_P(Merges, debts_add_and_points_pay_them) {
  Shop shop(kReference, uri());
  const auto anna = enrols(shop, "anna");
  const auto berta = enrols(shop, "berta");
  shop.posts(sale("R-1", {"100.00"}, "anna"));
  shop.posts(sale("R-2", {"50.00"}, "berta"));
  shop.spends(50, "berta");
  shop.posts(return_of_amount("X-2", "R-2", "30.00"));
  ASSERT_EQ(debt(shop, berta), 30);
  merges(shop, "M-1", anna, berta);
  EXPECT_EQ(available(shop, anna), 70);
  EXPECT_EQ(debt(shop, anna), 0);
  parts(shop, "U-1", "M-1");
  EXPECT_EQ(available(shop, anna), 100);
  EXPECT_EQ(debt(shop, berta), 30);
  shop.adds_up();
}

TEST_P(Merges, two_debts_are_one_debt_and_part_again) {
  Shop shop(kReference, uri());
  const auto anna = enrols(shop, "anna");
  const auto berta = enrols(shop, "berta");
  for (const auto* card : {"anna", "berta"}) {
    shop.posts(sale(card, {"50.00"}, card));
    shop.spends(50, card);
  }
  shop.posts(return_of_amount("X-1", "anna", "20.00"));
  shop.posts(return_of_amount("X-2", "berta", "30.00"));
  merges(shop, "M-1", anna, berta);
  EXPECT_EQ(debt(shop, anna), 50);
  shop.posts(sale("R-3", {"25.00"}, "anna"));  // pays her own first
  parts(shop, "U-1", "M-1");
  EXPECT_EQ(debt(shop, anna), 0);
  EXPECT_EQ(debt(shop, berta), 25);
  shop.adds_up();
}

TEST_P(Merges, pending_points_wait_on_with_who_stays_and_come_back_available) {
  Shop shop(replaced(kReference, "pending: none", "pending: 14 days"), uri());
  const auto anna = enrols(shop, "anna");
  const auto berta = enrols(shop, "berta");
  shop.posts(sale("R-1", {"100.00"}, "berta"));
  merges(shop, "M-1", anna, berta);
  EXPECT_EQ(member(shop, anna).wallets.at(0).balance.pending.units(), 100);
  shop.is("2025-04-01T10:00:00Z");
  ASSERT_TRUE(shop.engine().settle_due(10).ok());
  EXPECT_EQ(available(shop, anna), 100);
  parts(shop, "U-1", "M-1");
  EXPECT_EQ(available(shop, berta), 100);
  EXPECT_EQ(member(shop, berta).wallets.at(0).balance.pending.units(), 0);
  shop.adds_up();
}

// ---- More than two ------------------------------------------------------------------------------

class Three : public EachStore {
 protected:
  void begin(Shop& shop) {
    int amount = 100;
    for (const auto* card : {"anna", "berta", "carla"}) {
      ids_.push_back(enrols(shop, card));
      shop.posts(sale(card, {std::to_string(amount) + ".00"}, card));
      amount += 100;
    }
  }
  void all_have(Shop& shop, std::int64_t anna, std::int64_t berta, std::int64_t carla) {
    EXPECT_EQ(available(shop, ids_[0]), anna);
    EXPECT_EQ(available(shop, ids_[1]), berta);
    EXPECT_EQ(available(shop, ids_[2]), carla);
    shop.adds_up();
  }
  std::vector<MemberId> ids_;
};
INSTANTIATE_TEST_SUITE_P(Stores, Three, each_store(), store_name);

TEST_P(Three, merges_follow_one_another) {
  Shop shop(kReference, uri());
  begin(shop);
  merges(shop, "M-1", ids_[1], ids_[2]);
  merges(shop, "M-2", ids_[0], ids_[1]);
  all_have(shop, 600, 600, 600);
  EXPECT_EQ(shop.member("carla").id, ids_[0]);
  EXPECT_EQ(member(shop, ids_[0]).tier.spend_minor, 600'00);
  shop.posts(sale("R-c", {"10.00"}, "carla"));
  parts(shop, "U-2", "M-2");
  all_have(shop, 100, 510, 510);
  parts(shop, "U-1", "M-1");
  all_have(shop, 100, 200, 310);
}

TEST_P(Three, the_earlier_of_two_merges_is_undone_first) {
  Shop shop(kReference, uri());
  begin(shop);
  merges(shop, "M-1", ids_[1], ids_[2]);
  shop.posts(sale("R-c", {"10.00"}, "carla"));
  merges(shop, "M-2", ids_[0], ids_[1]);
  shop.posts(sale("R-d", {"1.00"}, "carla"));
  shop.posts(sale("R-b", {"5.00"}, "berta"));
  parts(shop, "U-1", "M-1");
  all_have(shop, 305, 305, 311);
  EXPECT_EQ(member(shop, ids_[2]).tier.spend_minor, 311'00);
  parts(shop, "U-2", "M-2");
  all_have(shop, 100, 205, 311);
  EXPECT_EQ(member(shop, ids_[1]).tier.spend_minor, 205'00);
  shop.posts(return_of("X-1", "R-d"));
  all_have(shop, 100, 205, 310);
}

TEST_P(Three, two_merged_into_one_part_in_the_order_they_came) {
  Shop shop(kReference, uri());
  begin(shop);
  merges(shop, "M-1", ids_[0], ids_[1]);
  merges(shop, "M-2", ids_[0], ids_[2]);
  shop.posts(sale("R-b", {"5.00"}, "berta"));
  parts(shop, "U-1", "M-1");
  all_have(shop, 400, 205, 400);
  merges(shop, "M-3", ids_[0], ids_[1]);
  all_have(shop, 605, 605, 605);
  EXPECT_EQ(member(shop, ids_[0]).tier.spend_minor, 605'00);
  parts(shop, "U-3", "M-3");
  parts(shop, "U-2", "M-2");
  all_have(shop, 100, 205, 300);
}

// ---- Who they are -------------------------------------------------------------------------------

MemberChange to(MemberStatus status) {
  return {.status = status, .actor = "clerk", .reason = "asked for"};
}

TEST_P(Merges, a_frozen_one_freezes_who_stays_until_they_part) {
  Shop shop(kReference, uri());
  const auto anna = enrols(shop, "anna");
  const auto berta = enrols(shop, "berta");
  ASSERT_TRUE(shop.engine().change(berta, to(MemberStatus::kFrozen)).ok());
  merges(shop, "M-1", anna, berta);
  EXPECT_EQ(member(shop, anna).status, MemberStatus::kFrozen);
  parts(shop, "U-1", "M-1");
  EXPECT_EQ(member(shop, anna).status, MemberStatus::kActive);
  EXPECT_EQ(member(shop, berta).status, MemberStatus::kFrozen);
  shop.adds_up();
}

TEST_P(Merges, a_closed_one_is_merged_with_nobody) {
  Shop shop(kReference, uri());
  const auto anna = enrols(shop, "anna");
  const auto berta = enrols(shop, "berta");
  ASSERT_TRUE(shop.engine().change(berta, to(MemberStatus::kClosed)).ok());
  EXPECT_EQ(try_merge(shop, "M-1", anna, berta).error().code, ErrorCode::kMemberNotActive);
  EXPECT_EQ(try_merge(shop, "M-1", berta, anna).error().code, ErrorCode::kMemberNotActive);
  shop.adds_up();
}

TEST_P(Merges, what_one_lacks_comes_from_the_other_and_goes_again) {
  Shop shop(kReference, uri());
  const auto anna = enrols(shop, "anna");
  Enrolment enrolment{TransactionKey{"web", "berta"}, {{"card", "berta"}}};
  enrolment.language = "it";
  enrolment.segments = {"vip"};
  const auto berta = shop.engine().enrol(enrolment)->member.id;
  merges(shop, "M-1", anna, berta);
  EXPECT_EQ(member(shop, anna).language, "it");
  EXPECT_EQ(member(shop, anna).segments, std::vector<std::string>{"vip"});
  parts(shop, "U-1", "M-1");
  EXPECT_EQ(member(shop, anna).language, "");
  EXPECT_TRUE(member(shop, anna).segments.empty());
  EXPECT_EQ(member(shop, berta).language, "it");
  shop.adds_up();
}

TEST_P(Merges, a_merge_says_who_and_why) {
  Shop shop(kReference, uri());
  const auto anna = enrols(shop, "anna");
  const auto berta = enrols(shop, "berta");
  const auto merged = shop.engine().merging().merge({{"desk", "M-1"}, anna, berta, "", ""});
  ASSERT_FALSE(merged.ok());
  EXPECT_EQ(merged.error().faults.size(), 2u);
  EXPECT_EQ(try_part(shop, "U-1", "M-1").error().code, ErrorCode::kUnknownTransaction);
  merges(shop, "M-1", anna, berta);
  const auto carla = enrols(shop, "carla");
  const auto wrong = shop.engine().merging().unmerge(
      {{"desk", "U-1"}, {"desk", "M-1"}, carla, "clerk", "two people"});
  EXPECT_EQ(wrong.error().faults.at(0).code, "not_merged");
  EXPECT_EQ(try_merge(shop, "M-1", anna, carla).error().code, ErrorCode::kConflict);
}

TEST_P(Merges, more_lots_than_an_entry_holds_go_over_whole) {
  Shop shop(kReference, uri());
  const auto anna = enrols(shop, "anna");
  const auto berta = enrols(shop, "berta");
  for (int i = 0; i < 130; ++i) shop.posts(sale("R-" + std::to_string(i), {"2.00"}, "berta"));
  merges(shop, "M-1", anna, berta);
  EXPECT_EQ(available(shop, anna), 260);
  for (int i = 130; i < 200; ++i) shop.posts(sale("R-" + std::to_string(i), {"2.00"}, "berta"));
  parts(shop, "U-1", "M-1");
  EXPECT_EQ(available(shop, anna), 0);
  EXPECT_EQ(available(shop, berta), 400);
  shop.adds_up();
}

}  // namespace
}  // namespace laurel::test
