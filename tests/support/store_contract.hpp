#pragma once
// One store a test, memory and SQLite by turns.

#include <gtest/gtest.h>

#include "store_fixture.hpp"

namespace laurel::store {

struct Kind {
  const char* name;
  bool durable;
};
inline void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }

class StoreContract : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override { open(); }
  void open(StoreOptions options = {}) {
    store_.reset();
    auto opened = open_store(GetParam().durable ? folder_.uri() : "memory:", options);
    ASSERT_TRUE(opened) << opened.error().detail;
    store_ = *opened;
  }
  MemberId enrol() {
    MemberId id;
    EXPECT_TRUE(write(*store_, enrolment(&id)));
    return id;
  }
  Result<void> put(const Change& change) {
    return write(*store_, [&](const View&, const NextIds&) -> Result<Change> { return change; });
  }
  ErrorCode put_code(const Change& change) { return code_of(put(change)); }

  Folder folder_;
  StoreHandle store_;
};

}  // namespace laurel::store
