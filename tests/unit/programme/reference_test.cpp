// The reference page and the schema are written from the language's table. To write them anew:
//   LAUREL_WRITE_REFERENCE=1 build/tests/unit_programme --gtest_filter='Reference.*'

#include "programme/reference.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "programme/faults.hpp"
#include "programme/language.hpp"

namespace laurel::programme {
namespace {

void expect_file(const std::string& path, const std::string& text) {
  const std::string full = LAUREL_SOURCE_DIR "/" + path;
  if (std::getenv("LAUREL_WRITE_REFERENCE") != nullptr) std::ofstream(full) << text;
  std::ifstream stream(full);
  std::ostringstream on_disk;
  on_disk << stream.rdbuf();
  EXPECT_TRUE(on_disk.str() == text) << path << " does not follow from the table of words";
}

TEST(Reference, page_follows_from_the_table) {
  expect_file("docs/reference/rules.md", reference_page());
}

TEST(Reference, schema_follows_from_the_table) {
  expect_file("rules/schema/programme.schema.json", json_schema());
}

TEST(Reference, every_word_and_every_fault_is_in_the_page) {
  const std::string page = reference_page();
  for (const Word& word : all_words()) {
    if (word.key == "*") continue;
    EXPECT_NE(page.find("`" + std::string(word.key) + "`"), std::string::npos) << word.key;
  }
  for (const FaultInfo& fault : all_faults()) {
    EXPECT_NE(page.find("`" + std::string(fault.code) + "`"), std::string::npos) << fault.code;
  }
}

}  // namespace
}  // namespace laurel::programme
