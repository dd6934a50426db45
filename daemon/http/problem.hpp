#pragma once
// Problem details (RFC 9457), the one shape of every answer that is not a success.

#include <string_view>

#include "http/message.hpp"
#include "laurel/error.hpp"

namespace laurel::daemon::http {

// The HTTP status of an error: its class decides, kTooLarge alone is 413.
int status_of(const Error& error);

// With its code, detail and faults; Retry-After where a retry with the same key can help.
Response problem(const Error& error);

// For what has no error of the SDK behind it: 404 and 405 of the router, refusals of the framer.
// `code` is stable and travels as it is: "method_not_allowed".
Response problem(int status, std::string_view code, std::string_view detail);

// "Not Found"; "" for a status that has no name here.
std::string_view reason_of(int status);

}  // namespace laurel::daemon::http
