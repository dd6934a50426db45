#include "laurel/money.hpp"

laurel::Points sum(laurel::Points points, [[maybe_unused]] laurel::Money money) {
#ifdef MISUSE
  return points + money;
#else
  return points + points;
#endif
}
