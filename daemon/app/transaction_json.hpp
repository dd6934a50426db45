#pragma once
// A transaction as it comes over the wire. What can be judged without a programme is judged here,
// so that one answer lists every faulty field; the engine checks the rest. Fields that are not
// known are ignored, whatever they claim about balances or prices, unless their name is so near to
// a known one that it was probably meant.

#include <functional>
#include <string_view>

#include "json/reader.hpp"
#include "laurel/transaction.hpp"

namespace laurel::daemon {

inline constexpr std::size_t kLinesMax = 10'000;
inline constexpr std::size_t kIdentifiersMax = 100;

// Faults are noted in the object's reader.
Transaction read_transaction(json::ObjectReader& object);
// kMalformed, kTooLarge, or kInvalid with every fault.
Result<Transaction> transaction_from_json(std::string_view text);

enum class Roles : std::uint8_t { kNone, kGiven };  // whether they say whose they are
// `read_more`: what else one of them says, with its place.
std::vector<Identifier> read_identifiers(
    json::ObjectReader& object, json::Presence presence, Roles roles = Roles::kNone,
    const std::function<void(json::ObjectReader&, std::size_t)>& read_more = {});
// A line of a sale or a basket; `index`: its place, which is its id where it has none.
Line read_line(json::ObjectReader& object, std::size_t index,
               const std::optional<Currency>& currency);
// "id" and "source" of a command that is safe to send again.
TransactionKey read_key(json::ObjectReader& object);
// Nothing where the field is absent or, as is then noted, not a time.
std::optional<Instant> read_instant(json::ObjectReader& object, std::string_view name,
                                    json::Presence presence = json::kOptional);
// The text of an optional field, "" where it is absent.
std::string read_text(json::ObjectReader& object, std::string_view name,
                      json::Presence presence = json::kOptional, std::size_t bytes_max = 128);
// The id of a member; none where it is left out or wrong.
MemberId read_member(json::ObjectReader& object, std::string_view name,
                     json::Presence presence = json::kOptional);

}  // namespace laurel::daemon
