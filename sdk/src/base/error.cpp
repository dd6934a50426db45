#include "laurel/error.hpp"

#include <algorithm>
#include <array>

#include "base/check.hpp"

namespace laurel {
namespace {

constexpr std::array kErrors = {
#define LAUREL_ENTRY(id, number, cls, name, text) \
  ErrorInfo{ErrorCode::id, ErrorClass::cls, name, text},
    LAUREL_ERROR_CODES(LAUREL_ENTRY)
#undef LAUREL_ENTRY
};

static_assert(std::ranges::is_sorted(kErrors, std::ranges::less_equal{}, &ErrorInfo::code) ||
                  kErrors.size() < 2,
              "numbers rise, so that the order of the list is the order of precedence");

}  // namespace

std::span<const ErrorInfo> all_errors() { return kErrors; }

const ErrorInfo& info(ErrorCode code) {
  const auto* found = std::ranges::lower_bound(kErrors, code, {}, &ErrorInfo::code);
  LAUREL_ASSERT(found != kErrors.end() && found->code == code, "an error code that is not listed");
  return *found;
}

}  // namespace laurel
