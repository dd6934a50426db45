// Who an identifier is of, how much it is worth when many give it, how it is kept, and whose it
// was.

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fstream>
#include <thread>

#include "child.hpp"
#include "each_store.hpp"
#include "laurel/merging.hpp"
#include "laurel/privacy.hpp"
#include "laurel/review.hpp"
#include "laurel/view.hpp"
#include "shop.hpp"

namespace laurel::test {
namespace {

Transaction sale_with(const std::string& id, std::vector<Identifier> identifiers) {
  auto made = sale(id, {"10.00"}, "");
  made.identifiers = std::move(identifiers);
  return made;
}

MemberId enrols(Shop& shop, std::vector<Identifier> identifiers) {
  Enrolment enrolment;
  enrolment.identifiers = std::move(identifiers);
  const auto enrolled = shop.engine().enrol(enrolment);
  EXPECT_TRUE(enrolled.ok()) << Shop::describe(enrolled.error());
  return enrolled ? enrolled->member.id : MemberId{};
}

MemberId found_by(Shop& shop, const Identifier& identifier) {
  const auto found = shop.engine().lookup(std::vector{identifier});
  return found ? found->member.id : MemberId{};
}

std::string with(const std::string& line) {
  return replaced(kReference, "  unknown: enrol", line + "\n  unknown: enrol");
}

const Evidence& evidence_of(const Receipt& receipt, const std::string& value) {
  static const Evidence kNone;
  for (const auto& each : receipt.attribution.evidence) {
    if (each.value == value) return each;
  }
  ADD_FAILURE() << "no evidence of " << value;
  return kNone;
}

// ---- Buyer, payer, guest ------------------------------------------------------------------------

class Roles : public EachStore {};
INSTANTIATE_TEST_SUITE_P(Stores, Roles, each_store(), store_name);

const Identifier kBuyer{"card", "anna"};
const Identifier kPayer{"card", "berta", IdentifierRole::kPayer};
const Identifier kGuest{"card", "carla", IdentifierRole::kGuest};

TEST_P(Roles, the_buyer_earns_and_the_others_are_no_conflict) {
  Shop shop(with("  on_conflict: review"), uri());
  const auto anna = enrols(shop, {kBuyer}), berta = enrols(shop, {{"card", "berta"}});
  const auto receipt = shop.posts(sale_with("R-1", {kGuest, kPayer, kBuyer}));
  EXPECT_EQ(receipt.state, TransactionState::kAccepted);
  EXPECT_EQ(receipt.attribution.member, anna);
  EXPECT_EQ(evidence_of(receipt, "anna").verdict, "decided");
  EXPECT_EQ(evidence_of(receipt, "berta").verdict, "other_role");
  EXPECT_EQ(evidence_of(receipt, "berta").role, IdentifierRole::kPayer);
  EXPECT_EQ(evidence_of(receipt, "berta").member, berta);
  EXPECT_FALSE(found_by(shop, {"card", "carla"}));  // nobody is enrolled as a guest
  shop.adds_up();
}

TEST_P(Roles, a_sale_of_guests_alone_is_nobodys_and_enrols_nobody) {
  Shop shop(kReference, uri());
  const auto receipt = shop.posts(sale_with("R-1", {kGuest, kPayer}));
  EXPECT_FALSE(receipt.attribution.member);
  EXPECT_FALSE(found_by(shop, {"card", "berta"}));
  enrols(shop, {{"card", "carla"}});  // and proving the card later gives it nothing
  EXPECT_EQ(shop.available("carla"), 0);
  shop.adds_up();
}

TEST_P(Roles, the_payer_earns_where_the_programme_says_so) {
  Shop shop(with("  earns: payer"), uri());
  const auto anna = enrols(shop, {kBuyer}), berta = enrols(shop, {{"card", "berta"}});
  EXPECT_EQ(shop.posts(sale_with("R-1", {kBuyer, kPayer})).attribution.member, berta);
  EXPECT_FALSE(shop.posts(sale_with("R-2", {kBuyer})).attribution.member);
  EXPECT_NE(anna, berta);
  shop.adds_up();
}

TEST_P(Roles, of_several_roles_the_first_that_names_somebody_earns) {
  Shop shop(with("  earns: [payer, buyer]"), uri());
  const auto anna = enrols(shop, {kBuyer});
  EXPECT_EQ(shop.posts(sale_with("R-1", {kBuyer, kPayer})).attribution.member, anna);
  const auto berta = enrols(shop, {{"card", "berta"}});
  EXPECT_EQ(shop.posts(sale_with("R-2", {kBuyer, kPayer})).attribution.member, berta);
  const Identifier unknown{"card", "dora", IdentifierRole::kPayer};
  const auto enrolled = shop.posts(sale_with("R-3", {{"card", "emma"}, unknown}));
  EXPECT_TRUE(enrolled.attribution.enrolled);
  EXPECT_EQ(found_by(shop, {"card", "dora"}), enrolled.attribution.member);
  EXPECT_FALSE(found_by(shop, {"card", "emma"}));
  shop.adds_up();
}

TEST_P(Roles, the_role_is_part_of_the_content) {
  Shop shop(kReference, uri());
  const auto sold = sale_with("R-1", {kBuyer, kGuest});
  const auto first = shop.posts(sold);
  EXPECT_TRUE(shop.posts(sold).replayed);
  EXPECT_EQ(shop.engine().transaction(sold.key)->attribution, first.attribution);
  auto other = sold;
  other.identifiers[1].role = IdentifierRole::kPayer;
  EXPECT_EQ(shop.refuses(other).code, ErrorCode::kConflict);
}

// ---- Shared by too many -------------------------------------------------------------------------

class Shared : public EachStore {};
INSTANTIATE_TEST_SUITE_P(Stores, Shared, each_store(), store_name);

const Identifier kPhone{"phone", "+39 333 1234567"};

Receipt sold_beside_the_phone(Shop& shop, int i) {
  enrols(shop, {{"card", std::to_string(i)}});
  return shop.posts(sale_with("S-" + std::to_string(i), {{"card", std::to_string(i)}, kPhone}));
}

std::vector<ReviewItem> anomalies(Shop& shop) {
  return shop.engine().review().list({.kind = ReviewKind::kAnomaly})->items;
}

TEST_P(Shared, with_as_many_as_allowed_it_still_names_its_member) {
  Shop shop(with("  shared_by_more_than: 5 members"), uri());
  const auto anna = enrols(shop, {kPhone});
  for (int i = 0; i < 4; ++i) sold_beside_the_phone(shop, i);  // five people, with her
  EXPECT_EQ(shop.posts(sale_with("R-1", {kPhone})).attribution.member, anna);
  EXPECT_TRUE(anomalies(shop).empty());
  shop.adds_up();
}

TEST_P(Shared, with_one_more_it_names_nobody_and_a_person_is_told) {
  Shop shop(with("  shared_by_more_than: 5 members"), uri());
  const auto anna = enrols(shop, {kPhone});
  const auto before = sale_with("R-1", {kPhone});
  EXPECT_EQ(shop.posts(before).attribution.member, anna);
  for (int i = 0; i < 7; ++i) sold_beside_the_phone(shop, i);
  const auto receipt = shop.posts(sale_with("R-2", {kPhone}));
  EXPECT_FALSE(receipt.attribution.member);
  EXPECT_EQ(receipt.attribution.evidence.at(0).verdict, "shared");
  EXPECT_FALSE(found_by(shop, kPhone));
  ASSERT_EQ(anomalies(shop).size(), 1u);
  const auto item = anomalies(shop).front();
  EXPECT_EQ(item.members.size(), 6u);
  EXPECT_EQ((item.subject + item.text).find("1234567"), std::string::npos);
  const auto replayed = shop.posts(before);  // what was answered stays answered
  EXPECT_TRUE(replayed.replayed);
  EXPECT_EQ(replayed.attribution.member, anna);
  shop.adds_up();
}

TEST_P(Shared, beside_a_card_it_is_no_conflict_any_more) {
  Shop shop(replaced(with("  shared_by_more_than: 2 members"), "  unknown: enrol",
                     "  on_conflict: review\n  unknown: enrol"),
            uri());
  for (const auto* card : {"anna", "berta", "carla"}) {
    shop.posts(sale_with(std::string("R-") + card, {{"card", card}, kPhone}));
  }
  const auto receipt = shop.posts(sale_with("R-4", {kPhone, {"card", "anna"}}));
  EXPECT_EQ(receipt.state, TransactionState::kAccepted);
  EXPECT_EQ(receipt.attribution.by, "card");
  EXPECT_EQ(receipt.attribution.evidence.at(1).verdict, "shared");
}

TEST_P(Shared, attempts_to_link_it_count_and_one_person_counts_once) {
  Shop shop(with("  shared_by_more_than: 2 members"), uri());
  const auto anna = enrols(shop, {kPhone, {"card", "anna"}});
  const auto berta = enrols(shop, {{"card", "berta"}}), carla = enrols(shop, {{"card", "carla"}});
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(shop.engine().link(berta, kPhone, true, "ann").error().code,
              ErrorCode::kIdentifierTaken);
  }
  EXPECT_EQ(found_by(shop, kPhone), anna);
  ASSERT_TRUE(shop.engine().merging().merge({{"desk", "M"}, anna, berta, "ann", "one"}).ok());
  EXPECT_FALSE(shop.engine().link(carla, kPhone, true, "ann").ok());
  EXPECT_EQ(found_by(shop, kPhone), anna);  // two people: anna, who was berta, and carla
  const auto dora = enrols(shop, {{"card", "dora"}});
  EXPECT_FALSE(shop.engine().link(dora, kPhone, true, "ann").ok());
  EXPECT_FALSE(found_by(shop, kPhone));
  EXPECT_EQ(anomalies(shop).size(), 1u);
}

TEST_P(Shared, enrols_nobody_who_shows_nothing_else) {
  Shop shop(with("  shared_by_more_than: 2 members"), uri());
  for (int i = 0; i < 3; ++i) sold_beside_the_phone(shop, i);
  EXPECT_FALSE(shop.posts(sale_with("R-1", {kPhone})).attribution.member);
  shop.adds_up();
}

// ---- Scope, and what is kept hashed -------------------------------------------------------------

std::string with_types(const std::string& types, const std::string& precedence) {
  return replaced(replaced(kReference, "  precedence: [card, email, phone]",
                           types + "\n  precedence: [card, email, phone, " + precedence + "]"),
                  "unknown: enrol", "unknown: keep");
}

class Scoped : public EachStore {};
INSTANTIATE_TEST_SUITE_P(Stores, Scoped, each_store(), store_name);

TEST_P(Scoped, the_same_client_number_of_two_places_is_two_people) {
  Shop shop(with_types("    client: { strength: strong, may: [earn], within: [salon, clinic] }",
                       "client"),
            uri());
  const auto anna = enrols(shop, {{"client", "salon/17"}});
  const auto berta = enrols(shop, {{"client", "clinic/17"}});
  auto sold = sale_with("R-1", {{"client", "17"}});
  sold.key.source = "clinic";
  const auto receipt = shop.posts(sold);
  EXPECT_EQ(receipt.attribution.member, berta);
  EXPECT_EQ(receipt.attribution.evidence.at(0).value, "clinic/17");
  EXPECT_TRUE(shop.posts(sold).replayed);
  sold.key.source = "salon";
  EXPECT_EQ(shop.posts(sold).attribution.member, anna);
  sold.key.source = "till-1";
  EXPECT_EQ(shop.posts(sold).attribution.evidence.at(0).verdict, "out_of_scope");
  EXPECT_EQ(found_by(shop, {"client", "salon/17"}), anna);
  EXPECT_EQ(shop.engine().link(anna, {"client", "18"}, true, "ann").error().faults.at(0).code,
            "needs_place");
  shop.adds_up();
}

TEST_P(Scoped, a_number_of_one_place_means_nothing_in_another) {
  Shop shop(with_types("    client: { strength: strong, may: [earn], within: salon }", "client"),
            uri());
  const auto anna = enrols(shop, {{"client", "17"}});
  auto sold = sale_with("R-1", {{"client", "17"}});
  EXPECT_FALSE(shop.posts(sold).attribution.member);
  sold.key.source = "salon";
  EXPECT_EQ(shop.posts(sold).attribution.member, anna);
  EXPECT_EQ(found_by(shop, {"client", "17"}), anna);
}

class Hashed : public EachStore {};
INSTANTIATE_TEST_SUITE_P(Stores, Hashed, each_store(), store_name);

const char* const kToken = "tok_4fT9hushhush";
const std::string kTokens = "    payment_token: { strength: strong, may: [earn] }";

TEST_P(Hashed, a_payment_token_finds_its_member_and_is_never_shown) {
  Shop shop(with_types(kTokens, "payment_token"), uri());
  const auto anna = enrols(shop, {{"payment_token", kToken}});
  const auto sold = sale_with("R-1", {{"payment_token", kToken}});
  const auto receipt = shop.posts(sold);
  EXPECT_EQ(receipt.attribution.member, anna);
  const std::string kept = receipt.attribution.evidence.at(0).value;
  EXPECT_EQ(kept.find("hushhush"), std::string::npos);
  EXPECT_EQ(kept.substr(0, 5), "hmac:");
  EXPECT_TRUE(shop.posts(sold).replayed);
  EXPECT_EQ(shop.refuses(sale_with("R-1", {{"payment_token", "tok_other"}})).code,
            ErrorCode::kConflict);
  EXPECT_EQ(found_by(shop, {"payment_token", kToken}), anna);
  EXPECT_EQ(shop.engine().member(anna)->identifiers.at(0).value, kept);
  ASSERT_TRUE(shop.engine().unlink(anna, {"payment_token", kept}, "ann").ok());
  EXPECT_FALSE(found_by(shop, {"payment_token", kToken}));
  shop.adds_up();
}

TEST_P(Hashed, a_sale_is_claimed_by_the_token_it_came_with) {
  Shop shop(with_types(kTokens, "payment_token"), uri());
  shop.posts(sale_with("R-1", {{"payment_token", kToken}}));
  EXPECT_FALSE(found_by(shop, {"payment_token", kToken}));
  const auto anna = enrols(shop, {{"card", "anna"}});
  ASSERT_TRUE(shop.engine().link(anna, {"payment_token", kToken}, true, "app").ok());
  EXPECT_EQ(shop.available(), 10);
  shop.adds_up();
}

TEST(HashedFile, holds_no_token_and_no_number_of_a_payment_card) {
  const store::Folder folder;
  const std::string pan = "4111 1111 1111 1111";
  {
    Shop shop(with_types(kTokens, "payment_token"), folder.uri());
    enrols(shop, {{"payment_token", kToken}});
    shop.posts(sale_with("R-1", {{"payment_token", kToken}, {"payment_token", pan}}));
    shop.posts(sale_with("R-2", {{"payment_token", std::string(200, 'x') + "hushhush"}}));
  }
  int files = 0;
  for (const auto& file :
       std::filesystem::directory_iterator(std::filesystem::path(folder.file()).parent_path())) {
    std::ifstream in(file.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    for (const auto* text : {"hushhush", "4111 1111", "41111111", "1111-1111"}) {
      EXPECT_EQ(bytes.find(text), std::string::npos) << file.path() << " " << text;
    }
    ++files;
  }
  EXPECT_GT(files, 0);
}

TEST_P(Hashed, a_type_may_ask_for_it_or_for_the_opposite) {
  Shop shop(with_types("    badge: { strength: strong, may: [earn], keep: hashed }\n"
                       "    payment_token: { strength: strong, may: [earn], keep: plain }",
                       "badge, payment_token"),
            uri());
  const auto anna = enrols(shop, {{"badge", "7"}, {"payment_token", "t-1"}});
  const auto shown = shop.engine().member(anna)->identifiers;
  EXPECT_EQ(shown.at(0).value.substr(0, 5), "hmac:");
  EXPECT_EQ(shown.at(1).value, "t-1");
}

// A number of a payment card, wherever it may stand.
TEST_P(Hashed, no_field_keeps_the_number_of_a_payment_card) {
  Shop shop(kReference, uri());
  for (const auto* pan : {"4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111"}) {
    auto sold = sale(std::string("R-") + pan[4], {"10.00"}, "anna");
    sold.lines[0].sku = pan;
    sold.lines[0].attributes = {{"note", std::string("paid with ") + pan}};
    sold.tags = {pan};
    shop.posts(sold);
    EXPECT_TRUE(shop.posts(sold).replayed) << pan;
    const auto view = shop.engine().views().of(shop.member().id, {});
    const auto everything = shop.engine().privacy().everything(shop.member().id);
    EXPECT_EQ(view->purchases.at(0).lines.at(0).sku.substr(0, 4), "****") << pan;
    for (const auto& held : everything->entries) {
      if (!held.document || held.document->lines.empty()) continue;
      EXPECT_EQ(held.document->tags.at(0).find("4111"), std::string::npos) << pan;
      EXPECT_EQ(held.document->lines[0].attributes[0].second.find("4111"), std::string::npos);
    }
    const MemberChange said{.language = "en", .actor = "ann", .reason = std::string("card ") + pan};
    EXPECT_EQ(shop.engine().change(shop.member().id, said).error().faults.at(0).code,
              "payment_card");
  }
}

TEST_P(Hashed, an_articles_number_is_kept_whatever_its_check_digit) {
  Shop shop(kReference, uri());
  auto sold = sale("R-1", {"10.00"});
  sold.lines[0].sku = "4000000000006";  // thirteen digits, and Luhn's check holds
  shop.posts(sold);
  const auto view = shop.engine().views().of(shop.member().id, {});
  EXPECT_EQ(view->purchases.at(0).lines.at(0).sku, "4000000000006");
}

// ---- Whose it was -------------------------------------------------------------------------------

class Links : public EachStore {};
INSTANTIATE_TEST_SUITE_P(Stores, Links, each_store(), store_name);

std::string told(const std::vector<LinkEvent>& events) {
  std::string text;
  for (const auto& each : events) {
    text += each.what + " " + each.type + (each.other ? "(other)" : "=" + each.value) + " by " +
            each.actor + "\n";
  }
  return text;
}

TEST_P(Links, tell_who_linked_and_unlinked_what) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"10.00"}));
  const auto anna = shop.member().id;
  ASSERT_TRUE(shop.engine().link(anna, {"email", "a@shop.test"}, false, "ann").ok());
  ASSERT_TRUE(shop.engine().link(anna, {"email", "A@shop.test"}, true, "ben").ok());
  ASSERT_TRUE(shop.engine().unlink(anna, {"card", "anna"}, "carl").ok());
  const auto events = shop.engine().views().links(anna);
  ASSERT_TRUE(events.ok());
  EXPECT_EQ(told(*events),
            "unlinked card=anna by carl\n"
            "linked email=a@shop.test by ben\n"
            "linked_unverified email=a@shop.test by ann\n"
            "linked card=anna by till-1\n");
  EXPECT_EQ(events->at(0).at, at("2025-03-01T10:00:00Z"));
  shop.adds_up();
}

