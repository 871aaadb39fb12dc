// How often one may do a thing: so many at once, then so many a minute.
// Thread-safe. Names that were not seen for long are forgotten.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <unordered_map>

namespace crm {

class RateLimit {
 public:
  using Clock = std::chrono::steady_clock;
  RateLimit(double at_once, double per_minute) : at_once_(at_once), per_minute_(per_minute) {}

  // Takes one; false when there is none left.
  bool take(const std::string& name, Clock::time_point now = Clock::now());
  // Whether one is left, without taking it.
  bool has(const std::string& name, Clock::time_point now = Clock::now());
  void forgive(const std::string& name);
  // Until the next one is there.
  int wait_seconds() const { return static_cast<int>(60 / per_minute_) + 1; }

 private:
  struct Bucket {
    double left;
    Clock::time_point at;
  };
  Bucket& filled(const std::string& name, Clock::time_point now);

  const double at_once_, per_minute_;
  std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;  // guarded by mutex_
};

}  // namespace crm
