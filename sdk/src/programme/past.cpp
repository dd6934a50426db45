#include "programme/past.hpp"

#include "laurel/money.hpp"

namespace laurel::programme {
namespace {

std::string text_of(const Stretch& stretch) {
  const auto counted = [&](const char* unit) {
    return std::to_string(stretch.length) + " " + unit + (stretch.length == 1 ? "" : "s");
  };
  switch (stretch.kind) {
    case Stretch::Kind::kEver: return "ever";
    case Stretch::Kind::kDays: return counted("day");
    case Stretch::Kind::kMonths: return counted("month");
    case Stretch::Kind::kThisDay: return "day";
    case Stretch::Kind::kThisWeek: return "week";
    case Stretch::Kind::kThisMonth: return "month";
    case Stretch::Kind::kThisQuarter: return "quarter";
    case Stretch::Kind::kThisYear: return "year";
  }
  return {};
}

}  // namespace

std::string text_of(const Limit& limit, int scale) {
  constexpr std::int64_t kNoEnd = std::numeric_limits<std::int64_t>::max();
  std::string text = limit.is_budget ? "budget:" : "limit:";
  if (limit.units != kNoEnd) text += " " + Points(limit.units).text(scale) + " points";
  if (limit.times != kNoEnd) text += " " + std::to_string(limit.times) + " times";
  if (!limit.is_budget) text += limit.per_member ? " per member" : " for all";
  return text + ", " + text_of(limit.every);
}

}  // namespace laurel::programme
