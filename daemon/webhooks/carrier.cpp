#include "webhooks/carrier.hpp"

#include <algorithm>

#include "app/answer_json.hpp"
#include "app/secret.hpp"
#include "webhooks/back_off.hpp"

namespace laurel::daemon {

namespace {

constexpr std::size_t kPage = 100;
constexpr std::int64_t kUnsavedMax = 100;  // as many may be carried again after a crash
constexpr std::chrono::seconds kUnsavedFor{1};
constexpr std::chrono::milliseconds kPoll{100};
constexpr std::chrono::milliseconds kStoreRest{1'000};
constexpr int kGone = 410;

// What receivers and operators know of the time, whatever clock a sandbox shows.
Instant machine_now() { return SystemClock().now(); }

std::int64_t seconds_of(Instant instant) {
  return std::chrono::duration_cast<std::chrono::seconds>(instant.time_since_epoch()).count();
}

std::uint32_t jitter() {
  std::uint32_t number = 0;
  for (const char byte : random_text(sizeof number)) {
    number = number << 8 | static_cast<unsigned char>(byte);
  }
  return number;
}

// What stands in the store was checked when it came.
WebhookUrl url_of(const Webhook& webhook) {
  auto url = parse_webhook_url(webhook.url);
  return url ? *std::move(url) : WebhookUrl();
}

}  // namespace

Carrier::Carrier(Service& service, Webhook webhook, std::shared_ptr<AttemptCounts> attempts)
    : service_(service),
      tag_(webhook.tag),
      key_(webhook_key(webhook.secret).value_or("")),
      attempts_(std::move(attempts)),
      line_(url_of(webhook)),
      stored_(std::move(webhook)),
      progress_(stored_.progress),
      resumed_(stored_.resumed),
      thread_([this] { run(); }) {}

Carrier::~Carrier() {
  finish();
  line_.cut();
  thread_.join();
}

void Carrier::finish() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
}

void Carrier::see(const Webhook& stored) {
  {
    const std::lock_guard lock(mutex_);
    if (stored.tag != tag_ || stored.resumed <= resumed_) return;
    resumed_ = stored.resumed;
  }
  wake_.notify_all();
}

bool Carrier::is_ending() {
  const std::lock_guard lock(mutex_);
  return ending_;
}

bool Carrier::rest(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, time, [this] { return ending_ || resumed_ > stored_.resumed; });
  if (resumed_ > stored_.resumed) {
    stored_.resumed = resumed_;
    progress_.next_attempt_at.reset();
  }
  return !ending_;
}

void Carrier::run() {
  saved_at_ = Line::Clock::now();
  while (carry_page()) continue;
  save();
  done_ = true;
}

// What somebody brought along from another system is news to nobody.
static bool is_opening(const EntryView& event) {
  return std::ranges::find(event.flags, "opening") != event.flags.end();
}

// One page of events; false: there is no more to do here.
bool Carrier::carry_page() {
  std::vector<EntryView> events;
  {
    const auto engine = service_.engine();
    if (!engine->writable()) return rest(kStoreRest);  // what is taken could not be written down
    auto page = engine->entries(progress_.cursor, kPage);
    if (!page) {
      service_.metrics().count_error(page.error().code);
      return rest(kStoreRest);
    }
    events = std::move(page->entries);
  }
  if (events.empty()) return save_now_and_then() && rest(kPoll);
  for (const EntryView& event : events) {
    if (!carry(event)) return false;
  }
  return true;
}

// Until it was taken; false: it was not, and there is no more to do here.
bool Carrier::carry(const EntryView& event) {
  if (!stored_.wants(event.kind) || is_opening(event)) {
    progress_.cursor = event.id;
    return save_now_and_then() && !is_ending();
  }
  while (wait_for_turn()) {
    const Reply reply = send(event);
    if (!reply.is_success()) {
      if (is_ending() && reply.status == 0) return false;  // cut off by us
      fail(reply);
      if (!save() || progress_.state == WebhookState::kOff) return false;
      continue;
    }
    attempts_->delivered.fetch_add(1, std::memory_order_relaxed);
    progress_ = {.cursor = event.id, .delivered_at = machine_now()};
    progress_.last_error = stored_.progress.last_error;
    progress_.failed_at = stored_.progress.failed_at;
    ++unsaved_;
    return save_now_and_then();
  }
  return false;
}

// False: it ends.
bool Carrier::wait_for_turn() {
  while (progress_.next_attempt_at) {
    const auto left = *progress_.next_attempt_at - machine_now();
    if (left <= Duration(0)) break;
    const auto bounded = std::min<std::chrono::milliseconds>(left, kRetryAfterMax);
    if (!rest(bounded)) return false;
    if (bounded < left) break;  // the machine's clock was set back
  }
  return !is_ending() && is_stored();
}

// Asked before each attempt, so that none begins once it was removed, here or by another process.
bool Carrier::is_stored() const {
  const auto engine = service_.engine();
  const auto stored = engine->webhooks().get(stored_.id);
  if (!stored) return stored.error().code != ErrorCode::kNotFound;
  return stored->tag == tag_;
}

Reply Carrier::send(const EntryView& event) {
  Message message;
  message.id = message_id(tag_, event.id);
  message.sent_at = seconds_of(machine_now());
  json::Writer writer(message.body);
  write_entry(writer, event, service_.display(), Audience::kSubscriber);
  message.signature = webhook_signature(key_, message);
  return line_.post(message);
}

void Carrier::fail(const Reply& reply) {
  attempts_->failed.fetch_add(1, std::memory_order_relaxed);
  progress_.last_error =
      reply.status == 0 ? reply.fault : "the answer was " + std::to_string(reply.status);
  progress_.failed_at = machine_now();
  ++progress_.failures;
  progress_.next_attempt_at =
      *progress_.failed_at + back_off(progress_.failures, jitter(), reply.retry_after);
  const bool gone = reply.status == kGone;
  if (gone) {
    progress_.state = WebhookState::kOff;
    progress_.next_attempt_at.reset();
  }
  if (!gone && progress_.failures > 1) return;  // the first says that it began
  service_.log().event(LogLevel::kWarning, gone ? "webhook switched off" : "webhook fails",
                       {{"webhook", stored_.id}, {"reason", progress_.last_error}});
}

bool Carrier::save_now_and_then() {
  if (progress_ == stored_.progress) return true;
  const bool is_due = unsaved_ >= kUnsavedMax || progress_.failures != stored_.progress.failures ||
                      Line::Clock::now() - saved_at_ >= kUnsavedFor;
  return !is_due || save();
}

bool Carrier::save() {
  if (progress_ == stored_.progress) return true;
  saved_at_ = Line::Clock::now();
  const auto engine = service_.engine();
  const auto noted = engine->webhooks().note(stored_, progress_);
  if (!noted) {
    service_.metrics().count_error(noted.error().code);
    return true;  // it is written down with what comes next
  }
  unsaved_ = 0;
  if (!*noted) return false;
  stored_ = **noted;
  progress_ = stored_.progress;
  return progress_.state == WebhookState::kActive;
}

}  // namespace laurel::daemon
