#include "app/signature.hpp"

#include <algorithm>
#include <charconv>

#include "app/secret.hpp"

namespace laurel::daemon {

namespace {

constexpr std::string_view kKeyHeader = "x-laurel-key";
constexpr std::string_view kTimestampHeader = "x-laurel-timestamp";
constexpr std::string_view kSignatureHeader = "x-laurel-signature";
constexpr std::size_t kTimestampDigitsMax = 12;
constexpr std::size_t kSignatureBytes = 3 + 64;

// Nothing where it stands more than once: two readers could each believe another one.
std::optional<std::string_view> only_header(const http::Request& request, std::string_view name) {
  const auto is_it = [name](const http::Header& header) { return header.name == name; };
  if (std::ranges::count_if(request.headers, is_it) != 1) return std::nullopt;
  return request.header(name);
}

std::optional<Instant> instant_of(std::string_view timestamp) {
  if (timestamp.empty() || timestamp.size() > kTimestampDigitsMax) return std::nullopt;
  std::int64_t seconds = 0;
  const char* const end = timestamp.data() + timestamp.size();
  const auto [read_to, failure] = std::from_chars(timestamp.data(), end, seconds);
  if (failure != std::errc() || read_to != end || timestamp.front() == '-') return std::nullopt;
  return Instant(std::chrono::seconds(seconds));
}

bool is_about(Instant instant, Instant now) {
  return instant >= now - kSignatureTolerance && instant <= now + kSignatureTolerance;
}

}  // namespace

std::string signature_of(std::string_view secret, std::string_view timestamp,
                         std::string_view method, std::string_view target, std::string_view body) {
  std::string text;
  text.reserve(timestamp.size() + method.size() + target.size() + body.size() + 3);
  text.append(timestamp).append("\n").append(method).append("\n");
  text.append(target).append("\n").append(body);
  return "v1=" + keyed_hash(secret, text);
}

std::optional<std::string_view> signing_key_id(const http::Request& request) {
  return only_header(request, kKeyHeader);
}

bool is_signed_by(const http::Request& request, const Key& key, Instant now) {
  const auto timestamp = only_header(request, kTimestampHeader);
  const auto signature = only_header(request, kSignatureHeader);
  if (key.signing_secret.empty() || !timestamp || !signature) return false;
  if (signature->size() != kSignatureBytes) return false;
  const auto signed_at = instant_of(*timestamp);
  if (!signed_at || !is_about(*signed_at, now)) return false;
  return equal_in_constant_time(
      *signature,
      signature_of(key.signing_secret, *timestamp, request.method, request.target, request.body));
}

}  // namespace laurel::daemon
