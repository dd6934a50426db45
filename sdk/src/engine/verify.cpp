#include "engine/verify.hpp"

#include <algorithm>
#include <mutex>
#include <optional>
#include <set>
#include <tuple>

#include "base/try.hpp"
#include "engine/person.hpp"
#include "engine/receipt.hpp"
#include "engine/session.hpp"
#include "ledger/voucher_code.hpp"

namespace laurel::engine {
namespace {

constexpr std::size_t kBatch = 256;

// What the shares gathered, beside one snapshot that is younger than theirs.
class Whole {
 public:
  Whole(const store::View& view, const Versions& versions) : view_(view), versions_(versions) {}

  // What was booked in the share since it was looked at is gathered here; its members were compared
  // as they stood then.
  Result<void> add(store::Share share, ShareReport report) {
    for (auto after = report.through;;) {
      LAUREL_TRY(const auto entries, view_.entries_of(share, after, kBatch));
      if (entries.empty()) break;
      for (const auto& entry : entries) {
        report.gathered.take(entry);
        if (moves_tier(entry) && report.joined.members.contains(entry.member)) {
          report.joined.tier_moves.push_back(
              {side_of(entry), entry.id, tier_event_of(entry, versions_)});
        }
      }
      after = entries.back().id;
    }
    report_.members += report.members;
    report_.transactions_revalued += report.transactions_revalued;
    std::ranges::move(report.drifts.found, std::back_inserter(drifts_.found));
    gathered_.add(std::move(report.gathered));
    joined_.members.merge(report.joined.members);
    std::ranges::move(report.joined.tier_moves, std::back_inserter(joined_.tier_moves));
    return {};
  }

  Result<VerifyReport> compare() {
    LAUREL_TRY_VOID(compare_numbers());
    LAUREL_TRY_VOID(compare_people());
    LAUREL_TRY_VOID(gathered_.usage.compare(view_, drifts_));
    LAUREL_TRY_VOID(compare_vouchers());
    compare_totals();
    report_.entries = gathered_.entries;
    report_.drift = std::move(drifts_.found);
    for (const auto& [account, sum] : gathered_.totals) {
      report_.totals.push_back({account.first, std::string(to_text(account.second)), sum});
    }
    std::ranges::sort(report_.totals, {}, [](const PostingView& total) {
      return std::tie(total.wallet, total.account);
    });
    return std::move(report_);
  }

 private:
  using Vouchers = std::map<std::string, ledger::Voucher>;  // by code

  // Numbers have no gaps.
  Result<void> compare_numbers() {
    if (gathered_.entries == 0) return {};
    LAUREL_TRY(const auto last, view_.entries(EntryId(gathered_.entries - 1), 2));
    if (last.size() == 1 && last[0].id.number() == gathered_.entries) return {};
    std::int64_t expected = 0;
    for (EntryId after;;) {
      LAUREL_TRY(const auto entries, view_.entries(after, kBatch));
      if (entries.empty()) return {};
      for (const auto& entry : entries) {
        if (entry.id.number() == ++expected) continue;
        drifts_.add(entry, "number of the entry", std::to_string(entry.id.number()),
                    std::to_string(expected));
        return {};
      }
      after = entries.back().id;
    }
  }

  // Those who were merged, each with all whom she stands for.
  Result<void> compare_people() {
    std::ranges::sort(gathered_.joinings, {}, &Joining::entry);
    std::map<MemberId, Joining> into;  // by who went
    for (const auto& joining : gathered_.joinings) {
      if (joining.merges) into[joining.other] = joining;
      const auto at = into.find(joining.other);
      if (!joining.merges && at != into.end() && at->second.merge == joining.merge) into.erase(at);
    }
    const auto person = [&](MemberId side) {
      for (auto at = into.find(side); at != into.end(); at = into.find(side)) {
        side = at->second.member;
      }
      return side;
    };
    // Merged or parted between the snapshots of two shares: only one of them knows of it.
    std::set<MemberId> half_seen;
    for (const auto& joining : gathered_.joinings) {
      const MemberId stayed = joining.merges ? joining.member : person(joining.other);
      if (joined_.members.contains(stayed) && joined_.members.contains(joining.other)) continue;
      half_seen.insert({stayed, joining.other, person(stayed), person(joining.other)});
    }
    std::map<MemberId, std::vector<ledger::RecentTierEvent>> tiers;
    std::ranges::sort(joined_.tier_moves, {}, &TierMove::entry);
    for (auto& move : joined_.tier_moves) tiers[person(move.side)].push_back(std::move(move.event));
    for (const MemberId id : joined_.members) {
      LAUREL_TRY(const auto stored, view_.member(id));
      if (!stored) continue;  // said already
      const auto at = into.find(id);
      const MemberId went_to = at == into.end() ? MemberId{} : at->second.member;
      const EntryId by = at == into.end() ? EntryId{} : at->second.merge;
      if (stored->merged_into != went_to || stored->merge != by) {
        drifts_.add(id, "merged into", stored->merged_into.text(), went_to.text());
      }
      if (went_to || half_seen.contains(id)) continue;
      LAUREL_TRY_VOID(compare_tier(versions_, *stored, std::move(tiers[id]), drifts_));
    }
    return {};
  }

