#include "engine/recent.hpp"

#include <algorithm>
#include <map>

#include "base/calendar.hpp"
#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/person.hpp"
#include "engine/reversal.hpp"

namespace laurel::engine {
namespace {

using ledger::Entry;
using ledger::EntryKind;

constexpr std::size_t kEntriesMax = 300;    // that are read
constexpr std::size_t kPurchasesMax = 100;  // over which favourites are counted
constexpr int kMonths = 12;
constexpr std::size_t kFavouritesShown = 5;

Touchpoint touchpoint_of(const Entry& entry) {
  const Transaction& document = *entry.document;
  return {.key = entry.key,
          .event = document.event,
          .at = entry.event_time,
          .store = document.store,
          .channel = document.channel,
          .department = document.department,
          .associate = document.associate};
}

// None: nothing of it is left.
std::optional<Purchase> purchase_of(const Entry& sale, const Kept& kept) {
  const Transaction& document = *sale.document;
  const Valuable valuable(document);
  const Currency currency = *valuable.currency();
  Purchase purchase{.key = sale.key,
                    .at = sale.event_time,
                    .store = document.store,
                    .channel = document.channel,
                    .associate = document.associate,
                    .currency = document.currency};
  std::int64_t total = 0;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (kept[i].quantity == Quantity{}) continue;
    const Line& line = document.lines[i];
    total += kept[i].minor;
    purchase.lines.push_back({line.id, line.sku, line.department, line.category, line.brand,
                              line.associate.empty() ? document.associate : line.associate,
                              kept[i].quantity, Money(kept[i].minor, currency).text()});
  }
  if (purchase.lines.empty()) return std::nullopt;
  purchase.amount = Money(total, currency).text();
  purchase.returned_in_part = total != valuable.total_minor();
  return purchase;
}

// What of the sale is left.
Result<Kept> kept_of(const store::View& view, const Entry& sale) {
  LAUREL_TRY(auto record, view.transaction(sale.key));
  LAUREL_CHECK(record.has_value(), "a sale is stored under its key");
  if (record->related.empty()) return Valuable(*sale.document).all();
  LAUREL_TRY(const auto whole, load_sale(view, *std::move(record), sale));
  return kept_after(*whole.entry.document, whole.documents);
}

// The sale or event that the entry brought her; none: it brought none.
Result<std::optional<Entry>> deed_of(const store::View& view, Entry&& entry) {
  std::optional<Entry> deed;
  if (entry.kind == EntryKind::kClaim) {
    LAUREL_TRY(deed, view.entry(entry.about));
    LAUREL_CHECK(deed && deed->document, "a claim names a transaction that is not stored");
    return deed;
  }
  const bool may_be = entry.kind == EntryKind::kSale || entry.kind == EntryKind::kEvent;
  if (may_be && entry.document && entry.state == TransactionState::kAccepted) {
    deed = std::move(entry);
  }
  return deed;
}

// How often something was seen, and how late it was seen last.
class Ranking {
 public:
  void count(std::set<std::string>&& seen, Instant at) {
    for (const auto& id : seen) {
      if (id.empty()) continue;
      auto& [times, latest] = seen_[id];
      ++times;
      latest = std::max(latest, at);
    }
  }

  std::vector<Favourite> first(std::size_t limit) const {
    std::vector<std::pair<std::string, Seen>> all(seen_.begin(), seen_.end());
    std::ranges::stable_sort(all, std::ranges::greater{}, [](const auto& each) {
      return std::pair(each.second.times, each.second.latest);
    });
    std::vector<Favourite> first;
    for (const auto& [id, seen] : all) {
      if (first.size() == limit) break;
      first.push_back({id, seen.times});
    }
    return first;
  }

 private:
  struct Seen {
    std::int64_t times = 0;
    Instant latest = Instant::min();
  };
  std::map<std::string, Seen> seen_;
};

class Reader {
 public:
  Reader(const store::View& view, Instant at, std::size_t wanted)
      : view_(view), at_(at), wanted_(wanted), since_(add_months_to(at, -kMonths)) {}

  Result<Recent> run(const ledger::MemberRecord& record) {
    NewestFirst entries(view_, record.id);
    LAUREL_TRY_VOID(entries.begin(record));
    for (std::size_t read = 0; read < kEntriesMax; ++read) {
      LAUREL_TRY(auto entry, entries.next());
      if (!entry) {
        ended_ = true;
        break;
      }
      // Nothing is booked before it happens, so all that follows is older still.
      ended_ = entry->booked_at < since_;
      const bool enough = ended_ && recent_.purchases.size() >= wanted_;
      if (enough || counted_ >= kPurchasesMax) break;
      LAUREL_TRY_VOID(take(*std::move(entry)));
    }
    return finish();
  }

