#include <gtest/gtest.h>

#include "laurel/programme.hpp"
#include "programme/compiled.hpp"

namespace laurel {
namespace {

TEST(DepartmentStore, loads_without_a_fault) {
  const auto files = read_programme_folder(LAUREL_SOURCE_DIR "/rules/department-store");
  ASSERT_TRUE(files.ok());
  const auto loaded = load_programme(*files);
  EXPECT_EQ(render(loaded.faults), "");
  ASSERT_TRUE(loaded.programme.has_value());
}

}  // namespace
}  // namespace laurel
