#pragma once
// Passing an Error on to the caller.
//
//   LAUREL_TRY(const Money total, sum_of(lines));   // declares `total`, or returns the Error
//   LAUREL_TRY_VOID(check(total));

#include <utility>

#include "laurel/result.hpp"

#define LAUREL_TRY_JOIN_(a, b) a##b
#define LAUREL_TRY_JOIN(a, b) LAUREL_TRY_JOIN_(a, b)

#define LAUREL_TRY_AS(result, declaration, expression) \
  auto result = (expression);                          \
  if (!result) return std::move(result).error();       \
  declaration = *std::move(result)

#define LAUREL_TRY(declaration, expression) \
  LAUREL_TRY_AS(LAUREL_TRY_JOIN(laurel_try_, __LINE__), declaration, expression)

#define LAUREL_TRY_VOID(expression)                                                              \
  do {                                                                                           \
    if (auto laurel_tried = (expression); !laurel_tried) return std::move(laurel_tried).error(); \
  } while (false)
