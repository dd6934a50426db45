#include "engine/verify.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "base/try.hpp"
#include "engine/person.hpp"
#include "engine/receipt.hpp"
#include "engine/session.hpp"
#include "engine/valuation.hpp"
#include "ledger/invariants.hpp"
#include "ledger/voucher_code.hpp"

namespace laurel::engine {
namespace {

using ledger::Entry;

constexpr std::size_t kBatch = 1'000;

// A member as the entries alone make her.
struct Rebuilt {
  ledger::Books books;
  bool begun = false;
  MemberId merged_into;
  EntryId merge;
};

// What moved a tier, by whom it came, in order of booking.
struct TierMove {
  MemberId side;
  ledger::RecentTierEvent event;
};

// Walks along a member's stored list of latest events while her tier is folded again.
class RecentTierCheck {
 public:
  RecentTierCheck(const ledger::RecentTier& stored, const std::vector<ledger::RecentTierEvent>& all)
      : stored_(stored), left_(all.size()) {
    for (const auto& segment : stored) listed_ += segment.events.size();
    same_ = listed_ <= left_;
  }

  // `event` is about to be folded into `state`.
  void next(const ledger::TierState& state, const ledger::RecentTierEvent& event) {
    if (left_-- > listed_ || !same_) return;
    while (place_ == stored_[segment_].events.size()) ++segment_, place_ = 0;
    const auto& segment = stored_[segment_];
    if (place_ == 0 && !same_standing(segment.before, state)) same_ = false;
    if (segment.events[place_++] != event) same_ = false;
  }
  bool same() const { return same_; }

 private:
  static bool same_standing(const ledger::TierState& a, const ledger::TierState& b) {
    return a.level == b.level && a.buckets == b.buckets && a.last_event == b.last_event;
  }

  const ledger::RecentTier& stored_;
  std::size_t left_;
  std::size_t listed_ = 0;
  bool same_ = true;
  std::size_t segment_ = 0, place_ = 0;
};

class Verifier {
 public:
  Verifier(const store::View& view, const Versions& versions,
           const std::function<void(VerifyProgress)>& progress)
      : view_(view), versions_(versions), progress_(progress) {}

  Result<VerifyReport> run() {
    EntryId after;
    for (;;) {
      LAUREL_TRY(const auto entries, view_.entries(after, kBatch));
      if (entries.empty()) break;
      for (const auto& entry : entries) LAUREL_TRY_VOID(take(entry));
      after = entries.back().id;
      report_.entries += static_cast<std::int64_t>(entries.size());
      if (progress_) progress_({report_.entries, report_.entries});
    }
    LAUREL_TRY_VOID(compare_members());
    LAUREL_TRY_VOID(compare_usage());
    LAUREL_TRY_VOID(compare_vouchers());
    for (const auto& [account, sum] : totals_) {
      report_.totals.push_back({account.first, account.second, sum});
    }
    check_totals();
    return std::move(report_);
  }

 private:
  void drift(const Entry& entry, std::string what, std::string stored, std::string rebuilt) {
    report_.drift.push_back(
        {entry.member, entry.id, std::move(what), std::move(stored), std::move(rebuilt)});
  }

  void drift(MemberId member, std::string what, std::string stored, std::string rebuilt) {
    report_.drift.push_back({member, {}, std::move(what), std::move(stored), std::move(rebuilt)});
  }

  Result<void> take(const Entry& entry) {
    if (entry.id.number() != last_.number() + 1) {
      drift(entry, "number of the entry", std::to_string(entry.id.number()),
            std::to_string(last_.number() + 1));
    }
    last_ = entry.id;
    LAUREL_TRY_VOID(check_key(entry));
    for (const auto& posting : entry.postings) {
      totals_[{posting.wallet, std::string(to_text(posting.account))}] += posting.amount;
    }
    check_vouchers(entry);
    for (const auto& use : entry.uses) count_use(entry.member, use);
    if (!entry.member) return {};
    Rebuilt& member = members_[entry.member];
    if (!member.begun) begin(member, entry);
    check_entry(entry, member);
    LAUREL_TRY_VOID(check_valuation(entry));
    if (auto carried = ledger::apply_entry(member.books, entry); !carried) {
      drift(entry, "entry", "booked", carried.error().detail);
    }
    if (moves_tier(entry)) {
      const Version* version = versions_.with_digest(entry.programme);
      tier_moves_.push_back(
          {side_of(entry), tier_event(entry, version == nullptr ? 0 : version->number)});
    }
    if (entry.merging) take_merging(entry, member);
    return {};
  }

