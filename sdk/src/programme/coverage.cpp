// Which rules no case of the programme makes apply. Each sale and event of a case is valued at
// every level, as what level the member has by then is the engine's to know.

#include <algorithm>
#include <set>

#include "programme/compiler.hpp"
#include "programme/workspace.hpp"

namespace laurel::programme {
namespace {

std::int64_t minor_of(const std::string& amount, Currency currency) {
  const auto money = Money::parse(amount, currency);
  return money && money->minor() >= 0 && money->minor() <= kMaxMinorUnits ? money->minor() : 0;
}

bool asks_past(const ConditionGroup& group) {
  const auto asks = [](const Condition& condition) {
    return condition.field == Field::kHistory || condition.field == Field::kNth;
  };
  return std::ranges::any_of(group.conditions, asks) ||
         std::ranges::any_of(group.groups, asks_past);
}

// Facts of a transaction that has not been checked; they view it.
class CaseFacts {
 public:
  explicit CaseFacts(const Transaction& transaction) {
    facts.at = *transaction.at;
    facts.source = transaction.key.source;
    facts.store = transaction.store;
    facts.channel = transaction.channel;
    facts.associate = transaction.associate;
    facts.event = transaction.event;
    facts.department = transaction.department;
    facts.tags = transaction.tags;
    const auto currency = Currency::of(transaction.currency);
    if (!currency) return;
    facts.currency = *currency;
    for (const Line& line : transaction.lines) add(line, *currency);
    for (const Tender& tender : transaction.tenders) {
      tenders_.push_back({tender.type, minor_of(tender.amount, *currency)});
    }
    facts.lines = lines_;
    facts.tenders = tenders_;
  }
  CaseFacts(const CaseFacts&) = delete;
  CaseFacts& operator=(const CaseFacts&) = delete;

  // What the engine would refuse is not valued here either.
  bool can_be_valued() const { return total_minor_ <= kMaxMinorUnits; }

  Facts facts;

 private:
  void add(const Line& line, Currency currency) {
    LineFacts& out = lines_.emplace_back();
    out.id = line.id;
    out.sku = line.sku;
    out.department = line.department;
    out.category = line.category;
    out.brand = line.brand;
    out.associate = line.associate;
    out.quantity = line.quantity;
    out.amount_minor = minor_of(line.amount, currency);
    if (total_minor_ <= kMaxMinorUnits) total_minor_ += out.amount_minor;
    out.tax_minor = minor_of(line.tax, currency);
    out.tags = line.tags;
    out.attributes = line.attributes;
  }

  std::int64_t total_minor_ = 0;
  std::vector<LineFacts> lines_;
  std::vector<TenderFacts> tenders_;
};

}  // namespace

void check_coverage(const Compiled& programme, const Draft& draft, Faults& faults) {
  std::set<std::string_view> covered;
  Workspace workspace;
  Decision decision;
  std::set<std::string_view> asking;
  for (const RuleDraft& rule : draft.rules) {
    if (asks_past(rule.when)) asking.insert(rule.id);
  }
  std::vector<std::string_view> levels{""};
  for (const TierLevel& level : programme.tiers.levels) levels.push_back(level.id);
  for (const Case& one : programme.cases) {
    for (const CaseStep& step : one.steps) {
      if (!step.post || step.post->original) continue;
      CaseFacts facts(*step.post);
      MemberFacts member = one.given_member;
      member.enrolled_at = one.given_enrolled.value_or(one.steps.front().at);
      facts.facts.member = &member;
      if (!facts.can_be_valued()) continue;
      for (const std::string_view level : levels) {
        facts.facts.tier = level;
        programme.evaluate(facts.facts, workspace, decision);
        for (const Award& award : decision.awards) covered.insert(award.rule);
        for (const Grant& grant : decision.grants) covered.insert(grant.rule);
        for (const Gift& gift : decision.gifts) covered.insert(gift.rule);
        if (programme.questions.empty()) continue;
        // What the member has done by then is the engine's to know too.
        for (const std::string_view rule : programme.possible_rules(facts.facts)) {
          if (asking.contains(rule)) covered.insert(rule);
        }
      }
    }
  }
  for (const RuleDraft& rule : draft.rules) {
    if (covered.contains(rule.id)) continue;
    faults.add(rule.place, "no_case", "no case makes the rule " + rule.id + " apply",
               "add one under `cases` that shows what it gives");
  }
}

}  // namespace laurel::programme