 private:
  static Instant add_months_to(Instant at, int months) {
    const Date day = std::chrono::floor<std::chrono::days>(at);
    return Instant(add_months(day, months)) + (at - Instant(day));
  }

  Result<void> take(Entry&& entry) {
    LAUREL_TRY(auto deed, deed_of(view_, std::move(entry)));
    if (!deed || deed->event_time > at_) return {};
    if (deed->kind == EntryKind::kEvent) {
      // What is reported about a sale is no meeting with her.
      if (!deed->document->original) recent_.touchpoints.push_back(touchpoint_of(*deed));
      return {};
    }
    LAUREL_TRY(const auto kept, kept_of(view_, *deed));
    auto purchase = purchase_of(*deed, kept);
    if (!purchase) return {};
    if (purchase->at >= since_) count(*purchase);
    recent_.purchases.push_back(*std::move(purchase));
    return {};
  }

  void count(const Purchase& purchase) {
    std::set<std::string> departments, brands, associates{purchase.associate};
    for (const auto& line : purchase.lines) {
      departments.insert(line.department);
      brands.insert(line.brand);
      associates.insert(line.associate);
    }
    ++counted_;
    departments_.count(std::move(departments), purchase.at);
    brands_.count(std::move(brands), purchase.at);
    associates_.count(std::move(associates), purchase.at);
  }

  Recent finish() {
    const auto newest_first = [this](auto& list) {
      std::ranges::stable_sort(list, std::ranges::greater{},
                               [](const auto& each) { return each.at; });
      if (list.size() > wanted_) list.resize(wanted_);
    };
    newest_first(recent_.purchases);
    newest_first(recent_.touchpoints);
    auto& favourites = recent_.favourites;
    favourites.departments = departments_.first(kFavouritesShown);
    favourites.brands = brands_.first(kFavouritesShown);
    const auto associates = associates_.first(1);
    if (!associates.empty()) favourites.associate = associates.front();
    favourites.purchases = static_cast<std::int64_t>(counted_);
    favourites.since = since_;
    favourites.all = ended_;
    return std::move(recent_);
  }

  const store::View& view_;
  const Instant at_;
  const std::size_t wanted_;
  const Instant since_;
  Recent recent_;
  std::size_t counted_ = 0;
  bool ended_ = false;  // there are no more, or none of these months
  Ranking departments_, brands_, associates_;
};

}  // namespace

Result<Recent> recent_of(const store::View& view, const ledger::MemberRecord& record, Instant at,
                         std::size_t wanted) {
  return Reader(view, at, wanted).run(record);
}

Result<void> NewestFirst::begin(const ledger::MemberRecord& record) {
  LAUREL_TRY(const auto ids, known_as(view_, record));
  hers_.insert(ids.begin(), ids.end());
  for (const MemberId id : ids) {
    LAUREL_TRY(const auto one, view_.member(id));
    LAUREL_CHECK(one.has_value(), "a member that was merged is not stored");
    if (one->last_entry) places_.push({one->last_entry});
  }
  return {};
}

Result<bool> NewestFirst::is_hers(const Entry& entry) {
  const MemberId side = entry.through;
  if (!side || hers_.contains(side)) return true;
  if (others_.contains(side)) return false;
  LAUREL_TRY(const auto now, member_now(view_, side));
  const bool hers = now && now->id == who_;
  (hers ? hers_ : others_).insert(side);
  return hers;
}

Result<std::optional<Entry>> NewestFirst::next() {
  while (!places_.empty()) {
    const Place place = places_.top();
    places_.pop();
    if (place.entry == last_) continue;  // in two places
    LAUREL_TRY(auto entry, view_.entry(place.entry));
    LAUREL_CHECK(entry.has_value(), "a member's chain of entries is broken");
    if (place.chain && entry->previous) places_.push({entry->previous});
    if (entry->merging) {
      for (const EntryId moved : entry->merging->moved) places_.push({moved, false});
    }
    LAUREL_TRY(const bool hers, is_hers(*entry));
    if (!hers) continue;
    last_ = place.entry;
    return entry;
  }
  return std::optional<Entry>();
}

}  // namespace laurel::engine
