#include "event_hub.h"

#include <chrono>
#include <nlohmann/json.hpp>

namespace crm {
namespace {

constexpr std::size_t kLinesAtMost = 500;
// A comment now and then: proxies keep the stream, and we notice who is gone.
constexpr auto kHeartbeat = std::chrono::seconds(15);

}  // namespace

void EventHub::say(std::string_view entity, std::string_view id) {
  const std::string line = "data: " + nlohmann::json{{"entity", entity}, {"id", id}}.dump() + "\n\n";
  const std::lock_guard lock(mutex_);
  for (auto& stream : streams_) {
    if (stream.lines.size() >= kLinesAtMost) {
      stream.lines.clear();
      stream.fell_behind = true;
    }
    stream.lines.push_back(line);
  }
  said_.notify_all();
}

bool EventHub::is_full() {
  const std::lock_guard lock(mutex_);
  return is_closed_ || streams_.size() >= streams_at_most_;
}

void EventHub::stream(std::ostream& out) {
  std::unique_lock lock(mutex_);
  if (streams_.size() >= streams_at_most_) return;
  const auto own = streams_.emplace(streams_.end());
  std::string text = "retry: 2000\n\n";
  while (!is_closed_ && out.good()) {
    lock.unlock();
    out << text << std::flush;  // blocks; nobody waits for us meanwhile
    lock.lock();
    if (own->lines.empty()) said_.wait_for(lock, kHeartbeat, [&] { return is_closed_ || !own->lines.empty(); });
    text.clear();
    if (own->fell_behind) text += "event: reset\ndata: {}\n\n";
    own->fell_behind = false;
    for (const auto& line : own->lines) text += line;
    own->lines.clear();
    if (text.empty()) text = ": still here\n\n";
  }
  streams_.erase(own);
}

void EventHub::close() {
  const std::lock_guard lock(mutex_);
  is_closed_ = true;
  said_.notify_all();
}

}  // namespace crm
