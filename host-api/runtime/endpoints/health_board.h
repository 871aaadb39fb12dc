// What a source's health is, told to whoever asks and, when its state or text
// changes, to whoever listens.
//
// show() is the runner's; count() and look() are anybody's.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "endpoints/source_runner.h"

namespace hkl {

class HealthBoard {
 public:
  explicit HealthBoard(std::function<void(const SourceHealth&)> changed) : changed_(std::move(changed)) {
    health_.state = "off";
  }

  // A source with several endpoints is as well as the worst of them.
  std::size_t add_endpoint() {
    states_.emplace_back("waiting");
    return states_.size() - 1;
  }
  void show(std::size_t endpoint, const std::string& state, const std::string& text) {
    states_[endpoint] = state;
    std::string worst = "live";
    for (const auto& other : states_)
      if (rank(other) > rank(worst)) worst = other;
    set(worst, text);
  }
  void show_off(const std::string& text) { set("off", text); }
  void tell(const std::string& text) { set(look().state, text); }

  // `change(SourceHealth&)` with the lock held.
  template <typename F>
  void count(F&& change) {
    const std::lock_guard lock(mutex_);
    change(health_);
  }
  SourceHealth look() const {
    const std::lock_guard lock(mutex_);
    return health_;
  }

 private:
  static int rank(std::string_view state) {
    if (state == "refused") return 3;
    if (state == "waiting") return 2;
    return state == "connecting" ? 1 : 0;
  }
  void set(const std::string& state, const std::string& text) {
    SourceHealth now;
    {
      const std::lock_guard lock(mutex_);
      if (health_.state == state && health_.text == text) return;
      health_.state = state;
      health_.text = text;
      now = health_;
    }
    if (changed_) changed_(now);
  }

  std::function<void(const SourceHealth&)> changed_;
  std::vector<std::string> states_;  // of the runner's thread
  mutable std::mutex mutex_;         // guards health_
  SourceHealth health_;
};

}  // namespace hkl
