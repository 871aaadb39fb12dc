// Changes for whoever listens at /api/v1/events: each listener has a bounded
// queue, and one that is too slow is told that it missed some.
//
// Thread-safe.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "values/instant.h"

namespace hkl {

struct Change {
  std::string entity, id;
};

class ChangeFeed {
 public:
  class Listener {
   public:
    ~Listener();
    // The next change; nothing when none came for so long.
    std::optional<Change> next(Millis wait);
    // Whether changes were lost since the last time this was asked.
    bool missed();

   private:
    friend class ChangeFeed;
    explicit Listener(ChangeFeed& feed) : feed_(feed) {}
    ChangeFeed& feed_;
    std::deque<Change> queue_;
    bool missed_ = false;
  };

  ChangeFeed(std::size_t listeners, std::size_t queued) : most_listeners_(listeners), most_queued_(queued) {}
  // Null: there are too many already. The feed outlives its listeners.
  std::unique_ptr<Listener> listen();
  void tell(const std::string& entity, const std::string& id);
  std::size_t listeners() const;

 private:
  const std::size_t most_listeners_, most_queued_;
  mutable std::mutex mutex_;  // guards listeners_ and what is in them
  std::condition_variable told_;
  std::set<Listener*> listeners_;
};

}  // namespace hkl
