// How long points wait and live, and how wallets keep apart.

#include "kit.hpp"

namespace laurel {
namespace {

using kit::Basket;
using kit::Parts;

std::string wallet(const std::string& terms, const std::string& zone) {
  Parts parts;
  parts.head = "programme: t\neffective_from: 2020-01-01\ntime_zone: " + zone + "\ncurrency: EUR\n";
  parts.wallets =
      "wallets:\n  points:\n    rounding: { mode: floor, at: line }\n    " + terms + "\n";
  return parts.text();
}

std::string terms_of(const std::string& terms, const char* earned) {
  const auto programme = kit::programme(wallet(terms, "Europe/Rome"));
  const auto lot = programme.compiled().lot_terms(0, kit::local(earned, "Europe/Rome"));
  const auto& zone = programme.compiled().zone;
  const auto text = [&](Instant at) {
    return at == kNever ? std::string("never") : to_text(zone.local_time(at));
  };
  return text(lot.available_from) + " to " + text(lot.expires_at);
}

struct Row {
  const char* terms;
  const char* earned;
  const char* expected;
};

TEST(Lots, F6_wait_and_live_by_local_days_and_clamped_months) {
  const Row rows[] = {
      {"expires: never", "2026-11-21 15:00", "2026-11-21 15:00 to never"},
      {"expires: never\n    pending: 14 days", "2026-11-21 15:00", "2026-12-05 00:00 to never"},
      {"expires: { after: 12 months }", "2026-11-21 15:00", "2026-11-21 15:00 to 2027-11-22 00:00"},
      {"expires: { after: 1 month }", "2025-01-31 10:00", "2025-01-31 10:00 to 2025-03-01 00:00"},
      {"expires: { after: 2 months }", "2025-01-31 10:00", "2025-01-31 10:00 to 2025-04-01 00:00"},
      {"expires: { after: 12 months }", "2024-02-29 10:00", "2024-02-29 10:00 to 2025-03-01 00:00"},
      {"expires: { after: 48 months }", "2024-02-29 10:00", "2024-02-29 10:00 to 2028-03-01 00:00"},
      {"expires: { after: 30 days }", "2026-11-21 15:00", "2026-11-21 15:00 to 2026-12-22 00:00"},
      {"expires: { after: 24 months, round_up_to: month }", "2026-11-21 15:00",
       "2026-11-21 15:00 to 2028-12-01 00:00"},
      {"expires: { after: 1 month, round_up_to: quarter }", "2026-11-21 15:00",
       "2026-11-21 15:00 to 2027-01-01 00:00"},
      {"expires: { after: 2 years, round_up_to: year }", "2026-11-21 15:00",
       "2026-11-21 15:00 to 2029-01-01 00:00"},
      {"expires: { end_of: year, after: 2 years }", "2026-11-21 15:00",
       "2026-11-21 15:00 to 2029-01-01 00:00"},
      {"expires: { end_of: quarter }", "2026-11-21 15:00", "2026-11-21 15:00 to 2027-01-01 00:00"},
      {"expires: { end_of: month, after: 1 month }", "2026-11-30 23:59",
       "2026-11-30 23:59 to 2027-01-01 00:00"},
  };
  for (const auto& [terms, earned, expected] : rows) {
    EXPECT_EQ(terms_of(terms, earned), expected) << terms;
  }
}

const std::string kTwo =
    "wallets:\n  points: { rounding: { mode: floor, at: transaction }, expires: never }\n"
    "  status: { rounding: { mode: ceil, at: transaction }, expires: never, scale: 1 }\n";

TEST(Wallets, each_rounds_by_itself_and_has_its_own_rate) {
  Parts parts;
  parts.wallets = kTwo;
  parts.rules =
      "rules:\n- { id: a, rate: 1 point per 1.00 }\n"
      "- { id: b, rate: 1 point per 3.00, wallet: status }\n"
      "- { id: c, multiply: 2, wallet: status }\n";
  Basket basket;
  basket.line(199);
  const auto decision = kit::programme(parts).compiled().evaluate(basket());
  EXPECT_EQ(kit::points(decision, 0), 1);
  EXPECT_EQ(kit::points(decision, 1), 14);  // 1.3266… up to the next tenth
}

TEST(Wallets, the_one_that_rules_mean_comes_first) {
  Parts parts;
  parts.wallets =
      "wallets:\n  alpha: { rounding: { mode: floor, at: line }, expires: never }\n"
      "  points: { rounding: { mode: floor, at: line }, expires: never }\n";
  const auto programme = kit::programme(parts);
  EXPECT_EQ(programme.wallets()[0].id, "points");
  EXPECT_EQ(programme.compiled().wallet_index("alpha"), 1U);
  EXPECT_EQ(programme.compiled().wallet_index("beta"), std::nullopt);
}

TEST(Exchange, dated_rates_hold_from_the_start_of_their_local_day) {
  Parts parts;
  parts.head += "exchange: { EUR: { 2026-01-01: 0.80, 2026-07-01: 0.90 } }\n";
  const auto programme = kit::programme(parts);
  const auto eur = *Currency::of("EUR");
  const auto rate = [&](const char* day) {
    return programme.compiled().exchange_rate(eur, *parse_date(day));
  };
  EXPECT_EQ(rate("2025-12-31"), std::nullopt);
  EXPECT_EQ(rate("2026-06-30"), Fraction(4, 5));
  EXPECT_EQ(rate("2026-07-01"), Fraction(9, 10));
  Basket june("2026-06-30 23:59", "EUR"), july("2026-07-01 00:00", "EUR");
  EXPECT_EQ(kit::points(programme, june.line(1'000)), 8);
  EXPECT_EQ(kit::points(programme, july.line(1'000)), 9);
}

TEST(Lanes, best_is_chosen_on_each_line_and_first_by_rank) {
  const std::string rules =
      "rules:\n- { id: base, rate: 1 point per 1.00 }\n"
      "- { id: three, multiply: 3, lane: l, rank: 2, when: { department: beauty } }\n"
      "- { id: two, multiply: 2, lane: l, rank: 1 }\n";
  const auto with = [&](std::string kind) {
    std::string text = "lanes: { l: " + kind + " }\n" + rules;
    if (kind != "first") {
      for (const char* rank : {", rank: 2", ", rank: 1"}) text.erase(text.find(rank), 9);
    }
    return kit::programme(Parts{.rules = text});
  };
  Basket basket;
  basket.line(1'000, "beauty").line(1'000, "food");
  EXPECT_EQ(kit::points(with("best"), basket), 50);
  EXPECT_EQ(kit::points(with("first"), basket), 40);
  EXPECT_EQ(kit::points(with("all"), basket), 60);
}

TEST(Rates, the_smaller_rank_wins_and_any_rank_before_none) {
  const auto programme = kit::programme(Parts{
      .rules =
          "rules:\n- { id: a, rate: 1 point per 1.00 }\n- { id: b, rate: 2 points per 1.00, "
          "rank: 9 }\n- { id: c, rate: 3 points per 1.00, rank: 2, when: { brand: acme } }\n"});
  Basket basket;
  basket.line(1'000).brand("acme").line(1'000);
  EXPECT_EQ(kit::awards(programme, basket), "0 c 30, 1 b 20");
}

TEST(Evaluate, spend_is_rounded_once_and_sums_over_the_lines) {
  Parts parts;
  parts.head += "exchange: { EUR: 0.855 }\n";
  Basket basket("2026-10-21 11:00", "EUR");
  basket.line(101).line(101).line(101);
  const auto decision = kit::programme(parts).compiled().evaluate(basket());
  EXPECT_EQ(decision.spend_minor, 259);  // 2.59065
  EXPECT_EQ(decision.line_spend_minor, (std::vector<std::int64_t>{87, 86, 86}));
}

TEST(Evaluate, largest_transaction_of_the_richest_programme_is_counted_exactly) {
  Parts parts;
  parts.wallets =
      "wallets: { points: { rounding: { mode: floor, at: transaction }, expires: never } }\n";
  parts.rules = kit::rules("- { id: m, multiply: 1000 }");
  Basket basket;
  basket.line(kMaxMinorUnits - 1).line(1);
  EXPECT_EQ(kit::points(kit::programme(parts), basket), kMaxMinorUnits * 10);
}

TEST(Loader, refuses_rates_that_could_outgrow_what_can_be_counted) {
  for (const char* rule : {"{ id: a, rate: 1000000000 points per 0.01, rank: 1 }",
                           "{ id: a, rate: 1 point per 9999991.07, rank: 1 }\n"
                           "- { id: b, rate: 1 point per 9999973.01, rank: 2 }"}) {
    const auto loaded = kit::load(Parts{.rules = kit::rules("- " + std::string(rule))}.text());
    EXPECT_EQ(kit::codes(loaded), "out_of_range") << rule;
  }
}

TEST(Names, are_kept_as_they_are_written) {
  kit::Parts parts;
  parts.wallets += "    name: { en: Points, it: Punti }\n";
  parts.tiers = kit::two_tiers("next_day") +
                "    - { id: black, from: 9000.00, name: Black, benefits: [parking] }\n";
  parts.rules = "rules: [ { id: base, name: { en: Base }, rate: 1 point per 1.00 } ]\n";
  const auto programme = kit::programme(parts);
  const auto& compiled = programme.compiled();
  using Names = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(compiled.wallets.at(0).names, (Names{{"en", "Points"}, {"it", "Punti"}}));
  EXPECT_EQ(compiled.tiers.levels.at(2).names, (Names{{"", "Black"}}));
  EXPECT_EQ(compiled.tiers.levels.at(2).benefits, std::vector<std::string>{"parking"});
  EXPECT_EQ(compiled.rules.at(0).names, (Names{{"en", "Base"}}));
}

}  // namespace
}  // namespace laurel
