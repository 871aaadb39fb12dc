// The bar of a long piece of work, for a terminal.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "hookline/hookline.h"

namespace cli {

enum class Unit { bytes, items };

// "pbx1  [#####-----]  50%  12.0 of 24.0 MB  6.0 MB/s"; total 0: not known.
std::string progress_line(std::string_view what, std::uint64_t done, std::uint64_t total, double elapsed_s, Unit unit);

class Progress {
 public:
  Progress(bool is_shown, Unit unit) : is_shown_(is_shown), unit_(unit) {}
  ~Progress();  // takes the bar away
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // For the library; valid as long as this object.
  hkl_progress abi();
  // Asks the work to stop after its current batch. Safe in a signal handler.
  void stop() { is_stopped_ = true; }

 private:
  using Clock = std::chrono::steady_clock;
  void draw(std::uint64_t done, std::uint64_t total, std::string_view what);

  bool is_shown_;
  Unit unit_;
  std::atomic<bool> is_stopped_ = false;
  Clock::time_point started_at_ = Clock::now(), drawn_at_{};
};

}  // namespace cli
