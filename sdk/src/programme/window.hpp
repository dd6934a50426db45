#pragma once
// When something holds, by the local calendar and clock of the programme.

#include <cstdint>
#include <optional>
#include <vector>

#include "programme/values.hpp"

namespace laurel::programme {

inline constexpr std::uint8_t kEveryDay = 0x7F;  // bit 0 is Monday

struct Window {
  std::optional<Date> from = {}, until = {};  // local days, both included
  std::uint8_t days = kEveryDay;
  std::vector<Hours> hours = {};  // empty: all day

  bool contains(LocalTime time) const;
};

}  // namespace laurel::programme
