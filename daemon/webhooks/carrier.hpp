#pragma once
// One webhook and the thread that carries it its events, in the order of the outbox, each until it
// was taken. What was taken is written down now and then, so that after a crash the last few are
// carried again, under the same ids.

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>

#include "app/service.hpp"
#include "laurel/webhook.hpp"
#include "webhooks/line.hpp"

namespace laurel::daemon {

struct AttemptCounts {
  std::atomic<std::uint64_t> delivered{0}, failed{0};
};

class Carrier {
 public:
  // The service outlives the carrier. Begins at once.
  Carrier(Service& service, Webhook webhook, std::shared_ptr<AttemptCounts> attempts);
  ~Carrier();  // ends the attempt that is under way
  Carrier(const Carrier&) = delete;
  Carrier& operator=(const Carrier&) = delete;

  const std::string& tag() const { return tag_; }
  // How it stands in the store: whoever resumed it there is heard here.
  void see(const Webhook& stored);
  void watch(Line::Clock::time_point now) { line_.watch(now); }
  void finish();  // begins no further attempt
  bool is_done() const { return done_; }

 private:
  void run();
  bool carry_page();
  bool carry(const EntryView& event);
  Reply send(const EntryView& event);
  bool wait_for_turn();
  bool is_stored() const;
  void fail(const Reply& reply);
  bool save();  // false: there is no more to do here
  bool save_now_and_then();
  // Until the time is over, it was resumed, or it ends; false: it ends.
  bool rest(std::chrono::milliseconds time);
  bool is_ending();

  Service& service_;
  const std::string tag_;
  const std::string key_;
  const std::shared_ptr<AttemptCounts> attempts_;
  Line line_;

  // Of the thread.
  Webhook stored_;            // as it is written down
  WebhookProgress progress_;  // as it is
  std::int64_t unsaved_ = 0;
  Line::Clock::time_point saved_at_ = {};

  std::mutex mutex_;
  std::condition_variable wake_;
  bool ending_ = false;
  std::int64_t resumed_ = 0;
  std::atomic<bool> done_{false};
  std::thread thread_;
};

}  // namespace laurel::daemon
