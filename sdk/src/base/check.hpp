#pragma once
// Assertions, in three strengths. None of them ever looks at input: bad input is an Error.
//
//   LAUREL_ASSERT   a bug; prints where and stops the process; never compiled out
//   LAUREL_CHECK    a bug that only this request needs to pay for: returns kInvariantBroken
//   LAUREL_ASSUME   a bug looked for in debug builds only, where the test costs too much

#include "laurel/error.hpp"

namespace laurel::detail {

[[noreturn]] void assertion_failed(const char* file, int line, const char* condition,
                                   const char* message);

}  // namespace laurel::detail

#define LAUREL_ASSERT(condition, message) \
  ((condition) ? void()                   \
               : ::laurel::detail::assertion_failed(__FILE__, __LINE__, #condition, message))

// For functions that return a Result.
#define LAUREL_CHECK(condition, message)                                                      \
  do {                                                                                        \
    if (!(condition)) return ::laurel::Error{::laurel::ErrorCode::kInvariantBroken, message}; \
  } while (false)

#ifdef NDEBUG
#define LAUREL_ASSUME(condition, message) void()
#else
#define LAUREL_ASSUME(condition, message) LAUREL_ASSERT(condition, message)
#endif
