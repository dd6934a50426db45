#include <array>

#include "app/handlers.hpp"
#include "app/profile_json.hpp"
#include "app/transaction_json.hpp"

namespace laurel::daemon {

namespace {

// "freeze" and "close" say the same as the status they lead to.
constexpr std::array<std::string_view, 5> kStatusWords = {"active", "frozen", "closed", "freeze",
                                                          "close"};
constexpr std::array<MemberStatus, 5> kStatuses = {MemberStatus::kActive, MemberStatus::kFrozen,
                                                   MemberStatus::kClosed, MemberStatus::kFrozen,
                                                   MemberStatus::kClosed};

std::optional<std::vector<std::string>> read_segments(json::ObjectReader& object) {
  if (!object.has("segments")) return std::nullopt;
  std::vector<std::string> segments;
  auto array = object.array("segments", json::kOptional, {.size_max = 64});
  for (std::size_t i = 0; i < array.size(); ++i) {
    if (const auto segment = array.string(i)) segments.emplace_back(*segment);
  }
  return segments;
}

Enrolment read_enrolment(json::ObjectReader& object) {
  Enrolment enrolment;
  if (object.has("id") || object.has("source")) enrolment.key = read_key(object);
  read_identifiers(object, json::kOptional, enrolment);
  enrolment.language = read_text(object, "language");
  auto input = read_profile(object);
  enrolment.born = input.born;
  enrolment.profile = std::move(input.profile);
  enrolment.segments = read_segments(object).value_or(std::vector<std::string>{});
  enrolment.at = read_instant(object, "at");
  object.reject_misspelt();
  return enrolment;
}

MemberChange read_change(json::ObjectReader& object) {
  MemberChange change;
  if (const auto word = object.choice("status", json::kOptional, kStatusWords)) {
    change.status = kStatuses[*word];
  }
  const std::string language = read_text(object, "language");
  if (!language.empty()) change.language = language;
  auto input = read_profile(object);
  change.born = input.born;
  change.forget_born = input.forget_born;
  change.profile = std::move(input.profile);
  change.segments = read_segments(object);
  if (const auto associate = object.string("associate", json::kOptional, {.bytes_min = 0})) {
    change.associate = std::string(*associate);
  }
  change.actor = read_text(object, "actor");
  change.reason = read_text(object, "reason", json::kOptional, 1'024);
  object.reject_misspelt();
  return change;
}

struct LinkInput {
  bool verified = true;
  std::string actor;
};

LinkInput read_link(json::ObjectReader& object) {
  LinkInput link;
  link.verified = object.boolean("verified", json::kOptional).value_or(true);
  link.actor = read_text(object, "actor");
  object.reject_misspelt();
  return link;
}

Result<http::Response> answer_member(const Result<Member>& member) {
  if (!member) return member.error();
  return answer(200, [&](json::Writer& writer) { write_member(writer, *member); });
}

}  // namespace

Result<http::Response> enrol_member(const Call& call) {
  const auto enrolment = read_body(call.request.body, read_enrolment);
  if (!enrolment) return enrolment.error();
  if (enrolment->key) {
    if (auto allowed = check_source(call, enrolment->key->source); !allowed) return allowed.error();
  }
  const auto enrolled = call.service.engine()->enrol(*enrolment);
  if (!enrolled) return enrolled.error();
  http::Response response = answer(enrolled->replayed ? 200 : 201, [&](json::Writer& writer) {
    write_enrolled(writer, *enrolled);
  });
  response.headers.emplace_back("Location", "/v1/members/" + enrolled->member.id.text());
  return response;
}

Result<http::Response> get_member(const Call& call) {
  const auto id = member_in_path(call);
  if (!id) return id.error();
  return answer_member(call.service.engine()->member(*id));
}

Result<http::Response> change_member(const Call& call) {
  const auto id = member_in_path(call);
  if (!id) return id.error();
  auto change = read_body(call.request.body, read_change);
  if (!change) return change.error();
  if (change->actor.empty()) change->actor = actor_of(call);
  return answer_member(call.service.engine()->change(*id, *change));
}

Result<http::Response> link_identifier(const Call& call) {
  const auto id = member_in_path(call);
  if (!id) return id.error();
  LinkInput link;
  if (!call.request.body.empty()) {
    const auto read = read_body(call.request.body, read_link);
    if (!read) return read.error();
    link = *read;
  }
  const Identifier identifier{call.captures[1], call.captures[2]};
  const std::string actor = link.actor.empty() ? actor_of(call) : link.actor;
  return answer_member(call.service.engine()->link(*id, identifier, link.verified, actor));
}

Result<http::Response> unlink_identifier(const Call& call) {
  const auto id = member_in_path(call);
  if (!id) return id.error();
  const Identifier identifier{call.captures[1], call.captures[2]};
  return answer_member(call.service.engine()->unlink(*id, identifier, actor_of(call)));
}

}  // namespace laurel::daemon