TEST_P(Links, tell_of_merges_and_what_came_with_them) {
  Shop shop(kReference, uri());
  const auto anna = enrols(shop, {{"card", "anna"}}), berta = enrols(shop, {{"card", "berta"}});
  shop.is("2025-03-02T10:00:00Z");
  ASSERT_TRUE(shop.engine().merging().merge({{"desk", "M"}, anna, berta, "ann", "one"}).ok());
  const auto events = *shop.engine().views().links(anna);
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0].what, "merged");
  EXPECT_EQ(events[0].other, berta);
  EXPECT_EQ(events[1].member, berta);
}

TEST_P(Links, say_who_a_card_was_at_any_moment) {
  Shop shop(kReference, uri());
  const Identifier card{"card", "lost"};
  const auto views = [&] { return shop.engine().views(); };
  const auto anna = enrols(shop, {{"card", "anna"}, card});
  shop.is("2025-03-02T10:00:00Z");
  ASSERT_TRUE(shop.engine().unlink(anna, card, "ann").ok());
  shop.is("2025-03-03T10:00:00Z");
  const auto berta = enrols(shop, {card});
  shop.is("2025-03-04T10:00:00Z");
  const auto carla = enrols(shop, {{"card", "carla"}});
  ASSERT_TRUE(shop.engine().merging().merge({{"desk", "M"}, carla, berta, "ann", "one"}).ok());
  shop.is("2025-03-05T10:00:00Z");
  const Unmerge parted{{"desk", "U"}, {"desk", "M"}, carla, "ann", "two"};
  ASSERT_TRUE(shop.engine().merging().unmerge(parted).ok());
  EXPECT_EQ(views().who_was(card, at("2025-03-01T09:59:59Z")).error().code,
            ErrorCode::kUnknownMember);
  EXPECT_EQ(*views().who_was(card, at("2025-03-02T09:59:59Z")), anna);
  EXPECT_FALSE(views().who_was(card, at("2025-03-02T10:00:00Z")).ok());
  EXPECT_EQ(*views().who_was(card, at("2025-03-03T10:00:00Z")), berta);
  EXPECT_EQ(*views().who_was(card, at("2025-03-04T10:00:00Z")), carla);
  EXPECT_EQ(*views().who_was(card, at("2025-03-05T10:00:00Z")), berta);
}

