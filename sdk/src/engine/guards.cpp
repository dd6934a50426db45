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

// Beside the member and what she is known by.
bool counts_with(const Guard& guard, const Deed& deed, const Entry& entry) {
  if (guard.same_source && source_of(entry.key) != source_of(deed.document.key)) return false;
  const auto* other = entry.document ? &*entry.document : nullptr;
  if (guard.same_store && (other == nullptr || other->store != deed.document.store)) return false;
  return !guard.same_associate || (other != nullptr && other->associate == deed.document.associate);
}

bool names(const Attribution& attribution, const Identifier& identifier) {
  return std::ranges::any_of(attribution.evidence, [&](const Evidence& each) {
    return !each.value.empty() && each.type == identifier.type && each.value == identifier.value;
  });
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

// What of the same person or the same card was done before: in her chain of entries, and among the
// sales that are nobody's or wait for a person, which are found by what was shown with them.
class Before {
 public:
  Before(const Unit& unit, const Guard& guard, const Deed& deed, Instant from)
      : unit_(unit), guard_(guard), deed_(deed), from_(from) {
    for (const auto& version : unit.versions->by_number()) {
      from_ = std::min(from_, from - version.compiled().arrivals.clock_tolerance);
    }
  }

  Result<std::vector<Instant>> of(const ledger::MemberRecord* member,
                                  const std::optional<Identifier>& shown) {
    if (member != nullptr) {
      const auto take = [&](Entry&& entry) -> Result<bool> {
        if (entry.booked_at < from_) return false;
        LAUREL_TRY_VOID(look_at(entry, shown));
        return true;
      };
      LAUREL_TRY_VOID(walk_back(unit_.view, member->id, member->last_entry, take));
    }
    if (guard_.of != Guard::Of::kSales) return std::move(others_);
    if (guard_.same_identifier || member == nullptr) {
      if (shown) LAUREL_TRY_VOID(look_among_nobodys(*shown, nullptr));
      return std::move(others_);
    }
    LAUREL_TRY(const auto ids, known_as(unit_.view, *member));
    for (const MemberId id : ids) {
      LAUREL_TRY(const auto links, unit_.view.identifiers(id));
      for (const auto& link : links) {
        LAUREL_TRY_VOID(look_among_nobodys({link.type, link.value}, &ids));
      }
    }
    return std::move(others_);
  }

 private:
  Result<void> look_at(const Entry& entry, const std::optional<Identifier>& shown) {
    if (entry.kind == EntryKind::kClaim && guard_.of == Guard::Of::kSales) {
      LAUREL_TRY(const auto sold, unit_.view.entry(entry.about));
      LAUREL_CHECK(sold && sold->document, "a claim names a sale that is not stored");
      const bool same = !guard_.same_identifier ||
                        (shown && sold->attribution && names(*sold->attribution, *shown));
      if (is_sale(*sold) && same) add(*sold);
      return {};
    }
    const bool of_kind = guard_.of == Guard::Of::kSales ? is_sale(entry) : is_redemption(entry);
    const bool same = !guard_.same_identifier ||
                      (entry.attribution && same_identifier(*entry.attribution, deed_.attribution));
    if (of_kind && same) add(entry);
    return {};
  }

  // `hers`: only what names one of these, or nobody at all.
  Result<void> look_among_nobodys(const Identifier& shown, const std::vector<MemberId>* hers) {
    LAUREL_TRY(const auto rows, unit_.view.unclaimed(shown.type, shown.value));
    for (const auto& row : rows) {
      LAUREL_TRY(const auto entry, unit_.view.entry(row.entry));
      LAUREL_CHECK(entry.has_value(), "an unclaimed identifier names an entry that is not stored");
      if (entry->booked_at < from_ || !is_sale(*entry)) continue;
      const auto* by = entry->attribution ? decisive(*entry->attribution) : nullptr;
      const bool anothers =
          hers != nullptr && by != nullptr && std::ranges::find(*hers, by->member) == hers->end();
      if (!anothers) add(*entry);
    }
    return {};
  }

  void add(const Entry& entry) {
    const bool is_new = std::ranges::find(seen_, entry.id) == seen_.end();
    if (!is_new || !counts_with(guard_, deed_, entry)) return;
    seen_.push_back(entry.id);
    others_.push_back(entry.event_time);
  }

  const Unit& unit_;
  const Guard& guard_;
  const Deed& deed_;
  Instant from_;
  std::vector<EntryId> seen_;
  std::vector<Instant> others_;
};

// By what the card is known: what decided, or of nobody's sale each that might name somebody.
std::vector<Identifier> shown_with(const Attribution& attribution) {
  if (const auto* by = decisive(attribution)) return {{by->type, by->value}};
  std::vector<Identifier> shown;
  for (const auto& each : attribution.evidence) {
    const bool may_name = each.verdict == identity::to_text(identity::Verdict::kUnknown) ||
                          each.verdict == identity::to_text(identity::Verdict::kUnverified);
    if (may_name) shown.push_back({each.type, each.value});
  }
  return shown;
}

Result<std::int64_t> counted(const Unit& unit, const programme::Compiled& compiled,
                             const Guard& guard, const ledger::MemberRecord* member,
                             const Deed& deed) {
  const Date day = compiled.zone.local_date(deed.at);
  const Instant from = guard.within ? deed.at - *guard.within : compiled.zone.start_of_day(day);
  const auto most = [&](std::vector<Instant> others) -> std::int64_t {
    if (guard.within) return most_within(std::move(others), deed.at, *guard.within);
    return 1 + std::ranges::count_if(
                   others, [&](Instant at) { return compiled.zone.local_date(at) == day; });
  };
  const auto shown = shown_with(deed.attribution);
  if (shown.empty()) {
    if (member == nullptr) return 0;  // somebody, and nobody can say who
    LAUREL_TRY(auto others, Before(unit, guard, deed, from).of(member, std::nullopt));
    return most(std::move(others));
  }
  std::int64_t number = 0;
  for (const auto& each : shown) {
    LAUREL_TRY(auto others, Before(unit, guard, deed, from).of(member, each));
    number = std::max(number, most(std::move(others)));
  }
  return number;
}

bool serves(const std::string& associate, const Transaction& document) {
  if (associate.empty()) return false;
  return document.associate == associate ||
         std::ranges::any_of(document.lines,
                             [&](const Line& line) { return line.associate == associate; });
}

// An associate may have been another one before they were merged.
Result<bool> serves_herself(const store::View& view, const ledger::MemberRecord* member,
                            const Transaction& document) {
  if (member == nullptr || member->associate.empty()) return false;
  if (serves(member->associate, document)) return true;
  LAUREL_TRY(const auto ids, known_as(view, *member));
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
                           const ledger::MemberRecord* member, const Deed& deed, bool spends) {
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
                           const std::optional<ledger::MemberRecord>& member,
                           const Attribution& attribution, const Transaction& document,
                           Instant at) {
  if (compiled.guards.empty() || document.kind != TransactionKind::kSale) return Guarded{};
  const ledger::MemberRecord* const who = member ? &*member : nullptr;
  return guarded_by(unit, compiled, who, {attribution, document, at}, false);
}

Result<Guarded> guard_redemption(const Unit& unit, const programme::Compiled& compiled,
                                 const ledger::MemberRecord& member, const Attribution& attribution,
                                 const Transaction& document, Instant at) {
  if (compiled.guards.empty()) return Guarded{};
  return guarded_by(unit, compiled, &member, {attribution, document, at}, true);
}

void report_flags(Unit& unit, const Entry& entry, const Guarded& guarded) {
  if (guarded.flags.empty()) return;
  const auto& key = entry.key.id.empty() ? entry.document->key : entry.key;
  open_anomaly(unit, entry, subject_of(key), guarded.text);
}

}  // namespace laurel::engine
