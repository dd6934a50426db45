#pragma once
// Problem details (RFC 9457) with the id of the request: the one shape of every answer that is not
// a success. `type` leads to the error's paragraph in the daemon's own reference.

#include <span>
#include <string>
#include <string_view>

#include "http/message.hpp"
#include "json/writer.hpp"
#include "laurel/error.hpp"
#include "laurel/programme.hpp"

namespace laurel::daemon {

int http_status_of(ErrorCode code);

http::Response problem(const Error& error, std::string_view request_id);
// kInvalidProgramme, each fault with file, line and column.
http::Response programme_problem(std::span<const ProgrammeFault> faults,
                                 std::string_view request_id);
// For what the SDK has no error for: 404 and 405 of the router.
http::Response problem(int status, std::string_view code, std::string_view title,
                       std::string_view request_id);

// The same object inside another answer, such as a line of a batch.
void write_problem(json::Writer& writer, const Error& error, std::string_view request_id);

}  // namespace laurel::daemon
