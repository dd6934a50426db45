// Why: the same evaluation with every rule looked at, told in words.

#include <algorithm>
#include <map>

#include "base/decimal.hpp"
#include "programme/evaluation.hpp"

namespace laurel::programme {
namespace {

class Explainer {
 public:
  Explainer(const Compiled& programme, const Facts& facts, const Workspace& work,
            const Trace& trace, const Decision& decision, const Matcher& matcher)
      : programme_(programme),
        tables_(*programme.tables),
        facts_(facts),
        work_(work),
        trace_(trace),
        decision_(decision),
        matcher_(matcher) {}

  Explanation explain() const {
    Explanation out{.programme = programme_.id,
                    .digest = programme_.digest,
                    .tier = std::string(facts_.tier),
                    .lines = bases(),
                    .reasons = {}};
    for (const LevelRow& level : tables_.levels) add_awards(level.award, out.reasons);
    for (std::uint32_t rule = 0; rule < tables_.rules.size(); ++rule) {
      const std::size_t before = out.reasons.size();
      add_awards(tables_.rule_ids[rule], out.reasons);
      for (std::size_t i = before; i < out.reasons.size(); ++i) add_room(rule, out.reasons[i]);
      add_grant(rule, out.reasons);
      add_gift(rule, out.reasons);
      add_losses(rule, out.reasons);
      if (out.reasons.size() == before) add_failure(rule, out.reasons);
    }
    return out;
  }

 private:
  int exponent() const { return facts_.currency ? facts_.currency->exponent() : 0; }

  std::string line_id(std::int32_t line) const {
    if (line < 0 || facts_.lines.empty()) return {};
    return std::string(facts_.lines[static_cast<std::size_t>(line)].id);
  }

  Reason reason_of(std::uint32_t rule) const {
    Reason reason;
    reason.rule = tables_.rule_ids[rule];
    return reason;
  }

  std::vector<Explanation::LineBase> bases() const {
    std::vector<Explanation::LineBase> lines;
    for (std::size_t i = 0; i < facts_.lines.size(); ++i) {
      lines.push_back({.line = std::string(facts_.lines[i].id),
                       .charged = scaled_text(facts_.lines[i].amount_minor, exponent()),
                       .eligible = scaled_text(work_.eligible[i], exponent()),
                       .excluded = {}});
    }
    for (const BaseNote& note : trace_.base) {
      lines[static_cast<std::size_t>(note.line)].excluded.push_back(
          "-" + scaled_text(note.minor, exponent()) + " " + note.text);
    }
    return lines;
  }

  void add_awards(std::string_view rule, std::vector<Reason>& out) const {
    for (const Award& award : decision_.awards) {
      if (award.rule != rule) continue;
      Reason reason{.rule = std::string(rule),
                    .applied = award.points != Points{},
                    .code = "applied",
                    .line = line_id(award.line),
                    .wallet = programme_.wallets[award.wallet].id,
                    .points = award.points};
      if (award.cut != Points{}) describe_cut(award, reason);
      out.push_back(std::move(reason));
    }
  }

  void describe_cut(const Award& award, Reason& reason) const {
    const Limit& limit = programme_.limits[award.cut_by];
    reason.code = reason.applied ? "partly" : code_of(limit);
    reason.condition = limit_text(limit, award.wallet);
    reason.seen = award.cut.text(programme_.wallets[award.wallet].scale) + " more than it leaves";
  }

  // What its limits left a rule that gave all it could, before it gave it.
  void add_room(std::uint32_t rule, Reason& reason) const {
    const Part limits = tables_.rules[rule].limits;
    if (!reason.condition.empty()) return;  // a limit speaks there already
    for (std::uint32_t i = limits.first; i < limits.first + limits.count; ++i) {
      const auto room = std::ranges::lower_bound(facts_.rooms, i, {}, &Room::limit);
      if (room == facts_.rooms.end() || room->limit != i) continue;
      const Limit& limit = programme_.limits[i];
      const std::size_t wallet = tables_.rules[rule].wallet;
      const bool points = limit.units != std::numeric_limits<std::int64_t>::max();
      reason.condition += (reason.condition.empty() ? "" : "; ") + limit_text(limit, wallet);
      reason.seen +=
          (reason.seen.empty() ? "" : "; ") +
          (points ? Points(room->units).text(programme_.wallets[wallet].scale) + " points"
                  : std::to_string(room->times) + " times") +
          " left";
    }
  }

