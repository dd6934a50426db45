#pragma once
// Whose a transaction is, as the store knows it at this moment.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/versions.hpp"
#include "identity/attribute.hpp"
#include "identity/recogniser.hpp"
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

struct Unit;

// By what identifiers are read.
struct Reading {
  const identity::Recogniser& recogniser;
  const store::View& view;
  std::vector<std::string_view> places = {};  // where they were given: see places_of()
  Unit* unit = nullptr;  // that may draw the secret of the store, for those kept hashed
};

// As it is kept: of a type that is unique within several places "PLACE/VALUE", and hashed where the
// programme says so. One that is written so already stays as it is. kInvalid: as
// Recogniser::normalise.
Result<identity::NormalisedIdentifier> recognise(const Reading& reading, const Identifier& given);

// kInvalid for a type the programme does not know, at /identifiers/N/type. A value that cannot be
// read as its type is kept as it is and names nobody: a slip at a till must not lose a sale.
Result<std::vector<GivenIdentifier>> recognise(const Reading& reading,
                                               std::span<const Identifier> identifiers);

// `places`: the source and the departments of the transaction.
Result<Attributed> attribute(const store::View& view, const identity::Recogniser& recogniser,
                             std::span<const GivenIdentifier> given,
                             const std::vector<std::string_view>& places,
                             identity::Purpose purpose);

std::vector<std::string_view> places_of(const Transaction& document);

}  // namespace laurel::engine
