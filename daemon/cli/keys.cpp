// `laurel key …`: the API keys of a daemon.

#include "app/keys.hpp"

#include <ostream>

#include "cli/commands.hpp"
#include "cli/session.hpp"
#include "json/writer.hpp"

namespace laurel::daemon::cli {

namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ",") + word;
  return text;
}

std::vector<std::string> scope_names(const Key& key) {
  std::vector<std::string> names;
  for (const Scope scope : key.scopes) names.emplace_back(text_of(scope));
  return names;
}

std::string state_of(const Key& key, Instant now) {
  if (now >= key.revoked) return "revoked " + to_text(key.revoked);
  if (now >= key.expires) return "expired " + to_text(key.expires);
  const std::string signs = key.signing_secret.empty() ? "" : ", signs";
  return (key.expires == kNever ? "valid" : "valid until " + to_text(key.expires)) + signs;
}

void write_names(json::Writer& json, std::string_view field,
                 const std::vector<std::string>& names) {
  json.field_array(field);
  for (const std::string& name : names) json.value(name);
  json.end_array();
}

// Never its hash: what is listed ends in logs and tickets.
void write_json(json::Writer& json, const Key& key, Instant now, const std::string& secret) {
  json.begin_object().field("id", key.id).field("name", key.name);
  write_names(json, "sources", key.sources);
  write_names(json, "scopes", scope_names(key));
  json.field("state", state_of(key, now)).field("created", to_text(key.created));
  json.field("signed", !key.signing_secret.empty());
  if (!secret.empty()) json.field("secret", secret);
  json.end_object();
}

int show_created(const Result<CreatedKey>& created, Format format, Instant now,
                 Terminal& terminal) {
  if (!created) return answer_no(terminal, created.error());
  if (format == Format::kJson) {
    std::string text;
    json::Writer json(text);
    write_json(json, created->key, now, created->secret);
    terminal.out << text << "\n";
    return kFine;
  }
  const bool is_signed = !created->key.signing_secret.empty();
  terminal.err << "key " << created->key.id << " (" << created->key.name << "); its secret, "
               << (is_signed ? "to sign with and never to send, " : "") << "is shown this once:\n";
  terminal.out << created->secret << "\n";
  return kFine;
}

int show_list(const Result<std::vector<Key>>& keys, Format format, Instant now,
              Terminal& terminal) {
  if (!keys) return fail(terminal, keys.error());
  if (format == Format::kJson) {
    std::string text;
    json::Writer json(text);
    json.begin_array();
    for (const Key& key : *keys) write_json(json, key, now, "");
    json.end_array();
    terminal.out << text << "\n";
    return kFine;
  }
  std::vector<std::vector<std::string>> rows;
  for (const Key& key : *keys) {
    rows.push_back(
        {key.id, key.name, joined(key.sources), joined(scope_names(key)), state_of(key, now)});
  }
  terminal.out << table(rows, "lllll");
  return kFine;
}

Result<NewKey> new_key(const ManageKeys& command) {
  NewKey key;
  key.name = command.name;
  key.is_signed = command.is_signed;
  if (!command.sources.empty()) key.sources = command.sources;
  for (const std::string& word : command.scopes) {
    const auto scope = scope_of(word);
    if (!scope) return Error{ErrorCode::kInvalid, "there is no scope \"" + word + "\""};
    key.scopes.push_back(*scope);
  }
  return key;
}

int create(const ManageKeys& command, const std::string& file, Instant now, Terminal& terminal) {
  const auto wanted = new_key(command);
  if (!wanted) return fail(terminal, wanted.error());
  return show_created(create_key(file, *wanted, now), command.format, now, terminal);
}

int rotate(const ManageKeys& command, const std::string& file, Instant now, Terminal& terminal) {
  const auto overlap = parse_duration(command.overlap);
  if (!overlap) {
    show_error(terminal, overlap.error());
    return kUsage;
  }
  return show_created(rotate_key(file, command.name, *overlap, now), command.format, now, terminal);
}

int revoke(const ManageKeys& command, const std::string& file, Instant now, Terminal& terminal) {
  const auto revoked = revoke_key(file, command.name, now);
  if (!revoked) return answer_no(terminal, revoked.error());
  return show_list(std::vector<Key>{*revoked}, command.format, now, terminal);
}

}  // namespace

int run(const ManageKeys& command, Terminal& terminal) {
  if (command.file.empty() && command.store.empty()) {
    terminal.err << "key takes --store URI or --keys FILE\n";
    return kUsage;
  }
  const std::string file = command.file.empty() ? default_keys_file(command.store) : command.file;
  const Instant now = SystemClock().now();
  switch (command.action) {
    case KeyAction::kCreate: return create(command, file, now, terminal);
    case KeyAction::kList: return show_list(list_keys(file), command.format, now, terminal);
    case KeyAction::kRotate: return rotate(command, file, now, terminal);
    case KeyAction::kRevoke: return revoke(command, file, now, terminal);
  }
  return kUsage;
}

}  // namespace laurel::daemon::cli