  void take_merging(const Entry& entry, Rebuilt& member) {
    if (entry.kind == ledger::EntryKind::kMerge && !entry.merging->goes) {
      members_[entry.merging->other].merged_into = entry.member;
      members_[entry.merging->other].merge = entry.id;
    }
    if (entry.kind == ledger::EntryKind::kUnmerge && member.merge == entry.merging->merge) {
      member.merged_into = {};
      member.merge = {};
    }
  }

  MemberId person_of(MemberId side) {
    for (;;) {
      const auto at = members_.find(side);
      if (at == members_.end() || !at->second.merged_into) return side;
      side = at->second.merged_into;
    }
  }

  void check_vouchers(const Entry& entry) {
    for (const auto& issue : entry.vouchers_issued) {
      for (auto& voucher : ledger::issued(issue, entry.id, entry.booked_at)) {
        const auto [at, is_new] = vouchers_.try_emplace(voucher.code, voucher);
        if (!is_new) drift(entry, "voucher " + ledger::masked_code(at->first), "new", "known");
      }
    }
    for (const auto& move : entry.voucher_moves) {
      const auto at = vouchers_.find(move.code);
      const auto moved = at == vouchers_.end()
                             ? Result<void>(Error{ErrorCode::kDrift, "it was never issued"})
                             : ledger::apply_move(at->second, move, entry.booked_at);
      if (!moved) {
        drift(entry, "voucher " + ledger::masked_code(move.code), "booked", moved.error().detail);
      }
    }
  }

  Result<void> compare_vouchers() {
    for (const auto& [code, rebuilt] : vouchers_) {
      LAUREL_TRY(const auto stored, view_.voucher(code));
      if (stored && *stored == rebuilt) continue;
      const auto text = [](const ledger::Voucher& voucher) {
        return std::to_string(voucher.left_minor) + " left in " +
               std::to_string(voucher.uses_left) + " uses";
      };
      drift(rebuilt.owner, "voucher " + ledger::masked_code(code),
            stored ? text(*stored) : "missing", text(rebuilt));
    }
    return {};
  }

  void count_use(MemberId member, const ledger::CounterUse& use) {
    for (const Date day : {store::kEver, use.day}) {
      for (const auto& [counts, who] :
           {std::pair(use.per_member, member), std::pair(use.for_all, MemberId{})}) {
        if (!counts) continue;
        auto& row = usage_[{use.counter, who, day}];
        row.units += use.units;
        row.times += use.times;
      }
    }
  }

  Result<void> compare_usage() {
    for (const auto& [key, rebuilt] : usage_) {
      const auto& [counter, who, day] = key;
      LAUREL_TRY(const auto rows, view_.usage(counter, who, day, day));
      const std::int64_t units = rows.empty() ? 0 : rows.front().units;
      const std::int64_t times = rows.empty() ? 0 : rows.front().times;
      if (units == rebuilt.units && times == rebuilt.times) continue;
      const auto text = [](std::int64_t a, std::int64_t b) {
        return std::to_string(a) + " in " + std::to_string(b) + " times";
      };
      drift(who, "counter " + counter + (day == store::kEver ? "" : " on " + laurel::to_text(day)),
            text(units, times), text(rebuilt.units, rebuilt.times));
    }
    return {};
  }

  void begin(Rebuilt& member, const Entry& entry) {
    member.begun = true;
    member.books.record.id = entry.member;
    member.books.record.enrolled_at = std::min(entry.event_time, entry.booked_at);
    ++report_.members;
  }

  Result<void> check_key(const Entry& entry) {
    if (entry.key.id.empty() || entry.kind == ledger::EntryKind::kClaim) return {};
    LAUREL_TRY(const auto record, view_.transaction(entry.key));
    const std::int64_t stored = record ? record->entry.number() : 0;
    if (stored != entry.id.number()) {
      drift(entry, "entry of its business key", std::to_string(stored),
            std::to_string(entry.id.number()));
    }
    return {};
  }

  // The entry by itself: its chain and its postings.
  void check_entry(const Entry& entry, const Rebuilt& member) {
    if (entry.previous != member.books.record.last_entry) {
      drift(entry, "the entry before it", std::to_string(entry.previous.number()),
            std::to_string(member.books.record.last_entry.number()));
    }
    std::map<std::string, std::int64_t> sums;
    for (const auto& posting : entry.postings) sums[posting.wallet] += posting.amount.units();
    for (const auto& [wallet, sum] : sums) {
      if (sum != 0) drift(entry, "sum of postings in " + wallet, std::to_string(sum), "0");
    }
  }

