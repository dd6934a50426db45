#include "laurel/money.hpp"

void give(laurel::Points points);

void give_twelve() {
#ifdef MISUSE
  give(12);
#else
  give(laurel::Points(12));
#endif
}
