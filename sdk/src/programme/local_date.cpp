#include "programme/compiled.hpp"

namespace laurel {

Date Programme::local_date(Instant instant) const { return compiled_->zone.local_date(instant); }

}  // namespace laurel
