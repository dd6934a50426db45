#include "engine/verify_share.hpp"

#include <algorithm>
#include <unordered_map>

#include "base/try.hpp"
#include "engine/person.hpp"
#include "engine/pools.hpp"
#include "engine/receipt.hpp"
#include "engine/session.hpp"
#include "engine/valuation.hpp"
#include "ledger/invariants.hpp"

namespace laurel::engine {
namespace {

using ledger::Entry;

// Few enough that they are still near when they are looked at.
constexpr std::size_t kBatch = 16;

// A member as the entries alone make her.
struct Rebuilt {
  ledger::Books books;
  bool merged = false;  // or unmerged: she is to be looked at with others
  std::vector<TierMove> tier_moves;
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

class ShareVerifier {
 public:
  ShareVerifier(const store::View& view, const Versions& versions, store::Share share,
                const std::function<void(std::int64_t)>& seen)
      : view_(view), versions_(versions), share_(share), seen_(seen) {}

  Result<ShareReport> run() {
    for (;;) {
      LAUREL_TRY(const auto entries, view_.entries_of(share_, report_.through, kBatch));
      if (entries.empty()) break;
      for (const auto& entry : entries) LAUREL_TRY_VOID(take(entry));
      report_.through = entries.back().id;
      if (seen_) seen_(static_cast<std::int64_t>(entries.size()));
    }
    LAUREL_TRY_VOID(compare_members());
    LAUREL_TRY_VOID(compare_others());
    LAUREL_TRY_VOID(usage_.compare(view_, drifts()));
    return std::move(report_);
  }

 private:
  Drifts& drifts() { return report_.drifts; }

  Result<void> take(const Entry& entry) {
    LAUREL_TRY_VOID(check_key(entry));
    report_.gathered.take(entry);
    if (!entry.member) return {};
    Rebuilt& member = member_of(entry);
    check_entry(entry, member);
    LAUREL_TRY_VOID(check_valuation(entry));
    if (auto carried = ledger::apply_entry(member.books, entry); !carried) {
      drifts().add(entry, "entry", "booked", carried.error().detail);
    }
    if (moves_tier(entry)) {
      member.tier_moves.push_back({side_of(entry), entry.id, tier_event_of(entry, versions_)});
    }
    member.merged = member.merged || entry.merging.has_value();
    if (entry.pooling) {
      const bool leaves = entry.pooling->what == ledger::Pooling::What::kLeave;
      member.books.record.pool = leaves ? EntryId{} : pool_named(entry);
    }
    for (const auto& use : entry.uses) {
      if (use.per_member) usage_.take(use, entry.member);
    }
    return {};
  }

  Rebuilt& member_of(const Entry& entry) {
    const auto [at, is_new] = places_.try_emplace(entry.member.number(), members_.size());
    if (!is_new) return members_[at->second];
    auto& member = members_.emplace_back();
    member.books.record.id = entry.member;
    member.books.record.enrolled_at = std::min(entry.event_time, entry.booked_at);
    ++report_.members;
    return member;
  }

  Result<void> check_key(const Entry& entry) {
    if (entry.key.id.empty() || entry.kind == ledger::EntryKind::kClaim) return {};
    LAUREL_TRY(const auto record, view_.transaction(entry.key));
    const std::int64_t stored = record ? record->entry.number() : 0;
    if (stored != entry.id.number()) {
      drifts().add(entry, "entry of its business key", std::to_string(stored),
                   std::to_string(entry.id.number()));
    }
    return {};
  }

  // The entry by itself: its chain and its postings.
  void check_entry(const Entry& entry, const Rebuilt& member) {
    if (entry.previous != member.books.record.last_entry) {
      drifts().add(entry, "the entry before it", std::to_string(entry.previous.number()),
                   std::to_string(member.books.record.last_entry.number()));
    }
    const auto& postings = entry.postings;
    for (auto posting = postings.begin(); posting != postings.end(); ++posting) {
      const auto& wallet = posting->wallet;
      if (std::any_of(postings.begin(), posting,
                      [&](const auto& earlier) { return earlier.wallet == wallet; })) {
        continue;
      }
      Points sum;
      for (auto same = posting; same != postings.end(); ++same) {
        if (same->wallet == wallet) sum += same->amount;
      }
      if (sum == Points{}) continue;
      drifts().add(entry, "sum of postings in " + wallet, std::to_string(sum.units()), "0");
    }
  }

