#include "laurel/money.hpp"

laurel::Quantity weight() {
#ifdef MISUSE
  return laurel::Quantity(0.35);
#else
  return laurel::Quantity(350);
#endif
}
