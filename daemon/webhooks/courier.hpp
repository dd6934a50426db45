#pragma once
// Posts what was booked to all who asked for it: a carrier for each webhook, so that one receiver
// that is down delays no other. Of all processes on a store one at a time does it.

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "app/metrics.hpp"
#include "app/service.hpp"
#include "webhooks/carrier.hpp"

namespace laurel::daemon {

class Courier {
 public:
  explicit Courier(Service& service);  // which outlives it; begins at once
  ~Courier();                          // stop(now)
  Courier(const Courier&) = delete;
  Courier& operator=(const Courier&) = delete;

  // From now on no further attempt begins.
  void finish();
  // The same; attempts that are under way at `deadline` are cut off, and come again.
  void stop(Line::Clock::time_point deadline);

  // How all webhooks of the store stand, whoever delivers; any thread.
  std::vector<WebhookGauge> gauges() const;
  bool delivers() const;

 private:
  void run();
  void look();
  void reconcile(const std::vector<Webhook>& stored);
  std::shared_ptr<AttemptCounts> attempts_of(const std::string& id);

  Service& service_;

  // Of the thread.
  std::weak_ptr<Engine> engine_;  // on whose store the duty is held
  std::shared_ptr<void> duty_;
  bool failing_ = false;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool ending_ = false;
  bool delivers_ = false;
  std::map<std::string, std::unique_ptr<Carrier>> carriers_;        // by tag
  std::map<std::string, std::shared_ptr<AttemptCounts>> attempts_;  // by id
  std::thread thread_;
};

}  // namespace laurel::daemon
