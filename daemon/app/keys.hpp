#pragma once
// API keys. A key is a secret that one client holds ("laurel_" and 52 letters and digits); kept is
// only its SHA-256, one JSON object a line in a file beside the store, mode 0600. Of a key that
// signs its requests the secret itself is kept there, since without it no signature could be
// checked. The functions below change that file atomically, one process after the other; a running
// daemon takes a change within a second.

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "laurel/result.hpp"
#include "laurel/time.hpp"

namespace laurel::daemon {

// What a key may do. kOpen is for routes that need no key and is never in a key.
enum class Scope : std::uint8_t {
  kOpen,
  kTransactions,
  kRedemptions,
  kMembers,
  kProgramme,
  kReports,
  kAdmin,  // all of the above, and adjustments by hand
};

std::string_view text_of(Scope scope);
std::optional<Scope> scope_of(std::string_view text);  // never kOpen

struct Key {
  std::string id;    // names the key in lists and logs: "k_7f3a9c21"
  std::string name;  // whose it is: "knightsbridge tills"
  std::string hash;  // of the secret
  // Sources it may post for: "web-shop", "knightsbridge-till-*", "*".
  std::vector<std::string> sources;
  std::vector<Scope> scopes;
  Instant created;
  Instant expires = kNever;
  Instant revoked = kNever;
  std::string rotated_from = {};    // the key it replaces
  std::string signing_secret = {};  // of a key that signs, and never sends its secret; else empty

  bool is_valid_at(Instant now) const { return now < expires && now < revoked; }
  bool may(Scope scope) const;
  bool may_post_for(std::string_view source) const;
};

struct NewKey {
  std::string name;
  std::vector<std::string> sources = {"*"};
  std::vector<Scope> scopes;
  Instant expires = kNever;
  bool is_signed = false;  // it has to sign its requests
};

// The only time the secret is seen.
struct CreatedKey {
  Key key;
  std::string secret;
};

// "keys.jsonl" beside the file of an "sqlite:" store, in the working directory for any other.
std::string default_keys_file(std::string_view store_uri);

// No file is no keys. kBroken: it cannot be read, or a line of it is damaged.
Result<std::vector<Key>> list_keys(const std::string& file);
// kInvalid: no name, no scope, or a source that could never be one.
Result<CreatedKey> create_key(const std::string& file, const NewKey& key, Instant now);
// A new secret with the rights of `id`; the old one stays valid for `overlap`. kNotFound.
Result<CreatedKey> rotate_key(const std::string& file, std::string_view id, Duration overlap,
                              Instant now);
Result<Key> revoke_key(const std::string& file, std::string_view id, Instant now);  // kNotFound

// The keys of a running daemon. Any thread.
class KeyRing {
 public:
  explicit KeyRing(std::string file);
  // Reads the file again if it has changed. After a fault the keys read before stay in force.
  Result<void> refresh();
  // The key of that secret, whatever its state; null: there is none.
  std::shared_ptr<const Key> find(std::string_view secret) const;
  // The key of that id, whatever its state; null: there is none.
  std::shared_ptr<const Key> with_id(std::string_view id) const;
  std::size_t size() const;

 private:
  struct Keys {
    std::unordered_map<std::string, std::shared_ptr<const Key>> by_hash, by_id;
  };
  struct Stamp {
    std::int64_t modified_ns = 0, size = -1, inode = 0;
    friend bool operator==(const Stamp&, const Stamp&) = default;
  };

  std::shared_ptr<const Keys> keys() const;

  std::string file_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Keys> keys_;
  Stamp stamp_;
};

}  // namespace laurel::daemon
