#pragma once
// Scenarios that must go alike on every store:
//
//   class Expiry : public EachStore {};
//   TEST_P(Expiry, …) { Shop shop(kReference, uri()); … }
//   INSTANTIATE_TEST_SUITE_P(Stores, Expiry, each_store(), store_name);

#include <gtest/gtest.h>

#include <string>

#include "store_fixture.hpp"

namespace laurel::test {

class EachStore : public testing::TestWithParam<const char*> {
 public:
  std::string uri() const {
    return std::string(GetParam()) == "memory" ? "memory:" : folder_.uri();
  }

 private:
  store::Folder folder_;
};

inline auto each_store() { return testing::Values("memory", "sqlite"); }
inline std::string store_name(const testing::TestParamInfo<const char*>& info) {
  return info.param;
}

}  // namespace laurel::test
