#pragma once
// One unit of work under way, and one member within it.

#include <memory>
#include <optional>
#include <vector>

#include "engine/versions.hpp"
#include "laurel/entropy.hpp"
#include "ledger/book.hpp"
#include "ledger/tier_recent.hpp"
#include "programme/compiled.hpp"
#include "store/store.hpp"

namespace laurel::engine {

// What a unit of work reads from, and the change it builds up.
struct Unit {
  const store::View& view;
  store::NextIds ids;
  Instant now;
  std::shared_ptr<const Versions> versions;
  // Whose everything is that names nobody: the member of a programme's own test case.
  MemberId stands_for = {};
  store::Change change = {};
  std::int64_t entries_given = 0;
  const Entropy* entropy = nullptr;  // null: the operating system's
  std::string whisper = {};          // of a refusal: for the log, and not for whoever asked

  // One that is about to be written.
  const ledger::Entry& entry(EntryId id) const;
  EntryId next_entry() { return EntryId(ids.entry.number() + entries_given++); }
  const programme::Compiled& in_force(Instant at) const {
    return versions->in_force(at).compiled();
  }
};

// Whether it valued a sale or an event.
bool is_deed(const ledger::Entry& entry);
ledger::TierEvent tier_event(const ledger::Entry& entry);
ledger::RecentTierEvent tier_event(const ledger::Entry& entry, std::int64_t version);
bool moves_tier(const ledger::Entry& entry);
ledger::TierRules tier_rules(const programme::Compiled& compiled);

// A member's books as they are now, whether or not what is due has been booked.
Result<ledger::Books> books_now(const store::View& view, ledger::MemberRecord record, Instant now,
                                const programme::Compiled& compiled);

// A member loaded for writing. Entries are begun, written and ended one after the other; close()
// checks the invariants over all of them and hands everything to the unit's change.
class MemberSession {
 public:
  MemberSession(Unit& unit, ledger::MemberRecord record);
  // Somebody new: no record stands in the store yet.
  static MemberSession enrol(Unit& unit, const std::string& language, Instant at,
                             const programme::Compiled& compiled);

  ledger::Books& books() { return books_; }
  const ledger::MemberRecord& record() const { return books_.record; }
  Instant now() const { return unit_.now; }
  // The head of her chain as it is stored, before this unit of work.
  EntryId stored_last_entry() const { return before_.record.last_entry; }

  Result<void> load_open_lots();
  Result<void> load_lot(ledger::LotId id) { return load_lots(std::span(&id, 1)); }
  // Those of hers that it opened or moved, closed ones too.
  Result<void> load_lots_of(const ledger::Entry& entry);
  Result<void> load_lots_of(const ledger::Hold& hold);
  // Books what is due by now, if anything is.
  Result<void> settle(const programme::Compiled& compiled);

  // The tier as it stood just after everything earlier than `at`, however late that is learnt of.
  Result<ledger::TierState> tier_at(Instant at, const programme::Compiled& compiled);
  // Puts the entry's spend and tier into their place in time and names the standing after it.
  Result<void> fold(ledger::Entry& entry, const programme::Compiled& compiled);

  // Her tier follows from these entries from now on, whatever it followed from before.
  Result<void> stand_on(std::vector<ledger::Entry> history);

  ledger::Entry begin(ledger::EntryKind kind, Instant event_time);
  // Ends the entry that begin() gave: its balances and chain are set, and it is part of the change.
  Result<void> end(ledger::Entry&& entry, const programme::Compiled& compiled);
  // Ended so far in this unit of work.
  const std::vector<ledger::Entry>& entries() const { return entries_; }
  // Whether an entry that came late made any later moment another level's.
  bool levels_moved() const { return levels_moved_; }
  // The entry ended last, until close().
  const ledger::Entry& last() const { return entries_[last_]; }

  // The session is over; its entries stand in the unit's change.
  Result<void> close();

 private:
  using TierEvents = std::vector<ledger::RecentTierEvent>;

  bool is_late(Instant at) const;    // before what the tier has been folded up to
  bool is_recent(Instant at) const;  // late, but the record knows enough
  Result<ledger::TierState> fold_late(const ledger::Entry& entry);
  Result<ledger::TierState> refold(const TierEvents& events, Instant until,
                                   ledger::RecentTier& recent);
  Result<void> compare_levels(const ledger::TierState& then, const ledger::RecentTierEvent& event,
                              std::span<const ledger::RecentTierEvent> later);
  Result<TierEvents> all_tier_events();
  Result<ledger::RecentTierEvent> tier_event(const ledger::Entry& entry) const;
  ledger::TierRulesOf rules_of_version() const;
  void add_lots(std::vector<ledger::Lot> lots);
  Result<void> load_lots(std::span<const ledger::LotId> wanted);

  Unit& unit_;
  ledger::Books before_, books_;
  std::vector<ledger::Entry> entries_;
  std::size_t last_ = 0;
  std::optional<ledger::TierThen> then_;  // what tier_at() found at `then_at_`
  Instant then_at_;
  TierEvents chain_;  // of the entries before this session, once they have been read
  std::size_t chain_length_ = 0;
  bool levels_moved_ = false;
};

}  // namespace laurel::engine
