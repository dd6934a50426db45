#include "app/handlers.hpp"

#include <charconv>

namespace laurel::daemon {

Result<void> check_source(const Call& call, std::string_view source) {
  if (call.key == nullptr || call.key->may_post_for(source)) return {};
  return Error{ErrorCode::kForbidden,
               "the API key may not post for this source",
               {{"/source", "foreign_source", "not among the sources of the key"}}};
}

Result<MemberId> member_in_path(const Call& call) {
  if (const auto id = MemberId::parse(call.captures[0])) return *id;
  return Error{ErrorCode::kUnknownMember, "no member has this id"};
}

std::string actor_of(const Call& call) { return call.key == nullptr ? "sandbox" : call.key->id; }

Error wrong_parameter(std::string_view name, std::string_view code, std::string detail) {
  return {ErrorCode::kInvalid,
          "a parameter of the address is wrong",
          {{"?" + std::string(name), std::string(code), std::move(detail)}}};
}

Result<std::int64_t> integer_parameter(const Call& call, std::string_view name,
                                       std::int64_t otherwise, json::IntegerLimits limits) {
  const auto text = call.request.parameter(name);
  if (!text) return otherwise;
  std::int64_t number = 0;
  const char* const end = text->data() + text->size();
  const auto [read_to, failure] = std::from_chars(text->data(), end, number);
  if (failure == std::errc() && read_to == end && number >= limits.min && number <= limits.max) {
    return number;
  }
  return wrong_parameter(
      name, "out_of_range",
      "a whole number from " + std::to_string(limits.min) + " to " + std::to_string(limits.max));
}

Result<Instant> instant_parameter(const Call& call, std::string_view name, Instant otherwise) {
  const auto text = call.request.parameter(name);
  if (!text) return otherwise;
  const auto instant = parse_instant(*text);
  if (instant) return *instant;
  return wrong_parameter(name, "not_a_time", instant.error().detail);
}

}  // namespace laurel::daemon
