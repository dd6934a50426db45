#pragma once
// Who is told of what was booked, where, and how far. The SDK keeps it; posting is for a process
// that has sockets and threads (`laurel serve`).
//
//   engine.webhooks().add({.id = "shop", .url = "https://shop.example/hook", .secret = secret,
//                          .tag = tag, .by = "ann"});

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "laurel/error.hpp"
#include "laurel/ids.hpp"
#include "laurel/result.hpp"
#include "laurel/time.hpp"

namespace laurel {

class Engine;

struct WebhookOrder {
  std::string id;                        // letters, digits, "-", "_"; the same id counts once
  std::string url;                       // http or https
  std::vector<std::string> events = {};  // of event_kinds(); empty: all
  std::string secret = {};               // whsec_ and 24 to 64 bytes in base 64
  bool secret_given = false;             // by whoever asks; otherwise one was made for this order
  std::optional<EntryId> after = {};     // from where on; left out: from now on
  std::string tag = {};                  // what the ids of its messages begin with; unguessable
  std::string by = {};
};

enum class WebhookState : std::uint8_t { kActive, kOff };

// How far it is. Times are of the clock of who delivers.
struct WebhookProgress {
  WebhookState state = WebhookState::kActive;
  EntryId cursor = {};        // all up to here was delivered, or not asked for
  std::int64_t failures = 0;  // attempts since the last that succeeded
  std::string last_error = {};
  std::optional<Instant> delivered_at = {};  // the last that succeeded
  std::optional<Instant> failed_at = {};     // the last that failed
  std::optional<Instant> next_attempt_at = {};
  friend bool operator==(const WebhookProgress&, const WebhookProgress&) = default;
};

struct Webhook {
  std::string id;
  std::string url;
  std::vector<std::string> events = {};
  std::string secret = {};
  bool secret_given = false;
  std::optional<EntryId> after = {};  // as it was asked for
  std::string tag = {};
  std::string by = {};
  Instant created_at = {};
  std::int64_t resumed = 0;  // how often
  WebhookProgress progress = {};
  bool wants(std::string_view kind) const;
  friend bool operator==(const Webhook&, const Webhook&) = default;
};

struct AddedWebhook {
  Webhook webhook;
  bool replayed = false;
};

struct WebhookUrl {
  bool tls = false;
  std::string host;  // without the brackets of an IPv6 address
  std::uint16_t port = 0;
  std::string target;  // path and query
};
Result<WebhookUrl> parse_webhook_url(std::string_view url);       // kInvalid
std::optional<std::string> webhook_key(std::string_view secret);  // the bytes behind "whsec_"

// All that EntryView::kind may be.
std::span<const std::string_view> event_kinds();
// Every faulty field of an order.
std::vector<FieldFault> faults_of(const WebhookOrder& order);

class Webhooks {
 public:
  static constexpr std::size_t kMax = 64;  // in a store

  // kInvalid; kConflict: the id is used for another order; kLimitReached.
  Result<AddedWebhook> add(const WebhookOrder& order);
  Result<std::vector<Webhook>> list() const;  // by id
  Result<Webhook> get(const std::string& id) const;
  Result<Webhook> remove(const std::string& id);  // as it stood
  // On again where it was off, and its next attempt at once.
  Result<Webhook> resume(const std::string& id);
  Result<EntryId> newest_event() const;

  // ---- For who delivers
  // Held by one at a time, in all processes on the store, until it is dropped or its process ends.
  // Null: another one has it.
  Result<std::shared_ptr<void>> duty();
  // Takes the progress down, unless it is otherwise by now than `known` says. As it stands then;
  // nothing where it was removed, be there another one of its id.
  Result<std::optional<Webhook>> note(const Webhook& known, const WebhookProgress& progress);

 private:
  friend class Engine;
  explicit Webhooks(Engine& engine) : engine_(&engine) {}

  Engine* engine_;  // outlives the handle
};

}  // namespace laurel
