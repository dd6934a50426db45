#include "engine/deeds.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/reversal.hpp"

namespace laurel::engine {
namespace {

using programme::Question;
using programme::Stretch;

bool admits(const std::vector<std::string>& wanted, const std::string& value) {
  return wanted.empty() || std::ranges::binary_search(wanted, value);
}

// What each line adds to spend, under the version and rate that the sale was valued with.
std::vector<std::int64_t> line_spend(const programme::Compiled& compiled,
                                     const Transaction& document, const ledger::Entry& holder,
                                     const Kept& kept) {
  const auto& valuation = *holder.valuation;
  Valuable valuable(document);
  auto facts =
      valuable.facts(holder.event_time, {valuation.tier, valuation.spend_before_minor}, kept);
  facts.exchange_rate = Fraction(valuation.exchange_numerator, valuation.exchange_denominator);
  const auto decision = compiled.evaluate(facts);
  std::vector<std::int64_t> spend(kept.size(), 0);
  std::size_t next = 0;  // lines of which nothing is kept are no facts
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (kept[i].quantity > Quantity{}) spend[i] = decision.line_spend_minor[next++];
  }
  return spend;
}

}  // namespace

Days days_of(const Stretch& stretch, Date day) {
  const auto whole = [&](CalendarUnit unit) {
    return Days{start_of(unit, day), end_of(unit, day)};
  };
  switch (stretch.kind) {
    case Stretch::Kind::kEver: return {Date::min(), Date::max()};
    case Stretch::Kind::kDays: return {add_days(day, 1 - stretch.length), day};
    case Stretch::Kind::kMonths: return {add_days(add_months(day, -stretch.length), 1), day};
    case Stretch::Kind::kThisDay: return {day, day};
    case Stretch::Kind::kThisWeek: return whole(CalendarUnit::kWeek);
    case Stretch::Kind::kThisMonth: return whole(CalendarUnit::kMonth);
    case Stretch::Kind::kThisQuarter: return whole(CalendarUnit::kQuarter);
    case Stretch::Kind::kThisYear: return whole(CalendarUnit::kYear);
  }
  return {day, day};
}

Result<Deed> Deed::of(const Transaction& document, const ledger::Entry& holder,
                      const programme::Compiled& compiled,
                      std::span<const ledger::Entry> documents) {
  Deed deed(document, holder.event_time);
  if (!deed.is_sale()) {
    deed.undone_ = !documents.empty();  // only a void speaks of an event
    return deed;
  }
  auto kept = kept_after(document, documents);
  LAUREL_CHECK(kept.ok(), "what was applied before can be applied again");
  deed.kept_ = *std::move(kept);
  deed.line_spend_ = line_spend(compiled, document, holder, deed.kept_);
  return deed;
}

bool Deed::concerns(const Question& question) const {
  if (!admits(question.channels, document_->channel)) return false;
  if (!admits(question.stores, document_->store)) return false;
  switch (question.of) {
    case Question::Of::kPurchases:
    case Question::Of::kSpend: return is_sale();
    case Question::Of::kEvents: return !is_sale() && admits(question.events, document_->event);
    case Question::Of::kVisits:
    case Question::Of::kDepartments: return true;
  }
  return false;
}

std::vector<Deed::Place> Deed::places(const Question& question) const {
  std::vector<Place> places;
  if (!is_sale()) {
    const bool there = admits(question.departments, document_->department);
    if (there && question.categories.empty() && !undone_)
      places.push_back({document_->department, 0});
    return places;
  }
  for (std::size_t i = 0; i < document_->lines.size(); ++i) {
    const Line& line = document_->lines[i];
    if (kept_[i].quantity == Quantity{}) continue;
    if (!admits(question.departments, line.department)) continue;
    if (!admits(question.categories, line.category)) continue;
    places.push_back({line.department, line_spend_[i]});
  }
  return places;
}

Tally::Tally(std::uint32_t index, const programme::Compiled& compiled, Instant at)
    : question_(compiled.questions[index]),
      zone_(compiled.zone),
      index_(index),
      day_(zone_.local_date(at)),
      days_(days_of(question_.within, day_)) {}

void Tally::add(const Deed& deed) {
  const Date day = zone_.local_date(deed.at());
  if (!days_.contain(day) || !deed.concerns(question_)) return;
  const auto places = deed.places(question_);
  if (places.empty()) return;
  visits_.insert(day);
  switch (question_.of) {
    case Question::Of::kPurchases:
    case Question::Of::kEvents: ++number_; break;
    case Question::Of::kSpend:
      for (const auto& place : places) number_ += place.spend_minor;
      break;
    case Question::Of::kDepartments:
      for (const auto& place : places) {
        const bool counts = place.spend_minor > 0 || !deed.is_sale();
        if (counts && !place.department.empty()) departments_.insert(place.department);
      }
      break;
    case Question::Of::kVisits: break;
  }
}

ledger::PastAnswer Tally::answer() const {
  ledger::PastAnswer answer;
  answer.question = index_;
  answer.number = number_;
  if (question_.of == Question::Of::kVisits) {
    answer.number = static_cast<std::int64_t>(visits_.size());
    answer.today = visits_.contains(day_);
  }
  if (question_.of == Question::Of::kDepartments) {
    answer.number = static_cast<std::int64_t>(departments_.size());
    answer.departments.assign(departments_.begin(), departments_.end());
  }
  return answer;
}

}  // namespace laurel::engine
