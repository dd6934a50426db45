#pragma once
// What a stored period of sales, returns and events would have been under another programme, beside
// what it was. Read-only and exact: under the programme of record nothing differs by a point.
//
// A transaction is of the period where its own time is. Members begin it as they stood then; who a
// transaction belongs to stays as it was recorded. Who was one person when a transaction was booked
// is one for what it is worth, and who was one when the period ended is one member of the report.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "laurel/ids.hpp"
#include "laurel/money.hpp"
#include "laurel/publishing.hpp"
#include "laurel/time.hpp"

namespace laurel {

struct SimulationProgress {
  std::int64_t entries_done = 0;  // begins anew where members of several parts turn out to be one
  std::int64_t entries_all = 0;
};

struct Simulate {
  Instant from;
  Instant to;             // exclusive
  std::size_t top = 10;   // how many receipts and members are listed
  std::size_t parts = 1;  // how many tasks may run at once
  Executor executor = {};
  std::function<void(SimulationProgress)> progress = {};  // called from the calling thread
};

struct OldAndNew {
  Points was, becomes;
  Points difference() const { return becomes - was; }
};

struct SimulatedWallet {
  std::string wallet;
  int scale = 0;
  OldAndNew points;  // awarded in the period, less what returns in it took back
  OldAndNew alive;   // of those, not expired at its end
  // Decimal text; empty where the programme does not say what a point costs.
  std::string currency;
  std::string cost_was, cost_becomes;            // points times unit cost
  std::string liability_was, liability_becomes;  // alive times unit cost times expected redemption
};

// Points of one rule or department in one wallet.
struct SimulatedShare {
  std::string name;  // "beauty-triple", "tier:gold"; a department, or empty: no single one
  std::string wallet;
  OldAndNew points;
};

// Members who end the period at one level and would end it at another.
struct TierMove {
  std::string was, becomes;  // empty: below the first
  std::int64_t members = 0;
};

struct SimulatedReceipt {
  std::string source, id;
  MemberId member;
  Instant at;
  OldAndNew points;  // of the first wallet, before returns
};

struct SimulatedMember {
  MemberId member;
  OldAndNew points;  // of the first wallet
  std::string tier_was, tier_becomes;
};

struct Simulation {
  std::string programme, digest;  // the new one
  Instant from, to;
  std::int64_t entries = 0;                         // read
  std::int64_t sales = 0, returns = 0, events = 0;  // of the period, that belong to members
  std::int64_t unattributed = 0;                    // sales and events of the period left out
  std::int64_t members = 0;                         // with anything in the period
  std::vector<SimulatedWallet> wallets;           // the new programme's order, then those it drops
  std::vector<SimulatedShare> rules;              // by difference, the largest first
  std::vector<SimulatedShare> departments;        // likewise
  std::vector<TierMove> tier_moves;               // only those that differ
  std::int64_t members_up = 0, members_down = 0;  // at the end of the period, against the old
  std::vector<SimulatedReceipt> largest;          // by points under the new programme
  std::vector<SimulatedMember> gain_most, lose_most;
  std::vector<std::string> notes;  // what the figures leave out

  bool is_same() const;  // nothing differs
};

}  // namespace laurel
