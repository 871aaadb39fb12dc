// Server-sent events: what changed, by kind and id alone, so that no stream
// tells anybody what they may not see. Each open stream holds a thread of the
// server; more than `streams_at_most` are refused.
//
// Thread-safe. A listener that falls behind loses the oldest lines and is told
// to draw everything anew.
#pragma once

#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <ostream>
#include <string>
#include <string_view>

namespace crm {

class EventHub {
 public:
  explicit EventHub(std::size_t streams_at_most) : streams_at_most_(streams_at_most) {}

  void say(std::string_view entity, std::string_view id);
  bool is_full();
  // Writes until the other side is gone or the hub is closed.
  void stream(std::ostream& out);
  void close();

 private:
  struct Stream {
    std::deque<std::string> lines;
    bool fell_behind = false;
  };

  const std::size_t streams_at_most_;
  std::mutex mutex_;
  std::condition_variable said_;
  std::list<Stream> streams_;  // guarded by mutex_
  bool is_closed_ = false;     // guarded by mutex_
};

}  // namespace crm
