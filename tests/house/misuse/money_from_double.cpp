#include <cstdint>

#include "laurel/money.hpp"

laurel::Money price(laurel::Currency pounds) {
#ifdef MISUSE
  return laurel::Money(19.5, pounds);
#else
  return laurel::Money(std::int64_t{1950}, pounds);
#endif
}
