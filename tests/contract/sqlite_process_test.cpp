// Several processes on one file, and processes that are killed.

#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <set>
#include <thread>

#include "child.hpp"
#include "store_fixture.hpp"

namespace laurel::store {
namespace {

MemberId make_member(const Folder& folder) {
  MemberId member;
  const auto store = *open_store(folder.uri());
  EXPECT_TRUE(write(*store, enrolment(&member)));
  return member;
}

// Two processes of eight threads each earn 10,000 times on one file.
TEST(SqliteProcesses, B15_two_processes_write_one_file_and_neither_is_ever_busy) {
  const Folder folder;
  const MemberId member = make_member(folder);
  constexpr int kThreads = 8, kSales = 1'250;
  const auto sell = [&](const char* till, const Child::Tell& tell) {
    const auto store = *open_store(folder.uri(), {.checkpoint_pages = 500});
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < kSales; ++i) {
          const TransactionKey key{till, std::to_string(t * kSales + i)};
          const auto written = write(*store, sale(key, member));
          if (!written) tell(static_cast<std::int32_t>(written.error().code));
        }
      });
    }
  };
  Child first([&](const auto& tell) { sell("till-1", tell); });
  Child second([&](const auto& tell) { sell("till-2", tell); });
  EXPECT_TRUE(first.wait());
  EXPECT_TRUE(second.wait());
  EXPECT_TRUE(first.told().empty()) << "error " << first.told().front();
  EXPECT_TRUE(second.told().empty()) << "error " << second.told().front();
  const auto store = *open_store(folder.uri());
  EXPECT_EQ(all_entries(*store).size(), std::size_t{2 * kThreads * kSales});
  EXPECT_EQ(balance(*store, member), Points(50'000 + 2 * kThreads * kSales * 1'234));
}

// A row is a unit of work of which every statement is cut off once.
void work(const StoreOptions& options, const Folder& folder, MemberId member,
          const Child::Tell& tell) {
  const auto store = *open_store(folder.uri(), options);
  for (std::int32_t i = 0; i < 6; ++i) {
    if (write(*store, sale(key(std::to_string(i)), member))) tell(i);
  }
}

TEST(SqliteProcesses, A8_killed_at_any_step_a_sale_is_there_wholly_or_not_at_all) {
  int steps = 0;
  for (bool ended = false; !ended; ++steps) {
    const Folder folder;
    const MemberId member = make_member(folder);
    int left = steps;
    Child child([&](const auto& tell) {
      work({.checkpoint_pages = 1,
            .probe =
                [&](auto) {
                  if (left-- == 0) die();
                }},
           folder, member, tell);
    });
    ended = child.wait();
    const auto store = *open_store(folder.uri());
    const auto entries = all_entries(*store);
    std::set<std::string> ids;
    for (const auto& entry : entries) ids.insert(entry.key.id);
    for (const auto told : child.told()) EXPECT_TRUE(ids.contains(std::to_string(told))) << steps;
    EXPECT_LE(entries.size(), child.told().size() + 1) << steps;
    const auto booked = static_cast<std::int64_t>(entries.size());
    EXPECT_EQ(balance(*store, member), Points(50'000 + booked * 1'234)) << steps;
    for (std::int32_t i = 0; i < 6; ++i) {
      EXPECT_TRUE(write(*store, sale(key(std::to_string(i)), member)));
    }
    EXPECT_EQ(all_entries(*store).size(), 6u) << steps;
    EXPECT_EQ(balance(*store, member), Points(50'000 + 6 * 1'234)) << steps;
  }
  EXPECT_GT(steps, 30);
}

TEST(SqliteProcesses, a_killed_writer_does_not_hold_up_the_next_one) {
  const Folder folder;
  const MemberId member = make_member(folder);
  Child child([&](const auto& tell) {
    work({.probe =
              [](auto step) {
                if (step == "commit") die();
              }},
         folder, member, tell);
  });
  EXPECT_FALSE(child.wait());
  const auto store = *open_store(folder.uri());
  EXPECT_TRUE(write(*store, sale(key("R-1"), member)));
}

TEST(SqliteProcesses, a_store_sees_what_another_process_wrote) {
  const Folder folder;
  const MemberId member = make_member(folder);
  Child child([&](const auto& tell) { work({}, folder, member, tell); });
  const auto store = *open_store(folder.uri());
  EXPECT_TRUE(write(*store, sale(key("mine"), member)));
  EXPECT_TRUE(child.wait());
  EXPECT_TRUE(write(*store, sale(key("0"), member)));
  EXPECT_EQ(all_entries(*store).size(), 7u);
}

std::size_t versions_in(const View& view) { return view.programmes(0).value().size(); }

TEST(SqliteProcesses, two_stores_on_one_file_take_turns_and_miss_nothing) {
  const Folder folder;
  const MemberId member = make_member(folder);
  const std::array stores{*open_store(folder.uri()), *open_store(folder.uri())};
  for (std::size_t turn = 0; turn < 12; ++turn) {
    const auto& mine = stores[turn / 2 % 2];  // twice each
    EXPECT_TRUE(write(*mine, sale(key(std::to_string(turn)), member)));
    EXPECT_EQ(all_entries(*mine).back().id, EntryId(static_cast<std::int64_t>(turn) + 1));
  }
}

TEST(SqliteProcesses, what_another_store_publishes_or_stops_is_seen_at_once) {
  const Folder folder;
  const auto mine = *open_store(folder.uri()), other = *open_store(folder.uri());
  const auto look = [](const View& view, const NextIds&) -> Result<Change> {
    return Error{ErrorCode::kNotFound, std::to_string(versions_in(view)) + " " +
                                           std::to_string(view.directives(0).value().size())};
  };
  for (std::size_t version = 0; version < 3; ++version) {
    const std::string seen = std::to_string(version) + " " + std::to_string(version);
    EXPECT_EQ(write(*mine, look).error().detail, seen);
    EXPECT_EQ(write(*mine, look).error().detail, seen);
    EXPECT_EQ(read_value<std::size_t>(*mine, versions_in), version);
    EXPECT_TRUE(write(*other, [](const View&, const NextIds&) -> Result<Change> {
      return Change{.programmes = {ProgrammeVersion{0, "a", "house", {}, {}, "ann"}},
                    .directives = {Directive{}}};
    }));
  }
}

}  // namespace
}  // namespace laurel::store
