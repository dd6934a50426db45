// What may be asked for: the order of a webhook, field by field.

#include <algorithm>
#include <array>
#include <charconv>

#include "engine/receipt.hpp"
#include "laurel/webhook.hpp"

namespace laurel {

namespace {

constexpr std::size_t kIdBytesMax = 64;
constexpr std::size_t kUrlBytesMax = 2'048;
constexpr std::size_t kKeyBytesMin = 24;
constexpr std::size_t kKeyBytesMax = 64;
constexpr std::string_view kSecretPrefix = "whsec_";
constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr const char* kUrlWanted =
    "http:// or https://, a host in ASCII, a port where it is another than usual, path and query;"
    " no user name, no fragment";

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= kIdBytesMax && std::ranges::all_of(text, [](char c) {
    return is_alphanumeric(c) || c == '-' || c == '_';
  });
}

// In brackets stand the digits of an IPv6 address.
bool is_host(std::string_view text, bool in_brackets) {
  return !text.empty() && std::ranges::all_of(text, [in_brackets](char c) {
    if (!in_brackets) return is_alphanumeric(c) || c == '.' || c == '-' || c == '_';
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') || c == ':' ||
           c == '.';
  });
}

bool is_target(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f' && c != '#'; });
}

// Cuts it off in front, whatever its case.
bool skip(std::string_view& text, std::string_view expected) {
  if (text.size() < expected.size()) return false;
  const bool same = std::ranges::equal(
      text.substr(0, expected.size()), expected, {},
      [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c + 0; }, [](char c) { return c + 0; });
  if (same) text.remove_prefix(expected.size());
  return same;
}

// "host", "host:8080", "[::1]:8080"; false where it is none.
bool read_authority(std::string_view text, WebhookUrl& url) {
  const bool in_brackets = text.starts_with('[');
  const std::size_t end = in_brackets ? text.find(']') : text.find(':');
  if (in_brackets && end == text.npos) return false;
  url.host = text.substr(in_brackets ? 1 : 0, in_brackets ? end - 1 : end);
  if (!is_host(url.host, in_brackets)) return false;
  const std::size_t colon = in_brackets ? end + 1 : std::min(end, text.size());
  if (colon == text.size()) return true;
  const char* const last = text.data() + text.size();
  const auto [read_to, failure] = std::from_chars(text.data() + colon + 1, last, url.port);
  return text[colon] == ':' && failure == std::errc() && read_to == last && url.port > 0;
}

std::optional<unsigned> digit_of(char c) {
  const std::size_t place = kBase64.find(c);
  if (place == kBase64.npos) return std::nullopt;
  return static_cast<unsigned>(place);
}

// Whole groups of four, padded, and no bit left over.
std::optional<std::string> from_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  text.remove_suffix(padding);
  std::string bytes;
  unsigned waiting = 0;
  int bits = 0;
  for (const char c : text) {
    const auto digit = digit_of(c);
    if (!digit) return std::nullopt;
    waiting = (waiting << 6 | *digit) & 0xfffU;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push_back(static_cast<char>(waiting >> bits & 0xffU));
  }
  if ((waiting & ((1U << bits) - 1)) != 0) return std::nullopt;
  return bytes;
}

std::string joined(std::span<const std::string_view> words) {
  std::string text;
  for (const std::string_view word : words) text.append(text.empty() ? "" : ", ").append(word);
  return text;
}

void check_events(const std::vector<std::string>& events, std::vector<FieldFault>& faults) {
  const auto kinds = event_kinds();
  for (std::size_t i = 0; i < events.size(); ++i) {
    const std::string pointer = "/events/" + std::to_string(i);
    if (std::ranges::find(kinds, events[i]) == kinds.end()) {
      faults.push_back({pointer, "unknown_kind", "one of " + joined(kinds)});
    } else if (std::find(events.begin(), events.begin() + static_cast<std::ptrdiff_t>(i),
                         events[i]) != events.begin() + static_cast<std::ptrdiff_t>(i)) {
      faults.push_back({pointer, "repeated", "each kind once"});
    }
  }
}

}  // namespace

bool Webhook::wants(std::string_view kind) const {
  return events.empty() || std::ranges::find(events, kind) != events.end();
}

Result<WebhookUrl> parse_webhook_url(std::string_view text) {
  const Error wrong{ErrorCode::kInvalid, kUrlWanted};
  if (text.size() > kUrlBytesMax) return wrong;
  WebhookUrl url;
  url.tls = skip(text, "https://");
  if (!url.tls && !skip(text, "http://")) return wrong;
  url.port = url.tls ? 443 : 80;
  const std::size_t authority = std::min(text.find_first_of("/?#"), text.size());
  if (!read_authority(text.substr(0, authority), url)) return wrong;
  url.target = text.substr(authority);
  if (!is_target(url.target)) return wrong;
  if (!url.target.starts_with('/')) url.target.insert(0, "/");
  return url;
}

std::optional<std::string> webhook_key(std::string_view secret) {
  if (!secret.starts_with(kSecretPrefix)) return std::nullopt;
  auto key = from_base64(secret.substr(kSecretPrefix.size()));
  if (!key || key->size() < kKeyBytesMin || key->size() > kKeyBytesMax) return std::nullopt;
  return key;
}

std::span<const std::string_view> event_kinds() {
  static const auto kKinds = [] {
    constexpr auto kLast = static_cast<std::size_t>(ledger::EntryKind::kPool);
    std::array<std::string_view, kLast + 1> kinds;
    for (std::size_t i = 0; i <= kLast; ++i) {
      kinds[i] = engine::to_text(static_cast<ledger::EntryKind>(i));
    }
    return kinds;
  }();
  return kKinds;
}

std::vector<FieldFault> faults_of(const WebhookOrder& order) {
  std::vector<FieldFault> faults;
  if (!is_id(order.id)) {
    faults.push_back({"/id", "not_an_id", "1 to 64 letters, digits, hyphens and underscores"});
  }
  if (!parse_webhook_url(order.url)) faults.push_back({"/url", "not_an_address", kUrlWanted});
  check_events(order.events, faults);
  if (!webhook_key(order.secret)) {
    faults.push_back({"/secret", "not_a_secret", "whsec_ and 24 to 64 bytes in base 64"});
  }
  if (order.after && *order.after < EntryId()) {
    faults.push_back({"/after", "out_of_range", "a cursor that GET /v1/events gave, or 0"});
  }
  if (!is_id(order.tag)) faults.push_back({"/tag", "not_an_id", "1 to 64 letters and digits"});
  return faults;
}

}  // namespace laurel
