// Every programme that is shipped loads without a fault, and its own cases pass.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "laurel/engine.hpp"

namespace laurel {
namespace {

class ShippedProgramme : public testing::TestWithParam<std::string> {};

std::vector<std::string> shipped() {
  std::vector<std::string> names;
  for (const auto& folder : std::filesystem::directory_iterator(LAUREL_SOURCE_DIR "/rules")) {
    const std::string name = folder.path().filename().string();
    if (name != "schema") names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

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

INSTANTIATE_TEST_SUITE_P(Rules, ShippedProgramme, testing::ValuesIn(shipped()),
                         [](const auto& one) {
                           std::string name = one.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace laurel
