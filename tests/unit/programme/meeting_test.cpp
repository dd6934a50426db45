// What the loader refuses because of how things stand together, and what it says of it.

#include "kit.hpp"
#include "programme/faults.hpp"

namespace laurel {
namespace {

using kit::codes;
using kit::Parts;

std::string with_rule(std::string_view rule) {
  return Parts{.rules = kit::rules("- " + std::string(rule))}.text();
}

struct Row {
  std::string text;
  std::string codes;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.text; }

class Stands : public testing::TestWithParam<Row> {};

TEST_P(Stands, for_what_it_is) { EXPECT_EQ(codes(kit::load(GetParam().text)), GetParam().codes); }

std::string in_a_house(const std::string& rules) {
  Parts parts;
  parts.head += "departments: [beauty, fashion]\nchannels: [store]\n";
  parts.tiers = kit::two_tiers("split");
  parts.rules = "rules:\n" + rules;
  return parts.text();
}

Row meeting(const std::string& rule, const char* codes) {
  return {in_a_house("  - { id: a, bonus: 5 points, " + rule + " }\n"), codes};
}

std::string more_of_wallet(const std::string& words) {
  Parts parts;
  parts.wallets += words;
  return parts.text();
}

std::string with_type(const std::string& words) {
  Parts parts;
  parts.identity = "identity:\n  types: { phone: { strength: weak, may: [earn], " + words +
                   " } }\n  precedence: [phone]\n";
  return parts.text();
}

INSTANTIATE_TEST_SUITE_P(
    Real, Stands,
    testing::Values(Row{with_type("normalise: phone, region: GB"), ""},
                    Row{with_type("normalise: phone, region: UK"), "wrong_value"},
                    Row{with_type("normalise: phone, region: ZZ"), "wrong_value"},
                    Row{with_type("normalise: phone, region: 'B '"), "wrong_value"},
                    Row{more_of_wallet("    pending: { until: shipped }\n"), ""},
                    Row{more_of_wallet("    pending: { until: 2026-12-24 }\n"), ""},
                    Row{more_of_wallet("    pending: { until: 2026-02-30 }\n"), "wrong_value"},
                    Row{more_of_wallet("    pending: { until: 24.12.2026 }\n"), "wrong_value"},
                    Row{more_of_wallet("    liability: { unit_cost: 0.01 USD, "
                                       "expected_redemption: 97% }\n"),
                        "unknown_name"},
                    Row{with_rule("{ id: a, grant: { tier: silver, until: never } }") +
                            kit::two_tiers("split"),
                        "no_effect"}));

std::string hint_of(const std::string& text, std::string_view code) {
  for (const auto& fault : kit::load(text).faults) {
    if (fault.code == code) return fault.message + " | " + fault.hint;
  }
  return "none";
}

TEST(FaultsTogether, say_what_to_write_instead) {
  const std::pair<std::string, std::string> rows[] = {
      {more_of_wallet("    pending: 0 days\n"), "for none write `none`"},
      {more_of_wallet("    pending: 14\n"), "did you mean `14 days`?"},
      {with_rule("{ id: a, bonus: 5 points, active: { from: 2026-02-30 } }"),
       "\"2026-02-30\" is no day of the calendar | 2026-02 has 28 days"},
      {with_rule("{ id: a, bonus: 5 points, active: { from: 2026-13-01 } }"), "12 months"},
      {with_rule("{ id: a, bonus: 5 points, limit: { times: 1, every: 0 days } }"),
       "the number is 1 or more"},
      {with_type("normalise: phone, region: UK"), "did you mean `GB`?"},
  };
  for (const auto& [text, expected] : rows) {
    EXPECT_NE(hint_of(text, "wrong_value").find(expected), std::string::npos)
        << hint_of(text, "wrong_value");
  }
  Parts early;
  early.wallets = "wallets:\n  points: { expires: 12 months }\n";
  EXPECT_NE(hint_of(early.text(), "wrong_value").find("or a mapping of `end_of`, `after`"),
            std::string::npos);
  const auto to = with_rule("{ id: a, bonus: 5 points, active: { to: 2026-11-27 } }");
  EXPECT_NE(hint_of(to, "unknown_key").find("`from`, `until`, `days` or `hours`"),
            std::string::npos);
}

// A word that is misspelt is not missing as well.
TEST(FaultsTogether, tell_a_misspelt_word_once) {
  Parts parts;
  parts.head = "programe: test\neffective_from: 2020-01-01\ntime_zone: UTC\ncurrency: GBP\n";
  EXPECT_EQ(codes(kit::load(parts.text())), "unknown_key");
  EXPECT_EQ(codes(kit::load(
                with_rule("{ id: a, bonus: 5 points, when: { basket: { at_lest: 3.00 } } }"))),
            "unknown_key");
}

LoadedProgramme load_files(std::vector<SourceFile> files) { return load_programme(files); }

// What is not declared may stand in the file that cannot be read.
TEST(FaultsTogether, of_a_file_that_cannot_be_read_do_not_spread) {
  const std::string whole = Parts{.tiers = kit::two_tiers("split")}.text();
  const std::string rules =
      "rules:\n  - { id: a, when: { tier: gold }, bonus: 5 points }\n"
      "  - { id: b, when: { tier: gold }, bonsu: 5 points }\n";
  EXPECT_EQ(codes(load_files({{"a.yaml", whole + "oops: [\n"}, {"b.yaml", rules}})),
            "not_yaml unknown_key");
  EXPECT_EQ(codes(load_files({})), "missing_key");
}

TEST(FaultsTogether, of_an_empty_word_are_told_where_it_stands) {
  const auto loaded = load_files({{"a.yaml", "rules:\n"}, {"b.yaml", Parts{}.text()}});
  EXPECT_EQ(kit::places(loaded), "1:1 wrong_kind");
}

TEST(FaultsTogether, of_the_indentation_name_the_tab) {
  const auto loaded = kit::load("programme: a\nwallets:\n  points:\n \tscale: 0\n");
  ASSERT_FALSE(loaded.faults.empty());
  EXPECT_EQ(kit::places(loaded), "4:2 not_yaml");
  EXPECT_EQ(loaded.faults.front().hint, "indent with spaces");
}

INSTANTIATE_TEST_SUITE_P(
    Together, Stands,
    testing::Values(
        meeting("when: { all: [ { department: beauty }, { department: fashion } ] }",
                "never_matches"),
        meeting("when: { department: beauty, all: [ { any: [ { department: fashion } ] } ] }",
                "never_matches"),
        meeting("when: { department: beauty, any: [ { department: fashion }, "
                "{ department: [fashion], brand: x } ] }",
                "never_matches"),
        meeting("when: { department: beauty, any: [ { department: fashion }, { brand: x } ] }", ""),
        meeting("when: { department: beauty, none: [ { department: [beauty, fashion] } ] }",
                "never_matches"),
        meeting("when: { department: beauty, none: [ { department: beauty, brand: x } ] }", ""),
        meeting("when: { tag: [a, b], none: [ { tag: a } ] }", ""),
        meeting("when: { amount: { at_least: 10.00 }, none: [ { amount: { above: 5.00 } } ] }",
                "never_matches"),
        meeting("when: { tier: { not: [silver, gold] } }", "never_matches"),
        meeting("when: { tier: { not: silver } }", ""),
        meeting("when: { department: { not: [fashion, beauty] } }", "never_matches"),
        meeting("when: { channel: { not: store } }", "never_matches"),
        meeting("when: { currency: { not: GBP } }", "never_matches"),
        meeting("when: { day: { not: [mon, tue, wed, thu, fri, sat, sun] } }", "never_matches"),
        meeting("when: { brand: { not: [a, b] } }", ""),
        meeting("when: { amount: { above: 50.00, below: 50.01 } }", "never_matches"),
        meeting("when: { amount: { above: 50.00, below: 50.02 } }", ""),
        meeting("when: { attributes: { size: { above: 1, below: 1.000001 } } }", ""),
        meeting("when: { member: { age: { below: 0 } } }", "never_matches"),
        meeting("when: { history: { visits: { below: 0 } } }", "never_matches"),
        meeting("when: { day: tue }, active: { days: [mon] }", "never_matches"),
        meeting("when: { hours: 13:00-14:00 }, active: { hours: 10:00-12:00 }", "never_matches"),
        meeting("when: { hours: 01:00-02:00 }, active: { hours: 22:00-01:30 }", ""),
        meeting("when: { date: 2026-12-11 }, active: { from: 2026-12-01, until: 2026-12-10 }",
                "never_matches"),
        meeting("when: { date: 2026-12-25, day: mon }", "never_matches"),
        meeting("when: { date: 2026-12-25, day: { not: fri } }", "never_matches"),
        meeting("when: { date: 2026-12-25, day: fri }", ""),
        meeting("when: { first_purchase: true, nth: 2 }", "never_matches"),
        meeting("when: { first_purchase: true, nth: { every: 5 } }", "never_matches"),
        meeting("when: { first_purchase: false, nth: 1 }", "never_matches"),
        meeting("when: { first_purchase: true, history: { purchases: { above: 1 } } }",
                "never_matches"),
        meeting("when: { first_purchase: true, history: { visits: { above: 1 } } }", ""),
        meeting("when: { event: visit, brand: x }", "never_matches"),
        meeting("when: { event: visit, basket: { at_least: 5.00 } }", "never_matches"),
        meeting("when: { event: visit, department: beauty, tag: x, associate: y }", "")));

Row two_rates(const std::string& one, const std::string& other, const char* codes) {
  return {in_a_house("  - { id: a, rate: 2 points per 1.00, " + one +
                     " }\n  - { id: b, rate: 3 points per 1.00, " + other + " }\n"),
          codes};
}

// Two rates for one line only matter where both can be met at once.
INSTANTIATE_TEST_SUITE_P(
    Apart, Stands,
    testing::Values(
        two_rates("active: { days: [mon, tue] }", "when: { day: wed }", ""),
        two_rates("active: { days: [mon, tue] }", "when: { day: [tue, wed] }", "order_matters"),
        two_rates("active: { days: [mon, tue] }", "when: { day: { not: [mon, tue] } }", ""),
        two_rates("active: { hours: 10:00-12:00 }", "when: { hours: 12:00-14:00 }", ""),
        two_rates("active: { hours: 10:00-12:01 }", "when: { hours: 12:00-14:00 }",
                  "order_matters"),
        two_rates("active: { until: 2026-12-09 }", "when: { date: 2026-12-10 }", ""),
        two_rates("active: { days: [sat] }", "when: { date: 2026-12-25 }", ""),
        two_rates("when: { all: [ { department: beauty } ] }", "when: { department: fashion }", ""),
        two_rates("when: { nth: 1 }", "when: { nth: 2 }", "")));

}  // namespace
}  // namespace laurel
