// H6, H9: members that may be one person are suggested, and people decide.

#include "each_store.hpp"
#include "laurel/merging.hpp"
#include "laurel/privacy.hpp"
#include "shop.hpp"

namespace laurel::test {
namespace {

// Two kinds of phones and of e-mails: an identifier of one kind is one member's.
std::string with_two_kinds() {
  const auto types = replaced(kReference, "  precedence: [card, email, phone]",
                              "    mobile: { strength: weak, may: [earn], normalise: phone, "
                              "region: IT }\n"
                              "    mail: { strength: medium, may: [earn], normalise: email }\n"
                              "  precedence: [card, email, mail, phone, mobile]");
  return types;
}

struct Somebody {
  std::string given, family;
  std::vector<Identifier> identifiers = {};
  std::optional<Date> born = {};
  std::string postcode = {};
};

const Date kBorn = *parse_date("1971-06-24");

class Alike : public EachStore {
 protected:
  MemberId enrols(Shop& shop, const Somebody& who) {
    Enrolment enrolment{TransactionKey{"desk", std::to_string(++enrolled_)}, who.identifiers};
    enrolment.born = who.born;
    enrolment.profile = {
        .given_name = who.given, .family_name = who.family, .postcode = who.postcode};
    const auto done = shop.engine().enrol(enrolment);
    EXPECT_TRUE(done.ok()) << Shop::describe(done.error());
    return done ? done->member.id : MemberId{};
  }
  std::vector<ReviewItem> waiting(Shop& shop,
                                  std::optional<ReviewState> state = ReviewState::kOpen) {
    return shop.engine().review().list({.state = state, .kind = ReviewKind::kMerge})->items;
  }
  std::vector<std::string> subjects(Shop& shop) {
    std::vector<std::string> all;
    for (const auto& item : waiting(shop)) all.push_back(item.subject);
    return all;
  }
  static std::string pair(MemberId one, MemberId other) { return one.text() + "+" + other.text(); }
  std::int64_t opened(Shop& shop) {
    const auto done = shop.engine().merging().suggest({});
    EXPECT_TRUE(done.ok()) << Shop::describe(done.error());
    return done ? done->opened : -1;
  }

