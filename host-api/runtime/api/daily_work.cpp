#include "api/daily_work.h"

#include <algorithm>

namespace hkl {
namespace {

// A machine may sleep, and a clock be set: look at it so often.
constexpr Millis kLongestNap{30000};
constexpr Millis kPutOff{60000};

}  // namespace

DailyWork::DailyWork(Cron when, std::string zone, std::function<Instant()> now, Work work)
    : when_(when), zone_(std::move(zone)), now_(std::move(now)), work_(std::move(work)) {
  thread_ = std::thread([this] { loop(); });
}

DailyWork::~DailyWork() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  stopping_.notify_all();
  thread_.join();
}

bool DailyWork::is_stopping() {
  const std::lock_guard lock(mutex_);
  return is_stopping_;
}

void DailyWork::loop() {
  auto due = when_.next(now_(), zone_);
  while (due) {
    {
      std::unique_lock lock(mutex_);
      stopping_.wait_for(lock, std::clamp(*due - now_(), Millis(0), kLongestNap), [this] { return is_stopping_; });
      if (is_stopping_) return;
    }
    if (now_() < *due) continue;
    if (work_([this] { return !is_stopping(); })) {
      due = when_.next(std::max(now_(), *due), zone_);
    } else {
      due = now_() + kPutOff;
    }
  }
}

}  // namespace hkl
