#include "programme/catalogue.hpp"

#include <algorithm>

namespace laurel::programme {

bool Window::contains(LocalTime time) const {
  if ((from && time.date < *from) || (until && time.date > *until)) return false;
  if ((days >> (weekday(time.date).iso_encoding() - 1) & 1U) == 0) return false;
  if (hours.empty()) return true;
  return std::ranges::any_of(hours, [&](const Hours& open) {
    if (open.from < open.until) return time.time >= open.from && time.time < open.until;
    return time.time >= open.from || time.time < open.until;
  });
}

std::optional<std::int64_t> Reward::cost_at(std::string_view tier) const {
  for (const auto& [level, units] : tier_costs) {
    if (level == tier) return units;
  }
  return cost;
}

const Reward* Catalogue::find(std::string_view id) const {
  const auto at = std::ranges::lower_bound(rewards, id, {}, &Reward::id);
  return at != rewards.end() && at->id == id ? &*at : nullptr;
}

std::string text_in(const Reward::Texts& texts, std::string_view language,
                    const std::vector<std::string>& languages) {
  const auto in = [&](std::string_view wanted) -> const std::string* {
    const auto at = std::ranges::find(texts, wanted, &std::pair<std::string, std::string>::first);
    return at == texts.end() ? nullptr : &at->second;
  };
  if (const auto* text = in(language)) return *text;
  if (const auto* text = in(language.substr(0, language.find('-')))) return *text;
  for (const auto& first : languages) {
    if (const auto* text = in(first)) return *text;
  }
  return texts.empty() ? std::string() : texts.front().second;
}

}  // namespace laurel::programme
