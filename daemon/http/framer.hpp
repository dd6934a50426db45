#pragma once
// Cuts a stream of bytes into HTTP/1.1 requests: complete, bounded and well-formed, or refused.
// Pure: no socket, no clock, no thread. Everything that two readers of the same bytes could
// understand differently is refused, because that is what request smuggling lives on: repeated or
// odd lengths, a length beside chunks, any transfer coding but plain `chunked`, folded lines, bare
// line feeds, spaces before the colon, bodies where none belongs, content codings. After a refusal
// the stream has no next request; answer it and close.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

namespace laurel::daemon::http {

struct FramerLimits {
  std::size_t target_bytes_max = 4'096;
  std::size_t header_line_bytes_max = 8'192;
  std::size_t header_count_max = 64;
  std::size_t head_bytes_max = 16'384;  // request line and all header lines
  std::size_t body_bytes_max = std::size_t{8} << 20;
};

enum class Refusal : std::uint8_t {
  kNone,
  kBadRequest,        // 400: syntax
  kBadLength,         // 400: Content-Length or Transfer-Encoding that cannot be trusted
  kUnexpectedBody,    // 400: a body on GET, HEAD, DELETE or OPTIONS
  kBodyTooLarge,      // 413
  kTargetTooLong,     // 414
  kContentEncoding,   // 415
  kExpectation,       // 417
  kHeadTooLarge,      // 431
  kUnknownMethod,     // 501
  kTransferEncoding,  // 501
  kVersion,           // 505
};
inline constexpr std::size_t kRefusalCount = 12;

int status_of(Refusal refusal);
std::string_view explain(Refusal refusal);  // one sentence for people
std::string_view name_of(Refusal refusal);  // for metrics: "bad_length"

// A request that owns its bytes. The views stay valid when it is moved.
struct FramedRequest {
  std::vector<char> storage;
  std::string_view method;
  std::string_view target;
  std::vector<Header> headers;  // names in lower case, values without the space around them
  std::string_view body;        // chunks joined
  bool keep_alive = true;

  FramedRequest() = default;
  FramedRequest(FramedRequest&&) = default;
  FramedRequest& operator=(FramedRequest&&) = default;
};

class Framer {
 public:
  enum class State : std::uint8_t { kNeedMore, kComplete, kRefused };

  explicit Framer(const FramerLimits& limits = {}) : limits_(limits) {}

  // Takes the next bytes of the stream, all of them: what stands behind a complete request is kept
  // for the next. Not after kRefused.
  State feed(std::string_view bytes);
  // The complete request. Only in kComplete; then the bytes kept decide the new state.
  FramedRequest take();

  State state() const { return state_; }
  Refusal refusal() const { return refusal_; }
  // Whether a byte of the request now read has come.
  bool started() const { return started_; }
  // Whether the sender waits for "100 Continue" before it sends the body.
  bool wants_continue() const;
  // Bytes held.
  std::size_t buffered() const { return storage_.size() + kept_.size(); }

 private:
  enum class Step : std::uint8_t {
    kRequestLine,
    kHeaderLine,
    kBody,
    kChunkSize,
    kChunkData,
    kChunkEnd,
    kTrailer,
    kDone,
  };
  struct Range {
    std::uint32_t begin = 0;
    std::uint32_t size = 0;
  };
  struct HeaderRange {
    Range name;
    Range value;
  };

  void advance(std::string_view& bytes);
  void read_head_line(std::string_view& bytes);
  void read_chunk_line(std::string_view& bytes);
  void read_body(std::string_view& bytes, Step next);
  void end_request_line(std::string_view line);
  void end_header_line(std::string_view line);
  void end_head();
  void end_chunk_size(std::string_view line);
  void end_trailer(std::string_view line);
  void check_headers();
  void check_header(std::string_view name, std::string_view value);
  void read_length(std::string_view value);
  void begin_body();
  void finish();
  void refuse(Refusal refusal);
  void restart();
  bool method_takes_body() const;
  Range range_of(std::string_view part) const;
  std::string_view text_of(Range range) const {
    return {storage_.data() + range.begin, range.size};
  }

  FramerLimits limits_;
  State state_ = State::kNeedMore;
  Step step_ = Step::kRequestLine;
  Refusal refusal_ = Refusal::kNone;
  bool started_ = false;

  std::vector<char> storage_;   // head, then the body as decoded
  std::vector<char> kept_;      // of the requests behind this one
  std::string line_;            // a chunk line that is not complete
  std::size_t line_begin_ = 0;  // in storage_
  std::size_t body_begin_ = 0;
  std::size_t trailer_bytes_ = 0;
  std::uint64_t remaining_ = 0;  // of the body or the chunk
  Range method_;
  Range target_;
  std::vector<HeaderRange> headers_;
  bool is_http10_ = false;
  bool blank_line_seen_ = false;
  bool has_length_ = false;
  bool has_host_ = false;
  bool chunked_ = false;
  bool expects_continue_ = false;
  bool close_ = false;
  std::uint32_t singles_seen_ = 0;  // one bit for each header that may stand once
};

}  // namespace laurel::daemon::http
