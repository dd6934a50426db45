#include "engine/simulation.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/replay.hpp"

namespace laurel::engine {
namespace {

using ledger::Entry;

constexpr std::size_t kBatchOfPart = 512;  // entries that a part reads at once
constexpr const char* kEmptyPeriod = "empty_period";

Error unknowable(std::string pointer, std::string code, std::string detail) {
  return {ErrorCode::kCannotSimulate, detail, {{std::move(pointer), std::move(code), detail}}};
}

Result<void> check_question(const Versions& versions, const Programme& next, const Simulate& how) {
  if (how.from >= how.to) {
    return Error{ErrorCode::kInvalid,
                 "one or more fields are wrong",
                 {{"/to", "empty_window", "a period ends after it begins"}}};
  }
  if (versions.empty()) {
    return Error{ErrorCode::kNoProgramme, "no programme has been published in this store"};
  }
  if (!versions.began_by(how.from)) {
    return unknowable("/from", "unknown_version",
                      "no version of the programme was in force when the period began");
  }
  for (const Instant at : {how.from, how.to - Duration(1)}) {
    if (versions.in_force(at).programme.currency() == next.currency()) continue;
    return unknowable("/currency", "other_currency",
                      "the programme of the period counts in " +
                          std::string(versions.in_force(at).programme.currency().code()));
  }
  return {};
}

// Reads the entries in order and lets every part take its own, batch by batch.
class Driver {
 public:
  Driver(const store::Store& store, ReplayPlan& plan, const Simulate& how)
      : store_(store), plan_(plan), how_(how) {
    for (std::size_t i = 0; i < plan.parts; ++i) replays_.emplace_back(plan, i);
    batch_.resize(std::max<std::size_t>(how.parts, 1));
  }

  Result<void> run() {
    for (EntryId after; after < plan_.last;) {
      LAUREL_TRY_VOID(in_tasks(batch_.size(), [&](std::size_t i) { return read(i, after); }));
      for (const auto& entries : batch_) {
        for (const auto& entry : entries) look_at(entry);
      }
      if (!moved_) LAUREL_TRY_VOID(in_tasks(plan_.parts, [&](std::size_t i) { return take(i); }));
      const auto taken = static_cast<std::int64_t>(batch_.size() * kBatchOfPart);
      after = EntryId(std::min(after.number() + taken, plan_.last.number()));
      if (how_.progress) how_.progress({after.number(), plan_.last.number()});
    }
    if (moved_) return {};
    return in_tasks(plan_.parts, [&](std::size_t part) -> Result<void> {
      replays_[part].finish();
      return {};
    });
  }

  // Members turned out to be one who are in several parts: all begins anew, with them in one.
  bool has_moved() const { return moved_; }
  const std::vector<Replay>& replays() const { return replays_; }
  std::int64_t unattributed() const { return unattributed_; }
  bool found_any() const { return found_any_; }

 private:
  template <class Work>
  Result<void> in_tasks(std::size_t count, Work work) {
    std::vector<Result<void>> done(count);
    std::vector<std::function<void()>> tasks;
    for (std::size_t i = 0; i < count; ++i) {
      tasks.emplace_back([&done, &work, i] { done[i] = work(i); });
    }
    if (how_.executor) {
      how_.executor(tasks);
    } else {
      for (const auto& task : tasks) task();
    }
    for (auto& result : done) LAUREL_TRY_VOID(std::move(result));
    return {};
  }

  Result<void> read(std::size_t part, EntryId after) {
    const EntryId first(after.number() + static_cast<std::int64_t>(part * kBatchOfPart));
    return store_.read([&](const store::View& view) -> Result<void> {
      LAUREL_TRY(batch_[part], view.entries(first, kBatchOfPart));
      return {};
    });
  }

  Result<void> take(std::size_t part) {
    return store_.read([&](const store::View& view) -> Result<void> {
      for (const auto& entries : batch_) LAUREL_TRY_VOID(replays_[part].take(view, entries));
      return {};
    });
  }

  void look_at(const Entry& entry) {
    if (entry.id <= plan_.last && entry.kind == ledger::EntryKind::kMerge && entry.merging) {
      const bool moved = plan_.keep_together(entry.member, entry.merging->other);
      moved_ = moved_ || moved;
    }
    if (entry.id > plan_.last || !entry.document || !plan_.has(entry.event_time)) return;
    found_any_ = true;
    const bool valued =
        entry.kind == ledger::EntryKind::kSale || entry.kind == ledger::EntryKind::kEvent;
    if (valued && !entry.member) ++unattributed_;
  }

