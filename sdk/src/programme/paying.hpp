#pragma once
// What a programme says about paying with points: `rewards: pay_with_points` in the rule language.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "laurel/money.hpp"
#include "laurel/time.hpp"
#include "money/rate.hpp"

namespace laurel::programme {

// Lines that may not be paid with points: any of these.
struct PayingExclusion {
  std::vector<std::string> tags = {}, departments = {}, categories = {}, brands = {}, skus = {};
};

struct PayingPolicy {
  // What becomes of points that a till gave while it could not ask.
  enum class Offline : std::uint8_t { kDeny, kFloorLimit, kAllowOverdraw };

  std::size_t wallet = 0;
  Points points;                 // so many …
  std::int64_t worth_minor = 0;  // … are worth this, in minor units of the programme's currency
  Points minimum;                // not below `step`
  Points step;                   // never a part of it
  std::optional<Fraction> share_max = {};       // of the basket
  std::optional<std::int64_t> amount_max = {};  // minor units of the programme's currency
  Offline offline = Offline::kDeny;
  Points floor_limit = {};
  PayingExclusion exclude = {};
  std::vector<Currency> currencies = {};  // empty: every one the programme takes
  Duration hold = std::chrono::minutes(15);
  Duration longest_hold = std::chrono::hours(24);
};

}  // namespace laurel::programme
