#pragma once
// What the house owes its members, on which level they are and where points were given: as of any
// moment, by event or by booking.
//
//   auto june = engine.reports().liability({.as_of = end_of_june});
//
// On booking basis a report never changes, whenever it is made: it counts the entries booked up to
// a cut-off and nothing else. On event basis it changes with what is learnt of later. A handle is
// cheap, and valid as long as its engine.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "laurel/history.hpp"
#include "laurel/ids.hpp"
#include "laurel/money.hpp"
#include "laurel/result.hpp"

namespace laurel {

class Engine;

struct ReportAt {
  std::optional<Instant> as_of = {};  // left out: now
  TimeBasis basis = TimeBasis::kBooking;
  std::optional<EntryId> through = {};  // counts no entry after this one: to make one again
};

// What every report says of itself.
struct ReportHead {
  Instant as_of;
  TimeBasis basis = TimeBasis::kBooking;
  EntryId through;           // the last entry that it counts; 0: none
  std::int64_t entries = 0;  // how many it counts
  Currency currency;         // of the programme then in force
  std::string digest;        // of that programme
};

struct WalletLiability {
  std::string wallet;
  int scale = 0;
  // What members hold then, whether or not what was due by then has been booked.
  Points pending, available, held;
  Points outstanding;  // the sum of these
  Points debt;         // what they owe
  // From the beginning until then: issued + adjusted + transferred + written_off + withheld =
  // outstanding - debt + redeemed + expired.
  Points issued;  // less what was taken back
  Points redeemed, expired, adjusted, transferred, written_off, withheld;
  // Outstanding points that are expected to be redeemed: the declared share of all that were
  // issued, less those redeemed; never below zero, never more than are outstanding.
  Points expected;
  // Outstanding and expected points at the wallet's `unit_cost`; absent where it declares none.
  std::optional<Money> cost, expected_cost;
};

struct LiabilityReport {
  ReportHead head;
  std::vector<WalletLiability> wallets;
};

struct TierCount {
  std::string tier;  // empty: below the first level
  std::int64_t members = 0;
};

struct TierReport {
  ReportHead head;
  std::int64_t members = 0;
  std::vector<TierCount> tiers;  // none first, then as the programme has them
};

struct DepartmentPoints {
  std::string wallet;
  int scale = 0;
  Points points;  // what the kept part is worth
};

struct DepartmentTotals {
  std::string department;  // empty: bonuses of whole transactions
  std::int64_t sales = 0;  // and events that were valued, of which anything was kept
  Money kept{0, {}};       // what was charged for what was kept, in the programme's currency
  std::vector<DepartmentPoints> points;
};

struct DepartmentReport {
  ReportHead head;
  std::vector<DepartmentTotals> departments;  // by name
};

// Sales of a period that one member makes up much of.
struct StaffQuery {
  ReportAt at = {};                 // up to then …
  Instant from = Instant::min();    // … and not before that, by the time of the sales
  std::int64_t share_percent = 20;  // more than this share of what an associate or a till sold
  std::int64_t sales_min = 5;       // of those who sold so many at least
};

struct StaffPair {
  enum class Of : std::uint8_t { kAssociate, kSource };
  Of of = Of::kAssociate;
  std::string name;  // of the associate, or of the till
  MemberId member;
  std::int64_t sales = 0, sales_all = 0;  // hers; all of the associate or till
  Points points, points_all;              // that they gave
  std::string member_is = {};             // the associate that the member is, if she is one
};

struct StaffReport {
  ReportHead head;
  Instant from;
  std::int64_t share_percent = 0;
  std::string wallet;  // whose points are told: the programme's first
  int scale = 0;
  std::vector<StaffPair> pairs;  // the largest share first
};

class Reports {
 public:
  // kInvalid: a moment that has not come. kNoProgramme.
  Result<LiabilityReport> liability(const ReportAt& at) const;
  Result<TierReport> tiers(const ReportAt& at) const;
  Result<DepartmentReport> departments(const ReportAt& at) const;
  Result<StaffReport> staff(const StaffQuery& query) const;  // kInvalid

 private:
  friend class Engine;
  explicit Reports(const Engine& engine) : engine_(&engine) {}
  template <class Report, class Make>
  Result<Report> report(const ReportAt& at, Make make) const;

  const Engine* engine_;
};

}  // namespace laurel
