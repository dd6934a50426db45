#include <algorithm>
#include <numeric>

#include "base/check.hpp"
#include "laurel/money.hpp"

namespace laurel {
namespace {

__extension__ typedef unsigned __int128 Wide;

// The same steps over 64 bits, which are several times faster, and over 128.
template <class Integer>
void split_magnitude(Integer total, Integer weight_sum, std::span<const std::int64_t> weights,
                     std::vector<std::int64_t>& parts) {
  std::vector<Integer> remainders(weights.size());
  auto left_over = static_cast<std::uint64_t>(total);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const Integer share = total * static_cast<Integer>(weights[i]);
    const auto whole = static_cast<std::uint64_t>(share / weight_sum);
    remainders[i] = share % weight_sum;
    parts[i] = static_cast<std::int64_t>(whole);
    left_over -= whole;
  }
  if (left_over == 0) return;
  LAUREL_ASSERT(left_over < weights.size(), "less than one unit a part is left over");

  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto first = order.begin();
  const auto last = first + static_cast<std::ptrdiff_t>(left_over);
  std::nth_element(first, last, order.end(), [&remainders](std::size_t a, std::size_t b) {
    return remainders[a] != remainders[b] ? remainders[a] > remainders[b] : a < b;
  });
  std::for_each(first, last, [&parts](std::size_t i) { ++parts[i]; });
}

// Also where the magnitude is one more than the positive side holds.
std::int64_t negated(std::int64_t part) {
  return static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(part));
}

}  // namespace

std::vector<std::int64_t> split(std::int64_t total, std::span<const std::int64_t> weights) {
  std::vector<std::int64_t> parts(weights.size(), 0);
  if (total == 0) return parts;
  Wide weight_sum = 0;
  std::int64_t largest = 0;
  for (const std::int64_t weight : weights) {
    LAUREL_ASSERT(weight >= 0, "a weight is not negative");
    weight_sum += static_cast<Wide>(weight);
    largest = std::max(largest, weight);
  }
  LAUREL_ASSERT(weight_sum > 0, "something to split over");

  const std::uint64_t magnitude =
      total < 0 ? 0 - static_cast<std::uint64_t>(total) : static_cast<std::uint64_t>(total);
  const Wide largest_product = Wide{magnitude} * static_cast<Wide>(largest);
  if (largest_product <= UINT64_MAX && weight_sum <= UINT64_MAX) {
    split_magnitude<std::uint64_t>(magnitude, static_cast<std::uint64_t>(weight_sum), weights,
                                   parts);
  } else {
    split_magnitude<Wide>(magnitude, weight_sum, weights, parts);
  }
  if (total < 0) std::ranges::transform(parts, parts.begin(), negated);
  return parts;
}

}  // namespace laurel
