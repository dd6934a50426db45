// Uses a little of every public header that stands on its own, so that a missing header, symbol or
// library shows at build time, and a wrong one at run time.
#include <iostream>

#include "laurel/error.hpp"
#include "laurel/ids.hpp"
#include "laurel/money.hpp"
#include "laurel/time.hpp"

int main() {
  const auto pounds = laurel::Currency::of("GBP");
  if (!pounds) return 1;
  const auto price = laurel::Money::parse("1950.00", *pounds);
  const auto bought_at = laurel::parse_instant("2026-11-21T10:15:00+01:00");
  if (!price || !bought_at) return 1;
  if (laurel::Money::parse("12.345", *pounds)) return 1;

  std::cout << price->text() << " GBP at " << laurel::to_text(*bought_at) << '\n';
  std::cout << laurel::info(laurel::ErrorCode::kInvalid).name << '\n';
  return 0;
}
