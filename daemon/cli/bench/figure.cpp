#include "cli/bench/figure.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "cli/terminal.hpp"
#include "json/writer.hpp"

namespace laurel::daemon::cli::bench {

namespace {

std::string decimals(double value, int digits) {
  char text[64];
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, digits);
  return {text, end.ptr};
}

std::string number_text(double value) {
  if (value >= 1000) return grouped(std::llround(value));
  return decimals(value, value >= 100 ? 0 : (value >= 10 ? 1 : 3));
}

std::string goal_text(const Figure& figure) {
  switch (figure.goal) {
    case Goal::kNone: return "";
    case Goal::kShareAtLeast:
      return figure.limit > 0 ? "at least " + decimals(figure.wanted, 2) : "";
    case Goal::kAtMost: return "at most " + number_text(figure.wanted) + " " + figure.unit;
    case Goal::kAtLeast: return "at least " + number_text(figure.wanted) + " " + figure.unit;
  }
  return "";
}

std::string_view name_of(Goal goal) {
  switch (goal) {
    case Goal::kNone: return "none";
    case Goal::kShareAtLeast: return "share_at_least";
    case Goal::kAtMost: return "at_most";
    case Goal::kAtLeast: return "at_least";
  }
  return "none";
}

std::vector<std::string> row_of(const Figure& figure, bool colour) {
  std::string limit, share;
  if (figure.limit > 0) {
    limit = number_text(figure.limit) + " " + figure.limit_what;
    share = decimals(figure.share(), 2);
  }
  const std::string goal = goal_text(figure);
  const Style style = figure.met() ? Style::kGood : Style::kBad;
  return {figure.what, number_text(figure.value) + " " + figure.unit, limit, share,
          goal.empty() ? "" : painted(goal + (figure.met() ? "" : "  MISSED"), style, colour)};
}

}  // namespace

bool Figure::met() const {
  switch (goal) {
    case Goal::kNone: return true;
    case Goal::kShareAtLeast: return limit <= 0 || share() >= wanted;
    case Goal::kAtMost: return value <= wanted;
    case Goal::kAtLeast: return value >= wanted;
  }
  return true;
}

std::string to_text(const std::vector<Figure>& figures, bool colour) {
  std::vector<std::vector<std::string>> rows = {{"", "measured", "limit", "share", "goal"}};
  for (const Figure& figure : figures) rows.push_back(row_of(figure, colour));
  return table(rows, "lrlrl");
}

std::string to_json(const std::vector<Figure>& figures, bool quick) {
  std::string text;
  json::Writer json(text);
  json.begin_object().field("quick", quick).field_array("figures");
  for (const Figure& figure : figures) {
    json.begin_object()
        .field("name", figure.name)
        .field("what", figure.what)
        .field_raw("value", decimals(figure.value, 3))
        .field("unit", figure.unit);
    if (figure.limit > 0) {
      json.field("limit", figure.limit_what)
          .field_raw("limit_value", decimals(figure.limit, 3))
          .field_raw("share", decimals(figure.share(), 3));
    }
    json.field("goal", name_of(figure.goal)).field_raw("wanted", decimals(figure.wanted, 3));
    json.field("met", figure.met()).end_object();
  }
  json.end_array().end_object();
  return text + "\n";
}

double quantile(std::vector<double>& values, double share) {
  if (values.empty()) return 0;
  const double last = static_cast<double>(values.size() - 1);
  const auto place = static_cast<std::ptrdiff_t>(std::llround(last * share));
  std::nth_element(values.begin(), values.begin() + place, values.end());
  return values[static_cast<std::size_t>(place)];
}

}  // namespace laurel::daemon::cli::bench
