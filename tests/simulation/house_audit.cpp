// Every figure built again from the model and the bare postings.

#include "house.hpp"

namespace laurel::simulation {

void House::audit() {
  const auto due = engine_->settle_due(100'000);
  ASSERT_TRUE(due.ok());
  EXPECT_FALSE(due->more);
  audit_entries();
  audit_members();
}

// The sale that an entry moves points of, by its id; empty: none.
std::string House::sale_of(const EntryView& entry,
                           const std::map<EntryId, std::string>& keys) const {
  const auto found = entry.key.id.empty() ? keys.find(entry.about) : keys.find(entry.id);
  if (found == keys.end()) return "";
  const auto& id = found->second;
  if (id.starts_with("S-") && id.find('/') == std::string::npos) return id;
  const auto about = about_.find(id);
  return about == about_.end() ? "" : about->second;
}

void House::audit_entries() {
  std::map<EntryId, std::string> keys;
  std::map<std::string, std::int64_t> held;
  accounts_.clear();
  EntryId after;
  for (;;) {
    const auto page = engine_->entries(after, 1'000);
    ASSERT_TRUE(page.ok());
    if (page->entries.empty()) break;
    after = page->next;
    for (const auto& entry : page->entries) {
      keys[entry.id] = entry.key.id;
      const auto sale = sale_of(entry, keys);
      Points sum;
      for (const auto& posting : entry.postings) {
        sum += posting.amount;
        accounts_[entry.member][posting.account] += posting.amount.units();
        if (posting.account == "issued") held[sale] -= posting.amount.units();
      }
      EXPECT_EQ(sum, Points{}) << "entry " << entry.id.number();
      for (const auto& balance : entry.balances_after) {
        EXPECT_GE(std::min({balance.available, balance.pending, balance.debt}), Points{});
      }
    }
  }
  EXPECT_EQ(held[""], 0) << "points that no sale gave";
  for (const auto& sale : sales_) {
    EXPECT_EQ(held[sale->id], sale->member ? sale->points() : 0) << sale->id;
  }
}

void House::audit_members() {
  std::map<MemberId, std::int64_t> points, spend;
  for (const auto& sale : sales_) {
    if (!sale->member) continue;
    points[sale->member] += sale->points();
    if (year_of(sale->at) == year_of(clock_.now())) spend[sale->member] += sale->spend_cents();
  }
  for (const auto& [card, id] : cards_) {
    const auto member = engine_->member(id);
    ASSERT_TRUE(member.ok());
    auto& sums = accounts_[id];
    const auto& balance = member->wallets.at(0).balance;
    EXPECT_EQ(balance.available.units(), sums["available"]) << card;
    EXPECT_EQ(balance.pending.units(), sums["pending"]) << card;
    EXPECT_EQ(balance.debt.units(), -sums["debt"]) << card;
    EXPECT_EQ((balance.available + balance.pending - balance.debt).units(),
              points[id] + adjusted_[id] - sums["expired"])
        << card;
    EXPECT_EQ(member->tier.spend_minor, spend[id]) << card;
    if (spend[id] >= 1'000'00) {
      EXPECT_EQ(member->tier.id, "gold") << card;
    }
    audit_statements(*member);
  }
}

// All that has happened by now stands now, on either basis.
void House::audit_statements(const Member& member) {
  for (const auto basis : {TimeBasis::kEvent, TimeBasis::kBooking}) {
    const auto statement = engine_->statement(member.id, clock_.now(), basis);
    ASSERT_TRUE(statement.ok());
    EXPECT_EQ(statement->wallets.at(0), member.wallets.at(0).balance) << member.id.text();
    EXPECT_EQ(statement->tier, member.tier) << member.id.text();
  }
}

void House::verify() {
  const auto report = engine_->verify({});
  ASSERT_TRUE(report.ok());
  for (const auto& drift : report->drift) {
    ADD_FAILURE() << drift.what << ": stored " << drift.stored << ", rebuilt " << drift.rebuilt;
  }
}

}  // namespace laurel::simulation
