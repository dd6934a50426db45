#include <algorithm>

#include "base/decimal.hpp"
#include "base/fault.hpp"
#include "programme/reader.hpp"

namespace laurel::programme {
namespace {

constexpr std::int64_t kMaxBonusUnits = 1'000'000'000;
constexpr int kMultiplierDigits = 4;
constexpr std::size_t kMaxLanes = 200;
constexpr std::size_t kMaxConditions = 100;  // of one rule

std::size_t count_conditions(const ConditionGroup& group) {
  std::size_t count = group.conditions.size();
  for (const ConditionGroup& inner : group.groups) count += count_conditions(inner);
  return count;
}

// From 27 to 30 November, but on Wednesdays only.
void check_days(const Block& active, const Window& window, Faults& faults) {
  if (!window.from || !window.until || window.days == kEveryDay || window.days == 0) return;
  constexpr int kWeek = 7;
  Date day = *window.from;
  for (int i = 0; i < kWeek && day <= *window.until; ++i, day = add_days(day, 1)) {
    if ((window.days >> (weekday(day).iso_encoding() - 1) & 1U) != 0) return;
  }
  faults.add(active.place_of("days"), "empty_window", "none of these days lies in the window");
}

class RuleReader {
 public:
  RuleReader(const Draft& draft, Faults& faults) : draft_(draft), faults_(faults) {}

  std::optional<RuleDraft> read(const Block& block) {
    const auto id = block.text("id");
    if (!id || !draft_.currency) return std::nullopt;
    RuleDraft rule{.id = *id, .names = block.names("name"), .place = block.place_of("id")};
    check_languages(block, "name", draft_, faults_);
    if (const auto active = block.map("active")) rule.active = read_active(*active, faults_);
    if (const auto when = block.map("when")) rule.when = read_when(*when, draft_, faults_);
    if (count_conditions(rule.when) > kMaxConditions) {
      faults_.add(block.place_of("when"), "too_large", "at most 100 conditions in one rule");
      return std::nullopt;
    }
    if (!read_wallet(block, rule) || !read_effect(block, rule)) return std::nullopt;
    read_limits(block, draft_, faults_, rule);
    read_lane(block, rule);
    read_return(block, rule);
    return rule;
  }

 private:
  bool read_wallet(const Block& block, RuleDraft& rule) {
    if (const auto id = block.text("wallet")) {
      std::vector<std::string> ids;
      for (const WalletPolicy& wallet : draft_.wallets) ids.push_back(wallet.id);
      const Node& node = *block.node().find("wallet");
      if (!is_known(node, "wallet", ids, faults_)) return false;
      rule.wallet = static_cast<std::size_t>(std::ranges::find(ids, *id) - ids.begin());
      return true;
    }
    if (draft_.wallets.empty() || block.has("wallet")) return false;
    if (block.has("grant") || block.has("voucher")) return true;  // gives no points
    if (!draft_.default_wallet) {
      faults_.add(block.place(), "missing_key", "`wallet` is missing: there are several",
                  "name it, or call one of them `points`");
    }
    return draft_.default_wallet.has_value();
  }

  bool read_effect(const Block& block, RuleDraft& rule) {
    constexpr std::string_view kEffects[] = {"rate", "multiply", "bonus", "grant", "voucher"};
    const auto given =
        std::ranges::count_if(kEffects, [&](std::string_view key) { return block.has(key); });
    if (given == 0 && block.has_strange_keys()) return false;  // one of them may have been meant
    if (given != 1) {
      faults_.add(block.place(), given == 0 ? "missing_key" : "contradiction",
                  given == 0 ? "the rule does nothing" : "the rule does more than one thing",
                  "give it one of `rate`, `multiply`, `bonus`, `grant` and `voucher`");
      return false;
    }
    if (const auto rate = block.text("rate")) return read_rate(block, *rate, rule);
    if (const auto factor = block.text("multiply")) return read_multiplier(block, *factor, rule);
    if (const auto bonus = block.text("bonus")) return read_bonus(block, *bonus, rule);
    if (const auto grant = block.map("grant")) return read_level(block, *grant, rule);
    if (const auto reward = block.text("voucher")) return read_gift(block, *reward, rule);
    return false;
  }

  bool read_rate(const Block& block, const std::string& text, RuleDraft& rule) {
    const auto rate = Rate::parse(text, *draft_.currency, draft_.wallets[rule.wallet].scale);
    if (!rate) {
      faults_.add(block.place_of("rate"), "out_of_range", rate.error().detail);
      return false;
    }
    rule.effect = RuleDraft::Effect::kRate;
    rule.rate = *rate;
    if (rate->kind() == Rate::Kind::kStep && rate->units().denominator() != 1) {
      faults_.add(block.place_of("rate"), "out_of_range",
                  "a full step gives whole points of the wallet");
      return false;
    }
    return true;
  }

  bool read_multiplier(const Block& block, const std::string& text, RuleDraft& rule) {
    const Place place = block.place_of("multiply");
    const auto factor = Fraction::parse(text);
    const auto digits = parse_scaled(text, kMultiplierDigits);
    constexpr std::int64_t kMaxFactor = 1000;
    if (!factor || !digits || *factor > Fraction(kMaxFactor)) {
      faults_.add(place, "out_of_range", "a multiplier is at most 1000, with four decimals");
      return false;
    }
    if (*factor <= Fraction(1)) {
      faults_.add(place, "no_effect", "a multiplier is above 1",
                  "to give less on some lines, give them a `rate` of their own");
      return false;
    }
    rule.effect = RuleDraft::Effect::kMultiply;
    rule.multiplier = *factor;
    return true;
  }

