#include "app/handlers.hpp"
#include "app/problem.hpp"
#include "app/transaction_json.hpp"

namespace laurel::daemon {

namespace {

constexpr std::size_t kFilesMax = 10'000;
constexpr std::size_t kFileBytesMax = std::size_t{4} << 20;

struct PublishInput {
  std::vector<SourceFile> files;
  Publish how;
};

std::vector<SourceFile> read_files(json::ObjectReader& object) {
  std::vector<SourceFile> files;
  const json::Value* value = object.any("files");
  auto fields = object.object("files", json::kRequired);
  if (!fields) return files;
  const auto members = value->members();
  if (members.empty() || members.size() > kFilesMax) {
    fields.fault_here("wrong_size", "from 1 to " + std::to_string(kFilesMax) + " files");
    return files;
  }
  for (const json::Member& member : members) {
    const auto text = fields.string(member.name, json::kRequired,
                                    {.bytes_max = kFileBytesMax, .bytes_min = 0, .controls = true});
    if (text) files.push_back({std::string(member.name), std::string(*text)});
  }
  return files;
}

PublishInput read_publish(json::ObjectReader& object, json::Presence by) {
  PublishInput input;
  input.files = read_files(object);
  input.how.by = read_text(object, "by", by);
  input.how.effective_from = read_instant(object, "effective_from");
  object.reject_misspelt();
  return input;
}

void write_cases(json::Writer& writer, std::span<const CaseOutcome> cases) {
  writer.field_array("cases");
  for (const CaseOutcome& each : cases) {
    writer.begin_object().field("name", each.name).field("file", each.file);
    writer.field("line", each.line).field("passed", each.differences.empty());
    writer.field_array("differences");
    for (const std::string& difference : each.differences) writer.value(difference);
    writer.end_array().end_object();
  }
  writer.end_array();
}

Result<http::Response> publish(const Call& call, const PublishInput& input, bool at_once) {
  const auto loaded = load_programme(input.files);
  if (!loaded.programme) return programme_problem(loaded.faults, call.request_id);
  const auto publication = at_once ? call.service.publish_at_once(*loaded.programme, input.how)
                                   : call.service.publish(*loaded.programme, input.how);
  if (!publication) return publication.error();
  return answer(publication->unchanged ? 200 : 201, [&](json::Writer& writer) {
    write_publication(writer, *publication, loaded.faults);
  });
}

}  // namespace

Result<http::Response> get_programme(const Call& call) {
  const auto at = instant_parameter(call, "at", call.service.now());
  if (!at) return at.error();
  const auto programme = call.service.engine()->programme(*at);
  if (!programme) return programme.error();
  return answer(200, [&](json::Writer& writer) { write_programme(writer, *programme); });
}

Result<http::Response> list_versions(const Call& call) {
  const auto versions = call.service.engine()->versions();
  if (!versions) return versions.error();
  return answer(200, [&](json::Writer& writer) {
    writer.begin_object().field_array("versions");
    for (const Publication& each : *versions) write_publication(writer, each);
    writer.end_array().end_object();
  });
}

Result<http::Response> validate_programme(const Call& call) {
  const auto files = read_body(call.request.body, [](json::ObjectReader& object) {
    auto read = read_files(object);
    object.reject_misspelt();
    return read;
  });
  if (!files) return files.error();
  const auto loaded = load_programme(*files);
  std::vector<CaseOutcome> cases;
  if (loaded.programme) cases = check_cases(*loaded.programme);
  bool valid = loaded.programme.has_value();
  for (const CaseOutcome& each : cases) valid = valid && each.differences.empty();
  return answer(200, [&](json::Writer& writer) {
    writer.begin_object().field("valid", valid);
    if (loaded.programme) {
      writer.field_object("programme").field("id", loaded.programme->id());
      writer.field("digest", loaded.programme->digest()).end_object();
    }
    write_faults(writer, loaded.faults);
    write_cases(writer, cases);
    writer.end_object();
  });
}

Result<http::Response> publish_programme(const Call& call) {
  const auto input = read_body(call.request.body, [](json::ObjectReader& object) {
    return read_publish(object, json::kRequired);
  });
  if (!input) return input.error();
  return publish(call, *input, false);
}

Result<http::Response> put_sandbox_programme(const Call& call) {
  auto input = read_body(call.request.body, [](json::ObjectReader& object) {
    return read_publish(object, json::kOptional);
  });
  if (!input) return input.error();
  if (input->how.by.empty()) input->how.by = actor_of(call);
  return publish(call, *input, true);
}

}  // namespace laurel::daemon