  Result<void> compare_vouchers() {
    Vouchers rebuilt;
    std::ranges::sort(gathered_.vouchers, {}, &VoucherDeed::entry);
    for (const auto& deed : gathered_.vouchers) rebuild(deed, rebuilt);
    for (const auto& [code, voucher] : rebuilt) {
      LAUREL_TRY(const auto stored, view_.voucher(code));
      if (stored && *stored == voucher) continue;
      const auto text = [](const ledger::Voucher& one) {
        return std::to_string(one.left_minor) + " left in " + std::to_string(one.uses_left) +
               " uses";
      };
      drifts_.add(voucher.owner, "voucher " + ledger::masked_code(code),
                  stored ? text(*stored) : "missing", text(voucher));
    }
    for (const auto& [owner, code] : gathered_.stored_vouchers) check_issued(owner, code, rebuilt);
    return compare_pools(rebuilt);
  }

  // Stored, and issued by no entry. A bearer's can be asked for by its code alone.
  void check_issued(MemberId owner, const std::string& code, const Vouchers& rebuilt) {
    if (rebuilt.contains(code)) return;
    drifts_.add(owner, "voucher " + ledger::masked_code(code), "stored", "never issued");
  }

  Result<void> compare_pools(const Vouchers& rebuilt) {
    std::map<std::string, std::size_t> waiting;
    for (const auto& [code, voucher] : rebuilt) {
      if (!voucher.terms.pool.empty()) waiting[voucher.terms.pool] += voucher.given ? 0 : 1;
    }
    for (const auto& [pool, count] : waiting) {
      LAUREL_TRY(const auto stored, view_.waiting_vouchers(pool, count + kBatch));
      for (const auto& voucher : stored) check_issued(voucher.owner, voucher.code, rebuilt);
    }
    return {};
  }

  void rebuild(const VoucherDeed& deed, Vouchers& rebuilt) {
    const auto drift = [&](const std::string& code, std::string stored, std::string found) {
      drifts_.found.push_back({deed.member, deed.entry, "voucher " + ledger::masked_code(code),
                               std::move(stored), std::move(found)});
    };
    for (const auto& issue : deed.issues) {
      for (auto& voucher : ledger::issued(issue, deed.entry, deed.booked_at)) {
        const auto [at, is_new] = rebuilt.try_emplace(voucher.code, voucher);
        if (!is_new) drift(at->first, "new", "known");
      }
    }
    for (const auto& move : deed.moves) {
      const auto at = rebuilt.find(move.code);
      const auto moved = at == rebuilt.end()
                             ? Result<void>(Error{ErrorCode::kDrift, "it was never issued"})
                             : ledger::apply_move(at->second, move, deed.booked_at);
      if (!moved) drift(move.code, "booked", moved.error().detail);
    }
  }

  void compare_totals() {
    std::map<std::string, Points> sums;
    for (const auto& [account, sum] : gathered_.totals) sums[account.first] += sum;
    for (const auto& [wallet, sum] : sums) {
      if (sum != Points{}) {
        drifts_.add(MemberId{}, "sum of " + wallet, std::to_string(sum.units()), "0");
      }
    }
  }

  const store::View& view_;
  const Versions& versions_;
  VerifyReport report_;
  Drifts drifts_;
  Gathered gathered_;
  Joined joined_;
};

// Counts for whoever watches, from all tasks.
class Progress {
 public:
  Progress(const std::function<void(VerifyProgress)>& told, std::int64_t all)
      : told_(told), all_(all) {}

  void seen(std::int64_t entries) {
    if (!told_) return;
    const std::lock_guard lock(mutex_);
    done_ += entries;
    told_({done_, std::max(done_, all_)});
  }

 private:
  const std::function<void(VerifyProgress)>& told_;
  const std::int64_t all_;
  std::mutex mutex_;
  std::int64_t done_ = 0;
};

Result<std::vector<ShareReport>> verify_shares(const Snapshots& read, const Verification& how,
                                               std::size_t parts) {
  EntryId last;
  const auto count = [&](const store::View& view, const Versions&) -> Result<void> {
    LAUREL_TRY(last, store::last_entry(view));
    return {};
  };
  LAUREL_TRY_VOID(read(count));
  Progress progress(how.progress, last.number());
  std::vector<Result<ShareReport>> done(parts, ShareReport{});
  std::vector<std::function<void()>> tasks;
  for (std::size_t i = 0; i < parts; ++i) {
    tasks.emplace_back([&, i] {
      const auto looked = read([&](const store::View& view, const Versions& versions) {
        done[i] = verify_share(view, versions, {i, parts},
                               [&](std::int64_t entries) { progress.seen(entries); });
        return Result<void>();
      });
      if (!looked) done[i] = looked.error();
    });
  }
  if (how.executor) {
    how.executor(tasks);
  } else {
    for (const auto& task : tasks) task();
  }
  std::vector<ShareReport> reports;
  for (auto& one : done) {
    if (!one) return std::move(one).error();
    reports.push_back(*std::move(one));
  }
  return reports;
}

}  // namespace

Result<VerifyReport> verify(const Snapshots& read, const Verification& how) {
  const std::size_t parts = std::max<std::size_t>(how.parts, 1);
  LAUREL_TRY(auto reports, verify_shares(read, how, parts));
  std::optional<VerifyReport> report;
  const auto compare = [&](const store::View& view, const Versions& versions) -> Result<void> {
    Whole whole(view, versions);
    for (std::size_t i = 0; i < parts; ++i) {
      LAUREL_TRY_VOID(whole.add({i, parts}, std::move(reports[i])));
    }
    LAUREL_TRY(report, whole.compare());
    return {};
  };
  LAUREL_TRY_VOID(read(compare));
  return *std::move(report);
}

}  // namespace laurel::engine
