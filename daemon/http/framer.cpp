#include "http/framer.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstring>
#include <limits>

namespace laurel::daemon::http {

namespace {

struct RefusalInfo {
  Refusal refusal;
  int status;
  std::string_view name;
  std::string_view text;
};

constexpr std::array<RefusalInfo, kRefusalCount> kRefusals = {{
    {Refusal::kNone, 200, "none", ""},
    {Refusal::kBadRequest, 400, "bad_request", "The request is not well-formed HTTP/1.1."},
    {Refusal::kBadLength, 400, "bad_length", "The length of the body is not stated plainly."},
    {Refusal::kUnexpectedBody, 400, "unexpected_body", "This method takes no body."},
    {Refusal::kBodyTooLarge, 413, "too_large", "The body is larger than the limit."},
    {Refusal::kTargetTooLong, 414, "target_too_long", "The target is longer than the limit."},
    {Refusal::kContentEncoding, 415, "content_encoding", "The body must be sent uncompressed."},
    {Refusal::kExpectation, 417, "expectation", "Only 100-continue can be expected."},
    {Refusal::kHeadTooLarge, 431, "head_too_large", "The headers are larger than the limit."},
    {Refusal::kUnknownMethod, 501, "unknown_method", "The method is not known here."},
    {Refusal::kTransferEncoding, 501, "transfer_encoding",
     "The only transfer coding taken is plain chunked."},
    {Refusal::kVersion, 505, "version", "Only HTTP/1.1 and HTTP/1.0 are spoken here."},
}};

const RefusalInfo& info_of(Refusal refusal) { return kRefusals[static_cast<std::size_t>(refusal)]; }

constexpr std::size_t kMethodBytesMax = 16;
constexpr std::size_t kChunkSizeDigitsMax = 8;
constexpr std::size_t kLengthDigitsMax = 12;
constexpr std::string_view kVersionBytes = " HTTP/1.1\r\n";

// The character classes of RFC 9110 (token) and RFC 3986 (path and query), one bit each.
enum : std::uint8_t { kToken = 1, kTarget = 2, kFieldValue = 4, kHostName = 8 };

constexpr std::array<std::uint8_t, 256> kClasses = [] {
  std::array<std::uint8_t, 256> classes{};
  const auto mark = [&](std::string_view characters, std::uint8_t bits) {
    for (const char character : characters) {
      auto& entry = classes[static_cast<unsigned char>(character)];
      entry = static_cast<std::uint8_t>(entry | bits);
    }
  };
  mark("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
       kToken | kTarget | kHostName);
  mark("!#$%&'*+-.^_`|~", kToken);
  mark("-._~!$&'()*+,;=:@/?%", kTarget);
  mark("-._:[]~", kHostName);
  for (std::size_t byte = 0x20; byte < 256; ++byte) {
    if (byte != 0x7F) classes[byte] = static_cast<std::uint8_t>(classes[byte] | kFieldValue);
  }
  mark("\t", kFieldValue);
  return classes;
}();

bool all_of_class(std::string_view text, std::uint8_t bit) {
  return std::all_of(text.begin(), text.end(), [bit](char character) {
    return (kClasses[static_cast<unsigned char>(character)] & bit) != 0;
  });
}

bool is_token(std::string_view text) { return !text.empty() && all_of_class(text, kToken); }

char lower(char character) {
  return character >= 'A' && character <= 'Z' ? static_cast<char>(character | 0x20) : character;
}

bool equals_ignoring_case(std::string_view text, std::string_view lower_case) {
  return std::equal(text.begin(), text.end(), lower_case.begin(), lower_case.end(),
                    [](char a, char b) { return lower(a) == b; });
}

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Every "%" is followed by two hexadecimal digits, and none of the escapes is a control byte.
bool escapes_are_harmless(std::string_view target) {
  for (std::size_t at = target.find('%'); at != std::string_view::npos;
       at = target.find('%', at + 3)) {
    unsigned byte = 0;
    const char* digits = target.data() + at + 1;
    if (target.size() - at < 3) return false;
    const auto [end, failure] = std::from_chars(digits, digits + 2, byte, 16);
    if (failure != std::errc() || end != digits + 2) return false;
    if (byte < 0x20 || byte == 0x7F) return false;
  }
  return true;
}

constexpr std::array<std::string_view, 7> kMethods = {"GET",  "POST",   "PUT",    "PATCH",
                                                      "HEAD", "DELETE", "OPTIONS"};

// Headers that two readers could take from different places if they stood twice.
constexpr std::array<std::string_view, 9> kSingles = {
    "content-length", "transfer-encoding", "host",   "content-type",   "content-encoding",
    "authorization",  "x-api-key",         "expect", "idempotency-key"};

// Whether a comma-separated list has the word.
bool list_has(std::string_view list, std::string_view lower_case_word) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    if (equals_ignoring_case(trim(list.substr(0, comma)), lower_case_word)) return true;
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
  }
  return false;
}

}  // namespace

