#include "laurel/result.hpp"

laurel::Result<void> save();

bool save_all() {
#ifdef MISUSE
  save();
  return true;
#else
  return save().ok();
#endif
}
