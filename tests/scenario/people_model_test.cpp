// Links, merges, partings, sales, returns and claims by chance, beside a model that keeps plain
// lists and works out from scratch, by docs/concepts, whose each sale is and what everybody has.
// LAUREL_SEED=n runs that seed alone.

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>
#include <set>

#include "each_store.hpp"
#include "laurel/merging.hpp"
#include "laurel/view.hpp"
#include "shop.hpp"

namespace laurel::test {
namespace {

const std::string kKeeping = replaced(kReference, "unknown: enrol", "unknown: keep");
const std::string kSteep =
    replaced(kKeeping, "gold, from: 1000.00, rate: 1 point", "gold, from: 1000.00, rate: 2 points");
const Instant kBegin = at("2025-03-01T10:00:00Z");
constexpr int kNobody = -1;

struct Person {
  MemberId id;
  int into;  // herself: she is not merged
  std::string merge = {};
};
struct Sold {
  std::string id;
  Instant at;
  std::vector<Identifier> shown = {};
  int amount = 0, back = 0;
  int side = kNobody;  // by whom it came
};

// What the documents say, without an engine.
struct Model {
  std::vector<Person> people;
  std::map<std::string, int> linked = {};  // "card c1" to whom
  std::vector<Sold> sales = {};

  static std::string name(const Identifier& one) { return one.type + " " + one.value; }
  int root(int who) const {
    while (people[static_cast<std::size_t>(who)].into != who) {
      who = people[static_cast<std::size_t>(who)].into;
    }
    return who;
  }
  // The strongest that names anybody decides.
  int named_by(const std::vector<Identifier>& shown) const {
    for (const char* type : {"card", "email", "phone"}) {
      for (const auto& one : shown) {
        const auto found = linked.find(name(one));
        if (one.type == type && found != linked.end()) return found->second;
      }
    }
    return kNobody;
  }
  // In Rome, where March begins in winter and the day after its last Sunday in summer.
  static Date day(Instant at) {
    const auto zone = at < test::at("2025-03-30T01:00:00Z") ? 1 : 2;
    return std::chrono::floor<std::chrono::days>(at + std::chrono::hours(zone));
  }
  static bool in_window(const Sold& sold, Instant now) {
    return day(now) <= std::chrono::sys_days(day(sold.at)) + std::chrono::days(30);
  }
  void link(const Identifier& one, int who, Instant now) {
    linked[name(one)] = who;
    for (auto& sold : sales) {
      const bool shows = std::ranges::any_of(
          sold.shown, [&](const Identifier& each) { return name(each) == name(one); });
      if (sold.side == kNobody && shows && in_window(sold, now)) sold.side = named_by(sold.shown);
    }
  }
  std::int64_t kept(int who) const {
    std::int64_t sum = 0;
    for (const auto& sold : sales) {
      if (sold.side != kNobody && root(sold.side) == who) sum += sold.amount - sold.back;
    }
    return sum;
  }
  std::set<std::string> purchases(int who) const {
    std::set<std::string> ids;
    for (const auto& sold : sales) {
      const bool hers = sold.side != kNobody && root(sold.side) == who;
      if (hers && sold.amount > sold.back) ids.insert(sold.id);
    }
    return ids;
  }
};

class World {
 public:
  World(Shop& shop, unsigned seed, bool counts_points)
      : shop_(shop), chance_(seed), counts_points_(counts_points) {
    for (int i = 0; i < 5; ++i) enrol();
  }

  void step() {
    ++now_;
    shop_.clock().set(shop_.clock().now() + std::chrono::minutes(1 + pick(600)));
    switch (pick(16)) {
      case 0: return merge();
      case 1: return part();
      case 2:
      case 3: return take_back();
      case 4: return link();
      case 5: return unlink();
      case 6:
      case 7: return claim();
      case 8: return model_.people.size() < 9 ? enrol() : sell();
      default: return sell();
    }
  }

