// How long the calls of plugins in this process take. A thread cannot be
// killed, so a call that does not come back can only be told of; who wants it
// ended gives the plugin a process (isolation/).
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "values/instant.h"

namespace hkl {

// Of one instance. Written by the thread that is in the call, at a cost of a few
// nanoseconds: times are those of the kernel's tick, so up to 10 ms off.
class CallGauge {
 public:
  CallGauge(std::string component, Millis limit) : component_(std::move(component)), limit_(limit) {}

  // Stands while a call goes on.
  class Call {
   public:
    Call(CallGauge* gauge, const char* function);
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

   private:
    CallGauge* gauge_;
    std::int64_t began_ms_ = 0;
  };

  const std::string& component() const { return component_; }  // "pbx1 (asterisk-ami)"
  Millis limit() const { return limit_; }
  std::uint64_t overruns() const { return overruns_; }
  Millis longest() const { return Millis(longest_ms_.load()); }
  // "feed took 6200 ms, more than the 5000 ms of limits.call", once for each
  // call that went on so long, while it goes on or after.
  std::string take_complaint();

 private:
  void overran(std::int64_t took_ms);

  std::string component_;
  Millis limit_;
  std::atomic<std::int64_t> began_ms_{0};  // of the call that goes on, by the coarse clock; 0: none
  std::atomic<const char*> function_{nullptr};
  std::atomic<bool> is_told_{false};  // of the call that goes on
  std::atomic<std::uint64_t> overruns_{0};
  std::atomic<std::int64_t> longest_ms_{0};
  std::mutex complaint_mutex_;
  std::string complaint_;  // of a call that is over; guarded by complaint_mutex_
};

// Looks at them again and again and tells `log`. Thread-safe.
class CallWatch {
 public:
  explicit CallWatch(std::function<void(const std::string& line)> log, Millis every = Millis(500));
  ~CallWatch();
  CallWatch(const CallWatch&) = delete;
  CallWatch& operator=(const CallWatch&) = delete;

  std::shared_ptr<CallGauge> gauge(const std::string& component, Millis limit);
  // Those whose instances live.
  std::vector<std::shared_ptr<const CallGauge>> gauges();

 private:
  void run();
  std::vector<std::shared_ptr<CallGauge>> living();

  std::function<void(const std::string&)> log_;
  Millis every_;
  std::mutex mutex_;  // guards the two below
  std::vector<std::weak_ptr<CallGauge>> gauges_;
  bool is_over_ = false;
  std::condition_variable over_;
  std::thread thread_;
};

}  // namespace hkl
