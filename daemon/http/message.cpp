#include "http/message.hpp"

#include "json/utf8.hpp"

namespace laurel::daemon::http {

namespace {

int hex_value(char character) {
  if (character >= '0' && character <= '9') return character - '0';
  if (character >= 'a' && character <= 'f') return character - 'a' + 10;
  if (character >= 'A' && character <= 'F') return character - 'A' + 10;
  return -1;
}

struct Parameter {
  std::string_view name;
  std::string_view value;
};

// Takes the first "name=value" off the query.
Parameter next_parameter(std::string_view& query) {
  const std::size_t end = query.find('&');
  const std::string_view pair = query.substr(0, end);
  query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
  const std::size_t equals = pair.find('=');
  if (equals == std::string_view::npos) return {pair, {}};
  return {pair.substr(0, equals), pair.substr(equals + 1)};
}

}  // namespace

std::optional<std::string> decode_percent(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      decoded.push_back(text[at]);
      continue;
    }
    if (text.size() - at < 3) return std::nullopt;
    const int high = hex_value(text[at + 1]);
    const int low = hex_value(text[at + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    decoded.push_back(static_cast<char>(high * 16 + low));
    at += 2;
  }
  if (!json::is_utf8(decoded)) return std::nullopt;
  return decoded;
}

std::optional<std::string_view> Request::header(std::string_view name) const {
  for (const Header& each : headers) {
    if (each.name == name) return each.value;
  }
  return std::nullopt;
}

std::optional<std::string> Request::parameter(std::string_view name) const {
  std::string_view rest = query;
  while (!rest.empty()) {
    const Parameter each = next_parameter(rest);
    if (decode_percent(each.name) == name) return decode_percent(each.value);
  }
  return std::nullopt;
}

std::vector<std::pair<std::string, std::string>> Request::parameters() const {
  std::vector<std::pair<std::string, std::string>> all;
  std::string_view rest = query;
  while (!rest.empty()) {
    const Parameter each = next_parameter(rest);
    auto name = decode_percent(each.name);
    auto value = decode_percent(each.value);
    if (name && value && !name->empty()) all.emplace_back(std::move(*name), std::move(*value));
  }
  return all;
}

}  // namespace laurel::daemon::http