  void agrees() {
    for (int who = 0; who < people(); ++who) {
      const int is = model_.root(who);
      const auto member = shop_.engine().member(person(who).id);
      ASSERT_TRUE(member.ok()) << Shop::describe(member.error());
      ASSERT_EQ(member->id, person(is).id) << "person " << who;
      const auto kept = model_.kept(is);
      EXPECT_EQ(member->tier.spend_minor, 100 * kept) << "person " << who;
      EXPECT_EQ(member->tier.id, kept >= 1000 ? "gold" : "silver") << "person " << who;
      if (!counts_points_) continue;
      EXPECT_EQ(member->wallets.at(0).balance.available.units(), kept) << "person " << who;
      EXPECT_EQ(member->wallets.at(0).balance.debt.units(), 0) << "person " << who;
    }
    for (const auto& one : all_identifiers()) {
      const std::vector<Identifier> shown{one};
      const auto found = shop_.engine().lookup(shown);
      const int who = model_.named_by(shown);
      ASSERT_EQ(found.ok(), who != kNobody) << Model::name(one);
      if (!found) continue;
      EXPECT_EQ(found->member.id, person(model_.root(who)).id) << Model::name(one);
    }
  }
  // Whose each sale is, by what everybody is shown to have bought.
  void attributes() {
    for (int who = 0; who < people(); ++who) {
      if (model_.root(who) != who) continue;
      const auto view = shop_.engine().views().of(person(who).id, {.purchases = 50});
      ASSERT_TRUE(view.ok()) << Shop::describe(view.error());
      std::set<std::string> ids;
      for (const auto& purchase : view->purchases) ids.insert(purchase.key.id);
      const auto expected = model_.purchases(who);
      if (expected.size() > 50) continue;
      EXPECT_EQ(ids, expected) << "person " << who;
    }
  }

 private:
  int pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(chance_); }
  int people() const { return static_cast<int>(model_.people.size()); }
  Person& person(int who) { return model_.people[static_cast<std::size_t>(who)]; }
  template <class T>
  T& any(std::vector<T>& list) {
    return list[static_cast<std::size_t>(pick(static_cast<int>(list.size())))];
  }
  static std::vector<Identifier> all_identifiers() {
    std::vector<Identifier> all;
    for (int i = 0; i < 9; ++i) {
      all.push_back({"card", "c" + std::to_string(i)});
      if (i < 4) all.push_back({"email", "e" + std::to_string(i) + "@example.test"});
      if (i < 3) all.push_back({"phone", "+3933312345" + std::to_string(60 + i)});
    }
    return all;
  }
  Identifier any_identifier() {
    auto all = all_identifiers();
    return any(all);
  }
  std::string request(const char* what) { return std::string(what) + "-" + std::to_string(now_); }

  void enrol() {
    const Identifier card{"card", "c" + std::to_string(people())};
    const bool known = model_.linked.contains(Model::name(card));
    const auto key = TransactionKey{"web", "E-" + std::to_string(people())};
    const auto made = shop_.engine().enrol(
        {key, known ? std::vector<Identifier>{} : std::vector<Identifier>{card}});
    ASSERT_TRUE(made.ok()) << Shop::describe(made.error());
    model_.people.push_back({made->member.id, people()});
    if (!known) model_.link(card, people() - 1, shop_.clock().now());
  }

  void sell() {
    std::vector<Identifier> shown;
    for (int i = pick(4); i > 0; --i) {
      const auto one = any_identifier();
      const auto same = [&](const Identifier& each) { return each.type == one.type; };
      if (std::ranges::none_of(shown, same)) shown.push_back(one);
    }
    const int amount = pick(8) == 0 ? 400 + pick(700) : 1 + pick(60);
    const auto late = std::chrono::hours(pick(3) == 0 ? pick(200) : 0);
    Sold sold{request("R"), std::max(shop_.clock().now() - late, kBegin), shown, amount};
    auto document = sale(sold.id, {std::to_string(amount) + ".00"}, "", sold.at);
    document.identifiers = shown;
    sold.side = model_.named_by(shown);
    const auto receipt = shop_.posts(document);
    ASSERT_EQ(receipt.state, TransactionState::kAccepted);
    const auto expected = sold.side == kNobody ? MemberId{} : person(model_.root(sold.side)).id;
    ASSERT_EQ(receipt.attribution.member, expected);
    model_.sales.push_back(std::move(sold));
  }

  void take_back() {
    if (model_.sales.empty()) return;
    Sold& sold = any(model_.sales);
    const int left = sold.amount - sold.back;
    if (left == 0) return;
    const int back = pick(2) == 0 ? left : 1 + pick(left);
    shop_.posts(return_of_amount(request("X"), sold.id, std::to_string(back) + ".00"));
    sold.back += back;
  }