  void add_gift(std::uint32_t rule, std::vector<Reason>& out) const {
    for (const Gift& gift : decision_.gifts) {
      if (gift.rule != tables_.rule_ids[rule]) continue;
      Reason reason = reason_of(rule);
      reason.applied = true;
      reason.code = "applied";
      reason.seen = "gives a voucher: " + std::string(gift.reward);
      out.push_back(std::move(reason));
    }
  }

  void add_grant(std::uint32_t rule, std::vector<Reason>& out) const {
    for (const Grant& grant : decision_.grants) {
      if (grant.rule != tables_.rule_ids[rule]) continue;
      Reason reason = reason_of(rule);
      reason.applied = true;
      reason.code = "applied";
      const auto row = static_cast<std::size_t>(tables_.rules[rule].amount);
      const std::string& why = tables_.grants[row].reason;
      reason.seen = "gives the level " + std::string(grant.level) + (why.empty() ? "" : ": " + why);
      out.push_back(std::move(reason));
    }
  }

  static std::string code_of(const Limit& limit) {
    return limit.is_budget ? "budget_exhausted" : "limit_reached";
  }

  std::string limit_text(const Limit& limit, std::size_t wallet) const {
    return text_of(limit, programme_.wallets[wallet].scale);
  }

  void add_losses(std::uint32_t rule, std::vector<Reason>& out) const {
    for (const Loser& loser : work_.losers) {
      if (loser.rule != rule) continue;
      Reason reason = reason_of(rule);
      reason.line = line_id(loser.line);
      const std::uint16_t lane = tables_.rules[rule].lane;
      if (lane == kNoLane) {
        reason.code = "lower_precedence";
        reason.seen = tables_.rule_ids[loser.winner];
      } else {
        reason.code = tables_.lanes[lane] == LaneKind::kBest ? "not_best" : "not_first";
      }
      out.push_back(std::move(reason));
    }
  }

  // It applied to no line: of the lines, the first says why.
  void add_failure(std::uint32_t rule, std::vector<Reason>& out) const {
    Reason reason = reason_of(rule);
    const auto is_its = [rule](const RuleNote& n) { return n.rule == rule; };
    auto note = std::ranges::find_if(trace_.rules, is_its);
    // A limit speaks of lines for which everything else is right.
    const auto limited = std::ranges::find_if(trace_.rules, [&](const RuleNote& n) {
      return is_its(n) && n.failure.why == Failure::Why::kLimit;
    });
    if (limited != trace_.rules.end()) note = limited;
    if (note == trace_.rules.end()) {
      reason.code = "nothing_to_give";  // no line earns, or what it gives rounds to nothing
    } else {
      describe(*note, reason);
    }
    out.push_back(std::move(reason));
  }

  void describe(const RuleNote& note, Reason& reason) const {
    reason.line = line_id(note.line);
    switch (note.failure.why) {
      case Failure::Why::kOutsideDates:
      case Failure::Why::kOutsideDays:
      case Failure::Why::kOutsideHours:
        reason.code = note.failure.why == Failure::Why::kOutsideDates  ? "outside_dates"
                      : note.failure.why == Failure::Why::kOutsideDays ? "outside_days"
                                                                       : "outside_hours";
        reason.condition = "active";
        reason.seen = to_text(programme_.zone.local_time(facts_.at));
        return;
      case Failure::Why::kStopped: reason.code = "stopped"; return;
      case Failure::Why::kLimit: {
        const Limit& limit = programme_.limits[note.failure.index];
        reason.code = code_of(limit);
        reason.condition = limit_text(limit, tables_.rules[note.rule].wallet);
        reason.seen = "nothing left";
        return;
      }
      case Failure::Why::kGroup:
        reason.condition = group_text(tables_.groups[note.failure.index]);
        break;
      case Failure::Why::kCondition: {
        const Test& test = tables_.tests[note.failure.index];
        reason.condition = tables_.sources[test.source].text;
        reason.seen = seen(test, note.line);
        break;
      }
    }
    reason.code = note.failure.truth == Truth::kMissing ? "missing_fact" : "condition_failed";
  }

  std::string group_text(const GroupRow& group) const {
    std::string text = group.kind == ConditionGroup::Kind::kAll   ? "all of ("
                       : group.kind == ConditionGroup::Kind::kAny ? "any of ("
                                                                  : "none of (";
    bool first = true;
    const auto add = [&](const std::string& part) {
      text += (first ? "" : "; ") + part;
      first = false;
    };
    for (std::uint32_t i = 0; i < group.tests.count; ++i) {
      add(tables_.sources[tables_.tests[group.tests.first + i].source].text);
    }
    for (std::uint32_t i = 0; i < group.groups.count; ++i) {
      add(group_text(tables_.groups[group.groups.first + i]));
    }
    return text + ")";
  }

