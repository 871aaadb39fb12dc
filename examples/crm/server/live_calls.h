// Calls that are not over: the library tells of every change by id, this
// remembers which of them are still going on. What a user may see of them is
// asked anew each time.
//
// Thread-safe.
#pragma once

#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace crm {

class LiveCalls {
 public:
  void changed(std::string_view id) {
    const std::lock_guard lock(mutex_);
    if (ids_.size() < kAtMost) ids_.insert(std::string(id));
  }
  void is_over(const std::string& id) {
    const std::lock_guard lock(mutex_);
    ids_.erase(id);
  }
  std::vector<std::string> ids() const {
    const std::lock_guard lock(mutex_);
    return {ids_.begin(), ids_.end()};
  }

 private:
  // A firm with more calls at once has another board than a browser's.
  static constexpr std::size_t kAtMost = 2000;
  mutable std::mutex mutex_;
  std::set<std::string, std::less<>> ids_;  // guarded by mutex_
};

}  // namespace crm
