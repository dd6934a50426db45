#include "programme/compiler.hpp"

namespace laurel::programme {

void analyse(const Draft&, Faults&) {}

}  // namespace laurel::programme
