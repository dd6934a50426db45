#include "programme/evaluation.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

#include "base/check.hpp"

namespace laurel::programme {

Evaluation::Evaluation(const Compiled& programme, const Facts& facts, Workspace& workspace,
                       Trace* trace)
    : programme_(programme),
      tables_(*programme.tables),
      facts_(facts),
      work_(workspace),
      trace_(trace) {}

void Evaluation::look(Decision& decision) {
  decision.awards.clear();
  decision.uses.clear();
  decision.grants.clear();
  decision.gifts.clear();
  decision.spend_minor = 0;
  decision.line_spend_minor.assign(facts_.lines.size(), 0);
  earns_ = find_exchange(decision);
  matcher_.emplace(programme_, facts_, factor_, asking_, work_);
  find_eligible();
  count_spend(decision);
  matcher_->intern(eligible_minor_, gross_minor_, decision.line_spend_minor);
  work_.losers.clear();
  work_.rooms.clear();
  find_stopped();
  find_matches();
}

void Evaluation::run(Decision& decision) {
  look(decision);
  plan_crossing(decision);
  for (std::size_t wallet = 0; wallet < tables_.wallets.size(); ++wallet) {
    earn_wallet(wallet);
    round_wallet(wallet, decision);
  }
  if (!tables_.grants.empty()) add_grants(decision);
  if (!tables_.gifts.empty()) add_gifts(decision);
  if (decision.uses.size() > 1) std::ranges::sort(decision.uses, {}, &Use::counter);
}

void Evaluation::ask(Decision& decision) {
  asking_ = true;
  look(decision);
}

void Evaluation::add_possible(std::vector<std::uint32_t>& rules) const {
  rules.insert(rules.end(), work_.bonus_rules.begin(), work_.bonus_rules.end());
  for (const Match& match : work_.matches) rules.push_back(match.rule);
  std::ranges::sort(rules);
  rules.erase(std::unique(rules.begin(), rules.end()), rules.end());
}

Needs Evaluation::needs() const {
  Needs needs;
  std::vector<std::uint32_t> rules;
  add_possible(rules);
  const auto add_limits = [&needs](Part limits) {
    for (std::uint32_t i = 0; i < limits.count; ++i) needs.limits.push_back(limits.first + i);
  };
  for (const std::uint32_t rule : rules) {
    const Part questions = tables_.rules[rule].questions;
    const auto first = tables_.rule_questions.begin() + questions.first;
    needs.questions.insert(needs.questions.end(), first, first + questions.count);
    add_limits(tables_.rules[rule].limits);
  }
  for (const WalletRow& wallet : tables_.wallets) add_limits(wallet.limits);
  for (auto* list : {&needs.questions, &needs.limits}) {
    std::ranges::sort(*list);
    list->erase(std::unique(list->begin(), list->end()), list->end());
  }
  return needs;
}

// ---- What counts

// A currency that the programme does not take earns nothing; the engine refuses it before.
bool Evaluation::find_exchange(Decision& decision) {
  factor_ = Fraction(1);
  decision.exchange_rate = Fraction(1);
  if (!facts_.currency || *facts_.currency == programme_.currency) return true;
  if (facts_.exchange_rate) {
    const auto factor =
        minor_unit_rate(*facts_.exchange_rate, *facts_.currency, programme_.currency);
    LAUREL_ASSERT(factor.ok(), "a stored exchange rate is one that a programme had");
    decision.exchange_rate = *facts_.exchange_rate;
    factor_ = *factor;
    return true;
  }
  for (const ExchangeRow& row : tables_.exchange) {
    if (row.currency != *facts_.currency) continue;
    const auto after = std::ranges::upper_bound(row.rates, facts_.at, {}, &ExchangeRow::From::from);
    if (after == row.rates.begin()) return false;
    decision.exchange_rate = std::prev(after)->rate;
    factor_ = std::prev(after)->factor;
    return true;
  }
  return false;
}

void Evaluation::find_eligible() {
  const std::size_t lines = facts_.lines.size();
  work_.eligible.assign(lines, 0);
  work_.gross.assign(lines, 0);
  work_.takes_part.assign(std::max<std::size_t>(lines, 1), 1);
  std::int64_t charged = 0;
  for (std::size_t i = 0; i < lines; ++i) {
    const LineFacts& line = facts_.lines[i];
    const auto index = static_cast<std::int32_t>(i);
    charged += line.amount_minor;
    matcher_->intern_line(index);
    const Test* excluding = matcher_->excluding_test(index);
    work_.takes_part[i] = earns_ && excluding == nullptr && line.quantity > Quantity{} ? 1 : 0;
    if (excluding != nullptr && trace_ != nullptr) {
      trace_->base.push_back({index, line.amount_minor, matcher_->exclusion(*excluding, index)});
    }
    if (work_.takes_part[i] == 0) continue;
    work_.gross[i] = line.amount_minor;
    take_off_tax(i);
    work_.eligible[i] = work_.gross[i];
  }
  LAUREL_ASSERT(charged <= kMaxMinorUnits, "the engine checks what a transaction may amount to");
  if (lines == 0) matcher_->intern_line(0);
  take_off_tenders();
  eligible_minor_ = std::accumulate(work_.eligible.begin(), work_.eligible.end(), std::int64_t{0});
  gross_minor_ = std::accumulate(work_.gross.begin(), work_.gross.end(), std::int64_t{0});
}

void Evaluation::take_off_tax(std::size_t line) {
  if (tables_.eligible != EligibleAmount::kBeforeTax) return;
  const std::int64_t tax = std::min(facts_.lines[line].tax_minor, work_.gross[line]);
  work_.gross[line] -= tax;
  if (trace_ != nullptr && tax > 0) {
    trace_->base.push_back({static_cast<std::int32_t>(line), tax, "tax"});
  }
}

std::int64_t Evaluation::paid_without_earning() const {
  if (tables_.tenders_that_do_not_earn.empty()) return 0;
  std::int64_t paid = 0;
  std::int64_t charged = 0;
  for (const TenderFacts& tender : facts_.tenders) {
    const auto& types = tables_.tenders_that_do_not_earn;
    if (std::ranges::find(types, tender.type) == types.end()) continue;
    paid = std::min(paid + tender.amount_minor, kMaxMinorUnits);
  }
  for (const LineFacts& line : facts_.lines) charged += line.amount_minor;
  return std::min(paid, charged);
}

// Each line was paid for in proportion, tax and all.
void Evaluation::take_off_tenders() {
  const std::int64_t paid = paid_without_earning();
  if (paid == 0 || tables_.earn_on == EarnOn::kGross) return;
  const bool none = tables_.earn_on == EarnOn::kNoneIfRedeemed;
  work_.weights.clear();
  for (const LineFacts& line : facts_.lines) work_.weights.push_back(line.amount_minor);
  const auto parts = split(paid, work_.weights);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (work_.takes_part[i] == 0) continue;
    if (none) work_.takes_part[i] = 0;
    const std::int64_t charged = facts_.lines[i].amount_minor;
    const std::int64_t off =
        none || charged == 0 ? work_.eligible[i]
                             : static_cast<std::int64_t>(round(Int128{parts[i]} * work_.gross[i],
                                                               charged, Rounding::kHalfEven));
    work_.eligible[i] -= off;
    if (trace_ != nullptr && off > 0) {
      trace_->base.push_back(
          {static_cast<std::int32_t>(i), off, "paid with a tender that does not earn"});
    }
  }
}

