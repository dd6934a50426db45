#include "store/fault_store.hpp"

#include <gtest/gtest.h>

#include "store_samples.hpp"

namespace laurel::store {
namespace {

struct Shelf {
  StoreHandle inner = *open_store("memory:");
  FaultStore store{inner};

  Result<void> add() {
    return write(store, [](const View& view, const NextIds& next) -> Result<Change> {
      const auto known = view.entry(EntryId(1));
      if (!known) return known.error();
      return Change{.entries = {samples::sale(next.entry, {"till", "1"}, MemberId(1))}};
    });
  }
  Result<void> look() const {
    return store.read([](const View& view) -> Result<void> {
      const auto all = view.entries(EntryId(0), 100);
      return all ? Result<void>() : Result<void>(all.error());
    });
  }
  std::size_t count() const {
    std::size_t entries = 0;
    EXPECT_TRUE(inner->read([&](const View& view) -> Result<void> {
      entries = view.entries(EntryId(0), 100).value().size();
      return {};
    }));
    return entries;
  }
};

ErrorCode code_of(const Result<void>& result) { return result ? ErrorCode{} : result.error().code; }

TEST(FaultStore, passes_everything_on_until_it_is_told_to_fail) {
  Shelf shelf;
  EXPECT_TRUE(shelf.add());
  EXPECT_TRUE(shelf.look());
  EXPECT_EQ(shelf.count(), 1u);
  EXPECT_FALSE(shelf.store.failed());
}

TEST(FaultStore, fails_the_verb_it_was_told_to_and_only_that_one) {
  Shelf shelf;
  shelf.store.fail(FaultPoint::kView, 2);
  EXPECT_TRUE(shelf.add());
  EXPECT_EQ(code_of(shelf.add()), ErrorCode::kStoreFailed);
  EXPECT_TRUE(shelf.store.failed());
  EXPECT_TRUE(shelf.add());
  EXPECT_EQ(shelf.count(), 2u);
}

TEST(FaultStore, fails_a_read) {
  Shelf shelf;
  shelf.store.fail(FaultPoint::kRead, 1);
  EXPECT_EQ(code_of(shelf.look()), ErrorCode::kStoreFailed);
  EXPECT_TRUE(shelf.look());
}

TEST(FaultStore, before_the_commit_nothing_is_written) {
  Shelf shelf;
  shelf.store.fail(FaultPoint::kBeforeCommit, 1);
  EXPECT_EQ(code_of(shelf.add()), ErrorCode::kStoreFailed);
  EXPECT_EQ(shelf.count(), 0u);
}

TEST(FaultStore, after_the_commit_it_is_written_and_the_answer_is_lost) {
  Shelf shelf;
  shelf.store.fail(FaultPoint::kAfterCommit, 1);
  EXPECT_EQ(code_of(shelf.add()), ErrorCode::kOutcomeUnknown);
  EXPECT_EQ(shelf.count(), 1u);
}

}  // namespace
}  // namespace laurel::store
