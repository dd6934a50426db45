// A member as whoever serves her needs to see her.

#include "app/answer_json.hpp"
#include "app/handlers.hpp"
#include "app/transaction_json.hpp"
#include "app/view_json.hpp"

namespace laurel::daemon {

namespace {

constexpr std::int64_t kShown = 10;
constexpr std::int64_t kShownMax = 50;

// What may be said beside the member: when, where, in which language, and how much.
Result<ViewQuestion> question_of(const Call& call) {
  ViewQuestion question;
  if (call.request.parameter("at")) {
    const auto at = instant_parameter(call, "at", {});
    if (!at) return at.error();
    question.at = *at;
  }
  const auto limit = integer_parameter(call, "limit", kShown, {.min = 1, .max = kShownMax});
  if (!limit) return limit.error();
  question.purchases = static_cast<std::size_t>(*limit);
  question.department = call.request.parameter("department").value_or("");
  question.channel = call.request.parameter("channel").value_or("");
  question.language = call.request.parameter("language").value_or("");
  return question;
}

Result<bool> truth_parameter(const Call& call, std::string_view name) {
  const std::string text = call.request.parameter(name).value_or("false");
  if (text == "true" || text == "false") return text == "true";
  return wrong_parameter(name, "unknown_value", "true or false");
}

Result<std::vector<Identifier>> identifiers_in(const Call& call) {
  return read_body(call.request.body, [](json::ObjectReader& object) {
    auto read = read_identifiers(object, json::kRequired);
    object.reject_misspelt();
    return read;
  });
}

void write_found(json::Writer& writer, const Member& member, const std::string& by,
                 std::span<const Evidence> evidence) {
  writer.key("member");
  write_member(writer, member);
  writer.field("by", by);
  write_evidence(writer, evidence);
}

}  // namespace

Result<http::Response> view_member(const Call& call) {
  const auto id = member_in_path(call);
  if (!id) return id.error();
  const auto question = question_of(call);
  if (!question) return question.error();
  const auto view = call.service.engine()->views().of(*id, *question);
  if (!view) return view.error();
  return answer(200, [&](json::Writer& writer) { write_view(writer, *view); });
}

Result<http::Response> list_identifiers(const Call& call) {
  const auto id = member_in_path(call);
  if (!id) return id.error();
  const auto history = truth_parameter(call, "history");
  if (!history) return history.error();
  const auto engine = call.service.engine();
  const auto member = engine->member(*id);
  if (!member) return member.error();
  std::vector<LinkEvent> events;
  if (*history) {
    auto links = engine->views().links(*id);
    if (!links) return links.error();
    events = *std::move(links);
  }
  return answer(200, [&](json::Writer& writer) {
    writer.begin_object().field("member", member->id.text()).field_array("identifiers");
    for (const MemberIdentifier& each : member->identifiers) {
      writer.begin_object().field("type", each.type).field("value", each.value);
      writer.field("strength", to_text(each.strength)).field("verified", each.verified);
      writer.end_object();
    }
    writer.end_array();
    if (*history) {
      writer.field_array("history");
      for (const LinkEvent& event : events) write_link(writer, event);
      writer.end_array();
    }
    writer.end_object();
  });
}

namespace {

// Whom each of them named at a moment that has passed.
Result<http::Response> look_back(const Call& call, std::span<const Identifier> identifiers,
                                 Instant at) {
  const auto views = call.service.engine()->views();
  std::vector<MemberId> members;
  for (const Identifier& each : identifiers) {
    const auto then = views.who_was(each, at);
    if (!then && then.error().code != ErrorCode::kUnknownMember) return then.error();
    members.push_back(then ? *then : MemberId{});
  }
  return answer(200, [&](json::Writer& writer) {
    writer.begin_object().field("as_of", to_text(at)).field_array("identifiers");
    for (std::size_t i = 0; i < members.size(); ++i) {
      writer.begin_object().field("type", identifiers[i].type).key("member");
      if (members[i]) {
        writer.value(members[i].text());
      } else {
        writer.null();
      }
      writer.end_object();
    }
    writer.end_array().end_object();
  });
}

}  // namespace

Result<http::Response> lookup_member(const Call& call) {
  const auto identifiers = identifiers_in(call);
  if (!identifiers) return identifiers.error();
  const auto wants_view = truth_parameter(call, "view");
  if (!wants_view) return wants_view.error();
  if (call.request.parameter("as_of")) {
    const auto at = instant_parameter(call, "as_of", {});
    if (!at) return at.error();
    return look_back(call, *identifiers, *at);
  }
  if (!*wants_view) {
    const auto found = call.service.engine()->lookup(*identifiers);
    if (!found) return found.error();
    return answer(200, [&](json::Writer& writer) {
      writer.begin_object();
      write_found(writer, found->member, found->by, found->evidence);
      writer.end_object();
    });
  }
  auto question = question_of(call);
  if (!question) return question.error();
  question->identifiers = *identifiers;
  const auto found = call.service.engine()->views().lookup(*question);
  if (!found) return found.error();
  return answer(200, [&](json::Writer& writer) {
    writer.begin_object();
    write_found(writer, found->view.member, found->by, found->evidence);
    writer.key("view");
    write_view(writer, found->view);
    writer.end_object();
  });
}

}  // namespace laurel::daemon
