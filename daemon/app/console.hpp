#pragma once
// The console as it is in the executable: the files of daemon/console, as they were at build time.

#include <span>
#include <string_view>

namespace laurel::daemon {

struct ConsoleFile {
  std::string_view name;    // "index.html", "app.js"
  std::string_view digest;  // SHA-256 of the text, in hexadecimal digits
  std::string_view text;
};

std::span<const ConsoleFile> console_files();  // by name

}  // namespace laurel::daemon