  Result<void> check_valuation(const Entry& entry) {
    if (!entry.valuation) return {};
    // Of whom it was valued is forgotten.
    if (entry.valuation->person && entry.valuation->person->forgotten) return {};
    std::optional<Entry> claimed;
    const Transaction* document = entry.document ? &*entry.document : nullptr;
    if (document == nullptr) {
      LAUREL_TRY(claimed, view_.entry(entry.about));
      if (claimed && claimed->document) document = &*claimed->document;
    }
    const Version* version = versions_.with_digest(entry.programme);
    if (document == nullptr || version == nullptr) {
      drifts().add(entry, "what it was valued from", "missing", "a document and a programme");
      return {};
    }
    ++report_.transactions_revalued;
    Valuable valuable(*document);
    const auto& facts = valuable.facts(entry.event_time, standing_of(*entry.valuation));
    const auto again = value(version->compiled(), facts, valuable.standing()).valuation;
    if (again != *entry.valuation) describe_valuation(entry, again);
    return {};
  }

  void describe_valuation(const Entry& entry, const ledger::Valuation& again) {
    const auto& stored = *entry.valuation;
    if (stored.spend_minor != again.spend_minor) {
      drifts().add(entry, "eligible spend", std::to_string(stored.spend_minor),
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
      drifts().add(entry, "awards", text(stored.awards), text(again.awards));
  }

  Result<void> compare_members() {
    const auto id_of = [](const Rebuilt& member) { return member.books.record.id; };
    std::ranges::sort(members_, {}, id_of);  // so that drift is told in one order
    for (auto& member : members_) LAUREL_TRY_VOID(compare_member(id_of(member), member));
    return {};
  }

  // Those of the share for whom nothing was ever booked have nothing.
  Result<void> compare_others() {
    constexpr std::size_t kPage = 1'000;
    for (MemberId after;;) {
      LAUREL_TRY(const auto page, view_.members(after, kPage));
      for (const auto& stored : page) {
        if (!share_.has(stored.id) || places_.contains(stored.id.number())) continue;
        ledger::Books nothing;
        nothing.record.id = stored.id;
        compare_wallets(stored, nothing.record);
        compare_chain(stored, nothing);
        compare_holds(stored, nothing.record);
      }
      if (page.size() < kPage) return {};
      after = page.back().id;
    }
  }

  Result<void> compare_member(MemberId id, Rebuilt& member) {
    LAUREL_TRY(const auto stored, view_.member(id));
    if (!stored) {
      drifts().add(id, "member", "missing", "present");
      return {};
    }
    compare_wallets(*stored, member.books.record);
    compare_chain(*stored, member.books);
    compare_holds(*stored, member.books.record);
    if (stored->pool != member.books.record.pool) {
      drifts().add(id, "pool", PoolId(stored->pool.number()).text(),
                   PoolId(member.books.record.pool.number()).text());
    }
    LAUREL_TRY_VOID(compare_lots(member.books));
    LAUREL_TRY_VOID(gather_vouchers(id));
    if (member.merged) {
      auto& moves = report_.joined.tier_moves;
      report_.joined.members.insert(id);
      std::ranges::move(member.tier_moves, std::back_inserter(moves));
      return {};
    }
    if (stored->merged_into) drifts().add(id, "merged into", stored->merged_into.text(), "");
    std::vector<ledger::RecentTierEvent> events;
    for (auto& move : member.tier_moves) events.push_back(std::move(move.event));
    return compare_tier(versions_, *stored, std::move(events), drifts());
  }

  Result<void> gather_vouchers(MemberId id) {
    for (std::string after;;) {
      LAUREL_TRY(const auto page, view_.vouchers_of(id, after, kBatch));
      for (const auto& voucher : page) {
        report_.gathered.stored_vouchers.emplace_back(id, voucher.code);
      }
      if (page.size() < kBatch) return {};
      after = page.back().code;
    }
  }

  void compare_wallets(const ledger::MemberRecord& stored, const ledger::MemberRecord& rebuilt) {
    const auto compare = [&](const std::string& wallet, const char* what, Points a, Points b) {
      if (a == b) return;
      drifts().add(stored.id, wallet + " " + what, std::to_string(a.units()),
                   std::to_string(b.units()));
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
        drifts().add(stored.id, wallet + " lives until", laurel::to_text(a->dies_at),
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
    drifts().add(stored.id, "open holds", std::to_string(stored.holds.size()),
                 std::to_string(rebuilt.holds.size()));
  }

  void compare_chain(const ledger::MemberRecord& stored, const ledger::Books& books) {
    const auto& rebuilt = books.record;
    const auto compare = [&](const char* what, std::int64_t a, std::int64_t b) {
      if (a != b) drifts().add(stored.id, what, std::to_string(a), std::to_string(b));
    };
    compare("last entry", stored.last_entry.number(), rebuilt.last_entry.number());
    compare("last lot", stored.last_lot.number(), rebuilt.last_lot.number());
    const bool due_before = std::ranges::any_of(books.lots, [&](const ledger::Lot& lot) {
      return ledger::lot_due(stored, lot) < stored.next_due;
    });
    if (rebuilt.next_due < stored.next_due && due_before) {
      drifts().add(stored.id, "next due", laurel::to_text(stored.next_due),
                   laurel::to_text(rebuilt.next_due));
    }
  }

  Result<void> compare_lots(const ledger::Books& rebuilt) {
    std::map<std::string, std::pair<Points, Points>> sums;  // pending, available
    for (const auto& lot : rebuilt.lots) {
      auto& sum = sums[lot.wallet];
      (lot.activated ? sum.second : sum.first) += lot.remaining;
      LAUREL_TRY(const auto stored, view_.lot(lot.id));
      if (stored && *stored == lot) continue;
      drifts().add(lot.member, "lot " + std::to_string(lot.id.number()) + " remaining",
                   stored ? std::to_string(stored->remaining.units()) : "missing",
                   std::to_string(lot.remaining.units()));
    }
    for (const auto& [wallet, sum] : sums) {
      const auto* state = ledger::find_wallet(rebuilt.record, wallet);
      if (state != nullptr && state->pending == sum.first && state->available == sum.second)
        continue;
      drifts().add(
          rebuilt.record.id, "lots of " + wallet, std::to_string((sum.first + sum.second).units()),
          state == nullptr ? "none" : std::to_string((state->pending + state->available).units()));
    }
    return {};
  }

  const store::View& view_;
  const Versions& versions_;
  const store::Share share_;
  const std::function<void(std::int64_t)>& seen_;
  ShareReport report_;
  std::vector<Rebuilt> members_;
  std::unordered_map<std::int64_t, std::size_t> places_;  // among them, by number
  Usage usage_;                                           // of single members
};

std::string spend_of(const ledger::TierState& tier) {
  std::int64_t minor = 0;
  for (const auto& bucket : tier.buckets) minor += bucket.minor;
  return std::to_string(minor);
}

}  // namespace

void Usage::take(const ledger::CounterUse& use, MemberId who) {
  for (const Date day : {store::kEver, use.day}) {
    auto& row = rows[{use.counter, who, day}];
    row.units += use.units;
    row.times += use.times;
  }
}

Result<void> Usage::compare(const store::View& view, Drifts& drifts) const {
  for (const auto& [key, rebuilt] : rows) {
    const auto& [counter, who, day] = key;
    LAUREL_TRY(const auto stored, view.usage(counter, who, day, day));
    const std::int64_t units = stored.empty() ? 0 : stored.front().units;
    const std::int64_t times = stored.empty() ? 0 : stored.front().times;
    if (units == rebuilt.units && times == rebuilt.times) continue;
    const auto text = [](std::int64_t a, std::int64_t b) {
      return std::to_string(a) + " in " + std::to_string(b) + " times";
    };
    drifts.add(who,
               "counter " + counter + (day == store::kEver ? "" : " on " + laurel::to_text(day)),
               text(units, times), text(rebuilt.units, rebuilt.times));
  }
  return {};
}

void Gathered::take(const Entry& entry) {
  ++entries;
  for (const auto& posting : entry.postings) {
    totals[{posting.wallet, posting.account}] += posting.amount;
  }
  if (!entry.vouchers_issued.empty() || !entry.voucher_moves.empty()) {
    vouchers.push_back(
        {entry.id, entry.member, entry.booked_at, entry.vouchers_issued, entry.voucher_moves});
  }
  if (entry.merging && entry.kind == ledger::EntryKind::kMerge && !entry.merging->goes) {
    joinings.push_back({entry.id, true, entry.member, entry.merging->other, entry.id});
  }
  if (entry.merging && entry.kind == ledger::EntryKind::kUnmerge) {
    joinings.push_back({entry.id, false, {}, entry.member, entry.merging->merge});
  }
  for (const auto& use : entry.uses) {
    if (use.for_all || (use.per_member && !entry.member)) usage.take(use, MemberId{});
  }
}

void Gathered::add(Gathered&& other) {
  entries += other.entries;
  for (const auto& [account, sum] : other.totals) totals[account] += sum;
  for (const auto& [key, taken] : other.usage.rows) {
    usage.rows[key].units += taken.units;
    usage.rows[key].times += taken.times;
  }
  std::ranges::move(other.vouchers, std::back_inserter(vouchers));
  std::ranges::move(other.stored_vouchers, std::back_inserter(stored_vouchers));
  std::ranges::move(other.joinings, std::back_inserter(joinings));
}

ledger::RecentTierEvent tier_event_of(const Entry& entry, const Versions& versions) {
  const Version* version = versions.with_digest(entry.programme);
  return tier_event(entry, version == nullptr ? 0 : version->number);
}

Result<void> compare_tier(const Versions& versions, const ledger::MemberRecord& stored,
                          std::vector<ledger::RecentTierEvent> events, Drifts& drifts) {
  std::stable_sort(events.begin(), events.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  if (events.empty()) return {};
  const Instant first = std::min(stored.enrolled_at, events.front().at);
  auto state = ledger::initial_tier(tier_rules(versions.in_force(first).compiled()), first,
                                    stored.enrolled_at);
  RecentTierCheck recent(stored.recent_tier, events);
  for (const auto& event : events) {
    const Version* version = versions.with_number(event.version);
    if (version == nullptr) return {};  // said already
    recent.next(state, event);
    state = ledger::fold_tier(tier_rules(version->compiled()), std::move(state),
                              ledger::tier_event(event));
  }
  if (!recent.same()) drifts.add(stored.id, "latest tier events", "other", "as their entries say");
  if (state.level != stored.tier.level) {
    drifts.add(stored.id, "tier", stored.tier.level, state.level);
  }
  if (state.grants != stored.tier.grants) {
    drifts.add(stored.id, "levels granted", std::to_string(stored.tier.grants.size()),
               std::to_string(state.grants.size()));
  }
  if (state.buckets != stored.tier.buckets) {
    drifts.add(stored.id, "tier spend", spend_of(stored.tier), spend_of(state));
  }
  return {};
}

Result<ShareReport> verify_share(const store::View& view, const Versions& versions,
                                 store::Share share,
                                 const std::function<void(std::int64_t)>& seen) {
  return ShareVerifier(view, versions, share, seen).run();
}

}  // namespace laurel::engine
