#include "laurel/money.hpp"

laurel::Money price(laurel::Currency pounds) {
#ifdef MISUSE
  return laurel::Money(100, "GBP");
#else
  return laurel::Money(100, pounds);
#endif
}