  std::string seen(const Test& test, std::int32_t line) const {
    const LineFacts* facts = line >= 0 && !facts_.lines.empty()
                                 ? &facts_.lines[static_cast<std::size_t>(line)]
                                 : nullptr;
    const auto of_line = [facts](std::string_view LineFacts::*field) {
      return facts == nullptr ? std::string() : std::string(facts->*field);
    };
    switch (test.field) {
      case Field::kChannel: return std::string(facts_.channel);
      case Field::kStore: return std::string(facts_.store);
      case Field::kSource: return std::string(facts_.source);
      case Field::kCurrency:
        return facts_.currency ? std::string(facts_.currency->code()) : std::string();
      case Field::kTier: return std::string(facts_.tier);
      case Field::kEvent: return std::string(facts_.event);
      case Field::kSegment: return segments_text();
      case Field::kLanguage:
        return facts_.member == nullptr ? std::string() : facts_.member->language;
      case Field::kDay:
      case Field::kHours:
      case Field::kDate: return to_text(programme_.zone.local_time(facts_.at));
      case Field::kAge:
      case Field::kBirthday:
      case Field::kBirthMonth:
        return facts_.member == nullptr || !facts_.member->born
                   ? std::string()
                   : "born " + to_text(*facts_.member->born);
      case Field::kEnrolled:
        return facts_.member == nullptr
                   ? std::string()
                   : "enrolled " + to_text(programme_.zone.local_date(facts_.member->enrolled_at));
      case Field::kHistory:
      case Field::kNth: return counted_text(test);
      case Field::kBasket: return sum_text(work_.eligible);
      case Field::kBasketGross: return sum_text(work_.gross);
      case Field::kDepartment:
        return facts == nullptr ? std::string(facts_.department) : std::string(facts->department);
      case Field::kCategory: return of_line(&LineFacts::category);
      case Field::kBrand: return of_line(&LineFacts::brand);
      case Field::kSku: return of_line(&LineFacts::sku);
      case Field::kAssociate:
        return facts == nullptr || facts->associate.empty() ? std::string(facts_.associate)
                                                            : std::string(facts->associate);
      case Field::kTag: return tags_text(facts);
      case Field::kAttribute: return attribute_text(test, facts);
      case Field::kQuantity: return facts == nullptr ? std::string() : facts->quantity.text();
      case Field::kAmount:
        return facts == nullptr ? std::string() : scaled_text(facts->amount_minor, exponent());
    }
    return {};
  }

  std::string segments_text() const {
    std::string text;
    if (facts_.member == nullptr) return text;
    for (const std::string& segment : facts_.member->segments) {
      text += (text.empty() ? "" : ", ") + segment;
    }
    return text;
  }

  std::string counted_text(const Test& test) const {
    const auto number = matcher_.counted(test.bits);
    if (!number) return {};
    const bool money = programme_.questions[test.bits].of == Question::Of::kSpend;
    return scaled_text(*number, money ? programme_.currency.exponent() : 0);
  }

  std::string sum_text(const std::vector<std::int64_t>& amounts) const {
    std::int64_t sum = 0;
    for (const std::int64_t minor : amounts) sum += minor;
    return scaled_text(sum, exponent());
  }

  std::string tags_text(const LineFacts* facts) const {
    std::string text;
    const auto add = [&text](std::span<const std::string> tags) {
      for (const std::string& tag : tags) text += (text.empty() ? "" : ", ") + tag;
    };
    add(facts_.tags);
    if (facts != nullptr) add(facts->tags);
    return text;
  }

  std::string attribute_text(const Test& test, const LineFacts* facts) const {
    if (facts == nullptr) return {};
    for (const auto& [name, value] : facts->attributes) {
      if (name == tables_.sources[test.source].attribute) return value;
    }
    return {};
  }

  const Compiled& programme_;
  const Tables& tables_;
  const Facts& facts_;
  const Workspace& work_;
  const Trace& trace_;
  const Decision& decision_;
  const Matcher& matcher_;
};

}  // namespace

Explanation Compiled::explain(const Facts& facts) const {
  Workspace workspace;
  Trace trace;
  Decision decision;
  Evaluation evaluation(*this, facts, workspace, &trace);
  evaluation.run(decision);
  return Explainer(*this, facts, workspace, trace, decision, evaluation.matcher()).explain();
}

}  // namespace laurel::programme
