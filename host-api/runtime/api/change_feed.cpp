#include "api/change_feed.h"

#include <utility>

namespace hkl {

std::unique_ptr<ChangeFeed::Listener> ChangeFeed::listen() {
  const std::lock_guard lock(mutex_);
  if (listeners_.size() >= most_listeners_) return nullptr;
  std::unique_ptr<Listener> listener(new Listener(*this));
  listeners_.insert(listener.get());
  return listener;
}

void ChangeFeed::tell(const std::string& entity, const std::string& id) {
  const std::lock_guard lock(mutex_);
  for (auto* listener : listeners_) {
    if (listener->queue_.size() >= most_queued_) {
      listener->missed_ = true;
      continue;
    }
    listener->queue_.push_back({entity, id});
  }
  told_.notify_all();
}

std::size_t ChangeFeed::listeners() const {
  const std::lock_guard lock(mutex_);
  return listeners_.size();
}

ChangeFeed::Listener::~Listener() {
  const std::lock_guard lock(feed_.mutex_);
  feed_.listeners_.erase(this);
}

std::optional<Change> ChangeFeed::Listener::next(Millis wait) {
  std::unique_lock lock(feed_.mutex_);
  if (!feed_.told_.wait_for(lock, wait, [this] { return !queue_.empty(); })) return std::nullopt;
  auto change = std::move(queue_.front());
  queue_.pop_front();
  return change;
}

bool ChangeFeed::Listener::missed() {
  const std::lock_guard lock(feed_.mutex_);
  return queue_.empty() && std::exchange(missed_, false);
}

}  // namespace hkl
