#pragma once
// What points are worth as money off, and how many of them a basket takes.

#include <span>

#include "engine/session.hpp"
#include "laurel/redemption.hpp"

namespace laurel::engine {

// The worth of points in one currency on one day.
class PointWorth {
 public:
  // kInvalid at `pointer`: the programme does not take the currency, or not for points.
  static Result<PointWorth> of(const programme::Compiled& compiled, Currency currency, Instant at,
                               const std::string& pointer);

  Currency currency() const { return currency_; }
  // Whole minor units; parts of one are dropped. kOutOfRange.
  Result<std::int64_t> minor(Points points) const;
  // The fewest points in whole steps that are worth at least that; the most that are worth no more.
  Result<Points> at_least(std::int64_t minor, Points step) const;
  Result<Points> at_most(std::int64_t minor, Points step) const;
  // An amount of the programme's currency in this one.
  Result<std::int64_t> converted(std::int64_t programme_minor) const;

 private:
  Currency currency_;
  Fraction per_point_;  // programme minor units for one unit of the wallet
  Fraction exchange_;   // programme minor units for one of `currency_`
};

// Of a basket, in minor units: all of it, and what may be paid with points.
struct Payable {
  std::int64_t total = 0;
  std::vector<std::int64_t> lines = {};  // 0 where a line is excluded
  std::int64_t at_most = 0;
};
Result<Payable> payable(const programme::PayingPolicy& policy, const PointWorth& worth,
                        std::span<const Line> lines, std::span<const std::int64_t> line_minor,
                        std::int64_t total);

// How many points a redemption takes. `asked`: at most so many; `there`: so many are available, or
// absent where that does not matter. kBelowMinimum, kInsufficientPoints.
Result<Points> points_to_take(const programme::PayingPolicy& policy, const PointWorth& worth,
                              std::optional<Points> asked, std::optional<std::int64_t> minor_max,
                              std::optional<Points> there);

}  // namespace laurel::engine