int status_of(Refusal refusal) { return info_of(refusal).status; }
std::string_view explain(Refusal refusal) { return info_of(refusal).text; }
std::string_view name_of(Refusal refusal) { return info_of(refusal).name; }

Framer::State Framer::feed(std::string_view bytes) {
  if (state_ == State::kNeedMore) advance(bytes);
  if (state_ == State::kComplete) kept_.insert(kept_.end(), bytes.begin(), bytes.end());
  return state_;
}

void Framer::advance(std::string_view& bytes) {
  if (!bytes.empty()) started_ = true;
  while (state_ == State::kNeedMore && (!bytes.empty() || step_ == Step::kDone)) {
    switch (step_) {
      case Step::kRequestLine:
      case Step::kHeaderLine: read_head_line(bytes); break;
      case Step::kBody: read_body(bytes, Step::kDone); break;
      case Step::kChunkData: read_body(bytes, Step::kChunkEnd); break;
      case Step::kChunkSize:
      case Step::kChunkEnd:
      case Step::kTrailer: read_chunk_line(bytes); break;
      case Step::kDone: state_ = State::kComplete; break;
    }
  }
}

// Takes bytes up to the end of the line. A line is checked as soon as it is complete, and refused
// as soon as it is too long.
void Framer::read_head_line(std::string_view& bytes) {
  const std::size_t feed_end = bytes.find('\n');
  const bool complete = feed_end != std::string_view::npos;
  const std::string_view part = bytes.substr(0, complete ? feed_end + 1 : bytes.size());
  bytes.remove_prefix(part.size());
  const std::size_t line_size = storage_.size() - line_begin_ + part.size();
  const bool is_request_line = step_ == Step::kRequestLine;
  const std::size_t line_max =
      is_request_line ? limits_.target_bytes_max + kMethodBytesMax + kVersionBytes.size()
                      : limits_.header_line_bytes_max;
  if (line_size > line_max) {
    return refuse(is_request_line ? Refusal::kTargetTooLong : Refusal::kHeadTooLarge);
  }
  if (storage_.size() + part.size() > limits_.head_bytes_max) return refuse(Refusal::kHeadTooLarge);
  storage_.insert(storage_.end(), part.begin(), part.end());
  if (!complete) return;
  if (line_size < 2 || storage_[storage_.size() - 2] != '\r') return refuse(Refusal::kBadRequest);
  const std::string_view line(storage_.data() + line_begin_, line_size - 2);
  line_begin_ = storage_.size();
  if (is_request_line) {
    end_request_line(line);
  } else {
    end_header_line(line);
  }
}

Framer::Range Framer::range_of(std::string_view part) const {
  return {static_cast<std::uint32_t>(part.data() - storage_.data()),
          static_cast<std::uint32_t>(part.size())};
}

