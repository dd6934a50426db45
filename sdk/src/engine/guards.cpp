#include "engine/guards.hpp"

#include <algorithm>
#include <span>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/person.hpp"
#include "engine/review.hpp"
#include "identity/attribute.hpp"

namespace laurel::engine {
namespace {

using ledger::Entry;
using ledger::EntryKind;
using programme::Guard;

// That by which the member was known or, by this very sale, became known.
const Evidence* decisive(const Attribution& attribution) {
  for (const auto& each : attribution.evidence) {
    if (each.verdict == identity::to_text(identity::Verdict::kDecided)) return &each;
    if (attribution.enrolled && each.type == attribution.by) return &each;
  }
  return nullptr;
}

// Where type and value are one; an erased one is none.
bool same_identifier(const Attribution& a, const Attribution& b) {
  const auto* one = decisive(a);
  const auto* other = decisive(b);
  return one != nullptr && other != nullptr && !one->value.empty() && one->type == other->type &&
         one->value == other->value;
}

bool is_sale(const Entry& entry) {
  return entry.kind == EntryKind::kSale && entry.document &&
         entry.document->kind == TransactionKind::kSale;
}

// Points that were taken or held on request, by itself or with a sale.
bool is_redemption(const Entry& entry) {
  // Another member's part of a pool's hold has no key of its own.
  if (entry.kind == EntryKind::kHold) return !entry.key.id.empty();
  return entry.kind == EntryKind::kCapture && (entry.key.source.starts_with("@payment/") ||
                                               entry.key.source.starts_with("@redemption/"));
}

// The source as whoever asked named it.
std::string_view source_of(const TransactionKey& key) {
  const std::string_view source = key.source;
  if (!source.starts_with('@')) return source;
  const std::size_t slash = source.find('/');
  return source.substr(slash == std::string_view::npos ? 0 : slash + 1);
}

struct Deed {
  const Attribution& attribution;
  const Transaction& document;
  Instant at;
};

bool counts_with(const Guard& guard, const Deed& deed, const Entry& entry) {
  const bool of_kind = guard.of == Guard::Of::kSales ? is_sale(entry) : is_redemption(entry);
  if (!of_kind) return false;
  if (guard.same_source && source_of(entry.key) != source_of(deed.document.key)) return false;
  const auto* other = entry.document ? &*entry.document : nullptr;
  if (guard.same_store && (other == nullptr || other->store != deed.document.store)) return false;
  if (guard.same_associate && (other == nullptr || other->associate != deed.document.associate)) {
    return false;
  }
  return !guard.same_identifier ||
         (entry.attribution && same_identifier(*entry.attribution, deed.attribution));
}

// The most that happened in any stretch that the deed lies in, itself counted.
std::int64_t most_within(std::vector<Instant> others, Instant at, Duration length) {
  others.push_back(at);
  std::ranges::sort(others);
  std::int64_t most = 1;
  for (std::size_t first = 0, last = 0; last < others.size(); ++last) {
    while (others[last] - others[first] >= length) ++first;
    if (others[first] > at || others[last] < at) continue;
    most = std::max(most, static_cast<std::int64_t>(last - first + 1));
  }
  return most;
}

Result<std::int64_t> counted(const Unit& unit, const programme::Compiled& compiled,
                             const Guard& guard, const ledger::MemberRecord& member,
                             const Deed& deed) {
  const Date day = compiled.zone.local_date(deed.at);
  const Instant from = guard.within ? deed.at - *guard.within : compiled.zone.start_of_day(day);
  Duration tolerance{};
  for (const auto& version : unit.versions->by_number()) {
    tolerance = std::max(tolerance, version.compiled().arrivals.clock_tolerance);
  }
  std::vector<Instant> others;
  const auto take = [&](Entry&& entry) -> Result<bool> {
    if (entry.booked_at < from - tolerance) return false;
    if (counts_with(guard, deed, entry)) others.push_back(entry.event_time);
    return true;
  };
  LAUREL_TRY_VOID(walk_back(unit.view, member.id, member.last_entry, take));
  if (guard.within) return most_within(std::move(others), deed.at, *guard.within);
  return 1 + std::ranges::count_if(others,
                                   [&](Instant at) { return compiled.zone.local_date(at) == day; });
}

bool serves(const std::string& associate, const Transaction& document) {
  if (associate.empty()) return false;
  return document.associate == associate ||
         std::ranges::any_of(document.lines,
                             [&](const Line& line) { return line.associate == associate; });
}

// An associate may have been another one before they were merged.
Result<bool> serves_herself(const store::View& view, const ledger::MemberRecord& member,
                            const Transaction& document) {
  if (member.associate.empty()) return false;
  if (serves(member.associate, document)) return true;
  LAUREL_TRY(const auto ids, known_as(view, member));
  for (const MemberId id : std::span(ids).subspan(1)) {
    LAUREL_TRY(const auto merged, view.member(id));
    if (merged && serves(merged->associate, document)) return true;
  }
  return false;
}

std::string told(const Guard& guard, std::int64_t number) {
  if (guard.of == Guard::Of::kOwnSale) return "guard " + guard.id + ": the associate is the member";
  const std::string what = guard.of == Guard::Of::kSales ? " sales" : " redemptions";
  return "guard " + guard.id + ": " + std::to_string(number) + what + ", at most " +
         std::to_string(guard.at_most);
}

Result<Guarded> guarded_by(const Unit& unit, const programme::Compiled& compiled,
                           const ledger::MemberRecord& member, const Deed& deed, bool spends) {
  Guarded guarded;
  const Guard* refuses = nullptr;
  for (const auto& guard : compiled.guards) {
    if ((guard.of == Guard::Of::kRedemptions) != spends) continue;
    std::int64_t number = 0;
    if (guard.of == Guard::Of::kOwnSale) {
      LAUREL_TRY(const bool own, serves_herself(unit.view, member, deed.document));
      if (!own) continue;
    } else {
      LAUREL_TRY(number, counted(unit, compiled, guard, member, deed));
      if (number <= guard.at_most) continue;
    }
    guarded.flags.push_back("guard:" + guard.id);
    guarded.text += (guarded.text.empty() ? "" : "; ") + told(guard, number);
    if (guard.then == Guard::Then::kReview) guarded.needs_review = true;
    if (guard.then == Guard::Then::kRefuse) refuses = &guard;
  }
  if (refuses != nullptr) return Error{ErrorCode::kRefusedByGuard, guarded.text};
  return guarded;
}

}  // namespace

Result<Guarded> guard_sale(const Unit& unit, const programme::Compiled& compiled,
                           const ledger::MemberRecord& member, const Attribution& attribution,
                           const Transaction& document, Instant at) {
  if (compiled.guards.empty() || document.kind != TransactionKind::kSale) return Guarded{};
  return guarded_by(unit, compiled, member, {attribution, document, at}, false);
}

Result<Guarded> guard_redemption(const Unit& unit, const programme::Compiled& compiled,
                                 const ledger::MemberRecord& member, const Attribution& attribution,
                                 const Transaction& document, Instant at) {
  if (compiled.guards.empty()) return Guarded{};
  return guarded_by(unit, compiled, member, {attribution, document, at}, true);
}

void report_flags(Unit& unit, const Entry& entry, const Guarded& guarded) {
  if (guarded.flags.empty()) return;
  const auto& key = entry.key.id.empty() ? entry.document->key : entry.key;
  open_anomaly(unit, entry, subject_of(key), guarded.text);
}

}  // namespace laurel::engine
