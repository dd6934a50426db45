#pragma once
// Scenarios that must go alike on every store:
//
//   class Expiry : public EachStore {};
//   TEST_P(Expiry, …) { Shop shop(kReference, uri()); … }
//   INSTANTIATE_TEST_SUITE_P(Stores, Expiry, each_store(), store_name);

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace laurel::test {

// A folder of its own, gone at the end.
class Scratch {
 public:
  Scratch() {
    std::string pattern = std::filesystem::temp_directory_path() / "laurel-XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) std::abort();
    path_ = pattern;
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::string file() const { return path_ / "shop.db"; }
  std::string uri() const { return "sqlite:" + file(); }

 private:
  std::filesystem::path path_;
};

class EachStore : public testing::TestWithParam<const char*> {
 public:
  std::string uri() const {
    return std::string(GetParam()) == "memory" ? "memory:" : scratch_.uri();
  }

 private:
  Scratch scratch_;
};

inline auto each_store() { return testing::Values("memory", "sqlite"); }
inline std::string store_name(const testing::TestParamInfo<const char*>& info) {
  return info.param;
}

}  // namespace laurel::test
