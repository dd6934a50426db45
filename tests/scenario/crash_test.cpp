// The process is killed at every step of every write. After reopening, each request is there wholly
// or not at all, those acknowledged always, and asking again makes exactly one of each.

#include <algorithm>
#include <thread>

#include "child.hpp"
#include "each_store.hpp"
#include "shop.hpp"

namespace laurel::test {
namespace {

using store::Child;
using store::Folder;

std::string state_of(Engine& engine) {
  std::string text;
  const auto page = engine.entries({}, 1'000);
  if (!page) return "unreadable";
  for (const auto& entry : page->entries) {
    text += std::to_string(entry.id.number()) + " " + entry.kind + " " + entry.key.id;
    for (const auto& balance : entry.balances_after) {
      text += " " + std::to_string(balance.available.units()) + " " +
              std::to_string(balance.debt.units());
    }
    text += "\n";
  }
  return text;
}

// A shop in a file, with a past.
class Files {
 public:
  Files() {
    Shop shop(replaced(kReference, "from: 1000.00, rate: 1 point", "from: 1000.00, rate: 2 points"),
              folder_.uri());
    shop.posts(sale("R-1", {"500.00", "300.00"}));
    shop.spends(600);
    shop.posts(return_of("early", "R-2"));
    shop.posts(sale("R-nobody", {"80.00"}, ""));
    anna_ = shop.member().id;
  }

  MemberId anna() const { return anna_; }
  // A copy to be spoiled.
  void copy_to(const Folder& other) const {
    std::filesystem::copy_file(folder_.file(), other.file());
  }

 private:
  Folder folder_;
  MemberId anna_;
};

// The same requests each time, the number of each told once it is acknowledged.
constexpr int kRequests = 8;

bool ask(Engine& engine, MemberId anna, int request) {
  switch (request) {
    case 0: return engine.post(sale("R-2", {"25.00"})).ok();
    case 1: return engine.post(sale("R-3", {"40.00"}, "new")).ok();
    case 2: return engine.post(return_of_line("X-1", "R-1", "1")).ok();
    case 3: return engine.claim({"till-1", "R-nobody"}, anna, "clerk").ok();
    case 4: return engine.post(void_of("V-1", "X-1")).ok();
    // A day late: what came after it is rated again in the same unit of work.
    case 5: return engine.post(sale("R-late", {"400.00"}, "anna", at("2025-02-28T10:00:00Z"))).ok();
    case 6: {
      auto exchange = sale("R-swap", {"30.00"});
      exchange.returns = {{{"till-1", "R-1"}, {{.original_line = "2"}}}};
      return engine.post(exchange).ok();
    }
    default:
      return engine.adjust({{"desk", "A-9"}, anna, "", Points(7), "clerk", "sorry", {}}).ok();
  }
}

// Asks all on the file, and is killed before step `left` of the store.
bool asks_until_killed(const Folder& folder, MemberId anna, int left,
                       std::vector<std::int32_t>& told) {
  Child child([&](const Child::Tell& tell) {
    const ManualClock clock(at("2025-03-01T12:00:00Z"));
    const auto probe = [&left](std::string_view) {
      if (left-- == 0) store::die();
    };
    const auto opened = open_store(folder.uri(), {.checkpoint_pages = 1, .probe = probe});
    const auto engine = *Engine::open({*opened, &clock, nullptr});
    for (int i = 0; i < kRequests; ++i) {
      if (ask(*engine, anna, i)) tell(i);
    }
  });
  const bool ended = child.wait();
  told = child.told();
  return ended;
}

// The state after the first n requests, for every n.
std::vector<std::string> undisturbed(const Files& files) {
  const Folder folder;
  files.copy_to(folder);
  const ManualClock clock(at("2025-03-01T12:00:00Z"));
  const auto engine = *Engine::open({*open_store(folder.uri()), &clock, nullptr});
  std::vector<std::string> states{state_of(*engine)};
  for (int i = 0; i < kRequests; ++i) {
    EXPECT_TRUE(ask(*engine, files.anna(), i)) << i;
    states.push_back(state_of(*engine));
  }
  EXPECT_NE(states.back().find(" rating "), std::string::npos) << "nothing was rated again";
  return states;
}

void proves_itself(Engine& engine) {
  const auto report = engine.verify({});
  ASSERT_TRUE(report.ok());
  for (const auto& drift : report->drift) {
    ADD_FAILURE() << drift.what << ": stored " << drift.stored << ", rebuilt " << drift.rebuilt;
  }
}

TEST(Crash, A8_killed_at_any_step_each_request_is_there_wholly_or_not_at_all) {
  const Files files;
  const auto states = undisturbed(files);
  int steps = 0;
  for (bool ended = false; !ended; ++steps) {
    SCOPED_TRACE("killed at step " + std::to_string(steps));
    const Folder folder;
    files.copy_to(folder);
    std::vector<std::int32_t> told;
    ended = asks_until_killed(folder, files.anna(), steps, told);
    const ManualClock clock(at("2025-03-01T12:00:00Z"));
    const auto engine = *Engine::open({*open_store(folder.uri()), &clock, nullptr});
    const auto state = state_of(*engine);
    const auto there = std::find(states.begin(), states.end(), state) - states.begin();
    EXPECT_GE(there, static_cast<std::ptrdiff_t>(told.size())) << "lost what was acknowledged";
    EXPECT_LE(there,
              std::min<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(told.size()) + 1, kRequests))
        << state;
    proves_itself(*engine);
    for (int i = 0; i < kRequests; ++i) EXPECT_TRUE(ask(*engine, files.anna(), i)) << i;
    EXPECT_EQ(state_of(*engine), states.back());
    proves_itself(*engine);
  }
  EXPECT_GT(steps, 40);
}

TEST(Crash, F8_a_job_killed_at_any_step_books_each_lot_once) {
  constexpr std::int64_t kLots = 4;
  const Folder prepared;
  {
    Shop shop(kReference, prepared.uri());
    for (int i = 0; i < kLots; ++i) {
      shop.posts(sale("R-" + std::to_string(i), {"10.00"}, i < 2 ? "anna" : std::to_string(i)));
    }
  }
  int steps = 0;
  for (bool ended = false; !ended; ++steps) {
    SCOPED_TRACE("killed at step " + std::to_string(steps));
    const Folder folder;
    std::filesystem::copy_file(prepared.file(), folder.file());
    const ManualClock clock(at("2026-06-01T10:00:00Z"));
    Child child([&](const Child::Tell&) {
      int left = steps;
      const auto probe = [&left](std::string_view) {
        if (left-- == 0) store::die();
      };
      const auto opened = open_store(folder.uri(), {.checkpoint_pages = 1, .probe = probe});
      const auto engine = *Engine::open({*opened, &clock, nullptr});
      while (engine->settle_due(1)->members > 0) {
      }
    });
    ended = child.wait();
    const auto engine = *Engine::open({*open_store(folder.uri()), &clock, nullptr});
    ASSERT_TRUE(engine->settle_due(100).ok());
    EXPECT_EQ(engine->settle_due(100)->members, 0);
    EXPECT_EQ(engine->entries({}, 100)->entries.size(), 2u * kLots);
    proves_itself(*engine);
  }
  EXPECT_GT(steps, 10);
}

TEST(Crash, B15_two_processes_post_on_one_file_and_neither_is_ever_busy) {
  constexpr int kThreads = 8, kSales = 250;
  const Folder folder;
  { const Shop shop(kReference, folder.uri()); }
  const auto sell = [&](const char* till, const Child::Tell& tell) {
    const ManualClock clock(at("2025-03-01T12:00:00Z"));
    const auto engine = *Engine::open({*open_store(folder.uri()), &clock, nullptr});
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < kSales; ++i) {
          auto sold = sale(std::to_string(t * kSales + i), {"1.00"}, std::to_string(i % 5));
          sold.key.source = till;
          const auto receipt = engine->post(sold);
          if (!receipt) tell(static_cast<std::int32_t>(receipt.error().code));
        }
      });
    }
    for (auto& thread : threads) thread.join();
  };
  Child first([&](const Child::Tell& tell) { sell("till-1", tell); });
  Child second([&](const Child::Tell& tell) { sell("till-2", tell); });
  EXPECT_TRUE(first.wait());
  EXPECT_TRUE(second.wait());
  EXPECT_TRUE(first.told().empty()) << "error " << first.told().front();
  EXPECT_TRUE(second.told().empty()) << "error " << second.told().front();
  const ManualClock clock(at("2025-03-01T12:00:00Z"));
  const auto engine = *Engine::open({*open_store(folder.uri()), &clock, nullptr});
  const auto report = engine->verify({});
  ASSERT_TRUE(report.ok());
  EXPECT_TRUE(report->drift.empty());
  EXPECT_EQ(report->entries, 2 * kThreads * kSales);
  EXPECT_EQ(report->members, 5);
}

}  // namespace
}  // namespace laurel::test