void Framer::end_request_line(std::string_view line) {
  if (line.empty()) {
    // One empty line before the request is forgiven (RFC 9112, 2.2): old clients send it.
    if (blank_line_seen_) return refuse(Refusal::kBadRequest);
    blank_line_seen_ = true;
    return;
  }
  const std::size_t first = line.find(' ');
  const std::size_t second = line.find(' ', first == std::string_view::npos ? first : first + 1);
  if (second == std::string_view::npos) return refuse(Refusal::kBadRequest);
  const std::string_view method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, second - first - 1);
  const std::string_view version = line.substr(second + 1);
  if (!is_token(method)) return refuse(Refusal::kBadRequest);
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    const bool is_version = version.starts_with("HTTP/") && version.size() == 8;
    return refuse(is_version ? Refusal::kVersion : Refusal::kBadRequest);
  }
  if (std::find(kMethods.begin(), kMethods.end(), method) == kMethods.end()) {
    return refuse(Refusal::kUnknownMethod);
  }
  if (target.size() > limits_.target_bytes_max) return refuse(Refusal::kTargetTooLong);
  if (!target.starts_with('/') || !all_of_class(target, kTarget) || !escapes_are_harmless(target)) {
    return refuse(Refusal::kBadRequest);
  }
  is_http10_ = version == "HTTP/1.0";
  close_ = is_http10_;
  method_ = range_of(method);
  target_ = range_of(target);
  step_ = Step::kHeaderLine;
}

void Framer::end_header_line(std::string_view line) {
  if (line.empty()) return end_head();
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return refuse(Refusal::kBadRequest);
  // A folded line begins with a space, which is not part of a token; so does one "Name :" ends
  // with.
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trim(line.substr(colon + 1));
  if (!is_token(name) || !all_of_class(value, kFieldValue)) return refuse(Refusal::kBadRequest);
  if (headers_.size() >= limits_.header_count_max) return refuse(Refusal::kHeadTooLarge);
  const Range name_range = range_of(name);
  char* const begin = storage_.data() + name_range.begin;
  std::transform(begin, begin + name_range.size, begin, lower);
  headers_.push_back({name_range, value.empty() ? Range{} : range_of(value)});
  check_header(name, value);
}

void Framer::check_header(std::string_view name, std::string_view value) {
  const auto single = std::find(kSingles.begin(), kSingles.end(), name);
  if (single != kSingles.end()) {
    const auto bit = std::uint32_t{1} << (single - kSingles.begin());
    const bool is_length = single - kSingles.begin() < 2;
    if ((singles_seen_ & bit) != 0) {
      return refuse(is_length ? Refusal::kBadLength : Refusal::kBadRequest);
    }
    singles_seen_ |= bit;
  }
  if (name == "content-length") {
    read_length(value);
  } else if (name == "transfer-encoding") {
    if (!equals_ignoring_case(value, "chunked")) return refuse(Refusal::kTransferEncoding);
    chunked_ = true;
  } else if (name == "host") {
    if (value.empty() || !all_of_class(value, kHostName)) return refuse(Refusal::kBadRequest);
    has_host_ = true;
  } else if (name == "content-encoding") {
    if (!equals_ignoring_case(value, "identity")) return refuse(Refusal::kContentEncoding);
  } else if (name == "expect") {
    if (!equals_ignoring_case(value, "100-continue")) return refuse(Refusal::kExpectation);
    expects_continue_ = true;
  } else if (name == "connection" && list_has(value, "close")) {
    close_ = true;
  }
}

void Framer::read_length(std::string_view value) {
  const bool digits = !value.empty() && std::all_of(value.begin(), value.end(), [](char character) {
    return character >= '0' && character <= '9';
  });
  if (!digits) return refuse(Refusal::kBadLength);
  // More digits than any limit has: whatever the number is, it is too large.
  if (value.size() > kLengthDigitsMax) {
    return refuse(value.size() > 20 ? Refusal::kBadLength : Refusal::kBodyTooLarge);
  }
  std::from_chars(value.data(), value.data() + value.size(), remaining_);
  has_length_ = true;
}

bool Framer::method_takes_body() const {
  const std::string_view method = text_of(method_);
  return method == "POST" || method == "PUT" || method == "PATCH";
}

void Framer::end_head() {
  // What a length beside chunks means depends on who reads it; so do chunks from an HTTP/1.0
  // client.
  if (chunked_ && (has_length_ || is_http10_)) return refuse(Refusal::kBadLength);
  if (!has_host_ && !is_http10_) return refuse(Refusal::kBadRequest);
  if ((chunked_ || remaining_ > 0) && !method_takes_body()) return refuse(Refusal::kUnexpectedBody);
  if (remaining_ > limits_.body_bytes_max) return refuse(Refusal::kBodyTooLarge);
  body_begin_ = storage_.size();
  if (chunked_) {
    step_ = Step::kChunkSize;
  } else {
    step_ = remaining_ > 0 ? Step::kBody : Step::kDone;
  }
}