TEST_P(Links, are_forgotten_with_the_person) {
  Shop shop(kReference, uri());
  const auto anna = enrols(shop, {{"card", "anna"}});
  ASSERT_TRUE(shop.engine().link(anna, {"email", "a@shop.test"}, true, "ann").ok());
  ASSERT_TRUE(shop.engine().unlink(anna, {"email", "a@shop.test"}, "ann").ok());
  ASSERT_TRUE(shop.engine().privacy().erase({{"desk", "E"}, anna, "ann", "asked for"}).ok());
  const auto links = *shop.engine().views().links(anna);
  for (const auto& each : links) EXPECT_EQ(each.value, "");
}

// ---- A10 ----------------------------------------------------------------------------------------

class FirstSales : public EachStore {};
INSTANTIATE_TEST_SUITE_P(Stores, FirstSales, each_store(), store_name);

std::size_t sales_of(Shop& shop) {
  const auto page = shop.engine().ledger(shop.member().id, {}, 1'000);
  return static_cast<std::size_t>(std::ranges::count(page->entries, "sale", &EntryView::kind));
}

TEST_P(FirstSales, A10_fifty_at_once_of_one_unknown_card_are_one_members) {
  Shop shop(kReference, uri());
  std::vector<std::thread> tills;
  std::atomic<int> enrolled = 0;
  for (int i = 0; i < 50; ++i) {
    tills.emplace_back([&shop, &enrolled, i] {
      const auto posted = shop.engine().post(sale("R-" + std::to_string(i), {"10.00"}));
      enrolled += posted.ok() && posted->attribution.enrolled ? 1 : 0;
    });
  }
  for (auto& till : tills) till.join();
  EXPECT_EQ(enrolled, 1);
  EXPECT_EQ(sales_of(shop), 50u);
  EXPECT_EQ(shop.available(), 500);
  EXPECT_EQ(shop.engine().verify({})->members, 1);
  shop.adds_up();
}

TEST(FirstSalesOfProcesses, A10_fifty_from_four_processes_are_one_members) {
  const store::Folder folder;
  Shop(kReference, folder.uri()).adds_up();  // published once
  {
    std::deque<store::Child> tills;
    for (int till = 0; till < 4; ++till) {
      tills.emplace_back([&folder, till](const store::Child::Tell& tell) {
        ManualClock clock(at("2025-03-01T10:00:00Z"));
        auto engine = *Engine::open({*open_store(folder.uri()), &clock, nullptr});
        for (int i = till; i < 50; i += 4) {
          tell(engine->post(sale("R-" + std::to_string(i), {"10.00"})).ok() ? 1 : 0);
        }
      });
    }
    for (auto& till : tills) {
      EXPECT_TRUE(till.wait());
      EXPECT_EQ(std::ranges::count(till.told(), 0), 0);
    }
  }
  Shop shop(kReference, folder.uri());
  EXPECT_EQ(sales_of(shop), 50u);
  EXPECT_EQ(shop.available(), 500);
  EXPECT_EQ(shop.engine().verify({})->members, 1);
  shop.adds_up();
}

}  // namespace
}  // namespace laurel::test
