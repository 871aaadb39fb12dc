#include "plugins/call_watch.h"

#include <fmt/format.h>
#include <signal.h>
#include <time.h>

#include <algorithm>

namespace hkl {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;

// Never 0. The exact clock would cost more than many a call.
std::int64_t coarse_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return std::max<std::int64_t>(std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1000000, 1);
}

}  // namespace

// What the watching thread sees a little late does no harm; that it sees the
// beginning after what belongs to it is what `release` is for.
CallGauge::Call::Call(CallGauge* gauge, const char* function) : gauge_(gauge) {
  if (gauge_ == nullptr) return;
  began_ms_ = coarse_ms();
  gauge_->is_told_.store(false, kRelaxed);
  gauge_->function_.store(function, kRelaxed);
  gauge_->began_ms_.store(began_ms_, std::memory_order_release);
}

CallGauge::Call::~Call() {
  if (gauge_ == nullptr) return;
  gauge_->began_ms_.store(0, kRelaxed);
  const auto took = coarse_ms() - began_ms_;
  if (took > gauge_->longest_ms_.load(kRelaxed)) gauge_->longest_ms_.store(took, kRelaxed);
  if (took > gauge_->limit_.count()) gauge_->overran(took);
}

void CallGauge::overran(std::int64_t took_ms) {
  ++overruns_;
  if (is_told_) return;
  const std::lock_guard lock(complaint_mutex_);
  complaint_ =
      fmt::format("{} took {} ms, more than the {} ms of limits.call", function_.load(), took_ms, limit_.count());
}

std::string CallGauge::take_complaint() {
  {
    const std::lock_guard lock(complaint_mutex_);
    if (!complaint_.empty()) return std::exchange(complaint_, {});
  }
  const auto began = began_ms_.load();
  if (began == 0 || is_told_) return {};
  const auto gone = coarse_ms() - began;
  if (gone <= limit_.count()) return {};
  is_told_ = true;
  return fmt::format(
      "{} goes on for {} ms, more than the {} ms of limits.call, and cannot be ended in this process; "
      "with `isolation: process` it is",
      function_.load(), gone, limit_.count());
}

CallWatch::CallWatch(std::function<void(const std::string&)> log, Millis every)
    : log_(std::move(log)), every_(every), thread_([this] { run(); }) {}

CallWatch::~CallWatch() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  over_.notify_all();
  thread_.join();
}

std::shared_ptr<CallGauge> CallWatch::gauge(const std::string& component, Millis limit) {
  auto made = std::make_shared<CallGauge>(component, limit);
  const std::lock_guard lock(mutex_);
  std::erase_if(gauges_, [](const auto& gauge) { return gauge.expired(); });
  gauges_.push_back(made);
  return made;
}

std::vector<std::shared_ptr<CallGauge>> CallWatch::living() {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<CallGauge>> out;
  for (const auto& gauge : gauges_)
    if (auto living = gauge.lock()) out.push_back(std::move(living));
  return out;
}

std::vector<std::shared_ptr<const CallGauge>> CallWatch::gauges() {
  const auto all = living();
  return {all.begin(), all.end()};
}

void CallWatch::run() {
  // Signals are the program's that we are in.
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      if (over_.wait_for(lock, every_, [&] { return is_over_; })) return;
    }
    for (const auto& gauge : living())
      if (const auto complaint = gauge->take_complaint(); !complaint.empty())
        log_(gauge->component() + ": " + complaint);
  }
}

}  // namespace hkl
