// Any bytes are records or a fault that names a line; what was read and is written back in quotes
// is read alike.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "cli/csv.hpp"

namespace {

using laurel::daemon::cli::CsvReader;

constexpr std::array<std::string_view, 2> kColumns = {"a", "b"};

void expect(bool condition, const char* what) {
  if (condition) return;
  std::cerr << "broken: " << what << "\n";
  std::abort();
}

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

// The fields of the wanted columns, end to end; false where the text has a fault.
bool read(const std::string& text, std::vector<std::string>& fields) {
  std::istringstream input(text);
  auto reader = CsvReader::open(input, kColumns);
  if (!reader) return false;
  while (true) {
    const auto more = reader->next();
    if (!more) {
      expect(more.error().detail.starts_with("line "), "a fault without its line");
      return false;
    }
    if (!*more) return true;
    for (std::size_t i = 0; i < kColumns.size(); ++i) fields.emplace_back(reader->field(i));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text.push_back(static_cast<char>(data[i]));
  std::vector<std::string> fields, again;
  if (!read(text, fields)) return 0;
  std::string written = "a,b\n";
  for (std::size_t i = 0; i < fields.size(); i += 2) {
    written += in_quotes(fields[i]) + "," + in_quotes(fields[i + 1]) + "\r\n";
  }
  expect(read(written, again) && again == fields, "written back it reads otherwise");
  return 0;
}
