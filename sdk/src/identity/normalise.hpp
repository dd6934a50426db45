#pragma once
// Two ways of writing one identifier become one value, or a fault that says why not. Pure, and safe
// from any thread. Faults do not repeat the value: it is personal.

#include <string>
#include <string_view>

#include "laurel/policy.hpp"
#include "laurel/result.hpp"

namespace laurel::identity {

// By the form of its type, at most 128 bytes (e-mail: 254):
//   text    spaces trimmed and collapsed; upper and lower case differ
//   digits  ASCII digits, spaces and hyphens removed; so too where a check digit is asked for
//   e-mail  lower case (ASCII), and of the shape name@host.domain
//   phone   E.164 ("+393331234567"); without a country code it is a number of the type's region
// Fault codes: "empty", "too_long", "not_printable", "not_digits", "wrong_check_digit",
// "not_an_email", "not_a_phone_number".
Result<std::string> normalise(const IdentifierType& type, std::string_view raw);

// Whether `region` is an ISO 3166 code whose phone numbers can be read.
bool is_phone_region(std::string_view region);

}  // namespace laurel::identity