  const store::Store& store_;
  ReplayPlan& plan_;
  const Simulate& how_;
  bool moved_ = false;
  std::vector<Replay> replays_;
  std::vector<std::vector<Entry>> batch_;
  std::int64_t unattributed_ = 0;
  bool found_any_ = false;
};

// ---- The report

// Points times what one costs, by the versions that gave them.
class Cost {
 public:
  // `share`: also times what is expected to be redeemed.
  Cost(bool expected, Currency currency) : expected_(expected), currency_(currency) {}

  void add(const WalletPolicy& wallet, Points points) {
    if (!wallet.liability || wallet.liability->unit_cost_currency != currency_.code()) {
      known_ = known_ && points == Points{};
      return;
    }
    const auto unit = Fraction::parse(wallet.liability->unit_cost);
    const auto share = Fraction::parse(wallet.liability->expected_redemption);
    if (!unit || !share) return;
    std::int64_t scale = 1;
    for (int i = 0; i < wallet.scale; ++i) scale *= 10;
    std::int64_t minor = 1;
    for (int i = 0; i < currency_.exponent(); ++i) minor *= 10;
    Exact cost(points.units());
    cost *= *unit;
    cost *= Fraction(minor, scale);
    if (expected_) cost *= *share;
    sum_ += cost;
  }

  std::string text() const {
    const auto minor = sum_.rounded(Rounding::kHalfEven);
    return known_ && minor ? Money(*minor, currency_).text() : std::string();
  }

 private:
  bool expected_;
  Currency currency_;
  Exact sum_;
  bool known_ = true;
};

struct SideText {
  std::string cost, liability;
};

const WalletPolicy* policy_in(const programme::Compiled& compiled, const std::string& wallet) {
  const auto at = std::ranges::find(compiled.wallets, wallet, &WalletPolicy::id);
  return at == compiled.wallets.end() ? nullptr : &*at;
}

class Report {
 public:
  Report(const ReplayPlan& plan, const Driver& driver, const Simulate& how)
      : plan_(plan), driver_(driver), how_(how) {}

  Simulation make() {
    out_.programme = plan_.next.id();
    out_.digest = plan_.next.digest();
    out_.from = plan_.from;
    out_.to = plan_.to;
    out_.entries = plan_.last.number();
    out_.unattributed = driver_.unattributed();
    add_counts();
    for (std::size_t i = 0; i < plan_.wallets.size(); ++i) add_wallet(i);
    out_.rules = shares(&Replay::rules);
    out_.departments = shares(&Replay::departments);
    merge(&Replay::largest, out_.largest, larger_receipt);
    merge(&Replay::gain_most, out_.gain_most, gains_more);
    merge(&Replay::lose_most, out_.lose_most, loses_more);
    add_notes();
    return std::move(out_);
  }

 private:
  void add_counts() {
    std::map<std::pair<std::string, std::string>, std::int64_t> moves;
    for (const auto& replay : driver_.replays()) {
      out_.sales += replay.sales;
      out_.returns += replay.returns;
      out_.events += replay.events;
      out_.members += replay.members;
      out_.members_up += replay.members_up;
      out_.members_down += replay.members_down;
      for (const auto& [move, members] : replay.moves) moves[move] += members;
    }
    for (const auto& [move, members] : moves) {
      out_.tier_moves.push_back({move.first, move.second, members});
    }
  }

  Points sum(PointsTable Replay::*table, std::size_t place, std::size_t wallet) const {
    Points points;
    for (const auto& replay : driver_.replays()) points += (replay.*table)[place][wallet];
    return points;
  }

  // What one side gave in a wallet, and what that costs.
  SideText side(std::size_t first, std::size_t end, std::size_t wallet, Points& points,
                Points& alive) const {
    Cost cost(false, plan_.next.currency()), liability(true, plan_.next.currency());
    bool priced = false;
    for (std::size_t place = first; place < end; ++place) {
      const auto* policy = policy_in(plan_.compiled_at(place), plan_.wallets[wallet]);
      const Points given = sum(&Replay::points, place, wallet);
      const Points left = sum(&Replay::alive, place, wallet);
      points += given;
      alive += left;
      if (policy == nullptr) continue;
      priced = priced || policy->liability.has_value();
      cost.add(*policy, given);
      liability.add(*policy, left);
    }
    if (!priced) return {};
    return {cost.text(), liability.text()};
  }

