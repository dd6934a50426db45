#include "webhooks/courier.hpp"

#include <algorithm>

namespace laurel::daemon {

namespace {

constexpr std::chrono::milliseconds kLook{200};
constexpr std::chrono::milliseconds kPatience{10};

bool is_wanted(const Webhook& webhook) { return webhook.progress.state == WebhookState::kActive; }

}  // namespace

Courier::Courier(Service& service) : service_(service), thread_([this] { run(); }) {}

Courier::~Courier() { stop(Line::Clock::now()); }

void Courier::finish() {
  const std::lock_guard lock(mutex_);
  ending_ = true;
  for (const auto& [tag, carrier] : carriers_) carrier->finish();
  wake_.notify_all();
}

void Courier::stop(Line::Clock::time_point deadline) {
  finish();
  if (thread_.joinable()) thread_.join();
  const auto is_done = [](const auto& each) { return each.second->is_done(); };
  while (!std::ranges::all_of(carriers_, is_done) && Line::Clock::now() < deadline) {
    for (const auto& [tag, carrier] : carriers_) carrier->watch(Line::Clock::now());
    std::this_thread::sleep_for(kPatience);
  }
  carriers_.clear();
  duty_.reset();
}

void Courier::run() {
  std::unique_lock lock(mutex_);
  while (!ending_) {
    lock.unlock();
    look();
    lock.lock();
    wake_.wait_for(lock, kLook, [this] { return ending_; });
  }
}

// Nobody waits for a carrier to end while it holds the engine: a reset waits for the engine, and
// the carrier for the reset.
void Courier::look() {
  std::vector<Webhook> stored;
  bool is_other_store = false;
  std::shared_ptr<void> duty = duty_;
  Result<void> looked;
  {
    const auto engine = service_.engine();
    is_other_store = engine_.lock() != engine;
    engine_ = engine;
    if (is_other_store) duty.reset();
    duty_.reset();
    if (duty == nullptr) {
      auto given = engine->webhooks().duty();
      if (given) duty = *std::move(given);
      if (!given) looked = given.error();
    }
    if (duty != nullptr) {
      auto all = engine->webhooks().list();
      if (all) stored = *std::move(all);
      if (!all) looked = all.error();
    }
  }
  duty_ = std::move(duty);
  if (!looked && !failing_) {
    service_.log().event(LogLevel::kError, "webhooks not looked up",
                         {{"reason", looked.error().detail}});
  }
  failing_ = !looked;
  if (is_other_store) reconcile({});
  if (looked) reconcile(stored);
}

void Courier::reconcile(const std::vector<Webhook>& stored) {
  std::vector<std::unique_ptr<Carrier>> ended;  // without the lock: they may take a while
  {
    const std::lock_guard lock(mutex_);
    delivers_ = duty_ != nullptr;
    for (auto at = carriers_.begin(); at != carriers_.end();) {
      const auto found = std::ranges::find(stored, at->first, &Webhook::tag);
      const bool stays = found != stored.end() && is_wanted(*found) && !at->second->is_done();
      if (stays) {
        at->second->see(*found);
        at->second->watch(Line::Clock::now());
        ++at;
      } else {
        ended.push_back(std::move(at->second));
        at = carriers_.erase(at);
      }
    }
  }
  ended.clear();
  const std::lock_guard lock(mutex_);
  if (ending_) return;
  std::erase_if(attempts_, [&](const auto& each) {
    return std::ranges::find(stored, each.first, &Webhook::id) == stored.end();
  });
  for (const Webhook& webhook : stored) {
    if (!is_wanted(webhook) || carriers_.contains(webhook.tag)) continue;
    carriers_.emplace(webhook.tag,
                      std::make_unique<Carrier>(service_, webhook, attempts_of(webhook.id)));
  }
}

std::shared_ptr<AttemptCounts> Courier::attempts_of(const std::string& id) {
  auto& attempts = attempts_[id];
  if (attempts == nullptr) attempts = std::make_shared<AttemptCounts>();
  return attempts;
}

bool Courier::delivers() const {
  const std::lock_guard lock(mutex_);
  return delivers_;
}

std::vector<WebhookGauge> Courier::gauges() const {
  const auto engine = service_.engine();
  const auto stored = engine->webhooks().list();
  const auto newest = engine->webhooks().newest_event();
  std::vector<WebhookGauge> gauges;
  if (!stored || !newest) return gauges;
  const std::lock_guard lock(mutex_);
  for (const Webhook& webhook : *stored) {
    WebhookGauge& gauge = gauges.emplace_back();
    gauge.id = webhook.id;
    gauge.lag = newest->number() - webhook.progress.cursor.number();
    gauge.failures = webhook.progress.failures;
    gauge.is_off = webhook.progress.state == WebhookState::kOff;
    const auto attempts = attempts_.find(webhook.id);
    if (attempts == attempts_.end()) continue;
    gauge.delivered = attempts->second->delivered.load(std::memory_order_relaxed);
    gauge.failed = attempts->second->failed.load(std::memory_order_relaxed);
  }
  return gauges;
}

}  // namespace laurel::daemon
