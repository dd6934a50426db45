#include <cstdint>

#include "laurel/money.hpp"

laurel::Points points() {
#ifdef MISUSE
  return laurel::Points(12.0);
#else
  return laurel::Points(std::int64_t{12});
#endif
}
