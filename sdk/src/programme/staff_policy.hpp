#pragma once
// What people may do by hand alone, and what of a till's deeds somebody should look at:
// `adjustments` and `guards` in the rule language.

#include <cstdint>
#include <optional>
#include <string>

#include "laurel/time.hpp"

namespace laurel::programme {

// All points are whole ones, of whichever wallet. What stands here holds where the programme says
// nothing.
struct AdjustmentPolicy {
  enum class Beyond : std::uint8_t { kSecondPerson, kRefuse };
  struct Batch {
    std::optional<std::int64_t> per_member = {};  // absent: as `at_most`
    std::int64_t total = 100'000;
    std::optional<std::int64_t> members = {};
  };

  std::int64_t at_most = 5'000;  // that one person gives or takes at once
  Beyond then = Beyond::kSecondPerson;
  std::optional<std::int64_t> per_agent = 200;        // adjustments in a local day
  std::optional<std::int64_t> points_per_agent = {};  // in a local day
  Batch batch = {};
};

struct Guard {
  enum class Of : std::uint8_t { kSales, kRedemptions, kOwnSale };
  enum class Then : std::uint8_t { kFlag, kReview, kRefuse };  // the stricter, the later

  std::string id;
  Of of = Of::kSales;
  Then then = Then::kFlag;
  // A member may have so many, counting those that share what is said here …
  std::int64_t at_most = 0;
  bool same_identifier = false, same_source = false, same_store = false, same_associate = false;
  // … within any stretch of this length, or (absent) on one local day.
  std::optional<Duration> within = {};
};

}  // namespace laurel::programme
