#pragma once
// Numbers of payment cards have no place in what is kept. Recognised by their length and their
// check digit, so that a few numbers of other kinds look like one too.

#include <string>
#include <string_view>

namespace laurel {

// 13 to 19 ASCII digits, spaces and hyphens between them left out of account, that pass Luhn's
// check, and are not part of a longer run.
bool holds_payment_card(std::string_view text);

// The same text, with all but the last four digits of each such number replaced by "*".
std::string without_payment_cards(std::string text);

}  // namespace laurel
