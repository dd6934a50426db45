// The facet of webhooks: orders, and how far they are.

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/engine_state.hpp"
#include "laurel/webhook.hpp"

namespace laurel {

using namespace engine;

namespace {

constexpr const char* kRole = "webhooks";

Result<Webhook> existing(const store::View& view, const std::string& id) {
  LAUREL_TRY(auto webhook, view.webhook(id));
  if (!webhook) return Error{ErrorCode::kNotFound, "no webhook has this id"};
  return *std::move(webhook);
}

// The first field in which it is another order than the one that made the webhook.
const char* difference(const Webhook& webhook, const WebhookOrder& order) {
  if (webhook.url != order.url) return "/url";
  if (webhook.events != order.events) return "/events";
  if (webhook.secret_given != order.secret_given) return "/secret";
  if (order.secret_given && webhook.secret != order.secret) return "/secret";
  if (webhook.after != order.after) return "/after";
  return nullptr;
}

Webhook made_of(const WebhookOrder& order, Instant now, EntryId newest) {
  Webhook made;
  made.id = order.id;
  made.url = order.url;
  made.events = order.events;
  made.secret = order.secret;
  made.secret_given = order.secret_given;
  made.after = order.after;
  made.tag = order.tag;
  made.by = order.by;
  made.created_at = now;
  made.progress.cursor = order.after.value_or(newest);
  return made;
}

Result<Webhook> added(const store::View& view, const WebhookOrder& order, Instant now) {
  LAUREL_TRY(const auto all, view.webhooks());
  if (all.size() >= Webhooks::kMax) {
    return Error{ErrorCode::kLimitReached,
                 "a store has at most " + std::to_string(Webhooks::kMax) + " webhooks"};
  }
  LAUREL_TRY(const EntryId newest, store::last_entry(view));
  if (order.after && *order.after > newest) {
    return Error{ErrorCode::kInvalid,
                 "one or more fields are wrong",
                 {{"/after", "out_of_range", "nothing was booked yet under this number"}}};
  }
  return made_of(order, now, newest);
}

}  // namespace

Webhooks Engine::webhooks() { return Webhooks(*this); }

Result<AddedWebhook> Webhooks::add(const WebhookOrder& order) {
  if (auto faults = faults_of(order); !faults.empty()) {
    return Error{ErrorCode::kInvalid, "one or more fields are wrong", std::move(faults)};
  }
  const auto& state = *engine_->state_;
  AddedWebhook out;
  LAUREL_TRY_VOID(state.decide(
      [&](const store::View& view, const Versions&, store::Change& change) -> Result<void> {
        LAUREL_TRY(auto known, view.webhook(order.id));
        out.replayed = known.has_value();
        if (!known) {
          LAUREL_TRY(out.webhook, added(view, order, state.now()));
          change.webhooks.push_back(out.webhook);
          return {};
        }
        if (const char* field = difference(*known, order)) {
          return Error{ErrorCode::kConflict,
                       "the id is used for another webhook",
                       {{field, "differs", "it was registered with something else"}}};
        }
        out.webhook = *std::move(known);
        return {};
      }));
  return out;
}

Result<std::vector<Webhook>> Webhooks::list() const {
  std::vector<Webhook> all;
  LAUREL_TRY_VOID(engine_->state_->store().read([&](const store::View& view) -> Result<void> {
    LAUREL_TRY(all, view.webhooks());
    return {};
  }));
  return all;
}

Result<Webhook> Webhooks::get(const std::string& id) const {
  Webhook found;
  LAUREL_TRY_VOID(engine_->state_->store().read([&](const store::View& view) -> Result<void> {
    LAUREL_TRY(found, existing(view, id));
    return {};
  }));
  return found;
}

Result<Webhook> Webhooks::remove(const std::string& id) {
  Webhook removed;
  LAUREL_TRY_VOID(engine_->state_->decide(
      [&](const store::View& view, const Versions&, store::Change& change) -> Result<void> {
        LAUREL_TRY(removed, existing(view, id));
        change.webhooks_removed.push_back(id);
        return {};
      }));
  return removed;
}

Result<Webhook> Webhooks::resume(const std::string& id) {
  Webhook resumed;
  LAUREL_TRY_VOID(engine_->state_->decide(
      [&](const store::View& view, const Versions&, store::Change& change) -> Result<void> {
        LAUREL_TRY(resumed, existing(view, id));
        ++resumed.resumed;
        resumed.progress.state = WebhookState::kActive;
        resumed.progress.next_attempt_at.reset();
        change.webhooks.push_back(resumed);
        return {};
      }));
  return resumed;
}

Result<EntryId> Webhooks::newest_event() const {
  EntryId newest;
  LAUREL_TRY_VOID(engine_->state_->store().read([&](const store::View& view) -> Result<void> {
    LAUREL_TRY(newest, store::last_entry(view));
    return {};
  }));
  return newest;
}

Result<std::shared_ptr<void>> Webhooks::duty() { return engine_->state_->store().reserve(kRole); }

Result<std::optional<Webhook>> Webhooks::note(const Webhook& known,
                                              const WebhookProgress& progress) {
  std::optional<Webhook> out;
  LAUREL_TRY_VOID(engine_->state_->decide(
      [&](const store::View& view, const Versions&, store::Change& change) -> Result<void> {
        LAUREL_TRY(out, view.webhook(known.id));
        if (out && out->tag != known.tag) out.reset();
        if (!out || out->progress.cursor != known.progress.cursor) return {};
        out->progress = progress;
        // Whoever resumed it meanwhile wants an attempt now, whatever came of the one before.
        if (out->resumed != known.resumed) out->progress.next_attempt_at.reset();
        change.webhooks.push_back(*out);
        return {};
      }));
  return out;
}

}  // namespace laurel
