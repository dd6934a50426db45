// The catalogue as it is read: what is refused, and what is kept to the letter.

#include <gtest/gtest.h>

#include "programme/catalogue.hpp"
#include "programme/compiled.hpp"

namespace laurel::programme {
namespace {

constexpr const char* kFrame = R"(programme: catalogue
effective_from: 2026-01-01
time_zone: Europe/London
currency: GBP
languages: [en, fr]
departments: [fashion, beauty]
channels: [store, online]
wallets:
  points:
    rounding: { mode: floor, at: transaction }
    pending: none
    expires: never
    on_shortfall: debt
eligible: { amount: after_discounts }
)";

LoadedProgramme load(const std::string& rewards) {
  const SourceFile file{"programme.yaml", kFrame + rewards};
  return load_programme({&file, 1});
}

std::string codes_of(const std::string& rewards) {
  std::string codes;
  for (const auto& fault : load(rewards).faults) {
    if (fault.severity == Severity::kError) codes += fault.code + " ";
  }
  return codes;
}

std::string one(const std::string& rest, const std::string& before = "") {
  return "rewards:\n" + before + "  catalogue:\n    - id: a\n" + rest;
}

TEST(Catalogue, G5_a_reward_as_large_as_its_basket_needs_a_name_behind_it) {
  const std::string all =
      "      gives: { money_off: 50.00 }\n      minimum_basket: 50.00\n"
      "      threshold_base: before_rewards\n";
  const auto loaded = load(one(all));
  ASSERT_FALSE(loaded.programme.has_value());
  bool told = false;
  for (const auto& fault : loaded.faults) {
    if (fault.code != "worst_case") continue;
    told = fault.message.find("worst_case_ratio 100% > 30%") != std::string::npos;
  }
  EXPECT_TRUE(told);
  EXPECT_EQ(codes_of(one(all + "      approved_by: the director\n")), "");
  EXPECT_EQ(codes_of(one(all, "  worst_case: 100%\n")), "");
}

struct Row {
  const char* name;
  const char* reward;
  const char* codes;
};

constexpr Row kRows[] = {
    {"nothing", "      gives: { at_most: 5.00 }\n", "missing_key "},
    {"two_things", "      gives: { product: a, experience: b }\n", "contradiction "},
    {"a_bound_of_nothing", "      gives: { product: a, at_most: 5.00 }\n", "no_effect "},
    {"money_for_nothing", "      gives: { money_off: 5.00 }\n", "worst_case "},
    {"money_for_points", "      cost: 500 points\n      gives: { money_off: 5.00 }\n", ""},
    {"half_of_everything", "      gives: { percent_off: 50% }\n", "worst_case "},
    {"more_than_everything", "      gives: { percent_off: 101% }\n", "out_of_range "},
    {"nothing_off", "      gives: { percent_off: 0% }\n", "out_of_range "},
    {"no_stock", "      gives: { product: a }\n      stock: 0\n", "out_of_range "},
    {"points_as_limit", "      gives: { product: a }\n      limit: { points: 5 }\n", "no_effect "},
    {"an_unknown_department", "      gives: { product: a }\n      departments: [spa]\n",
     "unknown_name "},
    {"a_threshold_unsaid",
     "      cost: 1 point\n      gives: { money_off: 5.00 }\n      minimum_basket: 50.00\n",
     "missing_key "},
    {"a_base_of_no_threshold", "      gives: { product: a }\n      threshold_base: after_rewards\n",
     "no_effect "},
    {"a_remainder_of_a_product",
     "      gives: { product: a }\n      voucher: { remainder: kept }\n", "no_effect "},
    {"points_for_each_line", "      cost: 5 points per line\n      gives: { product: a }\n",
     "wrong_value "},
};

class Read : public testing::TestWithParam<Row> {};

TEST_P(Read, tells_what_does_not_fit) {
  EXPECT_EQ(codes_of(one(GetParam().reward)), GetParam().codes);
}

INSTANTIATE_TEST_SUITE_P(Catalogue, Read, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Catalogue, D18_a_percentage_is_kept_to_the_letter) {
  const std::string text = one("      gives: { percent_off: 2.5% }\n");
  const auto first = load(text);
  ASSERT_TRUE(first.programme.has_value());
  EXPECT_EQ(first.programme->compiled().catalogue.rewards.front().millionths, 25'000);
  // What was loaded is handed out again, and read again.
  const auto again = load_programme(first.programme->files());
  ASSERT_TRUE(again.programme.has_value());
  EXPECT_EQ(again.programme->digest(), first.programme->digest());
  EXPECT_EQ(again.programme->compiled().catalogue.rewards.front().millionths, 25'000);
}

TEST(Catalogue, what_is_given_by_itself_says_when_and_what) {
  const auto with = [](const std::string& automatic) {
    return codes_of(one("      gives: { product: a }\n") + "  automatic:\n    - { id: x, " +
                    automatic + " }\n");
  };
  EXPECT_EQ(with("every: quarter, for: 1000 points, gives: a"), "");
  EXPECT_EQ(with("gives: a"), "missing_key ");
  EXPECT_EQ(with("every: quarter, on: birthday, gives: a"), "contradiction ");
  EXPECT_EQ(with("on: tier, gives: a"), "missing_key ");
  EXPECT_EQ(with("on: birthday, for: 10 points, gives: a"), "no_effect ");
  EXPECT_EQ(with("on: birthday, gives: b"), "unknown_name ");
  EXPECT_EQ(with("every: year, rest: lapses, gives: a"), "no_effect ");
}

TEST(Catalogue, a_text_falls_back_from_language_to_language) {
  const std::vector<std::string> languages{"en", "fr"};
  const Reward::Texts texts{{"fr", "thé"}, {"en", "tea"}};
  EXPECT_EQ(text_in(texts, "fr", languages), "thé");
  EXPECT_EQ(text_in(texts, "fr-CA", languages), "thé");
  EXPECT_EQ(text_in(texts, "ja", languages), "tea");
  EXPECT_EQ(text_in({{"", "tee"}}, "ja", languages), "tee");
  EXPECT_EQ(text_in({}, "ja", languages), "");
}

}  // namespace
}  // namespace laurel::programme
