// Every programme that is shipped loads without a fault, and its own cases pass.

#include <gtest/gtest.h>

#include "laurel/engine.hpp"

namespace laurel {
namespace {

class ShippedProgramme : public testing::TestWithParam<const char*> {};

TEST_P(ShippedProgramme, passes_its_own_cases) {
  const auto files = read_programme_folder(std::string(LAUREL_SOURCE_DIR "/rules/") + GetParam());
  ASSERT_TRUE(files.ok());
  const auto loaded = load_programme(*files);
  EXPECT_EQ(render(loaded.faults), "");
  ASSERT_TRUE(loaded.programme.has_value());
  EXPECT_GT(loaded.programme->case_count(), 0U);
  for (const CaseOutcome& outcome : check_cases(*loaded.programme)) {
    for (const std::string& difference : outcome.differences) {
      ADD_FAILURE() << outcome.file << ":" << outcome.line << ": " << outcome.name << ": "
                    << difference;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Rules, ShippedProgramme,
                         testing::Values("department-store", "online-retail", "complete-journey"));

}  // namespace
}  // namespace laurel
