// Each invariant is broken on purpose, and nothing but the breach is reported.

#include "ledger/invariants.hpp"

#include <set>
#include <sstream>

#include "kit.hpp"

namespace laurel::ledger {
namespace {

// She has 30 points; a sale earns 10 more and a redemption takes 4.
struct World {
  Books before, after;
  std::vector<Entry> entries;
};

World honest() {
  kit::Ledger ledger;
  ledger.earns(30, kit::until("2026-01-01T00:00:00Z"));
  World world;
  world.before = ledger.books;
  ledger.earns(10, kit::until("2026-03-01T00:00:00Z"));
  ledger.spends(4);
  world.after = ledger.books;
  world.entries = {ledger.entries[1], ledger.entries[2]};
  auto& sale = world.entries[0];
  sale.programme = "sha256:1";
  sale.valuation = Valuation{};
  sale.valuation->awards = {{"base", 0, "points", Points(10)}};
  return world;
}

WalletState& wallet_of(Books& books) { return wallet_state(books.record, "points"); }

void also(Entry& entry, Account account, std::int64_t points) {
  entry.postings.push_back({"points", account, Points(points)});
}

struct Row {
  const char* broken;
  const char* reported;  // every violation, in order
  void (*sabotage)(World&);
};

constexpr Row kRows[] = {
    {"a posting without its other side", "entry_balances",
     [](World& w) { also(w.entries[0], Account::kIssued, 1); }},
    {"postings that balance only over two wallets", "entry_balances",
     [](World& w) {
       also(w.entries[0], Account::kIssued, 1);
       w.entries[0].postings.push_back({"status", Account::kIssued, Points(-1)});
     }},
    {"held points below zero", "no_balance_below_zero holds_match_balances",
     [](World& w) {
       also(w.entries[1], Account::kHeld, -1);
       also(w.entries[1], Account::kRedeemed, 1);
       wallet_of(w.after).held = Points(-1);
     }},
    {"a debt paid that nobody owed", "no_balance_below_zero",
     [](World& w) {
       also(w.entries[1], Account::kDebt, 1);
       also(w.entries[1], Account::kIssued, -1);
       wallet_of(w.after).debt = Points(-1);
     }},
    {"available points below zero", "lots_match_balances no_balance_below_zero",
     [](World& w) {
       also(w.entries[1], Account::kAvailable, -40);
       also(w.entries[1], Account::kRedeemed, 40);
       wallet_of(w.after).available -= Points(40);
     }},
    {"pending points below zero", "lots_match_balances no_balance_below_zero",
     [](World& w) {
       also(w.entries[1], Account::kPending, -1);
       also(w.entries[1], Account::kRedeemed, 1);
       wallet_of(w.after).pending = Points(-1);
     }},
    {"a lot that says more than it earned", "lots_add_up",
     [](World& w) {
       w.before.lots[0].spent += Points(3);
       w.after.lots[0].spent += Points(3);
     }},
    {"a lot with a part below zero", "lots_match_balances lots_add_up",
     [](World& w) {
       for (auto* books : {&w.before, &w.after}) {
         books->lots[0].expired = Points(-3);
         books->lots[0].reversed = Points(3);
       }
     }},
    {"points made available without a lot", "lots_match_balances",
     [](World& w) {
       also(w.entries[0], Account::kAvailable, 1);
       also(w.entries[0], Account::kIssued, -1);
       wallet_of(w.after).available += Points(1);
     }},
    {"a move of a lot that is not hers", "lots_match_balances",
     [](World& w) {
       w.entries[1].lot_moves.push_back({LotId(EntryId(99), 0), LotMoveKind::kSpend, Points(1)});
     }},
    {"a lot activated twice", "lots_match_balances",
     [](World& w) {
       const LotId lot = w.before.lots[0].id;
       w.entries[0].lot_moves.push_back({lot, LotMoveKind::kActivate, Points(30)});
     }},
    {"an entry of somebody else", "one_member_touched",
     [](World& w) { w.entries[1].member = MemberId(8); }},
    {"a record of somebody else", "one_member_touched",
     [](World& w) { w.after.record.id = MemberId(8); }},
    {"a lot of somebody else", "one_member_touched",
     [](World& w) {
       w.before.lots[0].member = MemberId(8);
       w.after.lots[0].member = MemberId(8);
     }},
    {"an entry without a key that is about nothing", "entry_names_its_cause",
     [](World& w) { w.entries[1].key = {}; }},
    {"an entry without an actor", "entry_names_its_cause",
     [](World& w) { w.entries[1].actor.clear(); }},
    {"a valued entry without its programme", "entry_names_its_cause",
     [](World& w) { w.entries[0].programme.clear(); }},
    {"an entry that does not follow the one before it", "chain_unbroken",
     [](World& w) { w.entries[1].previous = w.before.record.last_entry; }},
    {"the first entry not following the record", "chain_unbroken",
     [](World& w) { w.entries[0].previous = {}; }},
    {"two entries of one number", "chain_unbroken",
     [](World& w) {
       w.entries[1].id = w.entries[0].id;
       w.after.record.last_entry = w.entries[0].id;
     }},
    {"an award of more than the lots hold", "awards_match_lots",
     [](World& w) { w.entries[0].valuation->awards[0].points += Points(1); }},
    {"an award of another wallet", "awards_match_lots",
     [](World& w) { w.entries[0].valuation->awards[0].wallet = "status"; }},
    {"lots without an award", "awards_match_lots",
     [](World& w) { w.entries[0].valuation->awards.clear(); }},
    {"a balance that no entry explains", "entries_explain_state",
     [](World& w) { wallet_of(w.after).available += Points(1); }},
    {"a spent lot that is full again", "entries_explain_state",
     [](World& w) { w.after.lots[0] = w.before.lots[0]; }},
    {"a lot that is gone", "entries_explain_state", [](World& w) { w.after.lots.pop_back(); }},
    {"another expiry than was written", "entries_explain_state",
     [](World& w) { w.after.lots[1].expires_at = kNever; }},
    {"a record that forgets its last entry", "entries_explain_state",
     [](World& w) { w.after.record.last_entry = w.entries[0].id; }},
    {"a hold that no balance knows", "holds_match_balances entries_explain_state",
     [](World& w) {
       w.after.record.holds.push_back({w.entries[0].id, "points", Points(5), kNever, {}});
     }},
    {"a record that forgets its last lot", "entries_explain_state",
     [](World& w) { w.after.record.last_lot = w.before.record.last_lot; }},
};

std::string reported(const World& world) {
  std::string names;
  for (const auto& violation : broken_invariants({world.before, world.after, world.entries})) {
    if (!names.empty()) names += ' ';
    names += violation.invariant;
  }
  return names;
}

class Sabotage : public testing::TestWithParam<Row> {};

TEST_P(Sabotage, is_reported_by_name) {
  World world = honest();
  GetParam().sabotage(world);
  EXPECT_EQ(reported(world), GetParam().reported) << GetParam().broken;
}

INSTANTIATE_TEST_SUITE_P(Invariants, Sabotage, testing::ValuesIn(kRows), [](const auto& row) {
  std::string name = row.param.broken;
  for (char& c : name) c = c == ' ' ? '_' : c;
  return name;
});

TEST(Invariants, hold_of_honest_work) { EXPECT_EQ(reported(honest()), ""); }

TEST(Invariants, have_a_sabotage_each) {
  std::set<std::string> broken;
  for (const Row& row : kRows) {
    std::istringstream names(row.reported);
    for (std::string name; names >> name;) broken.insert(name);
  }
  const auto all = all_invariants();
  EXPECT_EQ(broken, std::set<std::string>(all.begin(), all.end()));
}

TEST(Invariants, are_all_named_in_the_refusal) {
  World world = honest();
  world.entries[1].actor.clear();
  wallet_of(world.after).held = Points(-1);
  const auto checked = check_invariants({world.before, world.after, world.entries});
  ASSERT_FALSE(checked.ok());
  EXPECT_EQ(checked.error().code, ErrorCode::kInvariantBroken);
  for (const auto* name : {"entry_names_its_cause", "no_balance_below_zero"}) {
    EXPECT_NE(checked.error().detail.find(name), std::string::npos) << checked.error().detail;
  }
}

}  // namespace
}  // namespace laurel::ledger
