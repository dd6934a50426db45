#pragma once
// CSV as RFC 4180 writes it, read as a stream and strictly: fields are separated by commas, lines
// end with LF or CRLF, a field that holds a comma, a quote or a line end is wrapped in quotes, and
// a quote inside it is doubled. Everything else is a fault that names its line: a quote inside a
// bare field, text behind a closing quote, a quote that never closes, a record with more or fewer
// fields than the header, NUL, a lone CR, broken UTF-8, a record above 1 MB. Memory is one record.

#include <cstddef>
#include <cstdint>
#include <istream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "laurel/result.hpp"

namespace laurel::daemon::cli {

inline constexpr std::size_t kCsvRecordBytesMax = std::size_t{1} << 20;

class CsvReader {
 public:
  // Reads the header, and remembers where the wanted columns stand. kInvalid names every wanted
  // column that is missing, and every name the header has twice. `input` outlives the reader.
  static Result<CsvReader> open(std::istream& input, std::span<const std::string_view> wanted);

  // Reads the next record; false after the last. kMalformed names the line; there is no going on
  // after it. Empty lines are faults too, except at the very end.
  Result<bool> next();

  // Of the record read last: the wanted column by its position in `wanted`. Valid until next().
  std::string_view field(std::size_t wanted) const;
  // Every column of the header, and any of them by its position there.
  const std::vector<std::string>& columns() const { return names_; }
  std::string_view column(std::size_t position) const;
  // The line at which that record began, from 1.
  std::int64_t line() const { return record_line_; }
  std::int64_t bytes_read() const { return bytes_read_; }

 private:
  enum class State : std::uint8_t { kFieldStart, kBare, kQuoted, kQuoteSeen, kCarriageReturn };

  explicit CsvReader(std::istream& input) : input_(&input) {}
  Result<bool> read_record();
  Result<bool> end_of_input(State state);
  // The state after `c`, or a fault; `done` is set at the end of the record.
  Result<State> step(State state, char c, bool& done);
  void end_field();
  bool fill();
  Error fault(const std::string& what) const;
  Result<void> check_record() const;
  Result<void> choose(std::span<const std::string_view> wanted);

  std::istream* input_;
  std::vector<char> buffer_ = {};
  std::size_t buffer_at_ = 0;
  std::size_t buffer_end_ = 0;
  std::string record_ = {};               // the fields of the record, end to end
  std::vector<std::size_t> ends_ = {};    // where each field ends in it
  std::vector<std::size_t> chosen_ = {};  // the column of each wanted name
  std::vector<std::string> names_ = {};   // of the header; none while it is read
  std::int64_t line_ = 1;
  std::int64_t record_line_ = 0;
  std::int64_t bytes_read_ = 0;
};

}  // namespace laurel::daemon::cli
