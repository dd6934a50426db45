// On which level members were, and in which departments points were given, as of a moment.

#include <algorithm>
#include <map>
#include <set>

#include "base/check.hpp"
#include "engine/planned.hpp"
#include "engine/reports_scan.hpp"
#include "engine/reversal.hpp"
#include "engine/valuation.hpp"

namespace laurel::engine {
namespace {

using ledger::Entry;
using ledger::EntryKind;

// ---- Levels -------------------------------------------------------------------------------------

using TierEvents = std::vector<ledger::RecentTierEvent>;

Result<std::string> level_at(const store::View& view, const Versions& versions, MemberId id,
                             TierEvents& events, Instant as_of) {
  LAUREL_TRY(const auto record, view.member(id));
  LAUREL_CHECK(record.has_value(), "an entry names a member that is not stored");
  std::stable_sort(events.begin(), events.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  Instant first = std::min(record->enrolled_at, as_of);
  if (!events.empty()) first = std::min(first, events.front().at);
  auto state = ledger::initial_tier(tier_rules(versions.in_force(first).compiled()), first,
                                    record->enrolled_at);
  for (const auto& event : events) {
    if (event.at > as_of) break;
    const Version* version = versions.with_number(event.version);
    LAUREL_CHECK(version != nullptr, "an entry names a version of the programme not stored");
    state = ledger::fold_tier(tier_rules(version->compiled()), std::move(state),
                              ledger::tier_event(event));
  }
  const auto rules = tier_rules(versions.in_force(as_of).compiled());
  state = ledger::advance_tier(rules, std::move(state), as_of);
  return ledger::tier_standing(rules, state, as_of).id;
}

// ---- Departments --------------------------------------------------------------------------------

// The sale's own entry, for a claim too.
EntryId sale_of(const Entry& holder) {
  return holder.kind == EntryKind::kClaim ? holder.about : holder.id;
}

class Departments {
 public:
  Departments(const store::View& view, const Versions& versions, const Cut& cut)
      : view_(view), versions_(versions), cut_(cut) {}

  // First all, then all once more.
  void note(const Entry& entry) {
    if (entry.about && !is_deed(entry)) touched_.insert(entry.about);
  }

  Result<void> take(const Entry& entry) {
    if (!is_deed(entry)) return {};
    const Version* version = versions_.with_digest(entry.programme);
    LAUREL_CHECK(version != nullptr, "an entry names a version of the programme not stored");
    LAUREL_TRY(const auto sold, sold_by(entry));
    const Transaction& document = *sold.document;
    if (!touched_.contains(sold.id)) {
      return add(version->compiled(), document, *entry.valuation, Valuable(document).all());
    }
    LAUREL_TRY(const auto sale, as_it_stood(sold));
    const auto* valuation = sale.valuation();
    if (valuation == nullptr) return {};
    LAUREL_TRY(const auto kept, kept_after(document, sale.documents));
    const auto again =
        entitled_value(version->compiled(), document, entry.event_time, *valuation, kept);
    ledger::Valuation worth = again.valuation;
    // What was kept was valued without the lines that were not.
    std::vector<std::int32_t> places;
    for (std::size_t i = 0; i < kept.size(); ++i) {
      if (kept[i].quantity > Quantity{}) places.push_back(static_cast<std::int32_t>(i));
    }
    for (auto& award : worth.awards) {
      if (award.line >= 0) award.line = places[static_cast<std::size_t>(award.line)];
    }
    worth.exchange_numerator = valuation->exchange_numerator;
    worth.exchange_denominator = valuation->exchange_denominator;
    return add(version->compiled(), document, worth, kept);
  }

  std::vector<DepartmentTotals> totals() {
    std::vector<DepartmentTotals> out;
    for (auto& [name, totals] : totals_) out.push_back(std::move(totals));
    return out;
  }

 private:
  Result<Entry> sold_by(const Entry& holder) const {
    if (holder.kind != EntryKind::kClaim) return holder;
    LAUREL_TRY(auto sold, view_.entry(sale_of(holder)));
    LAUREL_CHECK(sold && sold->document, "a claim names a sale that is not stored");
    return *std::move(sold);
  }

  // Only what the report counts has been said about it.
  Result<store::TransactionRecord> trimmed(const TransactionKey& key) const {
    LAUREL_TRY(auto record, view_.transaction(key));
    LAUREL_CHECK(record.has_value(), "an entry names a key that is not stored");
    std::vector<EntryId> related;
    for (const auto id : record->related) {
      LAUREL_TRY(const auto entry, view_.entry(id));
      if (entry && cut_.takes(*entry)) related.push_back(id);
    }
    record->related = std::move(related);
    return *std::move(record);
  }

  Result<Sale> as_it_stood(const Entry& sold) const {
    store::Change then;
    LAUREL_TRY(const auto record, trimmed(sold.key));
    then.transactions.push_back(record);
    for (const auto id : record.related) {
      LAUREL_TRY(const auto entry, view_.entry(id));
      if (!entry || entry->key.id.empty() || entry->key == sold.key) continue;
      LAUREL_TRY(auto other, trimmed(entry->key));
      then.transactions.push_back(std::move(other));
    }
    return load_sale(Planned(view_, then), record, sold);
  }

  DepartmentTotals& of(const std::string& department) {
    const auto [at, is_new] = totals_.try_emplace(department);
    if (is_new) at->second.department = department;
    if (is_new) at->second.kept = Money(0, versions_.in_force(cut_.as_of).compiled().currency);
    return at->second;
  }

  static const std::string& department_of(const Transaction& document, std::int32_t line) {
    if (document.lines.empty()) return document.department;
    static const std::string kWhole;
    return line < 0 ? kWhole : document.lines[static_cast<std::size_t>(line)].department;
  }

  Result<void> add(const programme::Compiled& compiled, const Transaction& document,
                   const ledger::Valuation& worth, const Kept& kept) {
    std::set<std::string> counted;
    for (const auto& award : worth.awards) {
      const auto& department = department_of(document, award.line);
      counted.insert(department);
      auto& points = of(department).points;
      auto at = std::ranges::find(points, award.wallet, &DepartmentPoints::wallet);
      if (at == points.end()) {
        const auto wallet = compiled.wallet_index(award.wallet);
        const int scale = wallet ? compiled.wallets[*wallet].scale : 0;
        at = points.insert(at, {award.wallet, scale, {}});
      }
      at->points += award.points;
    }
    const auto currency = Currency::of(document.currency);
    for (std::size_t i = 0; currency && i < document.lines.size(); ++i) {
      if (kept[i].quantity == Quantity{}) continue;
      counted.insert(document.lines[i].department);
      const Fraction rate(worth.exchange_numerator, worth.exchange_denominator);
      LAUREL_TRY(const auto money, convert(Money(kept[i].minor, *currency), rate, compiled.currency,
                                           Rounding::kHalfEven));
      auto& sum = of(document.lines[i].department).kept;
      LAUREL_TRY(sum, sum.plus(money));
    }
    for (const auto& department : counted) ++of(department).sales;
    return {};
  }

  const store::View& view_;
  const Versions& versions_;
  const Cut& cut_;
  std::set<EntryId> touched_;  // sales about which something was said
  std::map<std::string, DepartmentTotals> totals_;
};

}  // namespace

Result<TierReport> tier_report(const store::View& view, const Versions& versions, Cut cut) {
  std::map<MemberId, TierEvents> members;
  TierReport report;
  LAUREL_TRY(report.head, scan(view, versions, cut, [&](const Entry& entry) -> Result<void> {
               if (!entry.member) return {};
               auto& events = members[entry.member];
               if (!moves_tier(entry)) return {};
               const Version* version = versions.with_digest(entry.programme);
               LAUREL_CHECK(version != nullptr, "an entry names a version that is not stored");
               events.push_back(tier_event(entry, version->number));
               return {};
             }));
  std::map<std::string, std::int64_t> counts;
  for (auto& [id, events] : members) {
    LAUREL_TRY(const auto level, level_at(view, versions, id, events, cut.as_of));
    ++counts[level];
  }
  report.members = static_cast<std::int64_t>(members.size());
  report.tiers.push_back({"", counts[""]});
  for (const auto& level : versions.in_force(cut.as_of).compiled().tiers.levels) {
    report.tiers.push_back({level.id, counts[level.id]});
  }
  return report;
}

Result<DepartmentReport> department_report(const store::View& view, const Versions& versions,
                                           Cut cut) {
  Departments departments(view, versions, cut);
  DepartmentReport report;
  LAUREL_TRY(report.head, scan(view, versions, cut, [&](const Entry& entry) -> Result<void> {
               departments.note(entry);
               return {};
             }));
  LAUREL_TRY([[maybe_unused]] const auto again, scan(view, versions, cut, [&](const Entry& entry) {
               return departments.take(entry);
             }));
  report.departments = departments.totals();
  return report;
}

}  // namespace laurel::engine
