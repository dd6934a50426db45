#include "laurel/money.hpp"

void price() {
#ifdef MISUSE
  laurel::Currency::of("GBP");
#else
  if (!laurel::Currency::of("GBP")) return;
#endif
}
