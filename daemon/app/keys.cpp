#include "app/keys.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>

#include "app/keys_file.hpp"
#include "app/secret.hpp"

namespace laurel::daemon {

namespace {

constexpr std::string_view kPrefix = "laurel_";
constexpr std::size_t kSourceBytesMax = 64;

constexpr std::array<std::pair<Scope, std::string_view>, 6> kScopes = {{
    {Scope::kTransactions, "transactions"},
    {Scope::kRedemptions, "redemptions"},
    {Scope::kMembers, "members"},
    {Scope::kProgramme, "programme"},
    {Scope::kReports, "reports"},
    {Scope::kAdmin, "admin"},
}};

bool is_source_pattern(std::string_view pattern) {
  if (pattern.empty() || pattern.size() > kSourceBytesMax) return false;
  const std::size_t star = pattern.find('*');
  return star == std::string_view::npos || star == pattern.size() - 1;
}

Result<void> check(const NewKey& key) {
  std::vector<FieldFault> faults;
  if (key.name.empty()) faults.push_back({"/name", "required", "say whose key it is"});
  if (key.scopes.empty()) faults.push_back({"/scopes", "required", "at least one scope"});
  if (key.sources.empty()) faults.push_back({"/sources", "required", "at least one source"});
  for (std::size_t i = 0; i < key.sources.size(); ++i) {
    if (is_source_pattern(key.sources[i])) continue;
    faults.push_back({"/sources/" + std::to_string(i), "not_a_source",
                      "a source of at most 64 bytes, or the beginning of one and a \"*\""});
  }
  if (faults.empty()) return {};
  return Error{ErrorCode::kInvalid, "the key cannot be made", std::move(faults)};
}

CreatedKey make_key(const NewKey& wanted, Instant now) {
  CreatedKey created;
  created.secret = make_secret(kPrefix);
  created.key = {.id = "k_" + random_hex(8),
                 .name = wanted.name,
                 .hash = secret_hash(created.secret),
                 .sources = wanted.sources,
                 .scopes = wanted.scopes,
                 .created = now,
                 .expires = wanted.expires};
  if (wanted.is_signed) created.key.signing_secret = created.secret;
  return created;
}

Result<Key*> find_key(std::vector<Key>& keys, std::string_view id) {
  const auto found = std::ranges::find(keys, id, &Key::id);
  if (found != keys.end()) return &*found;
  return Error{ErrorCode::kNotFound, "there is no key " + std::string(id)};
}

}  // namespace

std::string_view text_of(Scope scope) {
  for (const auto& [each, text] : kScopes) {
    if (each == scope) return text;
  }
  return "open";
}

std::optional<Scope> scope_of(std::string_view text) {
  for (const auto& [scope, each] : kScopes) {
    if (each == text) return scope;
  }
  return std::nullopt;
}

bool Key::may(Scope scope) const {
  return std::ranges::any_of(
      scopes, [scope](Scope each) { return each == scope || each == Scope::kAdmin; });
}

bool Key::may_post_for(std::string_view source) const {
  return std::ranges::any_of(sources, [source](std::string_view pattern) {
    if (!pattern.ends_with('*')) return pattern == source;
    return source.starts_with(pattern.substr(0, pattern.size() - 1));
  });
}

std::string default_keys_file(std::string_view store_uri) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (!store_uri.starts_with(kSqlite)) return "keys.jsonl";
  const std::string_view path = store_uri.substr(kSqlite.size());
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return "keys.jsonl";
  return std::string(path.substr(0, slash + 1)) + "keys.jsonl";
}

Result<CreatedKey> create_key(const std::string& file, const NewKey& key, Instant now) {
  if (auto checked = check(key); !checked) return checked.error();
  CreatedKey created = make_key(key, now);
  const auto changed = change_keys(file, [&](std::vector<Key>& keys) {
    keys.push_back(created.key);
    return Result<void>();
  });
  if (!changed) return changed.error();
  return created;
}

Result<CreatedKey> rotate_key(const std::string& file, std::string_view id, Duration overlap,
                              Instant now) {
  CreatedKey created;
  const auto changed = change_keys(file, [&](std::vector<Key>& keys) -> Result<void> {
    const auto old = find_key(keys, id);
    if (!old) return old.error();
    const Key& before = **old;
    created = make_key({before.name, before.sources, before.scopes, before.expires,
                        !before.signing_secret.empty()},
                       now);
    created.key.rotated_from = before.id;
    (*old)->expires = std::min(before.expires, now + overlap);
    keys.push_back(created.key);
    return {};
  });
  if (!changed) return changed.error();
  return created;
}

Result<Key> revoke_key(const std::string& file, std::string_view id, Instant now) {
  Key revoked;
  const auto changed = change_keys(file, [&](std::vector<Key>& keys) -> Result<void> {
    const auto found = find_key(keys, id);
    if (!found) return found.error();
    (*found)->revoked = std::min((*found)->revoked, now);
    revoked = **found;
    return {};
  });
  if (!changed) return changed.error();
  return revoked;
}

KeyRing::KeyRing(std::string file)
    : file_(std::move(file)), keys_(std::make_shared<const Keys>()) {}

Result<void> KeyRing::refresh() {
  struct stat status {};
  Stamp stamp;
  if (::stat(file_.c_str(), &status) == 0) {
    stamp = {std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec,
             status.st_size, static_cast<std::int64_t>(status.st_ino)};
  }
  {
    const std::lock_guard lock(mutex_);
    if (stamp == stamp_) return {};
  }
  auto listed = list_keys(file_);
  if (!listed) return listed.error();
  Keys fresh;
  for (Key& key : *listed) {
    const auto shared = std::make_shared<const Key>(std::move(key));
    fresh.by_hash.insert_or_assign(shared->hash, shared);
    fresh.by_id.insert_or_assign(shared->id, shared);
  }
  const std::lock_guard lock(mutex_);
  keys_ = std::make_shared<const Keys>(std::move(fresh));
  stamp_ = stamp;
  return {};
}

std::shared_ptr<const KeyRing::Keys> KeyRing::keys() const {
  const std::lock_guard lock(mutex_);
  return keys_;
}

std::shared_ptr<const Key> KeyRing::find(std::string_view secret) const {
  // The bucket is found by the hash, from which nothing about the secret can be learnt by timing.
  const std::string hash = secret_hash(secret);
  const auto all = keys();
  const auto found = all->by_hash.find(hash);
  if (found == all->by_hash.end() || !equal_in_constant_time(found->second->hash, hash))
    return nullptr;
  return found->second;
}

std::shared_ptr<const Key> KeyRing::with_id(std::string_view id) const {
  const auto all = keys();
  const auto found = all->by_id.find(std::string(id));
  return found == all->by_id.end() ? nullptr : found->second;
}

std::size_t KeyRing::size() const { return keys()->by_hash.size(); }

}  // namespace laurel::daemon