  void claim() {
    if (model_.sales.empty()) return;
    Sold& sold = any(model_.sales);
    const int who = pick(people());
    const bool open = sold.side == kNobody && Model::in_window(sold, shop_.clock().now());
    const bool hers = sold.side != kNobody && model_.root(sold.side) == model_.root(who);
    const auto claimed = shop_.engine().claim({"till-1", sold.id}, person(who).id, "desk");
    ASSERT_EQ(claimed.ok(), open || hers) << sold.id;
    if (open) sold.side = who;
    if (claimed) {
      EXPECT_EQ(claimed->replayed, hers);
    } else {
      EXPECT_EQ(claimed.error().code, sold.side == kNobody ? ErrorCode::kClaimWindowClosed
                                                           : ErrorCode::kAlreadyAttributed);
    }
  }

  void link() {
    const int who = model_.root(pick(people()));
    const auto one = any_identifier();
    const auto before = model_.linked.find(Model::name(one));
    const bool hers = before != model_.linked.end() && model_.root(before->second) == who;
    const bool anothers = before != model_.linked.end() && !hers;
    const auto linked = shop_.engine().link(person(who).id, one, true, "desk");
    ASSERT_EQ(linked.ok(), !anothers) << Model::name(one);
    if (before == model_.linked.end()) model_.link(one, who, shop_.clock().now());
  }

  void unlink() {
    const auto one = any_identifier();
    const auto before = model_.linked.find(Model::name(one));
    if (before == model_.linked.end()) return;
    const int who = model_.root(before->second);
    const auto gone = shop_.engine().unlink(person(who).id, one, "desk");
    ASSERT_TRUE(gone.ok()) << Shop::describe(gone.error());
    model_.linked.erase(before);
  }

  void merge() {
    const int into = pick(people()), from = pick(people());
    if (model_.root(into) == model_.root(from)) return;
    const int goes = model_.root(from);
    const auto merged = shop_.engine().merging().merge(
        {{"desk", request("M")}, person(into).id, person(from).id, "clerk", "one person"});
    ASSERT_TRUE(merged.ok()) << Shop::describe(merged.error());
    person(goes).into = model_.root(into);
    person(goes).merge = request("M");
  }

  void part() {
    std::vector<int> merged;
    for (int who = 0; who < people(); ++who) {
      if (person(who).into != who) merged.push_back(who);
    }
    if (merged.empty()) return;
    const int back = any(merged);
    const auto parted = shop_.engine().merging().unmerge(
        {{"desk", request("U")}, {"desk", person(back).merge}, {}, "clerk", "two people"});
    ASSERT_TRUE(parted.ok()) << Shop::describe(parted.error());
    person(back).into = back;
  }

  Shop& shop_;
  std::mt19937 chance_;
  const bool counts_points_;
  int now_ = 0;
  Model model_;
};

void lives(const std::string& yaml, unsigned seed, const std::string& store, int steps, int every) {
  SCOPED_TRACE("LAUREL_SEED=" + std::to_string(seed));
  Shop shop(yaml, store);
  World world(shop, seed, yaml == kKeeping);
  for (int i = 1; i <= steps && !testing::Test::HasFailure(); ++i) {
    SCOPED_TRACE("step " + std::to_string(i));
    world.step();
    if (i % every == 0) world.agrees();
    if (i % (5 * every) == 0) world.attributes();
  }
  if (testing::Test::HasFailure()) return;
  shop.adds_up();
  for (const std::size_t parts : {1u, 3u}) {
    Simulate how{kBegin, shop.clock().now() + std::chrono::hours(1)};
    how.parts = parts;
    const auto made = shop.engine().simulate(programme_of(yaml), how);
    ASSERT_TRUE(made.ok()) << Shop::describe(made.error());
    EXPECT_TRUE(made->is_same()) << "in " << parts << " parts";
  }
}

class People : public EachStore {};
INSTANTIATE_TEST_SUITE_P(Stores, People, each_store(), store_name);

TEST_P(People, by_chance_agree_with_a_model) {
  if (const char* seed = std::getenv("LAUREL_SEED")) {
    return lives(kKeeping, static_cast<unsigned>(std::strtoul(seed, nullptr, 10)), uri(), 200, 1);
  }
  const bool quick = std::string(GetParam()) == "memory";
  for (unsigned seed = 1; seed <= (quick ? 8u : 1u); ++seed) {
    lives(kKeeping, seed, quick ? "memory:" : uri(), quick ? 150 : 80, quick ? 1 : 10);
  }
}

// Where a level earns more, what a sale gave depends on who was one when it was valued.
TEST_P(People, by_chance_are_simulated_as_they_were) {
  if (std::string(GetParam()) != "memory") return;
  for (unsigned seed = 101; seed <= 106; ++seed) lives(kSteep, seed, "memory:", 150, 10);
}

}  // namespace
}  // namespace laurel::test
