// Which member makes up much of what one associate, or one till, sells.

#include <algorithm>
#include <map>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/person.hpp"
#include "engine/reports_scan.hpp"
#include "engine/session.hpp"

namespace laurel::engine {
namespace {

using ledger::Entry;
using ledger::EntryKind;

struct Sold {
  std::int64_t sales = 0;
  Points points;
};

// Of whom: the associate of the sale, or else of its lines; and the till.
struct Seller {
  StaffPair::Of of = StaffPair::Of::kAssociate;
  std::string name;
  friend auto operator<=>(const Seller&, const Seller&) = default;
};

std::vector<Seller> sellers_of(const Transaction& document) {
  std::vector<Seller> sellers{{StaffPair::Of::kSource, document.key.source}};
  const auto add = [&](const std::string& name) {
    Seller seller{StaffPair::Of::kAssociate, name};
    const bool known = std::ranges::find(sellers, seller) != sellers.end();
    if (!name.empty() && !known) sellers.push_back(std::move(seller));
  };
  add(document.associate);
  for (const auto& line : document.lines) add(line.associate);
  return sellers;
}

class Pairs {
 public:
  Pairs(const store::View& view, const programme::Compiled& compiled, const StaffQuery& query)
      : view_(view), wallet_(compiled.wallets.front().id), query_(query) {}

  // Sales of a period, as they were rung up; what was taken back since is counted.
  Result<void> take(const Entry& entry) {
    if (entry.event_time < query_.from) return {};
    if (entry.kind == EntryKind::kSale && entry.document &&
        entry.document->kind == TransactionKind::kSale) {
      LAUREL_TRY(const MemberId who, who_is(entry));
      add(*entry.document, who, entry, true);
    }
    if (entry.kind == EntryKind::kClaim) {
      LAUREL_TRY(const auto sold, view_.entry(entry.about));
      LAUREL_CHECK(sold && sold->document, "a claim names a sale that is not stored");
      if (sold->document->kind == TransactionKind::kSale) {
        LAUREL_TRY(const MemberId who, who_is(entry));
        add(*sold->document, who, entry, false);  // counted among all sales already
      }
    }
    return {};
  }

  std::vector<StaffPair> over_share() const {
    std::vector<StaffPair> pairs;
    for (const auto& [key, sold] : by_member_) {
      const auto& [seller, member] = key;
      const auto all = all_.find(seller);
      LAUREL_ASSERT(all != all_.end(), "whoever sold to a member sold");
      const std::int64_t sales = all->second.sales;
      if (sales < query_.sales_min || sold.sales * 100 <= sales * query_.share_percent) continue;
      pairs.push_back(
          {seller.of, seller.name, member, sold.sales, sales, sold.points, all->second.points, {}});
    }
    std::ranges::stable_sort(pairs, [](const StaffPair& a, const StaffPair& b) {
      return a.sales * b.sales_all > b.sales * a.sales_all;
    });
    return pairs;
  }

 private:
  // Whoever she is now; none: nobody's.
  Result<MemberId> who_is(const Entry& entry) {
    const MemberId side = side_of(entry);
    if (!side) return side;
    if (const auto known = now_.find(side); known != now_.end()) return known->second;
    LAUREL_TRY(const auto owner, owner_now(view_, entry));
    return now_[side] = owner.id;
  }

  void add(const Transaction& document, MemberId member, const Entry& entry, bool is_new) {
    Points points;
    if (entry.valuation) {
      for (const auto& award : entry.valuation->awards) {
        if (award.wallet == wallet_) points += award.points;
      }
    }
    for (const auto& seller : sellers_of(document)) {
      auto& all = all_[seller];
      all.sales += is_new ? 1 : 0;
      all.points += points;
      if (!member) continue;
      auto& hers = by_member_[{seller, member}];
      ++hers.sales;
      hers.points += points;
    }
  }

  const store::View& view_;
  std::string wallet_;
  const StaffQuery& query_;
  std::map<MemberId, MemberId> now_;
  std::map<Seller, Sold> all_;
  std::map<std::pair<Seller, MemberId>, Sold> by_member_;
};

}  // namespace

Result<StaffReport> staff_report(const store::View& view, const Versions& versions, Cut cut,
                                 const StaffQuery& query) {
  const auto& compiled = versions.in_force(cut.as_of).compiled();
  Pairs pairs(view, compiled, query);
  StaffReport report;
  LAUREL_TRY(report.head,
             scan(view, versions, cut, [&](const Entry& entry) { return pairs.take(entry); }));
  report.from = query.from;
  report.share_percent = query.share_percent;
  report.wallet = compiled.wallets.front().id;
  report.scale = compiled.wallets.front().scale;
  report.pairs = pairs.over_share();
  for (auto& pair : report.pairs) {
    LAUREL_TRY(const auto record, view.member(pair.member));
    if (record) pair.member_is = record->associate;
  }
  return report;
}

}  // namespace laurel::engine