  Result<void> check_valuation(const Entry& entry) {
    if (!entry.valuation) return {};
    std::optional<Entry> claimed;
    const Transaction* document = entry.document ? &*entry.document : nullptr;
    if (document == nullptr) {
      LAUREL_TRY(claimed, view_.entry(entry.about));
      if (claimed && claimed->document) document = &*claimed->document;
    }
    const Version* version = versions_.with_digest(entry.programme);
    if (document == nullptr || version == nullptr) {
      drift(entry, "what it was valued from", "missing", "a document and a programme");
      return {};
    }
    ++report_.transactions_revalued;
    Valuable valuable(*document);
    const auto standing = standing_of(*entry.valuation);
    const auto again =
        value(version->compiled(), valuable.facts(entry.event_time, standing), standing).valuation;
    if (again != *entry.valuation) describe_valuation(entry, again);
    return {};
  }

  void describe_valuation(const Entry& entry, const ledger::Valuation& again) {
    const auto& stored = *entry.valuation;
    if (stored.spend_minor != again.spend_minor) {
      drift(entry, "eligible spend", std::to_string(stored.spend_minor),
            std::to_string(again.spend_minor));
    }
    const auto text = [](const std::vector<ledger::LineAward>& awards) {
      std::string out;
      for (const auto& award : awards) {
        if (!out.empty()) out += ", ";
        out += award.rule + " line " + std::to_string(award.line) + " " +
               std::to_string(award.points.units()) + " " + award.wallet;
      }
      return out;
    };
    if (stored.awards != again.awards)
      drift(entry, "awards", text(stored.awards), text(again.awards));
  }

  Result<void> compare_members() {
    std::map<MemberId, std::vector<ledger::RecentTierEvent>> tiers;
    for (auto& [side, event] : tier_moves_) tiers[person_of(side)].push_back(std::move(event));
    for (auto& [id, member] : members_) {
      LAUREL_TRY(const auto stored, view_.member(id));
      if (!stored) {
        drift(id, "member", "missing", "present");
        continue;
      }
      compare_wallets(*stored, member.books.record);
      compare_chain(*stored, member.books.record);
      compare_holds(*stored, member.books.record);
      LAUREL_TRY_VOID(compare_lots(member.books));
      if (stored->merged_into != member.merged_into || stored->merge != member.merge) {
        drift(id, "merged into", stored->merged_into.text(), member.merged_into.text());
      }
      if (!member.merged_into) LAUREL_TRY_VOID(compare_tier(*stored, std::move(tiers[id])));
    }
    return {};
  }

  void compare_wallets(const ledger::MemberRecord& stored, const ledger::MemberRecord& rebuilt) {
    const auto compare = [&](const std::string& wallet, const char* what, Points a, Points b) {
      if (a == b) return;
      drift(stored.id, wallet + " " + what, std::to_string(a.units()), std::to_string(b.units()));
    };
    const auto both = [&](const std::string& wallet) {
      const auto* a = ledger::find_wallet(stored, wallet);
      const auto* b = ledger::find_wallet(rebuilt, wallet);
      const ledger::WalletState none{wallet, {}, {}, {}, {}};
      if (a == nullptr) a = &none;
      if (b == nullptr) b = &none;
      compare(wallet, "pending", a->pending, b->pending);
      compare(wallet, "available", a->available, b->available);
      compare(wallet, "held", a->held, b->held);
      compare(wallet, "debt", a->debt, b->debt);
      if (a->dies_at != b->dies_at) {
        drift(stored.id, wallet + " lives until", laurel::to_text(a->dies_at),
              laurel::to_text(b->dies_at));
      }
    };
    for (const auto& wallet : rebuilt.wallets) both(wallet.wallet);
    for (const auto& wallet : stored.wallets) {
      if (ledger::find_wallet(rebuilt, wallet.wallet) == nullptr) both(wallet.wallet);
    }
  }

  void compare_holds(const ledger::MemberRecord& stored, const ledger::MemberRecord& rebuilt) {
    if (stored.holds == rebuilt.holds) return;
    drift(stored.id, "open holds", std::to_string(stored.holds.size()),
          std::to_string(rebuilt.holds.size()));
  }

