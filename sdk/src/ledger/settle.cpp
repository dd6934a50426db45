// What happens to lots and holds by themselves.

#include <algorithm>
#include <set>

#include "base/check.hpp"
#include "base/try.hpp"
#include "ledger/book.hpp"

namespace laurel::ledger {
namespace {

void soonest(MemberRecord& record, Instant due) {
  record.next_due = std::min(record.next_due, due);
}

// What happens by itself, in the order of time. At one moment points die before a hold of them
// ends, and both before others become available.
struct Turn {
  enum class What : std::uint8_t { kExpiry, kTimeOut, kActivation };
  Instant at;
  What what = What::kExpiry;
  std::int64_t number = 0;  // of the lot, or of the entry that opened the hold
  friend auto operator<=>(const Turn&, const Turn&) = default;
};

class Settling {
 public:
  Settling(Books& books, Instant now, EntryId next, std::span<const WalletPolicy> wallets,
           const TimeZone& zone)
      : books_(books), now_(now), next_(next), wallets_(wallets), zone_(zone) {}

  Result<std::vector<Entry>> run() {
    for (const auto& lot : books_.lots) note(lot);
    for (const auto& hold : books_.record.holds) {
      if (hold.until <= now_) {
        due_.insert({hold.until, Turn::What::kTimeOut, hold.entry.number()});
      }
    }
    while (!due_.empty()) {
      const Turn turn = *due_.begin();
      due_.erase(due_.begin());
      LAUREL_TRY_VOID(take(turn));
    }
    note_next();
    return std::move(booked_);
  }

 private:
  void note(const Lot& lot) {
    const Instant at = lot_due(books_.record, lot);
    if (at > now_) return;
    due_.insert(
        {at, lot.activated ? Turn::What::kExpiry : Turn::What::kActivation, lot.id.number()});
  }

  Result<void> take(const Turn& turn) {
    Entry entry;
    entry.id = EntryId(next_.number() + static_cast<std::int64_t>(booked_.size()));
    entry.event_time = turn.at;
    entry.booked_at = now_;
    entry.actor = "laurel";
    EntryWriter writer(books_, entry);
    const LotId lot(turn.number);
    switch (turn.what) {
      case Turn::What::kExpiry:
        entry.kind = EntryKind::kExpiry;
        entry.about = find_lot(books_, lot)->cause;
        LAUREL_TRY_VOID(writer.expire(lot));
        break;
      case Turn::What::kActivation:
        entry.kind = EntryKind::kActivation;
        entry.about = find_lot(books_, lot)->cause;
        LAUREL_TRY_VOID(writer.activate(lot));
        note(*find_lot(books_, lot));
        break;
      case Turn::What::kTimeOut:
        LAUREL_TRY_VOID(time_out(writer, entry, EntryId(turn.number)));
        break;
    }
    writer.finish(wallets_);
    booked_.push_back(std::move(entry));
    return {};
  }

  Result<void> time_out(EntryWriter& writer, Entry& entry, EntryId id) {
    const Hold hold = *find_hold(books_.record, id);
    static const WalletPolicy kGone;  // of a wallet that the programme no longer has
    const auto policy = std::ranges::find(wallets_, hold.wallet, &WalletPolicy::id);
    entry.kind = EntryKind::kRelease;
    entry.about = id;
    entry.reason = "its time ran out";
    entry.redemption = RedemptionTerms{hold.wallet, hold.points, {}, {}};
    LAUREL_TRY_VOID(writer.resolve(
        id, {}, {policy == wallets_.end() ? kGone : *policy, zone_, entry.event_time}));
    for (const auto& part : hold.parts) note(*find_lot(books_, part.lot));
    return {};
  }

  void note_next() {
    MemberRecord& record = books_.record;
    record.next_due = kNever;
    record.oldest_open_lot = {};
    for (const auto& hold : record.holds) soonest(record, hold.until);
    for (const auto& lot : books_.lots) {
      if (lot.remaining == Points{}) continue;
      soonest(record, lot_due(record, lot));
      if (!record.oldest_open_lot) record.oldest_open_lot = lot.id;
    }
  }

  Books& books_;
  Instant now_;
  EntryId next_;
  std::span<const WalletPolicy> wallets_;
  const TimeZone& zone_;
  std::set<Turn> due_;
  std::vector<Entry> booked_;
};

}  // namespace

Result<std::vector<Entry>> settle(Books& books, Instant now, EntryId next,
                                  std::span<const WalletPolicy> wallets, const TimeZone& zone) {
  LAUREL_ASSERT(books.all_open_lots_loaded, "settling sees all lots");
  return Settling(books, now, next, wallets, zone).run();
}

Result<Books> settled(Books books, Instant at, std::span<const WalletPolicy> wallets,
                      const TimeZone& zone) {
  const EntryId next(books.record.last_entry.number() + 1);
  LAUREL_TRY_VOID(settle(books, at, next, wallets, zone));
  return books;
}

std::vector<LotId> lots_of_due_holds(const MemberRecord& record, Instant by) {
  std::vector<LotId> lots;
  for (const auto& hold : record.holds) {
    if (hold.until > by) continue;
    for (const auto& part : hold.parts) lots.push_back(part.lot);
  }
  return lots;
}

std::vector<WalletBalance> booked_balances(const MemberRecord& record,
                                           std::span<const WalletPolicy> wallets) {
  std::vector<WalletBalance> balances;
  balances.reserve(wallets.size());
  for (const auto& wallet : wallets) {
    WalletBalance balance{wallet.id, wallet.scale, {}, {}, {}, {}};
    if (const auto* state = find_wallet(record, wallet.id)) {
      balance.available = state->available;
      balance.pending = state->pending;
      balance.held = state->held;
      balance.debt = state->debt;
    }
    balances.push_back(std::move(balance));
  }
  return balances;
}

Result<std::vector<WalletBalance>> balances_at(const Books& books, Instant at,
                                               std::span<const WalletPolicy> wallets,
                                               const TimeZone& zone) {
  LAUREL_TRY(const auto then, settled(books, at, wallets, zone));
  return booked_balances(then.record, wallets);
}

}  // namespace laurel::ledger
