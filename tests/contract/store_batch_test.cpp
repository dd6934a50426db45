// What the units of one batch know of each other beyond their sales.

#include <gtest/gtest.h>

#include "store_fixture.hpp"

namespace laurel::store {
namespace {

class StoreBatch : public testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(Stores, StoreBatch, testing::Values("memory", "sqlite"),
                         [](const auto& kind) { return kind.param; });

TEST_P(StoreBatch, a_version_is_seen_by_the_next_unit) {
  const Folder folder;
  const auto store =
      open_store(GetParam() == std::string_view("sqlite") ? folder.uri() : "memory:", {});
  ASSERT_TRUE(store);
  std::vector<std::size_t> seen;
  const UnitOfWork looks = [&](const View& view, const NextIds&) -> Result<Change> {
    seen.push_back(view.programmes(0).value().size());
    EXPECT_TRUE(view.programmes(9).value().empty());
    return Change{};
  };
  const UnitOfWork publishes = [&](const View&, const NextIds&) -> Result<Change> {
    return Change{.programmes = {ProgrammeVersion{0, "a", "house", {}, {}, "ann"}}};
  };
  const std::vector<UnitOfWork> units{looks, looks, publishes, looks, publishes, looks};
  for (const auto& result : (*store)->write(units)) EXPECT_TRUE(result);
  EXPECT_EQ(seen, (std::vector<std::size_t>{0, 0, 1, 2}));
}

}  // namespace
}  // namespace laurel::store
