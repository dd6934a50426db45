// However the bytes are cut, the framer makes the same requests of them, and what it lets through
// keeps its promises.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "http/framer.hpp"

namespace {

using laurel::daemon::http::FramedRequest;
using laurel::daemon::http::Framer;
using laurel::daemon::http::FramerLimits;
using laurel::daemon::http::Header;
using laurel::daemon::http::Refusal;

void expect(bool condition, const char* what) {
  if (condition) return;
  std::cerr << "broken: " << what << "\n";
  std::abort();
}

bool has_control(std::string_view text) {
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if ((byte < 0x20 && byte != '\t') || byte == 0x7F) return true;
  }
  return false;
}

void check(const FramedRequest& request, const FramerLimits& limits) {
  expect(request.target.starts_with('/'), "origin form");
  expect(request.target.size() <= limits.target_bytes_max, "target bounded");
  expect(!has_control(request.target), "target without controls");
  expect(request.target.find_first_of(" #\t") == std::string_view::npos, "target is one word");
  expect(request.headers.size() <= limits.header_count_max, "headers bounded");
  expect(request.body.size() <= limits.body_bytes_max, "body bounded");
  int lengths = 0;
  for (const Header& header : request.headers) {
    expect(!header.name.empty(), "header has a name");
    expect(header.name.find_first_of(" \t\r\n:ABCXYZ") == std::string_view::npos,
           "name is a token");
    expect(!has_control(header.value), "value without controls");
    if (header.name == "content-length" || header.name == "transfer-encoding") ++lengths;
  }
  expect(lengths <= 1, "one length");
  const bool takes_body =
      request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
  expect(takes_body || request.body.empty(), "no body where none belongs");
}

struct Outcome {
  std::vector<std::string> requests;
  Refusal refusal = Refusal::kNone;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome frame(std::string_view bytes, std::size_t part_size) {
  const FramerLimits limits{.target_bytes_max = 64,
                            .header_line_bytes_max = 128,
                            .header_count_max = 8,
                            .head_bytes_max = 256,
                            .body_bytes_max = 64};
  Framer framer(limits);
  Outcome outcome;
  while (!bytes.empty() && framer.state() != Framer::State::kRefused) {
    framer.feed(bytes.substr(0, part_size));
    bytes.remove_prefix(std::min(part_size, bytes.size()));
    while (framer.state() == Framer::State::kComplete) {
      const FramedRequest request = framer.take();
      check(request, limits);
      std::string text = std::string(request.method) + " " + std::string(request.target);
      for (const Header& header : request.headers) {
        text += "\n" + std::string(header.name) + ":" + std::string(header.value);
      }
      outcome.requests.push_back(text + "\n\n" + std::string(request.body));
    }
    expect(framer.buffered() <= limits.head_bytes_max + limits.body_bytes_max, "holds little");
  }
  outcome.refusal = framer.refusal();
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(data, data + size);
  const Outcome whole = frame(bytes, bytes.size());
  expect(frame(bytes, 1) == whole, "the same byte by byte");
  expect(frame(bytes, 5) == whole, "the same in fives");
  return 0;
}
