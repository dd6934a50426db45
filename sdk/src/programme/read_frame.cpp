// The programme as a whole: currency, zone, names, exchange rates, arrivals.

#include <algorithm>

#include "base/decimal.hpp"
#include "base/fault.hpp"
#include "programme/reader.hpp"

namespace laurel::programme {
namespace {

// Beyond this the exact arithmetic of an evaluation would need more than 128 bits.
constexpr std::size_t kMaxNames = 5'000;  // departments, channels, languages
constexpr std::int64_t kMaxRatePart = std::int64_t{1} << 40;

void add_rate(const Node& node, Date from, std::string_view code, Draft& draft, Faults& faults) {
  const auto rate = Fraction::parse(node.text);
  const auto currency = Currency::of(code);
  if (!rate || *rate <= Fraction{} || !currency || !draft.currency) return;
  const auto minor = minor_unit_rate(*rate, *currency, *draft.currency);
  if (!minor || minor->numerator() > kMaxRatePart || minor->denominator() > kMaxRatePart) {
    faults.add(node.place, "out_of_range", "the exchange rate has too many digits",
               "at most eleven of them");
    return;
  }
  draft.exchange[std::string(code)].push_back({from, *rate});
}

void read_exchange(const Block& top, Draft& draft, Faults& faults) {
  const auto exchange = top.map("exchange");
  if (!exchange) return;
  for (const Entry& entry : exchange->entries()) {
    if (draft.currency && entry.key->text == draft.currency->code()) {
      faults.add(entry.key->place, "contradiction",
                 "this is the programme's own currency, whose rate is 1");
      continue;
    }
    if (entry.value->kind == Node::Kind::kScalar) {
      add_rate(*entry.value, Date::min(), entry.key->text, draft, faults);
    } else if (entry.value->kind == Node::Kind::kMap) {
      for (const Entry& dated : Block(*entry.value, "rates by date").entries()) {
        const auto from = parse_date(dated.key->text);
        if (from && dated.value->kind == Node::Kind::kScalar) {
          add_rate(*dated.value, *from, entry.key->text, draft, faults);
        }
      }
    }
  }
  for (auto& [code, rates] : draft.exchange) std::ranges::sort(rates, {}, &RateFrom::from);
}

Duration tolerance_of(Phrase phrase) {
  const Duration units[] = {Duration{0}, std::chrono::seconds(1), std::chrono::minutes(1),
                            std::chrono::hours(1)};
  return units[phrase.which] * phrase.number;
}

void read_arrivals(const Block& top, Draft& draft) {
  if (const auto late = top.phrase("max_lateness")) {
    draft.arrivals.max_lateness_days = late->number;
  }
  if (const auto late = top.phrase("late")) draft.arrivals.late = static_cast<Late>(late->which);
  const auto arrivals = top.map("arrivals");
  if (!arrivals) return;
  if (const auto late = arrivals->phrase("too_late")) {
    draft.arrivals.too_late = static_cast<Untimely>(late->which);
  }
  if (const auto future = arrivals->phrase("from_future")) {
    draft.arrivals.from_future = static_cast<Untimely>(future->which);
  }
  if (const auto tolerance = arrivals->phrase("clock_tolerance")) {
    draft.arrivals.clock_tolerance = tolerance_of(*tolerance);
  }
  if (const auto unmatched = arrivals->phrase("return_without_sale")) {
    draft.arrivals.return_without_sale = static_cast<UnmatchedReturn>(unmatched->which);
  }
  draft.arrivals.return_rate = arrivals->text("return_rate").value_or("");
}

void read_notices(const Block& top, Draft& draft) {
  const auto notices = top.map("notices");
  if (!notices) return;
  if (const auto days = notices->phrase("expiry")) draft.notices.expiry_days = days->number;
  if (const auto days = notices->phrase("tier_loss")) draft.notices.tier_loss_days = days->number;
}

// Lists that are spread over files may name a thing twice.
std::vector<std::string> names_once(const Block& top, std::string_view key, Faults& faults) {
  std::vector<std::string> names;
  for (const Node* node : top.values(key)) {
    if (std::ranges::find(names, node->text) != names.end()) {
      faults.add(node->place, "repeated_name", in_quotes(node->text) + " stands twice in one list");
    } else {
      names.push_back(node->text);
    }
    if (names.size() > kMaxNames) {
      faults.add(node->place, "too_large", "at most 5,000 names");
      break;
    }
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace

void read_frame(const ProgrammeReader& reader, Draft& draft) {
  const Block top = reader.top();
  draft.id = top.text("programme").value_or("");
  if (const auto code = top.text("currency")) {
    if (const auto currency = Currency::of(*code)) draft.currency = *currency;
  }
  if (!top.has("time_zone")) draft.zone = TimeZone::utc();
  if (const auto name = top.text("time_zone")) {
    if (const auto zone = TimeZone::load(*name)) draft.zone = *zone;
  }
  if (const auto from = top.text("effective_from"); from && draft.zone) {
    if (const auto moment = parse_moment(*from)) {
      draft.effective_from = draft.zone->instant(*moment);
    }
  }
  draft.languages = names_once(top, "languages", reader.faults());
  draft.departments = names_once(top, "departments", reader.faults());
  draft.channels = names_once(top, "channels", reader.faults());
  read_exchange(top, draft, reader.faults());
  read_arrivals(top, draft);
  read_notices(top, draft);
}

}  // namespace laurel::programme
