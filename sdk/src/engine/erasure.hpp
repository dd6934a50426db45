#pragma once
// Forgetting a person: what she is known by, wherever it stands, and the unit of work that removes
// it.

#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/posting.hpp"
#include "laurel/privacy.hpp"

namespace laurel::engine {

// What a person was known by, and where it stands.
class Traces {
 public:
  using Known = std::set<std::pair<std::string, std::string>>;  // type, value

  // Her identifiers, and those that her own entries tell of.
  Result<void> of(const store::View& view, const ledger::MemberRecord& record);
  // Entries after those looked at before, whoever they are of.
  Result<void> look_on(const store::View& view);
  // The same for several people, reading each entry once. They looked equally far before.
  static Result<void> look_on(const store::View& view, std::span<Traces> people);

  const std::vector<MemberId>& ids() const { return ids_; }
  const Known& known() const { return known_; }
  const std::set<EntryId>& entries() const { return entries_; }

 private:
  bool is_hers(MemberId id) const;
  Result<void> learn_from_chain(const store::View& view, MemberId id);
  void learn(const ledger::Entry& entry);
  bool tells(const std::string& type, const std::string& value) const;
  void look_at(const ledger::Entry& entry);

  std::vector<MemberId> ids_;
  Known known_;
  std::set<EntryId> entries_;
  EntryId seen_;
};

// What `traces` found outside the unit is brought up to date within it.
Result<Posted> erase(Unit& unit, const Erasure& erasure, Traces& traces);

}  // namespace laurel::engine
