#include "laurel/error.hpp"

#include <gtest/gtest.h>

#include <set>

#include "base/check.hpp"
#include "base/fault.hpp"
#include "base/try.hpp"
#include "laurel/result.hpp"

namespace laurel {
namespace {

TEST(Errors, every_code_has_one_number_one_name_and_a_title) {
  std::set<std::string_view> names;
  for (const ErrorInfo& entry : all_errors()) {
    EXPECT_EQ(&info(entry.code), &entry);
    EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
    EXPECT_FALSE(entry.title.empty());
  }
}

TEST(Errors, keep_the_numbers_that_are_stored) {
  EXPECT_EQ(static_cast<int>(ErrorCode::kMalformed), 100);
  EXPECT_EQ(static_cast<int>(ErrorCode::kConflict), 400);
  EXPECT_EQ(static_cast<int>(ErrorCode::kDrift), 904);
}

TEST(Errors, know_their_class_and_their_travelling_name) {
  const Error error{ErrorCode::kConflict, "another amount"};
  EXPECT_EQ(error.error_class(), ErrorClass::kConflict);
  EXPECT_EQ(error.name(), "idempotency_conflict");
}

TEST(Errors, of_one_wrong_value_have_one_fault_without_a_place) {
  const Error error = invalid("unknown_currency", "XYZ is none");
  EXPECT_EQ(error.code, ErrorCode::kInvalid);
  ASSERT_EQ(error.faults.size(), 1U);
  EXPECT_EQ(error.faults[0].pointer, "");
  EXPECT_EQ(error.faults[0].code, "unknown_currency");
  EXPECT_EQ(error.faults[0].detail, "XYZ is none");
}

TEST(Errors, quote_values_without_control_characters_broken_text_or_floods) {
  EXPECT_EQ(in_quotes("Zoë"), "\"Zoë\"");
  EXPECT_EQ(in_quotes("a\nb\x1b[31m\xff"), "\"a?b?[31m?\"");
  EXPECT_EQ(in_quotes(std::string(1000, 'x')), '"' + std::string(40, 'x') + "…\"");
}

TEST(ErrorsDeathTest, an_unlisted_code_is_a_bug) {
  EXPECT_DEATH(info(static_cast<ErrorCode>(1)), "not listed");
}

TEST(Results, hold_a_value_or_an_error) {
  const Result<int> value = 7;
  const Result<int> failed = Error{ErrorCode::kBusy, "later"};
  EXPECT_TRUE(value.ok());
  EXPECT_EQ(*value, 7);
  EXPECT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, ErrorCode::kBusy);
}

TEST(ResultsDeathTest, stop_the_process_when_the_wrong_side_is_asked_for) {
  const Result<int> value = 7;
  const Result<int> failed = Error{ErrorCode::kBusy, "later"};
  const Result<void> done;
  EXPECT_DEATH(failed.value(), "busy: later");
  EXPECT_DEATH(value.error(), "has a value");
  EXPECT_DEATH(done.error(), "has a value");
}

Result<int> half(int number) {
  if (number % 2 != 0) return Error{ErrorCode::kInvalid, "odd"};
  return number / 2;
}

Result<std::string> quarter(int number) {
  LAUREL_TRY(const int once, half(number));
  LAUREL_TRY(const int twice, half(once));
  return std::to_string(twice);
}

Result<void> must_be_even(int number) {
  LAUREL_TRY_VOID(half(number));
  return {};
}

TEST(Try, goes_on_with_the_value_and_passes_the_error_on) {
  EXPECT_EQ(*quarter(12), "3");
  EXPECT_EQ(quarter(6).error().detail, "odd");
  EXPECT_TRUE(must_be_even(2).ok());
  EXPECT_EQ(must_be_even(3).error().detail, "odd");
}

Result<int> checked(bool holds) {
  LAUREL_CHECK(holds, "postings do not sum to zero");
  return 1;
}

TEST(Checks, answer_invariant_broken) {
  EXPECT_TRUE(checked(true).ok());
  EXPECT_EQ(checked(false).error().code, ErrorCode::kInvariantBroken);
}

TEST(ChecksDeathTest, a_failed_assertion_says_where_and_what) {
  EXPECT_DEATH(LAUREL_ASSERT(1 > 2, "one is small"),
               "error_test.cpp:[0-9]+: one is small \\(1 > 2\\)");
}

}  // namespace
}  // namespace laurel
