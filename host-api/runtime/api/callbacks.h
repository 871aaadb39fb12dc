// The CRM's callbacks: one thread calls them, one at a time, with no lock held;
// with `pump` that is whoever calls pump().
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "hookline/runtime.h"
#include "pipeline/outbox.h"

namespace hkl {

class Callbacks {
 public:
  Callbacks(const hkl_callbacks& callbacks, bool is_pumped);
  ~Callbacks();
  void start();  // again after stop() too
  // Whoever waits for an answer is told HKL_CANCELLED, and nothing new is taken.
  void close();
  void stop();  // closes; nothing is called after it returns, unless it is itself called back from

  bool wants_deliveries() const { return callbacks_.deliver != nullptr; }
  bool wants_changes() const { return callbacks_.changed != nullptr; }

  // Hands a delivery over and waits for the answer. HKL_CANCELLED: stopping.
  DeliveryAnswer deliver(const Delivery& delivery);
  // Queues a hint; the oldest are lost when the callee is slow.
  void changed(std::uint32_t change, const std::string& id);
  // Queued as well; without a callback the line is lost.
  void log(std::uint32_t level, const std::string& line);

  std::uint64_t pump(Millis wait);

 private:
  struct Job;
  bool run_one(Millis wait);
  void loop();

  hkl_callbacks callbacks_;
  bool is_pumped_;
  std::mutex mutex_;  // guards jobs_ and is_stopping_
  std::condition_variable arrived_, answered_;
  std::deque<std::shared_ptr<Job>> jobs_;
  bool is_stopping_ = false;
  std::thread thread_;
};

}  // namespace hkl
