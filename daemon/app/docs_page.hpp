#pragma once
// The reference as the daemon serves it, built from what is in the executable.

#include <string>
#include <string_view>

namespace laurel::daemon {

std::string_view openapi_text();  // docs/reference/openapi.yaml, as it was at build time
const std::string& docs_page();   // one HTML page without script
std::string errors_page();        // docs/reference/errors.md, from the list of errors

}  // namespace laurel::daemon
