#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "laurel/error.hpp"

namespace laurel {
namespace {

std::string class_name(ErrorClass error_class) {
  switch (error_class) {
    case ErrorClass::kInvalid: return "invalid";
    case ErrorClass::kUnauthorised: return "unauthorised";
    case ErrorClass::kForbidden: return "forbidden";
    case ErrorClass::kNotFound: return "not found";
    case ErrorClass::kConflict: return "conflict";
    case ErrorClass::kRefused: return "refused";
    case ErrorClass::kTooMany: return "too many";
    case ErrorClass::kBusy: return "busy";
    case ErrorClass::kBroken: return "broken";
  }
  return "";
}

std::string reference_page() {
  std::ifstream file(LAUREL_SOURCE_DIR "/docs/reference/errors.md");
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(ErrorReference, has_a_row_for_every_code_as_the_code_says_it) {
  const std::string page = reference_page();
  for (const ErrorInfo& error : all_errors()) {
    const std::string row = "\n| `" + std::string(error.name) + "` | " +
                            std::to_string(static_cast<int>(error.code)) + " | " +
                            class_name(error.error_class) + " | ";
    EXPECT_NE(page.find(row), std::string::npos) << "no row begins" << row;
    EXPECT_NE(page.find(" | " + std::string(error.title) + " | "), std::string::npos)
        << error.name << ": " << error.title;
  }
}

TEST(ErrorReference, has_the_rows_in_the_order_of_precedence_and_no_others) {
  const std::string page = reference_page();
  std::size_t place = 0;
  for (const ErrorInfo& error : all_errors()) {
    place = page.find("\n| `", place + 1);
    ASSERT_NE(place, std::string::npos);
    EXPECT_EQ(page.compare(place, error.name.size() + 4, "\n| `" + std::string(error.name)), 0)
        << error.name << " is not where it belongs";
  }
  EXPECT_EQ(page.find("\n| `", place + 1), std::string::npos);
}

}  // namespace
}  // namespace laurel
