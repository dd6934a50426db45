#include "app/executor.hpp"
#include "app/handlers.hpp"
#include "app/problem.hpp"
#include "app/publishing_json.hpp"
#include "app/transaction_json.hpp"

namespace laurel::daemon {

namespace {

constexpr std::size_t kReasonBytesMax = 1'000;
constexpr std::size_t kTopMax = 1'000;
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
  input.how.reason = read_text(object, "reason", json::kOptional, kReasonBytesMax);
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
  const int status = publication->version == 0 ? 202 : publication->unchanged ? 200 : 201;
  return answer(status, [&](json::Writer& writer) {
    write_publication(writer, *publication, loaded.faults);
  });
}

}  // namespace

Result<http::Response> get_programme(const Call& call) {
  const auto at = instant_parameter(call, "at", call.service.now());
  if (!at) return at.error();
  const auto programme = call.service.engine()->programme(*at);
  if (!programme) return programme.error();
  const auto stops = call.service.engine()->stops();
  if (!stops) return stops.error();
  const auto stale = call.service.stale();
  return answer(200, [&](json::Writer& writer) {
    begin_programme(writer, *programme);
    writer.field_array("stopped");
    for (const RuleStop& stop : *stops) {
      if (stop.until > *at) write_stop(writer, stop);
    }
    writer.end_array().field("rules", text_of(stale)).end_object();
  });
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

namespace {

struct DiffInput {
  std::optional<std::int64_t> was, becomes;  // versions
  std::vector<SourceFile> files;             // where `becomes` is absent
};

DiffInput read_diff(json::ObjectReader& object) {
  DiffInput input;
  input.was = object.integer("was", json::kOptional, {.min = 1});
  input.becomes = object.integer("becomes", json::kOptional, {.min = 1});
  if (!input.becomes) input.files = read_files(object);
  object.reject_misspelt();
  return input;
}

}  // namespace

Result<http::Response> diff_programme(const Call& call) {
  const auto input = read_body(call.request.body, read_diff);
  if (!input) return input.error();
  const auto engine = call.service.engine();
  const auto was =
      input->was ? engine->version(*input->was) : engine->programme(call.service.now());
  if (!was) return was.error();
  std::optional<Programme> becomes;
  if (input->becomes) {
    const auto version = engine->version(*input->becomes);
    if (!version) return version.error();
    becomes = *version;
  } else {
    auto loaded = load_programme(input->files);
    if (!loaded.programme) return programme_problem(loaded.faults, call.request_id);
    becomes = *std::move(loaded.programme);
  }
  const auto changes = difference(*was, *becomes);
  return answer(200, [&](json::Writer& writer) {
    writer.begin_object().field("same", changes.empty());
    write_changes(writer, changes);
    writer.end_object();
  });
}

Result<http::Response> simulate_programme(const Call& call) {
  Simulate how;
  const auto files = read_body(call.request.body, [&](json::ObjectReader& object) {
    auto read = read_files(object);
    how.from = read_instant(object, "from", json::kRequired).value_or(Instant());
    how.to = read_instant(object, "to").value_or(call.service.now());
    const auto top = object.integer("top", json::kOptional, {.min = 0, .max = kTopMax});
    if (top) how.top = static_cast<std::size_t>(*top);
    object.reject_misspelt();
    return read;
  });
  if (!files) return files.error();
  const auto loaded = load_programme(*files);
  if (!loaded.programme) return programme_problem(loaded.faults, call.request_id);
  how.parts = worthwhile_threads(0);
  how.executor = on_threads();
  const auto simulation = call.service.engine()->simulate(*loaded.programme, how);
  if (!simulation) return simulation.error();
  return answer(200, [&](json::Writer& writer) { write_simulation(writer, *simulation); });
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
