#include "kit.hpp"

#include "base/calendar.hpp"

namespace laurel::kit {

std::string rules(std::string_view more) {
  return "rules:\n- { id: base, rate: 1 point per 1.00, rank: 1000 }\n" + std::string(more) + "\n";
}

std::string two_tiers(std::string_view crossing) {
  return "tiers:\n  metric: spend\n  window: calendar_year\n  valid_until: end_of_year\n"
         "  crossing: " +
         std::string(crossing) +
         "\n  on_return: immediate\n"
         "  downgrade: to_qualified\n  levels:\n"
         "    - { id: silver, from: 0.00, rate: 1 point per 1.00 }\n"
         "    - { id: gold, from: 1000.00, rate: 2 points per 1.00 }\n";
}

LoadedProgramme load(std::string_view text) {
  const SourceFile file{"programme.yaml", std::string(text)};
  return load_programme({&file, 1});
}

Programme programme(std::string_view text) {
  auto loaded = load(text);
  if (!loaded.programme) {
    ADD_FAILURE() << render(loaded.faults);
    std::abort();
  }
  return *loaded.programme;
}

Programme programme(const Parts& parts) { return programme(parts.text()); }

std::string codes(const LoadedProgramme& loaded) {
  std::string text;
  for (const ProgrammeFault& fault : loaded.faults) {
    if (fault.severity == Severity::kError) text += (text.empty() ? "" : " ") + fault.code;
  }
  return text;
}

std::string places(const LoadedProgramme& loaded) {
  std::string text;
  for (const ProgrammeFault& fault : loaded.faults) {
    if (fault.severity != Severity::kError) continue;
    text += (text.empty() ? "" : "; ") + std::to_string(fault.line) + ":" +
            std::to_string(fault.column) + " " + fault.code;
  }
  return text;
}

Instant local(std::string_view text, std::string_view zone) {
  return TimeZone::load(zone)->instant(*parse_local_time(text));
}

Basket::Basket(std::string_view at, std::string_view currency) {
  facts.at = local(at);
  facts.currency = *Currency::of(currency);
}

Basket& Basket::line(std::int64_t minor, std::string_view department) {
  owned_.emplace_back();
  programme::LineFacts line;
  line.id = texts_.emplace_back(std::to_string(lines_.size()));
  line.department = department;
  line.quantity = Quantity::of(1);
  line.amount_minor = minor;
  lines_.push_back(line);
  return *this;
}

Basket& Basket::quantity(Quantity quantity) {
  lines_.back().quantity = quantity;
  return *this;
}
Basket& Basket::tax(std::int64_t minor) {
  lines_.back().tax_minor = minor;
  return *this;
}
Basket& Basket::brand(std::string_view brand) {
  lines_.back().brand = texts_.emplace_back(brand);
  return *this;
}
Basket& Basket::sku(std::string_view sku) {
  lines_.back().sku = texts_.emplace_back(sku);
  return *this;
}
Basket& Basket::tag(std::string tag) {
  owned_.back().tags.push_back(std::move(tag));
  return *this;
}
Basket& Basket::attribute(std::string name, std::string value) {
  owned_.back().attributes.emplace_back(std::move(name), std::move(value));
  return *this;
}
Basket& Basket::tender(std::string_view type, std::int64_t minor) {
  tenders_.push_back({type, minor});
  return *this;
}
Basket& Basket::tier(std::string_view tier, std::int64_t spend_before_minor) {
  facts.tier = tier;
  facts.spend_before_minor = spend_before_minor;
  return *this;
}
Basket& Basket::keep(std::string rule) {
  kept_.push_back(std::move(rule));
  return *this;
}

Basket& Basket::event(std::string_view event, std::string_view department) {
  facts.currency.reset();
  facts.event = event;
  facts.department = department;
  return *this;
}
Basket& Basket::born(std::string_view date) {
  member_.born = *parse_date(date);
  facts.member = &member_;
  return *this;
}
Basket& Basket::enrolled(std::string_view date) {
  member_.enrolled_at = local(std::string(date) + " 12:00");
  facts.member = &member_;
  return *this;
}
Basket& Basket::language(std::string language) {
  member_.language = std::move(language);
  facts.member = &member_;
  return *this;
}
Basket& Basket::segment(std::string segment) {
  member_.segments.push_back(std::move(segment));
  facts.member = &member_;
  return *this;
}
Basket& Basket::past(std::int64_t number, bool today) {
  answers_.push_back({static_cast<std::uint32_t>(answers_.size()), number, today});
  return *this;
}
Basket& Basket::past(std::vector<std::string> departments) {
  const auto number = static_cast<std::int64_t>(departments.size());
  answers_.push_back(
      {static_cast<std::uint32_t>(answers_.size()), number, false, std::move(departments)});
  return *this;
}
Basket& Basket::room(std::uint32_t limit, std::int64_t units, std::int64_t times) {
  rooms_.push_back({limit, units, times});
  return *this;
}
Basket& Basket::stop(std::string rule) {
  stopped_.push_back(std::move(rule));
  return *this;
}

const programme::Facts& Basket::operator()() {
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    lines_[i].tags = owned_[i].tags;
    lines_[i].attributes = owned_[i].attributes;
  }
  facts.lines = lines_;
  facts.tenders = tenders_;
  facts.kept_bonuses = kept_;
  facts.answers = answers_;
  facts.rooms = rooms_;
  facts.stopped = stopped_;
  return facts;
}

std::int64_t points(const programme::Decision& decision, std::uint16_t wallet) {
  std::int64_t sum = 0;
  for (const programme::Award& award : decision.awards) {
    if (award.wallet == wallet) sum += award.points.units();
  }
  return sum;
}

std::int64_t points(const Programme& programme, Basket& basket) {
  return points(programme.compiled().evaluate(basket()));
}

std::string awards(const Programme& programme, Basket& basket) {
  std::string text;
  for (const auto& award : programme.compiled().evaluate(basket()).awards) {
    text += (text.empty() ? "" : ", ") +
            (award.line < 0 ? std::string("-") : std::to_string(award.line)) + " " +
            std::string(award.rule) + " " + std::to_string(award.points.units());
  }
  return text;
}

std::string reasons(const Programme& programme, Basket& basket) {
  std::string text;
  for (const Reason& reason : programme.compiled().explain(basket()).reasons) {
    text += (text.empty() ? "" : "; ") + reason.rule + " " + reason.code;
    if (reason.applied) text += " " + std::to_string(reason.points.units());
    if (!reason.condition.empty()) text += " " + reason.condition + " (" + reason.seen + ")";
  }
  return text;
}

}  // namespace laurel::kit