  bool read_bonus(const Block& block, const std::string& text, RuleDraft& rule) {
    const auto bonus = parse_bonus(text);
    if (!bonus) return false;
    const Node& node = *block.node().find("bonus");
    const auto units = units_of(node, bonus->points, draft_.wallets[rule.wallet].scale, faults_);
    if (!units) return false;
    if (*units > kMaxBonusUnits) {
      faults_.add(node.place, "out_of_range", "a bonus is at most 1000000000 units of the wallet");
      return false;
    }
    rule.effect = RuleDraft::Effect::kBonus;
    rule.bonus_units = *units;
    rule.bonus_per = bonus->per;
    return true;
  }

  bool read_gift(const Block& block, const std::string& reward, RuleDraft& rule) {
    rule.effect = RuleDraft::Effect::kVoucher;
    for (const std::string_view key : {"wallet", "lane"}) {
      if (!block.has(key)) continue;
      faults_.add(block.place_of(key), "no_effect", "a `voucher` gives no points");
    }
    rule.reward = reward;
    std::vector<std::string> ids;
    for (const Reward& one : draft_.catalogue.rewards) ids.push_back(one.id);
    return is_known(*block.node().find("voucher"), "reward", ids, faults_);
  }

  bool read_level(const Block& block, const Block& grant, RuleDraft& rule) {
    rule.effect = RuleDraft::Effect::kGrant;
    for (const std::string_view key : {"wallet", "lane"}) {
      if (block.has(key)) {
        faults_.add(block.place_of(key), "no_effect", "a `grant` gives no points");
      }
    }
    return read_grant(grant, draft_, faults_, rule.grant);
  }

  void read_lane(const Block& block, RuleDraft& rule) {
    if (const auto rank = block.whole("rank")) rule.rank = *rank;
    const auto id = block.text("lane");
    if (id) {
      std::vector<std::string> ids;
      for (const LaneDraft& lane : draft_.lanes) ids.push_back(lane.id);
      if (!is_known(*block.node().find("lane"), "lane", ids, faults_)) return;
      rule.lane = static_cast<std::size_t>(std::ranges::find(ids, *id) - ids.begin());
      if (rule.effect == RuleDraft::Effect::kRate) {
        faults_.add(block.place_of("lane"), "contradiction", "rates do not compete in lanes",
                    "of the rates that match a line, the one with the smallest `rank` holds");
      }
    }
    const bool ranked = rule.effect == RuleDraft::Effect::kRate ||
                        (rule.lane && draft_.lanes[*rule.lane].kind == LaneKind::kFirst);
    if (block.has("rank") && !ranked) {
      faults_.add(block.place_of("rank"), "no_effect",
                  "a `rank` orders rates, and the rules of a lane `first`");
    }
  }

  void read_return(const Block& block, RuleDraft& rule) {
    const auto on_return = block.phrase("on_return");
    rule.keep_bonus = on_return && on_return->which == 1;
    if (!block.has("on_return")) return;
    if (rule.effect != RuleDraft::Effect::kBonus ||
        (rule.keep_bonus && rule.bonus_per != Bonus::Per::kTransaction)) {
      faults_.add(block.place_of("on_return"), "no_effect",
                  "`on_return` speaks of bonuses of the whole transaction");
    }
  }

  const Draft& draft_;
  Faults& faults_;
};

void read_lanes(const Block& top, Draft& draft, Faults& faults) {
  const auto lanes = top.map("lanes");
  if (!lanes) return;
  for (const Entry& entry : lanes->entries()) {
    const auto kind = parse_phrase(entry.value->text, *word_at("lanes", "*"));
    draft.lanes.push_back(
        {entry.key->text, kind ? static_cast<LaneKind>(kind->which) : LaneKind::kAll});
  }
  std::ranges::sort(draft.lanes, {}, &LaneDraft::id);
  if (draft.lanes.size() > kMaxLanes) {
    faults.add(lanes->place(), "too_large", "at most 200 lanes");
    draft.lanes.resize(kMaxLanes);
  }
}

}  // namespace

Window read_active(const Block& active, Faults& faults) {
  Window out;
  if (const auto from = active.text("from")) out.from = *parse_date(*from);
  if (const auto until = active.text("until")) out.until = *parse_date(*until);
  const Word& days = *word_at("active", "days");
  if (active.has("days")) {
    out.days = 0;
    for (const Node* node : active.values("days")) {
      out.days =
          static_cast<std::uint8_t>(out.days | (1U << parse_phrase(node->text, days)->which));
    }
  }
  for (const Node* node : active.values("hours")) out.hours.push_back(*parse_hours(node->text));
  if (out.from && out.until && *out.until < *out.from) {
    faults.add(active.place_of("until"), "empty_window", "it ends before it begins");
  } else {
    check_days(active, out, faults);
  }
  return out;
}

void read_rules(const ProgrammeReader& reader, Draft& draft) {
  constexpr std::size_t kMaxRules = 20'000;
  read_lanes(reader.top(), draft, reader.faults());
  const auto blocks = reader.top().maps("rules");
  if (blocks.size() > kMaxRules) {
    return reader.faults().add(reader.top().place_of("rules"), "too_large", "at most 20,000 rules");
  }
  RuleReader rules(draft, reader.faults());
  for (const Block& block : blocks) {
    if (auto rule = rules.read(block)) draft.rules.push_back(*std::move(rule));
  }
  std::ranges::sort(draft.rules, {},
                    [](const RuleDraft& rule) { return std::tie(rule.id, rule.place); });
  for (std::size_t i = 1; i < draft.rules.size(); ++i) {
    if (draft.rules[i].id != draft.rules[i - 1].id) continue;
    reader.faults().add(draft.rules[i].place, "repeated_name",
                        "two rules have the id " + in_quotes(draft.rules[i].id));
  }
}

}  // namespace laurel::programme
