#include "engine/worth.hpp"

#include <algorithm>

#include "base/try.hpp"
#include "engine/request.hpp"

namespace laurel::engine {
namespace {

Fraction inverse(const Fraction& fraction) {
  return Fraction(fraction.denominator(), fraction.numerator());
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

bool excluded(const programme::PayingExclusion& exclude, const Line& line) {
  return contains(exclude.departments, line.department) ||
         contains(exclude.categories, line.category) || contains(exclude.brands, line.brand) ||
         contains(exclude.skus, line.sku) || std::ranges::any_of(line.tags, [&](const auto& tag) {
           return contains(exclude.tags, tag);
         });
}

Points in_steps(Points points, Points step) {
  return Points(points.units() - points.units() % step.units());
}

}  // namespace

Result<PointWorth> PointWorth::of(const programme::Compiled& compiled, Currency currency,
                                  Instant at, const std::string& pointer) {
  const auto& policy = *compiled.paying;
  const bool taken = policy.currencies.empty() ||
                     std::ranges::find(policy.currencies, currency) != policy.currencies.end();
  const auto rate = compiled.exchange_rate(currency, compiled.zone.local_date(at));
  if (!taken || !rate) {
    return faulty_field(pointer, "currency_not_taken", "points are not taken for it on that day");
  }
  PointWorth worth;
  worth.currency_ = currency;
  worth.per_point_ = Fraction(policy.worth_minor, policy.points.units());
  LAUREL_TRY(worth.exchange_, minor_unit_rate(*rate, currency, compiled.currency));
  return worth;
}

Result<std::int64_t> PointWorth::minor(Points points) const {
  return (Exact(points.units()) * per_point_ * inverse(exchange_)).rounded(Rounding::kFloor);
}

Result<Points> PointWorth::at_least(std::int64_t minor, Points step) const {
  const Fraction steps(1, step.units());
  LAUREL_TRY(const auto count,
             (Exact(minor) * exchange_ * inverse(per_point_) * steps).rounded(Rounding::kCeil));
  return Points(count * step.units());
}

Result<Points> PointWorth::at_most(std::int64_t minor, Points step) const {
  const Fraction steps(1, step.units());
  LAUREL_TRY(const auto count,
             (Exact(minor) * exchange_ * inverse(per_point_) * steps).rounded(Rounding::kFloor));
  const Points most(count * step.units());
  // Fewer may be worth as much.
  LAUREL_TRY(const auto worth, this->minor(most));
  LAUREL_TRY(const auto fewest, at_least(worth, step));
  return std::min(most, fewest);
}

Result<std::int64_t> PointWorth::converted(std::int64_t programme_minor) const {
  return (Exact(programme_minor) * inverse(exchange_)).rounded(Rounding::kFloor);
}

Result<Payable> payable(const programme::PayingPolicy& policy, const PointWorth& worth,
                        std::span<const Line> lines, std::span<const std::int64_t> line_minor,
                        std::int64_t total) {
  Payable payable;
  payable.total = total;
  std::int64_t excluded_minor = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool out = excluded(policy.exclude, lines[i]);
    if (out) excluded_minor += line_minor[i];
    payable.lines.push_back(out ? 0 : line_minor[i]);
  }
  payable.at_most = std::max<std::int64_t>(0, total - excluded_minor);
  if (policy.share_max) {
    LAUREL_TRY(payable.at_most,
               (Exact(payable.at_most) * *policy.share_max).rounded(Rounding::kFloor));
  }
  if (policy.amount_max) {
    LAUREL_TRY(const auto sum, worth.converted(*policy.amount_max));
    payable.at_most = std::min(payable.at_most, sum);
  }
  return payable;
}

Result<Points> points_to_take(const programme::PayingPolicy& policy, const PointWorth& worth,
                              std::optional<Points> asked, std::optional<std::int64_t> minor_max,
                              std::optional<Points> there) {
  std::optional<Points> most = asked;
  if (minor_max) {
    LAUREL_TRY(const auto needed, worth.at_most(*minor_max, policy.step));
    most = std::min(most.value_or(needed), needed);
  }
  const bool limited_by_balance = !asked && there && (!most || *there < *most);
  if (limited_by_balance) most = there;
  // Fewer may be worth as much.
  LAUREL_TRY(const auto minor, worth.minor(in_steps(most.value_or(Points{}), policy.step)));
  LAUREL_TRY(const auto take, worth.at_least(minor, policy.step));
  if (take < policy.minimum || take == Points{}) {
    if (limited_by_balance) {
      return Error{ErrorCode::kInsufficientPoints, "fewer points are there than are taken"};
    }
    return Error{ErrorCode::kBelowMinimum, "fewer points than the programme takes at once"};
  }
  if (there && *there < take) {
    return Error{ErrorCode::kInsufficientPoints, "fewer points are available"};
  }
  return take;
}

}  // namespace laurel::engine
