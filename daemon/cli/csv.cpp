#include "cli/csv.hpp"

#include <algorithm>

#include "json/utf8.hpp"

namespace laurel::daemon::cli {

namespace {

constexpr std::size_t kBufferBytes = std::size_t{1} << 16;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

Error CsvReader::fault(const std::string& what) const {
  return Error{ErrorCode::kMalformed, "line " + std::to_string(record_line_) + ": " + what};
}

bool CsvReader::fill() {
  buffer_.resize(kBufferBytes);
  input_->read(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  buffer_at_ = 0;
  buffer_end_ = static_cast<std::size_t>(input_->gcount());
  bytes_read_ += input_->gcount();
  return buffer_end_ > 0;
}

void CsvReader::end_field() { ends_.push_back(record_.size()); }

Result<CsvReader::State> CsvReader::step(State state, char c, bool& done) {
  if (c == '\0') return fault("a NUL byte");
  if (state == State::kQuoted) {
    if (c == '"') return State::kQuoteSeen;
    record_.push_back(c);
    return State::kQuoted;
  }
  if (state == State::kQuoteSeen && c == '"') {
    record_.push_back('"');
    return State::kQuoted;
  }
  if (state == State::kCarriageReturn && c != '\n') return fault("a CR without its LF");
  switch (c) {
    case ',': end_field(); return State::kFieldStart;
    case '\r': return State::kCarriageReturn;
    case '\n':
      end_field();
      done = true;
      return State::kFieldStart;
    case '"':
      if (state == State::kFieldStart) return State::kQuoted;
      return fault("a quote inside a field that does not begin with one");
    default: break;
  }
  if (state == State::kQuoteSeen) return fault("text behind a closing quote");
  record_.push_back(c);
  return State::kBare;
}

Result<bool> CsvReader::end_of_input(State state) {
  if (input_->bad()) return Error{ErrorCode::kStoreFailed, "the input cannot be read"};
  if (state == State::kQuoted) return fault("a quote that never closes");
  if (state == State::kCarriageReturn) return fault("a CR without its LF");
  if (state == State::kFieldStart && ends_.empty()) return false;
  end_field();  // the last line may do without a line end
  return true;
}

Result<bool> CsvReader::read_record() {
  record_.clear();
  ends_.clear();
  record_line_ = line_;
  State state = State::kFieldStart;
  bool done = false;
  while (!done) {
    if (buffer_at_ == buffer_end_ && !fill()) return end_of_input(state);
    const char c = buffer_[buffer_at_++];
    if (c == '\n') ++line_;
    auto after = step(state, c, done);
    if (!after) return std::move(after).error();
    state = *after;
    if (record_.size() > kCsvRecordBytesMax) return fault("a record above 1 MB");
  }
  return true;
}

Result<void> CsvReader::check_record() const {
  if (!names_.empty() && ends_.size() != names_.size()) {
    return fault(std::to_string(ends_.size()) + " fields where the header has " +
                 std::to_string(names_.size()));
  }
  if (!json::is_utf8(record_)) return fault("text that is not UTF-8");
  return {};
}

Result<bool> CsvReader::next() {
  auto read = read_record();
  if (!read || !*read) return read;
  if (auto checked = check_record(); !checked) return std::move(checked).error();
  return true;
}

std::string_view CsvReader::column(std::size_t position) const {
  const std::size_t begin = position == 0 ? 0 : ends_[position - 1];
  return std::string_view(record_).substr(begin, ends_[position] - begin);
}

std::string_view CsvReader::field(std::size_t wanted) const { return column(chosen_[wanted]); }

Result<void> CsvReader::choose(std::span<const std::string_view> wanted) {
  std::vector<std::string> names;
  std::size_t begin = 0;
  for (const std::size_t end : ends_) {
    names.push_back(record_.substr(begin, end - begin));
    begin = end;
  }
  if (names.front().starts_with(kByteOrderMark)) names.front().erase(0, kByteOrderMark.size());
  Error error{ErrorCode::kInvalid, "the header is not the one expected"};
  for (const std::string_view name : wanted) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
      error.faults.push_back({"", "missing_column", "no column \"" + std::string(name) + "\""});
    } else if (std::find(found + 1, names.end(), name) != names.end()) {
      error.faults.push_back({"", "repeated_column", "two columns \"" + std::string(name) + "\""});
    }
    chosen_.push_back(static_cast<std::size_t>(found - names.begin()));
  }
  if (!error.faults.empty()) return error;
  names_ = std::move(names);
  return {};
}

Result<CsvReader> CsvReader::open(std::istream& input, std::span<const std::string_view> wanted) {
  CsvReader reader(input);
  auto header = reader.next();
  if (!header) return std::move(header).error();
  if (!*header) return Error{ErrorCode::kMalformed, "line 1: no header: the file is empty"};
  if (auto chosen = reader.choose(wanted); !chosen) return std::move(chosen).error();
  return reader;
}

}  // namespace laurel::daemon::cli
