#pragma once
// A member's entries in the order of their own time, and what they say about any moment: her tier,
// what a programme asks about her past, what its limits leave her. And the rating again of what
// came later, once something earlier has been learnt of.

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "engine/person.hpp"
#include "engine/session.hpp"
#include "engine/valuation.hpp"

namespace laurel::engine {

// Reads the member's whole chain; for what comes late. Entries of one moment stand in the order in
// which they were booked; a later rating of a deed stands at its deed.
class Timeline {
 public:
  static Result<Timeline> load(const Unit& unit, const MemberSession& session);
  // The same with entries as `adapt` makes them; what it says false of is left out. `record`: with
  // the last entry that counts.
  using Adapt = std::function<bool(ledger::Entry&)>;
  static Result<Timeline> load(const Unit& unit, const ledger::MemberRecord& record,
                               const Adapt& adapt);

  // As of the moment `at`, after everything up to it; or just before the deed that `holder` is, as
  // the person she was then and with the rules that were stopped.
  Result<Standing> standing_at(const programme::Compiled& compiled, Instant at,
                               Valuable& valuable) const;
  Result<Standing> standing_before(const ledger::Entry& holder, const programme::Compiled& compiled,
                                   Valuable& valuable) const;

  // To one whose level is told: what of her past the programme asks for, and what its limits leave.
  Result<void> tell_past_at(const programme::Compiled& compiled, Instant at, Valuable& valuable,
                            Standing& told) const;
  Result<void> tell_past_before(const ledger::Entry& holder, const programme::Compiled& compiled,
                                Valuable& valuable, Standing& told) const;

  // The entries that valued what happened after `from`, in order.
  std::vector<const ledger::Entry*> deeds_after(Instant from) const;
  // A deed's valuation as it stands, and what it counts for.
  const ledger::Valuation& valuation_of(const ledger::Entry& holder) const;
  const Transaction& document_of(const ledger::Entry& holder) const;

  void add(ledger::Entry entry);

  // What a deed takes of the limits while so much of it is kept; none: by its own version and its
  // valuation as it stands.
  using UsesOf = std::function<std::optional<std::vector<ledger::CounterUse>>(
      const ledger::Entry& holder, const Kept& kept)>;
  void count_by(UsesOf uses_of) { uses_of_ = std::move(uses_of); }

 private:
  explicit Timeline(const Unit& unit) : unit_(unit) {}
  Result<void> read(const ledger::MemberRecord& record, std::span<const ledger::Entry> booked,
                    const Adapt& adapt);

  struct Place {
    Instant at;
    EntryId deed;  // for a rating of a deed: the deed's own entry
    EntryId entry;
    friend auto operator<=>(const Place&, const Place&) = default;
  };
  Place place_of(const ledger::Entry& entry) const;
  MemberId side_at(const ledger::Entry& entry, EntryId booked) const;
  // Whether the entry was of the same person when the deed at `end` was booked.
  bool counts(const ledger::Entry& entry, const Place& end) const;
  Result<void> tell_past(const programme::Compiled& compiled, Instant at, const Place& end,
                         Valuable& valuable, Standing& told) const;
  // The person and the stopped rules of `told` stay; all else of it is found.
  Result<Standing> standing(const programme::Compiled& compiled, Instant at, const Place& end,
                            Valuable& valuable, Standing told) const;
  Result<ledger::TierState> tier(const programme::Compiled& compiled, Instant at,
                                 const Place& end) const;
  Result<std::vector<ledger::PastAnswer>> answers(const programme::Compiled& compiled, Instant at,
                                                  const Place& end,
                                                  const std::vector<std::uint32_t>& wanted) const;
  Result<std::vector<ledger::LimitRoom>> rooms(const programme::Compiled& compiled, Instant at,
                                               const Place& end,
                                               const std::vector<std::uint32_t>& wanted) const;
  // Of a return that was voided before it came and so never took anything, remembers the void.
  Result<void> look_for_early_void(const ledger::Entry& entry);
  // Whether the sale was rated again, and something of it came back: what each of its entries took
  // of a limit says then nothing of any moment between them.
  bool is_tangled(EntryId sale) const;
  EntryId subject_of(const ledger::Entry& entry) const;
  Result<std::vector<ledger::CounterUse>> uses_at(const ledger::Entry& holder,
                                                  const Place& end) const;
  std::vector<ledger::Entry> documents_of(const ledger::Entry& holder, const Place& end) const;

  // How far the tier has been folded; what follows goes on from there.
  struct Folded {
    Place end;
    ledger::TierState state;
  };

  const Unit& unit_;
  MemberId member_;
  Instant enrolled_at_;
  ledger::PersonFacts person_;
  std::map<Place, ledger::Entry> entries_;
  std::map<EntryId, ledger::Entry> sales_;     // of claims: the sale that was nobody's
  std::map<EntryId, EntryId> holder_of_sale_;  // by the sale's own entry
  std::map<TransactionKey, EntryId> sale_of_key_;
  std::map<EntryId, TransactionKey> key_of_sale_;
  std::set<EntryId> rated_, returned_;       // sales, by their own entries
  std::set<TransactionKey> returned_later_;  // by what had waited for them
  UsesOf uses_of_;
  std::map<TransactionKey, Place> voided_early_;  // returns, by their keys: where the void stands
  std::vector<Join> joins_;
  mutable std::optional<Folded> folded_;
};

// Books, for every later sale or event of the member that would have been worth something else had
// everything up to now been known, what makes it so. Call once, when all else that the unit of work
// does to the member has ended; `from` is the earliest moment it spoke of.
Result<void> rate_later_again(Unit& unit, MemberSession& session, Instant from);
// Whether anything but the level can make a later deed worth something else.
bool looks_back(const programme::Compiled& compiled);

}  // namespace laurel::engine
