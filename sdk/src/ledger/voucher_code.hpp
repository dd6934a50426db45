#pragma once
// The codes of vouchers: sixteen characters of Crockford's base 32 (digits and capitals without I,
// L, O and U), 80 bits that follow from the secret of the store, and a check character. Any single
// wrong character and any two that changed places are found without looking the code up.

#include <optional>
#include <string>
#include <string_view>

#include "laurel/ids.hpp"

namespace laurel::ledger {

// The code of the `place`-th voucher of an entry. `attempt`: 0, and upwards where a code was taken.
std::string derive_code(std::string_view secret, EntryId entry, std::size_t place, int attempt);

// As it is stored: capitals without spaces and dashes; in a code of ours O is 0, and I and L are 1.
// Absent: no code of ours, whose check character would be wrong, nor one that could have been
// imported (6 to 64 letters and digits).
std::optional<std::string> normal_code(std::string_view text);

// Whether it is one of ours, by its length and its check character.
bool is_own_code(std::string_view normal);

// For people: "7KQW-2M8T-X4PA-9ZDC-H".
std::string readable_code(const std::string& code);

// Where all of it must not be seen: its last two characters alone.
std::string masked_code(const std::string& code);

}  // namespace laurel::ledger
