#pragma once
// Whose a transaction is, as the store knows it at this moment.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/versions.hpp"
#include "identity/attribute.hpp"
#include "laurel/receipt.hpp"
#include "store/store.hpp"

namespace laurel::engine {

struct Attributed {
  Attribution attribution;
  std::optional<ledger::MemberRecord> member;
  MemberId through = {};  // whose the deciding identifier is, where she was merged into `member`
  bool needs_review = false;
  // Nobody is known, the programme enrols, and this is what the new member would be known by.
  std::optional<Identifier> enrol_by;
};

// One identifier of a transaction after normalising.
struct GivenIdentifier {
  Identifier identifier;  // as it was given where it could not be read
  bool placeholder = false;
  bool readable = true;
};

// kInvalid for a type the programme does not know, at /identifiers/N/type. A value that cannot be
// read as its type is kept as it is and names nobody: a slip at a till must not lose a sale.
Result<std::vector<GivenIdentifier>> recognise(const identity::Recogniser& recogniser,
                                               std::span<const Identifier> identifiers);

// `places`: the source and the departments of the transaction.
Result<Attributed> attribute(const store::View& view, const identity::Recogniser& recogniser,
                             std::span<const GivenIdentifier> given,
                             const std::vector<std::string_view>& places,
                             identity::Purpose purpose);

std::vector<std::string_view> places_of(const Transaction& document);

}  // namespace laurel::engine
