#include <gtest/gtest.h>

#include "kit.hpp"
#include "laurel/difference.hpp"

namespace laurel::programme {
namespace {

constexpr const char* kBase = R"(programme: shop
effective_from: 2020-01-01
time_zone: Europe/London
currency: GBP
departments: [fashion, beauty]
channels: [store]
wallets:
  points:
    rounding: { mode: floor, at: transaction }
    expires: { after: 24 months }
    on_shortfall: debt
tiers:
  metric: spend
  window: calendar_year
  valid_until: end_of_next_year
  crossing: next_day
  on_return: immediate
  downgrade: one_level
  levels:
    - { id: green, from: 0.00, rate: 1 point per 1.00 }
    - { id: gold, from: 5000.00, rate: 2 points per 1.00 }
rules:
  - { id: beauty-triple, when: { department: beauty }, multiply: 3 }
identity: { types: { card: { strength: strong, may: [earn] } }, precedence: [card] }
)";

Programme shop(std::string text, const std::string& what = "", const std::string& with = "") {
  if (!what.empty()) {
    EXPECT_NE(text.find(what), std::string::npos) << what;
    text.replace(text.find(what), what.size(), with);
  }
  const std::vector<SourceFile> files{{"programme.yaml", text}};
  auto loaded = load_programme(files);
  EXPECT_TRUE(loaded.programme.has_value()) << render(loaded.faults);
  return *loaded.programme;
}

std::string changes(const Programme& becomes) {
  std::string text;
  for (const auto& change : difference(shop(kBase), becomes)) text += to_text(change) + "\n";
  return text;
}

struct Edit {
  const char* name;
  const char* what;
  const char* with;
  const char* says;
};

class Difference : public testing::TestWithParam<Edit> {};

TEST_P(Difference, is_said_in_words_of_the_domain) {
  EXPECT_EQ(changes(shop(kBase, GetParam().what, GetParam().with)), GetParam().says);
}

INSTANTIATE_TEST_SUITE_P(
    Edits, Difference,
    testing::Values(
        Edit{"multiplier", "multiply: 3", "multiply: 2", "rule beauty-triple: multiply 3 -> 2\n"},
        Edit{"threshold", "from: 5000.00", "from: 4500.00",
             "tier gold: from 5,000.00 -> 4,500.00\n"},
        Edit{"rate", "2 points per 1.00", "2.5 points per 1.00",
             "tier gold: rate 2 points per 1.00 -> 2.5 points per 1.00\n"},
        Edit{"expiry", "after: 24 months", "after: 12 months",
             "wallet points: expires: after 24 months -> 12 months\n"},
        Edit{"never", "{ after: 24 months }", "never",
             "wallet points: expires { after: 24 months } -> never\n"},
        Edit{"policy", "crossing: next_day", "crossing: split",
             "tiers: crossing next_day -> split\n"},
        Edit{"initial", "downgrade: one_level\n", "downgrade: one_level\n  grace: 30 days\n",
             "tiers: grace none -> 30 days\n"},
        Edit{"window", "multiply: 3 }", "multiply: 3, active: { until: 2026-11-30 } }",
             "rule beauty-triple: active added: { until: 2026-11-30 }\n"},
        Edit{"condition", "when: { department: beauty }", "when: { department: [beauty, fashion] }",
             "rule beauty-triple: when: department beauty -> [beauty, fashion]\n"},
        Edit{"lists", "departments: [fashion, beauty]", "departments: [fashion, beauty, spa]",
             "programme: departments [beauty, fashion] -> [beauty, fashion, spa]\n"},
        Edit{"rule_added", "rules:\n",
             "rules:\n  - { id: more, when: { channel: store }, bonus: 5 points }\n",
             "rule more added: { id: more, when: { channel: store }, bonus: 5 points }\n"},
        Edit{"rule_removed", "  - { id: beauty-triple, when: { department: beauty }, multiply: 3 }",
             "  - { id: other, when: { department: fashion }, multiply: 3 }",
             "rule beauty-triple removed: { id: beauty-triple, when: { department: beauty }, "
             "multiply: 3 }\n"
             "rule other added: { id: other, when: { department: fashion }, multiply: 3 }\n"},
        Edit{"identifier", "may: [earn]", "may: [earn, redeem]",
             "identifier card: may earn -> [earn, redeem]\n"}),
    [](const auto& each) { return std::string(each.param.name); });

class NoDifference : public testing::TestWithParam<Edit> {};

TEST_P(NoDifference, is_made_by_how_it_is_written) {
  EXPECT_EQ(changes(shop(kBase, GetParam().what, GetParam().with)), "");
}

INSTANTIATE_TEST_SUITE_P(
    Edits, NoDifference,
    testing::Values(Edit{"digits", "from: 5000.00", "from: 5000", ""},
                    Edit{"comments", "rules:\n", "rules: # all of them\n", ""},
                    Edit{"single", "department: beauty", "department: [beauty]", ""},
                    Edit{"default_said", "downgrade: one_level\n",
                         "downgrade: one_level\n  grace: none\n", ""},
                    Edit{"order", "[fashion, beauty]", "[beauty, fashion]", ""},
                    Edit{"style", "rate: 1 point per 1.00", "rate: 1 points per 1.00", ""}),
    [](const auto& each) { return std::string(each.param.name); });

TEST(DifferenceOfFiles, nothing_differs_where_a_programme_is_cut_into_files) {
  std::string whole = kBase;
  const auto rules = whole.find("rules:\n"), identity = whole.find("identity:");
  const std::vector<SourceFile> files{
      {"programme.yaml", whole.substr(0, rules) + whole.substr(identity)},
      {"rules/beauty.yaml", whole.substr(rules, identity - rules)}};
  const auto loaded = load_programme(files);
  ASSERT_TRUE(loaded.programme.has_value()) << render(loaded.faults);
  EXPECT_NE(loaded.programme->digest(), shop(kBase).digest());
  EXPECT_EQ(changes(*loaded.programme), "");
}

}  // namespace
}  // namespace laurel::programme
