#include "app/keys_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "json/document.hpp"
#include "json/reader.hpp"
#include "json/writer.hpp"

namespace laurel::daemon {

namespace {

Error broken(const std::string& file, std::string_view what) {
  return {ErrorCode::kBroken, file + ": " + std::string(what)};
}

Error broken_by_errno(const std::string& file) { return broken(file, std::strerror(errno)); }

// Closes, and so unlocks, at the end of its life.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

 private:
  int number_;
};

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

Result<void> replace_file(const std::string& file, std::string_view bytes) {
  const std::string fresh = file + ".new";
  {
    const Descriptor descriptor(
        ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!descriptor || ::fchmod(descriptor.number(), 0600) != 0 ||
        !write_all(descriptor.number(), bytes) || ::fsync(descriptor.number()) != 0) {
      return broken_by_errno(fresh);
    }
  }
  if (::rename(fresh.c_str(), file.c_str()) != 0) return broken_by_errno(file);
  return {};
}

void write_time(json::Writer& writer, std::string_view name, Instant instant) {
  if (instant != kNever) writer.field(name, to_text(instant));
}

Instant read_time(json::ObjectReader& object, std::string_view name) {
  const auto text = object.string(name, json::kOptional);
  if (!text) return kNever;
  const auto instant = parse_instant(*text);
  if (!instant) object.fault(name, "not_a_time", instant.error().detail);
  return instant ? *instant : kNever;
}

}  // namespace

std::string key_to_json(const Key& key) {
  std::string line;
  json::Writer writer(line);
  writer.begin_object().field("id", key.id).field("name", key.name).field("hash", key.hash);
  writer.field_array("sources");
  for (const std::string& source : key.sources) writer.value(source);
  writer.end_array().field_array("scopes");
  for (const Scope scope : key.scopes) writer.value(text_of(scope));
  writer.end_array();
  write_time(writer, "created", key.created);
  write_time(writer, "expires", key.expires);
  write_time(writer, "revoked", key.revoked);
  if (!key.rotated_from.empty()) writer.field("rotated_from", key.rotated_from);
  if (!key.signing_secret.empty()) writer.field("signing_secret", key.signing_secret);
  writer.end_object();
  return line;
}

Result<Key> key_from_json(std::string_view line) {
  const auto document = json::Document::parse(line);
  if (!document) return document.error();
  json::Reader reader;
  auto object = reader.object(document->root());
  Key key;
  key.id = object.string("id", json::kRequired).value_or("");
  key.name = object.string("name", json::kRequired).value_or("");
  key.hash =
      object.string("hash", json::kRequired, {.bytes_max = 64, .bytes_min = 64}).value_or("");
  auto sources = object.array("sources", json::kRequired);
  for (std::size_t i = 0; i < sources.size(); ++i) {
    key.sources.emplace_back(sources.string(i).value_or(""));
  }
  auto scopes = object.array("scopes", json::kRequired);
  for (std::size_t i = 0; i < scopes.size(); ++i) {
    const auto scope = scope_of(scopes.string(i).value_or(""));
    if (scope) {
      key.scopes.push_back(*scope);
    } else {
      scopes.fault(i, "unknown_value", "there is no such scope");
    }
  }
  key.created = read_time(object, "created");
  key.expires = read_time(object, "expires");
  key.revoked = read_time(object, "revoked");
  key.rotated_from = object.string("rotated_from", json::kOptional).value_or("");
  key.signing_secret = object.string("signing_secret", json::kOptional).value_or("");
  if (!reader.ok()) return reader.take_error();
  return key;
}

Result<std::vector<Key>> list_keys(const std::string& file) {
  std::vector<Key> keys;
  if (::access(file.c_str(), F_OK) != 0 && errno == ENOENT) return keys;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return broken(file, "cannot be read");
  std::string line;
  for (int number = 1; std::getline(stream, line); ++number) {
    if (line.empty()) continue;
    auto key = key_from_json(line);
    if (!key) {
      return broken(file, "line " + std::to_string(number) + " is damaged: " + key.error().detail);
    }
    keys.push_back(std::move(*key));
  }
  return keys;
}

Result<void> change_keys(const std::string& file,
                         const std::function<Result<void>(std::vector<Key>&)>& change) {
  const std::string lock_file = file + ".lock";
  const Descriptor lock(::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock || ::flock(lock.number(), LOCK_EX) != 0) return broken_by_errno(lock_file);
  auto keys = list_keys(file);
  if (!keys) return keys.error();
  if (auto changed = change(*keys); !changed) return changed.error();
  std::string bytes;
  for (const Key& key : *keys) bytes += key_to_json(key) + "\n";
  return replace_file(file, bytes);
}

}  // namespace laurel::daemon