void Evaluation::count_spend(Decision& decision) const {
  if (eligible_minor_ == 0) return;
  if (factor_ == Fraction(1)) {
    decision.spend_minor = eligible_minor_;
    decision.line_spend_minor = work_.eligible;
    return;
  }
  const Int128 exact = Int128{eligible_minor_} * factor_.numerator();
  decision.spend_minor =
      static_cast<std::int64_t>(round(exact, factor_.denominator(), Rounding::kHalfEven));
  decision.line_spend_minor = split(decision.spend_minor, work_.eligible);
}

// ---- What matches

void Evaluation::find_stopped() {
  work_.stopped.clear();
  for (const std::string& id : facts_.stopped) {
    const auto found = std::ranges::lower_bound(tables_.rule_ids, id);
    if (found == tables_.rule_ids.end() || *found != id) continue;
    work_.stopped.push_back(static_cast<std::uint32_t>(found - tables_.rule_ids.begin()));
  }
}

bool Evaluation::is_stopped(std::uint32_t rule) const {
  return !work_.stopped.empty() && std::ranges::find(work_.stopped, rule) != work_.stopped.end();
}

void Evaluation::open_rule(std::uint32_t rule) {
  auto failure = matcher_->transaction_failure(tables_.rules[rule]);
  if (is_stopped(rule)) failure = Failure{.why = Failure::Why::kStopped};
  if (!failure) {
    work_.open_rules.push_back(rule);
  } else if (trace_ != nullptr) {
    trace_->rules.push_back({rule, kWholeTransaction, *failure});
  }
}

