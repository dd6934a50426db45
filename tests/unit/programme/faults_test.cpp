// What the loader refuses, where, and with which hint.

#include <algorithm>

#include "kit.hpp"
#include "programme/faults.hpp"
#include "programme/language.hpp"

namespace laurel {
namespace {

using kit::codes;
using kit::Parts;

std::string with_rule(std::string_view rule) {
  return Parts{.rules = kit::rules("- " + std::string(rule))}.text();
}

std::string with_head(std::string_view more) {
  Parts parts;
  parts.head += std::string(more) + "\n";
  return parts.text();
}

struct Row {
  std::string text;
  std::string codes;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.text; }

class Fault : public testing::TestWithParam<Row> {};

TEST_P(Fault, is_named) { EXPECT_EQ(codes(kit::load(GetParam().text)), GetParam().codes); }

const std::string kBeauty = "departments: [beauty, fashion]\nchannels: [store]";

Row with_when(const std::string& when, const char* codes) {
  return {with_rule("{ id: a, bonus: 5 points, when: " + when + " }"), codes};
}

Row with_limit(const std::string& limit, const char* codes) {
  return {with_rule("{ id: a, bonus: 5 points, " + limit + " }"), codes};
}

INSTANTIATE_TEST_SUITE_P(
    Limits, Fault,
    testing::Values(
        with_limit("limit: 0", "wrong_kind"), with_limit("limit: {}", "wrong_kind"),
        with_limit("limit: { points: 0 }", "no_effect"),
        with_limit("limit: { times: 0 }", "no_effect"),
        with_limit("limit: { every: month }", "missing_key"),
        with_limit("limit: { points: 010 }", "ambiguous"),
        with_limit("limit: { points: 1.5 }", "out_of_range"),
        with_limit("limit: { times: 1, every: fortnight }", "wrong_value"),
        with_limit("limit: { times: 1, every: 0 days }", "wrong_value"),
        with_limit("limit: { times: 1, per: store }", "wrong_value"),
        with_limit("limit: { times: 1, every: 99999 days }", "out_of_range"),
        with_limit("budget: 0 points", "no_effect"), with_limit("budget: 0.00 GBP", "no_effect"),
        with_limit("budget: 2000", "wrong_value"),
        with_limit("budget: 20.5 points", "out_of_range"),
        with_limit("budget: '2,00,000 points'", "ambiguous"),
        with_limit("budget: '2,0000 points'", "ambiguous"),
        with_limit("budget: '1.000.000 points'", "wrong_value"),
        with_limit("budget: 2e6 points", "ambiguous"),
        with_limit("budget: 10.00 GBP", "missing_key"),
        with_limit("budget: { every: day }", "missing_key"),
        with_limit("limit: { points: 500, every: month }, budget: 400 points", "no_effect"),
        with_limit(
            "limit: { points: 500, every: month }, budget: { total: 400 points, every: day }",
            "")));

INSTANTIATE_TEST_SUITE_P(
    Grants, Fault,
    testing::Values(
        Row{with_rule("{ id: a, grant: { tier: gold, until: never } }"), "unknown_name"},
        Row{with_rule("{ id: a, grant: { until: never } }"), "missing_key"},
        Row{with_rule("{ id: a, grant: { tier: gold } }") + kit::two_tiers("split"), "missing_key"},
        Row{with_rule("{ id: a, grant: { tier: gold, for: 1 year, until: never } }") +
                kit::two_tiers("split"),
            "contradiction"},
        Row{with_rule("{ id: a, grant: { tier: gold, until: 2019-12-30 } }") +
                kit::two_tiers("split"),
            "empty_window"},
        Row{with_rule("{ id: a, grant: { tier: gold, until: soon } }") + kit::two_tiers("split"),
            "wrong_value"},
        Row{with_rule("{ id: a, grant: { tier: gold, until: never }, budget: 5 points }") +
                kit::two_tiers("split"),
            "no_effect"},
        Row{with_rule("{ id: a, grant: { tier: gold, until: never }, wallet: points }") +
                kit::two_tiers("split"),
            "no_effect"}));

INSTANTIATE_TEST_SUITE_P(
    Past, Fault,
    testing::Values(
        with_when("{ nth: 0 }", "never_matches"), with_when("{ nth: { every: 1 } }", "no_effect"),
        with_when("{ nth: 2, department: { not: food } }", "contradiction"),
        with_when("{ event: visit, category: cut, nth: 2 }", "never_matches"),
        with_when("{ event: visit, first_purchase: true }", "never_matches"),
        with_when("{ history: { visits: { within: 3 days } } }", "missing_key"),
        with_when("{ history: { visits: { at_least: 4, within: 3 days } } }", "never_matches"),
        with_when("{ history: { visits: { at_least: 4, within: 0 days } } }", "wrong_value"),
        with_when("{ history: { departments: { above: 1, in: { department: food } } } }",
                  "never_matches"),
        with_when("{ history: { visits: { at_least: 4, below: 4 } } }", "never_matches"),
        with_when("{ history: { visits: { at_least: 4, above: 4 } } }", "contradiction"),
        with_when("{ history: [ { visits: { at_least: 4 } }, { visits: { below: 3 } } ] }",
                  "never_matches"),
        with_when("{ history: { visits: { at_least: 4, in: { event: x } } } }", "contradiction"),
        with_when("{ history: { events: { at_least: 4, in: { category: x } } } }", "never_matches"),
        with_when("{ history: {} }", "wrong_kind"),
        with_when("{ member: { age: { at_least: 65, at_most: 18 } } }", "never_matches"),
        with_when("{ member: { age: 1e1 } }", "ambiguous"),
        with_when("{ member: { enrolled: { at_least: 2 months, at_most: 40 days } } }",
                  "never_matches"),
        with_when("{ member: { enrolled: {} } }", "wrong_kind"),
        with_when("{ birthday: { within: 200 days } }", "out_of_range"),
        with_when("{ birthday: tomorrow }", "wrong_value"),
        with_when("{ date: { from: 2026-02-01, until: 2026-01-01 } }", "empty_window"),
        with_when("{ date: 2026-01-01, all: [ { date: 2026-01-02 } ] }", "never_matches"),
        with_when("{ day: [sat, sut] }", "wrong_value"),
        with_when("{ hours: 10:00-10:00 }", "empty_window"),
        Row{with_rule("{ id: a, bonus: 5 points, when: { tier: { at_least: gold, at_most: silver } "
                      "} }") +
                kit::two_tiers("split"),
            "never_matches"}));

INSTANTIATE_TEST_SUITE_P(
    Keys, Fault,
    testing::Values(Row{with_rule("{ id: a, bonus: 5 points, min_spned: 3 }"), "unknown_key"},
                    Row{with_rule("{ id: a, bonus: 5 points, bonus: 6 points }"), "repeated_key"},
                    Row{with_rule("{ bonus: 5 points }"), "missing_key"},
                    Row{with_rule("{ id: a }"), "missing_key"},
                    Row{with_rule("{ id: a, bonus: 5 points, multiply: 2 }"), "contradiction"},
                    Row{with_rule("{ id: a, bonus: 5 points, voucher: { valid: 9 days } }"),
                        "contradiction wrong_kind"},
                    Row{"programme: a\n", "missing_key missing_key"}));

std::string with_paying(const std::string& words) {
  return with_head("rewards: { pay_with_points: { " + words + " } }");
}

INSTANTIATE_TEST_SUITE_P(
    PayingWithPoints, Fault,
    testing::Values(
        Row{with_paying("points: 100, worth: 1.00"), ""},
        Row{with_paying("points: 100"), "missing_key"},
        Row{with_paying("worth: 1.00"), "missing_key"},
        Row{with_paying("points: 0, worth: 1.00"), "out_of_range"},
        Row{with_paying("points: 100, worth: 0.00"), "out_of_range"},
        Row{with_paying("points: 100, worth: 1.00, wallet: miles"), "unknown_name"},
        Row{with_paying("points: 100, worth: 1.00, step: 50, minimum: 120"), "contradiction"},
        Row{with_paying("points: 100, worth: 1.00, at_most: 0% of basket"), "wrong_value"},
        Row{with_paying("points: 100, worth: 1.00, at_most: 50% of basket"), ""},
        Row{with_paying("points: 100, worth: 1.00, at_most: 150% of basket"), "out_of_range"},
        Row{with_paying("points: 100, worth: 1.00, at_most: half"), "wrong_value"},
        Row{with_paying("points: 100, worth: 1.00, at_most: { share: 101% }"), "out_of_range"},
        Row{with_paying("points: 100, worth: 1.00, hold: 2 days"), "contradiction"},
        Row{with_paying("points: 100, worth: 1.00, offline: { floor_limit: 0 }"), "out_of_range"},
        Row{with_paying("points: 100, worth: 1.00, offline: sometimes"), "wrong_value"}));

INSTANTIATE_TEST_SUITE_P(
    G9_Scalars, Fault,
    testing::Values(
        Row{with_rule("{ id: a, bonus: 010 points }"), "ambiguous"},
        Row{with_rule("{ id: a, bonus: 1e3 points }"), "ambiguous"},
        Row{with_rule("{ id: a, bonus: \"0x10 points\" }"), "ambiguous"},
        Row{with_rule("{ id: a, multiply: 1:30 }"), "ambiguous"},
        Row{with_rule("{ id: a, multiply: 1_000 }"), "ambiguous"},
        Row{with_rule("{ id: a, bonus: 2 points, when: { brand: { exists: yes } } }"), "ambiguous"},
        Row{with_rule("{ id: a, bonus: 2 points, when: { store: 0123 } }"), ""},
        Row{with_rule("{ id: a, bonus: 2 points, when: { attributes: { country: NO } } }"), ""},
        Row{with_rule("{ id: a, bonus: 2 points, when: { store: 1:30, sku: 1e3 } }"), ""},
        Row{with_rule("{ id: a, bonus: 2 points, when: { amount: { at_least: 010 } } }"),
            "ambiguous"},
        Row{with_rule("{ id: a, multiply: .5 }"), "wrong_value"},
        Row{with_rule("{ id: a, multiply: +2 }"), "wrong_value"},
        Row{with_rule("{ id: a, multiply: NaN }"), "wrong_value"},
        Row{with_rule("{ id: a, multiply: -2 }"), "out_of_range"},
        Row{with_rule("{ id: a, bonus: 2.5 points }"), "out_of_range"},
        Row{with_rule("{ id: a, bonus: 0 points }"), "no_effect"},
        Row{with_rule("{ id: a, rate: 1 point for 1.00, rank: 1 }"), "wrong_value"},
        Row{with_rule("{ id: a, rate: 1 point per 0.00, rank: 1 }"), "wrong_value"}));

INSTANTIATE_TEST_SUITE_P(
    Names, Fault,
    testing::Values(
        Row{with_rule("{ id: a, bonus: 5 points, wallet: stars }"), "unknown_name"},
        Row{with_rule("{ id: a, bonus: 5 points, lane: fast }"), "unknown_name"},
        Row{with_rule("{ id: a, bonus: 5 points, when: { tier: gold } }"), "unknown_name"},
        Row{with_rule("{ id: a, bonus: 5 points, when: { currency: EUR } }"), "unknown_name"},
        Row{with_rule("{ id: base, bonus: 5 points }"), "repeated_name"},
        Row{with_head(kBeauty) + "cases: [ { name: c, when: [ { sale: { at: 2026-01-01 10:00, "
                                 "lines: [ { department: beuty, amount: 1 } ] } } ] } ]\n",
            "unknown_name"},
        Row{with_head("exchange: { XXY: 1.2 }"), "wrong_value"},
        Row{with_head("exchange: { GBP: 1.2 }"), "contradiction"},
        Row{with_head("exchange: { EUR: 0 }"), "out_of_range"},
        Row{with_head("languages: [en]") + "lanes: { a: wurst }\n", "wrong_value"}));

INSTANTIATE_TEST_SUITE_P(
    Sense, Fault,
    testing::Values(
        Row{with_rule("{ id: a, rate: 2 points per 1.00 }\n- { id: b, rate: 1 point per 1.00 }"),
            "order_matters"},
        Row{with_rule("{ id: a, rate: 2 points per 1.00, when: { brand: x } }\n"
                      "- { id: b, rate: 1 point per 1.00, when: { brand: y } }"),
            ""},
        Row{with_rule("{ id: a, rate: 2 points per 1.00, when: { brand: x } }\n"
                      "- { id: b, rate: 1 point per 1.00, when: { brand: { not: [x, y] } } }"),
            ""},
        Row{with_rule("{ id: a, rate: 2 points per 1.00, active: { until: 2026-01-31 } }\n"
                      "- { id: b, rate: 1 point per 1.00, active: { from: 2026-02-01 } }"),
            ""},
        Row{with_rule("{ id: a, rate: 2 points per 1.00, rank: 1 }\n"
                      "- { id: b, rate: 1 point per 1.00, rank: 1 }"),
            "order_matters"},
        Row{"lanes: { l: first }\n" + with_rule("{ id: a, multiply: 2, lane: l, rank: 1 }\n"
                                                "- { id: b, multiply: 3, lane: l, rank: 1 }"),
            "order_matters"},
        Row{"lanes: { l: first }\n" + with_rule("{ id: a, multiply: 2, lane: l }"),
            "order_matters"},
        Row{"lanes: { l: best }\n" + with_rule("{ id: a, multiply: 2, lane: l }\n"
                                               "- { id: b, bonus: 5 points, lane: l }"),
            "mixed_lane"},
        Row{with_rule("{ id: a, bonus: 5 points, active: { from: 2026-02-01, until: 2026-01-31 } "
                      "}"),
            "empty_window"},
        Row{with_rule("{ id: a, bonus: 5 points, active: { from: 2026-11-27, until: 2026-11-28, "
                      "days: mon } }"),
            "empty_window"},
        Row{with_rule("{ id: a, bonus: 5 points, active: { hours: 10:00-10:00 } }"),
            "empty_window"},
        Row{with_rule("{ id: a, bonus: 5 points, active: { until: 2019-12-31 } }"),
            "never_matches"},
        Row{with_rule("{ id: a, bonus: 5 points, when: { amount: { at_least: 5, below: 5 } } }"),
            "never_matches"},
        Row{with_rule("{ id: a, multiply: 2, when: { event: visit } }"), "never_matches"},
        Row{with_rule("{ id: a, multiply: 2, when: { brand: x, all: [ { sku: y } ] } }"), ""},
        Row{with_rule("{ id: a, multiply: 1 }"), "no_effect"},
        Row{with_rule("{ id: a, multiply: 2, on_return: recheck }"), "no_effect"},
        Row{Parts{.rules = "rules: [ { id: a, multiply: 2 } ]\n"}.text(), "no_effect"},
        Row{with_rule("{ id: a, multiply: 2, rank: 1 }"), "no_effect"}));

std::string with_wallet(std::string_view lines) {
  Parts parts;
  parts.wallets = "wallets:\n  points:\n    rounding: { mode: floor, at: line }\n    " +
                  std::string(lines) + "\n";
  return parts.text();
}

INSTANTIATE_TEST_SUITE_P(
    F10_Wallets, Fault,
    testing::Values(
        Row{with_wallet("expires: never"), ""}, Row{with_wallet("expires: 0"), "wrong_value"},
        Row{with_wallet("expires: { after: 0 months }"), "wrong_value"},
        Row{with_wallet("expires: { round_up_to: year }"), "missing_key"},
        Row{with_wallet("expires: { end_of: year, round_up_to: year }"), "contradiction"},
        Row{with_wallet("expires: { inactive: 18 months, after: 2 years }"), "contradiction"},
        Row{with_wallet("expires: { inactive: 0 months }"), "wrong_value"},
        Row{with_wallet("expires: { inactive: 9 months, kept_by: breathing }"), "wrong_value"},
        Row{with_wallet("expires: { after: 9 months, kept_by: earn }"), "no_effect"},
        Row{with_wallet("expires: 0"), "wrong_value"},
        Row{with_wallet("expires: never\n    pending: {}"), "wrong_kind"},
        Row{with_wallet("expires: never\n    pending: 0 days"), "wrong_value"},
        Row{with_wallet("expires: never\n    scale: 7"), "out_of_range"},
        Row{with_wallet("expires: never\n    limit: { points: 0 }"), "no_effect"},
        Row{with_wallet("expires: never\n    liability: { unit_cost: 0.01 GBP, "
                        "expected_redemption: 101% }"),
            "out_of_range"},
        Row{with_wallet("scale: 0"), ""}));

TEST(Faults, a_choice_left_unsaid_is_a_warning_that_names_what_is_taken) {
  const auto loaded = kit::load(with_wallet("scale: 0"));
  EXPECT_TRUE(loaded.programme.has_value());
  const auto unsaid = std::ranges::find(loaded.faults, "unsaid", &ProgrammeFault::code);
  ASSERT_NE(unsaid, loaded.faults.end());
  EXPECT_EQ(unsaid->severity, Severity::kWarning);
  EXPECT_NE(unsaid->message.find("never is taken"), std::string::npos) << unsaid->message;
}

TEST(Faults, F10_points_that_die_while_they_wait_are_a_warning) {
  const auto loaded = kit::load(with_wallet("expires: { after: 7 days }\n    pending: 14 days"));
  EXPECT_EQ(codes(loaded), "");
  ASSERT_FALSE(loaded.faults.empty());
  EXPECT_EQ(loaded.faults.front().code, "points_die_early");
}

TEST(Faults, of_all_files_come_in_one_run_with_their_places) {
  const SourceFile files[] = {
      {"b.yaml", "rules:\n  - id: a\n    bonus: 010 points\n"},
      {"a.yaml", "currency: GBQ\ntiers: 3\n"},
      {"c.yaml", "a: [\n"},
  };
  const auto loaded = load_programme(files);
  EXPECT_FALSE(loaded.programme);
  std::string seen;
  for (const auto& fault : loaded.faults) {
    if (fault.file.empty()) continue;
    seen += fault.file + ":" + std::to_string(fault.line) + ":" + std::to_string(fault.column) +
            " " + fault.code + "\n";
  }
  EXPECT_EQ(seen,
            "a.yaml:1:11 wrong_value\na.yaml:2:8 wrong_kind\nb.yaml:3:12 ambiguous\n"
            "c.yaml:2:1 not_yaml\n");
}

TEST(Faults, are_shown_with_line_caret_and_hint) {
  const auto loaded = kit::load(with_rule("{ id: a, bonuss: 5 points }"));
  const std::string text = render(loaded.faults);
  EXPECT_NE(text.find("programme.yaml:11:12: error: \"bonuss\" is no word of the language here "
                      "[unknown_key]\n"
                      "  11 | - { id: a, bonuss: 5 points }\n"
                      "     |            ^\n"
                      "  hint: did you mean `bonus`?\n"),
            std::string::npos)
      << text;
}

TEST(Faults, colour_is_only_there_when_asked_for) {
  const auto loaded = kit::load("programme: a\n");
  EXPECT_EQ(render(loaded.faults).find('\033'), std::string::npos);
  EXPECT_NE(render(loaded.faults, {.colour = true}).find('\033'), std::string::npos);
}

TEST(Faults, a_rule_without_a_case_is_a_warning) {
  const auto loaded = kit::load(Parts{}.text());
  ASSERT_TRUE(loaded.programme);
  ASSERT_EQ(loaded.faults.size(), 1U);
  EXPECT_EQ(loaded.faults[0].code, "no_case");
  EXPECT_EQ(loaded.faults[0].severity, Severity::kWarning);
  Parts covered;
  covered.cases =
      "cases: [ { name: c, when: [ { sale: { at: 2026-01-01 10:00, lines: [ { amount: 1 } ] } } ] "
      "} ]\n";
  EXPECT_TRUE(kit::load(covered.text()).faults.empty());
}

TEST(Faults, of_an_unknown_name_offer_the_nearest_or_the_few_there_are) {
  const auto near = kit::load(with_head(kBeauty) + "lanes: { l: best }\n");
  EXPECT_TRUE(near.programme);
  const auto loaded = kit::load(Parts{.head = Parts{}.head + kBeauty + "\n",
                                      .rules = kit::rules("- { id: a, bonus: 1 point, when: { "
                                                          "department: beauti } }")}
                                    .text());
  ASSERT_FALSE(loaded.faults.empty());
  EXPECT_EQ(loaded.faults[0].hint, "did you mean `beauty`?");
}

TEST(Language, every_mapping_it_names_has_words) {
  for (const auto& word : programme::all_words()) {
    if (word.mapping.empty()) continue;
    EXPECT_FALSE(programme::words_of(word.mapping).empty()) << word.section << " " << word.key;
  }
}

TEST(Language, every_section_is_listed_and_used) {
  for (const auto& word : programme::all_words()) {
    const auto sections = programme::all_sections();
    EXPECT_NE(std::ranges::find(sections, word.section, &programme::Section::name), sections.end())
        << word.section;
  }
}

}  // namespace
}  // namespace laurel
