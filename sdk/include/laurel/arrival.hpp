#pragma once
// What a programme does with what comes late, early or without its sale, and what it tells before
// it happens; as plain data, after loading. Included by policy.hpp.

#include <cstdint>
#include <string>

#include "laurel/time.hpp"

namespace laurel {

// What is done with a transaction that comes too late, or from the future.
enum class Untimely : std::uint8_t { kReview, kValue };
// What becomes of later sales when something earlier is learnt of.
enum class Late : std::uint8_t { kRateAgain, kAsIs };
enum class UnmatchedReturn : std::uint8_t {
  kKeep,
  kRefuse,
  kAtValue,  // takes points from the member it names, by `return_rate`
};

struct ArrivalPolicy {
  int max_lateness_days = 0;                 // 0: no limit
  Untimely too_late = Untimely::kReview;     // kValue: at the rules of its own time all the same
  Untimely from_future = Untimely::kReview;  // kValue: as of the moment it was received
  Late late = Late::kRateAgain;
  Duration clock_tolerance = std::chrono::minutes(5);
  UnmatchedReturn return_without_sale = UnmatchedReturn::kKeep;
  std::string return_rate = {};  // "1 point per 1.00", of the programme's first wallet
};

// How many days before something happens by itself those who read the events are told; 0: never.
struct NoticePolicy {
  int expiry_days = 0;
  int tier_loss_days = 0;
};

}  // namespace laurel