void Evaluation::try_rule(std::uint32_t rule, std::int32_t line) {
  const RuleRow& row = tables_.rules[rule];
  if (const auto failure = matcher_->line_failure(row, line)) {
    if (trace_ != nullptr) trace_->rules.push_back({rule, line, *failure});
    return;
  }
  if (row.limits.count > 0 && !make_room(rule, line)) return;
  const bool once =
      row.effect == RuleDraft::Effect::kGrant || row.effect == RuleDraft::Effect::kVoucher ||
      (row.effect == RuleDraft::Effect::kBonus && row.per == Bonus::Per::kTransaction);
  if (once) {
    work_.bonus_rules.push_back(rule);
  } else if (!facts_.lines.empty()) {
    work_.matches.push_back({rule, line});
  }
}

void Evaluation::try_line(std::int32_t line) {
  for (const std::uint32_t rule : work_.open_rules) try_rule(rule, line);
  if (trace_ != nullptr) return;  // all rules are open then
  const auto try_posted = [&](const Postings& postings, ValueId value) {
    if (value + 1 >= postings.first.size()) return;
    for (std::uint32_t i = postings.first[value]; i < postings.first[value + 1]; ++i) {
      const std::uint32_t rule = postings.rules[i];
      if (is_stopped(rule) || matcher_->transaction_failure(tables_.rules[rule])) continue;
      try_rule(rule, line);
    }
  };
  const std::size_t slots = tables_.line_slots.size();
  const ValueId* row = work_.line_values.data() + static_cast<std::size_t>(line) * slots;
  for (std::size_t i = 0; i < slots; ++i) try_posted(tables_.line_postings[i], row[i]);
  if (tables_.tag_postings.first.empty()) return;
  const std::size_t words = work_.tag_bits.size() / work_.takes_part.size();
  for (std::size_t i = 0; i < words; ++i) {
    for (std::uint64_t word = work_.tag_bits[static_cast<std::size_t>(line) * words + i]; word != 0;
         word &= word - 1) {
      constexpr std::size_t kBitsPerWord = 64;
      try_posted(tables_.tag_postings,
                 static_cast<ValueId>(i * kBitsPerWord +
                                      static_cast<std::size_t>(std::countr_zero(word))));
    }
  }
}

void Evaluation::find_matches() {
  work_.open_rules.clear();
  work_.matches.clear();
  work_.first_match.clear();
  work_.bonus_rules.clear();
  if (trace_ != nullptr) {
    for (std::uint32_t rule = 0; rule < tables_.rules.size(); ++rule) open_rule(rule);
  } else {
    for (const std::uint32_t rule : tables_.unkeyed) open_rule(rule);
    for (std::size_t i = 0; i < tables_.transaction_postings.size(); ++i) {
      const Postings& postings = tables_.transaction_postings[i];
      const ValueId value = work_.transaction_values[i];
      if (value + 1 >= postings.first.size()) continue;
      for (std::uint32_t j = postings.first[value]; j < postings.first[value + 1]; ++j) {
        open_rule(postings.rules[j]);
      }
    }
  }
  for (std::size_t i = 0; i < work_.takes_part.size(); ++i) {
    const auto first = work_.matches.size();
    work_.first_match.push_back(static_cast<std::uint32_t>(first));
    if (work_.takes_part[i] != 0 && earns_) try_line(static_cast<std::int32_t>(i));
    std::sort(work_.matches.begin() + static_cast<std::ptrdiff_t>(first), work_.matches.end(),
              [](const Match& a, const Match& b) { return a.rule < b.rule; });
  }
  work_.first_match.push_back(static_cast<std::uint32_t>(work_.matches.size()));
  keep_bonuses();
  std::ranges::sort(work_.bonus_rules);
  work_.bonus_rules.erase(std::unique(work_.bonus_rules.begin(), work_.bonus_rules.end()),
                          work_.bonus_rules.end());
}

// What is kept of a sale keeps its bonuses, as long as anything is kept.
void Evaluation::keep_bonuses() {
  if (facts_.kept_bonuses.empty()) return;
  bool anything = false;
  for (std::size_t i = 0; i < facts_.lines.size(); ++i) {
    anything = anything || (work_.takes_part[i] != 0 && facts_.lines[i].amount_minor > 0);
  }
  if (!anything) return;
  for (const std::string& id : facts_.kept_bonuses) {
    const auto found = std::ranges::lower_bound(tables_.rule_ids, id);
    if (found == tables_.rule_ids.end() || *found != id) continue;
    const auto rule = static_cast<std::uint32_t>(found - tables_.rule_ids.begin());
    const RuleRow& row = tables_.rules[rule];
    if (!row.keep_bonus || (row.limits.count > 0 && !make_room(rule, kWholeTransaction))) continue;
    work_.bonus_rules.push_back(rule);
  }
}

}  // namespace laurel::programme
