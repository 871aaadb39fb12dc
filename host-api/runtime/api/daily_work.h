// Work that is done once a day at a time of the clock. One thread of its own,
// which ends with this.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "services/cron.h"
#include "values/instant.h"

namespace hkl {

class DailyWork {
 public:
  // `work`: false puts it off by a minute. It asks `goes_on` now and then, and
  // ends early when that is false. All that is given outlives this.
  using Work = std::function<bool(const std::function<bool()>& goes_on)>;
  DailyWork(Cron when, std::string zone, std::function<Instant()> now, Work work);
  ~DailyWork();
  DailyWork(const DailyWork&) = delete;
  DailyWork& operator=(const DailyWork&) = delete;

 private:
  void loop();
  bool is_stopping();
  const Cron when_;
  const std::string zone_;
  const std::function<Instant()> now_;
  const Work work_;
  std::mutex mutex_;  // guards is_stopping_
  std::condition_variable stopping_;
  bool is_stopping_ = false;
  std::thread thread_;
};

}  // namespace hkl