 private:
  int enrolled_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Stores, Alike, each_store(), store_name);

TEST_P(Alike, who_enrols_twice_is_suggested_at_once_without_a_word_about_her) {
  Shop shop(kReference, uri());
  const auto first = enrols(shop, {"Annunziata", "Quattrocchi", {}, kBorn});
  enrols(shop, {"Berta", "Quattrocchi", {}, kBorn - std::chrono::days(800)});
  const auto second = enrols(shop, {"Anunziata", "Quattrocchi", {}, kBorn});
  ASSERT_EQ(subjects(shop), std::vector{pair(first, second)});
  const auto item = waiting(shop)[0];
  EXPECT_EQ(item.members, (std::vector{first, second}));
  EXPECT_NE(item.text.find("family_name same +"), std::string::npos) << item.text;
  EXPECT_NE(item.text.find("birth_date same +"), std::string::npos) << item.text;
  EXPECT_EQ(item.text.find("uattrocchi"), std::string::npos);
  EXPECT_EQ(item.text.find("1971"), std::string::npos);
}

TEST_P(Alike, a_profile_told_later_is_compared_too) {
  Shop shop(kReference, uri());
  const auto first = enrols(shop, {"Anna", "Rossi", {}, kBorn});
  const auto second = enrols(shop, {});
  EXPECT_TRUE(subjects(shop).empty());
  MemberChange change{.born = kBorn, .actor = "ana", .reason = "she said so"};
  change.profile = {.given_name = "Anna", .family_name = "Rossi"};
  ASSERT_TRUE(shop.engine().change(second, change).ok());
  EXPECT_EQ(subjects(shop), std::vector{pair(first, second)});
}

TEST_P(Alike, accepting_merges_and_rejecting_is_remembered) {
  Shop shop(kReference, uri());
  const auto first = enrols(shop, {"Anna", "Rossi", {{"card", "a"}}, kBorn});
  const auto second = enrols(shop, {"Anna", "Rossi", {{"card", "b"}}, kBorn});
  shop.posts(sale("R-1", {"100.00"}, "a"));
  shop.posts(sale("R-2", {"200.00"}, "b"));
  ASSERT_EQ(waiting(shop).size(), 1u);
  const auto done = shop.engine().review().accept({waiting(shop)[0].number, "ana", "same hand"});
  ASSERT_TRUE(done.ok()) << Shop::describe(done.error());
  EXPECT_TRUE(done->settled_by);
  EXPECT_EQ(shop.engine().member(second)->id, first);
  EXPECT_EQ(shop.engine().member(first)->wallets[0].balance.available.units(), 300);
  const auto third = enrols(shop, {"Anna", "Rossi", {{"card", "c"}}, kBorn});
  ASSERT_EQ(subjects(shop), std::vector{pair(first, third)});
  ASSERT_TRUE(shop.engine().review().reject({waiting(shop)[0].number, "ana", "her aunt"}).ok());
  EXPECT_EQ(opened(shop), 0);
  MemberChange change{.actor = "ana", .reason = "moved"};
  change.profile.postcode = "00186";
  ASSERT_TRUE(shop.engine().change(third, change).ok());
  EXPECT_TRUE(subjects(shop).empty());
  shop.adds_up();
}

TEST_P(Alike, who_was_parted_is_not_suggested_again) {
  Shop shop(kReference, uri());
  const auto first = enrols(shop, {"Anna", "Rossi", {}, kBorn});
  const auto second = enrols(shop, {"Anna", "Rossi", {}, kBorn});
  ASSERT_EQ(waiting(shop).size(), 1u);
  const auto number = waiting(shop)[0].number;
  ASSERT_TRUE(shop.engine().review().accept({number, "ana", "same hand"}).ok());
  const TransactionKey merge{"manual", "review-" + std::to_string(number)};
  ASSERT_TRUE(shop.engine().merging().unmerge({{"desk", "U"}, merge, first, "ana", "two"}).ok());
  EXPECT_EQ(shop.engine().member(second)->id, second);
  EXPECT_EQ(opened(shop), 0);
  EXPECT_TRUE(subjects(shop).empty());
  shop.adds_up();
}

TEST_P(Alike, who_was_merged_by_hand_and_parted_is_not_suggested_either) {
  Shop shop(kReference, uri());
  const auto first = enrols(shop, {"Anna", "Rossi"});
  const auto second = enrols(shop, {"Anna", "Rossi"});
  ASSERT_TRUE(shop.engine().merging().merge({{"desk", "M"}, first, second, "ana", "one"}).ok());
  ASSERT_TRUE(
      shop.engine().merging().unmerge({{"desk", "U"}, {"desk", "M"}, first, "ana", "two"}).ok());
  MemberChange change{.born = kBorn, .actor = "ana", .reason = "she said so"};
  ASSERT_TRUE(shop.engine().change(first, change).ok());
  ASSERT_TRUE(shop.engine().change(second, change).ok());
  EXPECT_EQ(opened(shop), 0);
  EXPECT_TRUE(subjects(shop).empty());
}

TEST_P(Alike, H6_strangers_are_not_chained_by_a_third) {
  Shop shop(with_two_kinds(), uri());
  const auto a = enrols(shop, {"Anna", "Rossi", {{"phone", "+393331234567"}}});
  const auto b =
      enrols(shop, {"Anna", "", {{"mobile", "+393331234567"}, {"email", "b@example.test"}}, kBorn});
  const auto c = enrols(shop, {"", "Bianchi", {{"mail", "b@example.test"}}, kBorn});
  EXPECT_EQ(subjects(shop), (std::vector{pair(a, b), pair(b, c)}));
  EXPECT_EQ(opened(shop), 0);
  const auto items = waiting(shop);
  ASSERT_TRUE(shop.engine().review().accept({items[0].number, "ana", "same"}).ok());
  // Now c would become one with a, by way of b: whoever wants that has to say so.
  const auto chained = shop.engine().review().accept({items[1].number, "ana", "same"});
  EXPECT_EQ(chained.error().code, ErrorCode::kAmbiguousMember);
  EXPECT_EQ(shop.engine().member(c)->id, c);
  const auto meant = shop.engine().review().accept({items[1].number, "ana", "same", a});
  ASSERT_TRUE(meant.ok()) << Shop::describe(meant.error());
  EXPECT_EQ(shop.engine().member(c)->id, a);
  shop.adds_up();
}

TEST_P(Alike, H9_matching_twice_changes_nothing) {
  Shop shop(kReference, uri());
  std::vector<MemberId> all;
  for (int i = 0; i < 40; ++i) {
    const auto born = kBorn + std::chrono::days(97 * (i % 20));
    all.push_back(enrols(shop, {"Anna" + std::string(1, static_cast<char>('a' + i % 20)),
                                "Rossi" + std::string(1, static_cast<char>('k' + i % 20)),
                                {},
                                born,
                                "0018" + std::to_string(i % 10)}));
  }
  const auto before = waiting(shop, std::nullopt);
  EXPECT_EQ(before.size(), 20u);
  opened(shop);
  const auto after = waiting(shop, std::nullopt);
  EXPECT_EQ(opened(shop), 0);
  EXPECT_EQ(waiting(shop, std::nullopt), after);
  for (const auto id : all) EXPECT_EQ(shop.engine().member(id)->id, id);
}

TEST_P(Alike, H10_one_transaction_that_names_two_suggests_them) {
  Shop shop(kReference, uri());
  const auto anna = enrols(shop, {"", "", {{"card", "anna"}}});
  const auto berta = enrols(shop, {"", "", {{"phone", "+393331234567"}}});
  auto sold = sale("R-1", {"10.00"}, "anna");
  sold.identifiers.push_back({"phone", "+393331234567"});
  const auto receipt = shop.posts(sold);
  ASSERT_EQ(subjects(shop), std::vector{pair(anna, berta)});
  EXPECT_EQ(waiting(shop)[0].entry, receipt.entry);
  shop.posts(sold);
  EXPECT_EQ(waiting(shop).size(), 1u);
}

TEST_P(Alike, a_key_that_many_share_is_not_followed) {
  Shop shop(kReference, uri());
  for (int i = 0; i < 60; ++i) enrols(shop, {"Anna", "Rossi", {}, {}, "00186"});
  const auto before = waiting(shop, std::nullopt).size();
  enrols(shop, {"Anna", "Rossi", {}, {}, "00186"});
  EXPECT_EQ(waiting(shop, std::nullopt).size(), before);
}

TEST_P(Alike, candidates_are_shown_with_their_waterfall) {
  Shop shop(kReference, uri());
  const auto first = enrols(shop, {"Anna", "Rossi", {}, kBorn});
  const auto second = enrols(shop, {"Anna", "Rosso", {}, kBorn});
  const auto found = shop.engine().merging().candidates(first);
  ASSERT_TRUE(found.ok());
  ASSERT_EQ(found->size(), 1u);
  const auto& candidate = found->at(0);
  EXPECT_EQ(candidate.member, second);
  ASSERT_TRUE(candidate.item);
  double sum = candidate.explained.prior;
  for (const auto& step : candidate.explained.fields) {
    sum += step.weight;
    EXPECT_EQ(step.left + step.right, "");
  }
  EXPECT_NEAR(sum, candidate.explained.weight, 1e-9);
}

TEST_P(Alike, H14_who_is_forgotten_is_found_no_more) {
  Shop shop(kReference, uri());
  const auto first = enrols(shop, {"Anna", "Rossi", {}, kBorn});
  const auto second = enrols(shop, {"Anna", "Rossi", {}, kBorn});
  ASSERT_TRUE(shop.engine().privacy().erase({{"desk", "D"}, first, "ana", "by letter"}).ok());
  EXPECT_TRUE(shop.engine().merging().candidates(second)->empty());
  EXPECT_TRUE(subjects(shop).empty());
  enrols(shop, {"Anna", "Rossi", {}, kBorn});
  EXPECT_EQ(subjects(shop).size(), 1u);
}

}  // namespace
}  // namespace laurel::test