  void add_wallet(std::size_t index) {
    SimulatedWallet wallet;
    wallet.wallet = plan_.wallets[index];
    const std::size_t next = plan_.next_place();
    for (std::size_t place = next + 1; place-- > 0;) {
      const auto* policy = policy_in(plan_.compiled_at(place), wallet.wallet);
      if (policy == nullptr) continue;
      wallet.scale = policy->scale;
      break;
    }
    const auto was = side(0, next, index, wallet.points.was, wallet.alive.was);
    const auto becomes = side(next, next + 1, index, wallet.points.becomes, wallet.alive.becomes);
    wallet.currency = plan_.next.currency().code();
    wallet.cost_was = was.cost;
    wallet.cost_becomes = becomes.cost;
    wallet.liability_was = was.liability;
    wallet.liability_becomes = becomes.liability;
    out_.wallets.push_back(std::move(wallet));
  }

  std::vector<SimulatedShare> shares(Shares Replay::*of) const {
    std::map<std::pair<std::string, std::size_t>, OldAndNew> sums;
    for (const auto& replay : driver_.replays()) (replay.*of).add_to(sums);
    std::vector<SimulatedShare> list;
    for (const auto& [key, points] : sums) {
      list.push_back({key.first, plan_.wallets[key.second], points});
    }
    const auto size = [](const SimulatedShare& share) {
      const auto units = share.points.difference().units();
      return units < 0 ? -units : units;
    };
    std::ranges::stable_sort(list, [&](const SimulatedShare& a, const SimulatedShare& b) {
      if (size(a) != size(b)) return size(a) > size(b);
      return a.points.becomes > b.points.becomes;
    });
    return list;
  }

  template <class T, class Before>
  void merge(std::vector<T> Replay::*of, std::vector<T>& out, Before before) const {
    for (const auto& replay : driver_.replays()) {
      out.insert(out.end(), (replay.*of).begin(), (replay.*of).end());
    }
    std::ranges::sort(out, before);
    if (out.size() > how_.top) out.resize(how_.top);
  }

  void add_notes() {
    const auto& record = plan_.versions.in_force(plan_.to - Duration(1)).compiled();
    if (out_.unattributed > 0) {
      out_.notes.push_back(std::to_string(out_.unattributed) +
                           " transactions belong to nobody and are left out");
    }
    for (const auto& wallet : plan_.wallets) {
      const bool is = policy_in(plan_.next.compiled(), wallet) != nullptr;
      const bool was = policy_in(record, wallet) != nullptr;
      if (is && !was) {
        out_.notes.push_back("wallet " + wallet + " is new: members begin with nothing in it");
      }
      if (was && !is) out_.notes.push_back("wallet " + wallet + " is no more");
    }
    if (!plan_.next.compiled().questions.empty()) {
      out_.notes.push_back("what was spent before a sale counts as it was recorded");
    }
    if (record.identity.precedence != plan_.next.compiled().identity.precedence) {
      out_.notes.push_back("identity differs: whose a transaction is stays as it was recorded");
    }
  }

  const ReplayPlan& plan_;
  const Driver& driver_;
  const Simulate& how_;
  Simulation out_;
};

}  // namespace

Result<Simulation> simulate(const store::Store& store, const Versions& versions,
                            const Programme& next, const Simulate& how) {
  LAUREL_TRY_VOID(check_question(versions, next, how));
  EntryId last;
  const auto count = [&](const store::View& view) -> Result<void> {
    LAUREL_TRY(last, store::last_entry(view));
    return {};
  };
  LAUREL_TRY_VOID(store.read(count));
  ReplayPlan plan(versions, next, how, last);
  std::optional<Driver> driver;
  do {
    driver.emplace(store, plan, how);
    LAUREL_TRY_VOID(driver->run());
  } while (driver->has_moved());
  if (!driver->found_any()) {
    return unknowable("/from", kEmptyPeriod, "nothing is stored that happened in the period");
  }
  return Report(plan, *driver, how).make();
}

bool nothing_in_period(const Error& error) {
  return error.code == ErrorCode::kCannotSimulate && !error.faults.empty() &&
         error.faults.front().code == kEmptyPeriod;
}

}  // namespace laurel::engine

namespace laurel {

bool Simulation::is_same() const {
  const auto same = [](OldAndNew points) { return points.was == points.becomes; };
  const auto same_share = [&](const SimulatedShare& share) { return same(share.points); };
  const auto same_wallet = [&](const SimulatedWallet& wallet) {
    return same(wallet.points) && same(wallet.alive) && wallet.cost_was == wallet.cost_becomes &&
           wallet.liability_was == wallet.liability_becomes;
  };
  return std::ranges::all_of(wallets, same_wallet) && std::ranges::all_of(rules, same_share) &&
         std::ranges::all_of(departments, same_share) && tier_moves.empty() && gain_most.empty() &&
         lose_most.empty();
}

}  // namespace laurel
