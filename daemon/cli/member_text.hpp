#pragma once
// What the commands about members share.

#include <string>
#include <vector>

#include "cli/terminal.hpp"
#include "laurel/member.hpp"

namespace laurel::daemon::cli {

void write_text(const Member& member, Terminal& terminal);
// Of TYPE=VALUE words. kInvalid.
Result<std::vector<Identifier>> identifiers_of(const std::vector<std::string>& words);

}  // namespace laurel::daemon::cli