void Framer::read_body(std::string_view& bytes, Step next) {
  const auto take = static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, bytes.size()));
  storage_.insert(storage_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(take));
  bytes.remove_prefix(take);
  remaining_ -= take;
  if (remaining_ == 0) step_ = next;
}

void Framer::read_chunk_line(std::string_view& bytes) {
  const std::size_t feed_end = bytes.find('\n');
  const bool complete = feed_end != std::string_view::npos;
  const std::string_view part = bytes.substr(0, complete ? feed_end + 1 : bytes.size());
  bytes.remove_prefix(part.size());
  const bool is_trailer = step_ == Step::kTrailer;
  const std::size_t line_max =
      is_trailer ? limits_.header_line_bytes_max : kChunkSizeDigitsMax + std::size_t{2};
  if (line_.size() + part.size() > line_max) {
    return refuse(is_trailer ? Refusal::kHeadTooLarge : Refusal::kBadLength);
  }
  line_ += part;
  if (!complete) return;
  if (!line_.ends_with("\r\n")) return refuse(Refusal::kBadLength);
  const std::string_view line = std::string_view(line_).substr(0, line_.size() - 2);
  if (step_ == Step::kChunkSize) {
    end_chunk_size(line);
  } else if (step_ == Step::kChunkEnd) {
    if (!line.empty()) return refuse(Refusal::kBadLength);
    step_ = Step::kChunkSize;
  } else {
    end_trailer(line);
  }
  line_.clear();
}

void Framer::end_chunk_size(std::string_view line) {
  std::uint64_t size = 0;
  const auto [end, failure] = std::from_chars(line.data(), line.data() + line.size(), size, 16);
  // from_chars would take a minus sign, but only for signed numbers; extensions end it early.
  if (failure != std::errc() || end != line.data() + line.size()) {
    return refuse(Refusal::kBadLength);
  }
  if (size > limits_.body_bytes_max - (storage_.size() - body_begin_)) {
    return refuse(Refusal::kBodyTooLarge);
  }
  remaining_ = size;
  step_ = size == 0 ? Step::kTrailer : Step::kChunkData;
}

// Trailers are checked and dropped: nothing here may depend on what comes after the body.
void Framer::end_trailer(std::string_view line) {
  if (line.empty()) {
    step_ = Step::kDone;
    return;
  }
  trailer_bytes_ += line.size();
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon)) ||
      !all_of_class(line.substr(colon + 1), kFieldValue)) {
    return refuse(Refusal::kBadRequest);
  }
  if (trailer_bytes_ > limits_.head_bytes_max) return refuse(Refusal::kHeadTooLarge);
}

bool Framer::wants_continue() const {
  const bool awaits_body = step_ == Step::kBody || step_ == Step::kChunkSize;
  return state_ == State::kNeedMore && expects_continue_ && !is_http10_ && awaits_body &&
         storage_.size() == body_begin_;
}

void Framer::refuse(Refusal refusal) {
  refusal_ = refusal;
  state_ = State::kRefused;
  std::vector<char>().swap(storage_);
  std::vector<char>().swap(kept_);
}

FramedRequest Framer::take() {
  FramedRequest request;
  request.storage = std::move(storage_);
  const auto view = [&](Range range) {
    return std::string_view(request.storage.data() + range.begin, range.size);
  };
  request.method = view(method_);
  request.target = view(target_);
  request.headers.reserve(headers_.size());
  for (const HeaderRange& header : headers_) {
    request.headers.push_back({view(header.name), view(header.value)});
  }
  request.body = std::string_view(request.storage.data(), request.storage.size());
  request.body.remove_prefix(body_begin_);
  request.keep_alive = !close_;
  restart();
  return request;
}

void Framer::restart() {
  Framer next(limits_);
  next.headers_ = std::move(headers_);
  next.headers_.clear();
  const std::vector<char> kept = std::move(kept_);
  *this = std::move(next);
  if (!kept.empty()) feed({kept.data(), kept.size()});
}

}  // namespace laurel::daemon::http
