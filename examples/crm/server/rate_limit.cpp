#include "rate_limit.h"

#include <algorithm>

namespace crm {
namespace {

// Names are the caller's to choose, memory is ours.
constexpr std::size_t kNamesAtMost = 10000;

}  // namespace

RateLimit::Bucket& RateLimit::filled(const std::string& name, Clock::time_point now) {
  const auto left_at = [&](const Bucket& bucket) {
    const std::chrono::duration<double, std::ratio<60>> passed = now - bucket.at;
    return std::min(at_once_, bucket.left + passed.count() * per_minute_);
  };
  if (buckets_.size() >= kNamesAtMost)
    std::erase_if(buckets_, [&](const auto& entry) { return left_at(entry.second) >= at_once_; });
  if (buckets_.size() >= 2 * kNamesAtMost) buckets_.clear();
  auto& bucket = buckets_.try_emplace(name, Bucket{at_once_, now}).first->second;
  bucket = {left_at(bucket), now};
  return bucket;
}

bool RateLimit::has(const std::string& name, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  return filled(name, now).left >= 1;
}

bool RateLimit::take(const std::string& name, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  auto& bucket = filled(name, now);
  if (bucket.left < 1) return false;
  bucket.left -= 1;
  return true;
}

void RateLimit::forgive(const std::string& name) {
  const std::lock_guard lock(mutex_);
  buckets_.erase(name);
}

}  // namespace crm