  void compare_chain(const ledger::MemberRecord& stored, const ledger::MemberRecord& rebuilt) {
    const auto compare = [&](const char* what, std::int64_t a, std::int64_t b) {
      if (a != b) drift(stored.id, what, std::to_string(a), std::to_string(b));
    };
    compare("last entry", stored.last_entry.number(), rebuilt.last_entry.number());
    compare("last lot", stored.last_lot.number(), rebuilt.last_lot.number());
    if (rebuilt.next_due < stored.next_due && has_due_before(stored)) {
      drift(stored.id, "next due", laurel::to_text(stored.next_due),
            laurel::to_text(rebuilt.next_due));
    }
  }

  bool has_due_before(const ledger::MemberRecord& stored) {
    const auto& lots = members_.at(stored.id).books.lots;
    return std::any_of(lots.begin(), lots.end(), [&](const ledger::Lot& lot) {
      return ledger::lot_due(stored, lot) < stored.next_due;
    });
  }

  Result<void> compare_lots(const ledger::Books& rebuilt) {
    std::map<std::string, std::pair<Points, Points>> sums;  // pending, available
    for (const auto& lot : rebuilt.lots) {
      auto& sum = sums[lot.wallet];
      (lot.activated ? sum.second : sum.first) += lot.remaining;
      LAUREL_TRY(const auto stored, view_.lot(lot.id));
      if (stored && *stored == lot) continue;
      drift(lot.member, "lot " + std::to_string(lot.id.number()) + " remaining",
            stored ? std::to_string(stored->remaining.units()) : "missing",
            std::to_string(lot.remaining.units()));
    }
    for (const auto& [wallet, sum] : sums) {
      const auto* state = ledger::find_wallet(rebuilt.record, wallet);
      if (state != nullptr && state->pending == sum.first && state->available == sum.second)
        continue;
      drift(
          rebuilt.record.id, "lots of " + wallet, std::to_string((sum.first + sum.second).units()),
          state == nullptr ? "none" : std::to_string((state->pending + state->available).units()));
    }
    return {};
  }

  Result<void> compare_tier(const ledger::MemberRecord& stored,
                            std::vector<ledger::RecentTierEvent> events) {
    std::stable_sort(events.begin(), events.end(),
                     [](const auto& a, const auto& b) { return a.at < b.at; });
    if (events.empty()) return {};
    const Instant first = std::min(stored.enrolled_at, events.front().at);
    auto state = ledger::initial_tier(tier_rules(versions_.in_force(first).compiled()), first,
                                      stored.enrolled_at);
    RecentTierCheck recent(stored.recent_tier, events);
    for (const auto& event : events) {
      const Version* version = versions_.with_number(event.version);
      if (version == nullptr) return {};  // said already
      recent.next(state, event);
      state = ledger::fold_tier(tier_rules(version->compiled()), std::move(state),
                                ledger::tier_event(event));
    }
    if (!recent.same()) drift(stored.id, "latest tier events", "other", "as their entries say");
    if (state.level != stored.tier.level) {
      drift(stored.id, "tier", stored.tier.level, state.level);
    }
    if (state.grants != stored.tier.grants) {
      drift(stored.id, "levels granted", std::to_string(stored.tier.grants.size()),
            std::to_string(state.grants.size()));
    }
    if (state.buckets != stored.tier.buckets) {
      drift(stored.id, "tier spend", spend_of(stored.tier), spend_of(state));
    }
    return {};
  }

  static std::string spend_of(const ledger::TierState& tier) {
    std::int64_t minor = 0;
    for (const auto& bucket : tier.buckets) minor += bucket.minor;
    return std::to_string(minor);
  }

  void check_totals() {
    std::map<std::string, Points> sums;
    for (const auto& [account, sum] : totals_) sums[account.first] += sum;
    for (const auto& [wallet, sum] : sums) {
      if (sum != Points{}) drift(MemberId{}, "sum of " + wallet, std::to_string(sum.units()), "0");
    }
  }

  const store::View& view_;
  const Versions& versions_;
  const std::function<void(VerifyProgress)>& progress_;
  VerifyReport report_;
  EntryId last_;
  std::map<MemberId, Rebuilt> members_;
  std::vector<TierMove> tier_moves_;
  std::map<std::pair<std::string, std::string>, Points> totals_;
  std::map<std::string, ledger::Voucher> vouchers_;  // by code
  struct Counted {
    std::int64_t units = 0, times = 0;
  };
  std::map<std::tuple<std::string, MemberId, Date>, Counted> usage_;  // counter, who, day
};

}  // namespace

Result<VerifyReport> verify(const store::View& view, const Versions& versions,
                            const std::function<void(VerifyProgress)>& progress) {
  return Verifier(view, versions, progress).run();
}

}  // namespace laurel::engine
