#include "progress.h"

#include <cstdio>

#include "console.h"

namespace cli {
namespace {

constexpr int kBarWidth = 24;
// Often enough for the eye, seldom enough to cost nothing.
constexpr std::chrono::milliseconds kBetweenDraws{100};

std::string decimal(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", number);
  return text;
}

double megabytes(std::uint64_t bytes) { return static_cast<double>(bytes) / 1e6; }

std::string bar(std::uint64_t done, std::uint64_t total) {
  const auto share = done >= total ? 1.0 : static_cast<double>(done) / static_cast<double>(total);
  const auto filled = static_cast<std::size_t>(share * kBarWidth);
  char percent[8];
  std::snprintf(percent, sizeof percent, "%3d%%", static_cast<int>(share * 100));
  return "[" + std::string(filled, '#') + std::string(kBarWidth - filled, '-') + "] " + percent;
}

}  // namespace

std::string progress_line(std::string_view what, std::uint64_t done, std::uint64_t total, double elapsed_s, Unit unit) {
  std::string line(what);
  if (!line.empty()) line += "  ";
  if (total > 0) line += bar(done, total) + "  ";
  const bool is_bytes = unit == Unit::bytes;
  line += is_bytes ? decimal(megabytes(done)) : std::to_string(done);
  if (total > 0) line += " of " + (is_bytes ? decimal(megabytes(total)) : std::to_string(total));
  if (is_bytes) line += " MB";
  if (elapsed_s > 0)
    line += is_bytes ? "  " + decimal(megabytes(done) / elapsed_s) + " MB/s"
                     : "  " + std::to_string(static_cast<std::uint64_t>(static_cast<double>(done) / elapsed_s)) +
                           " a second";
  return line;
}

Progress::~Progress() {
  if (is_shown_) show_bar("");
}

hkl_progress Progress::abi() {
  hkl_progress progress{};
  progress.struct_size = sizeof progress;
  progress.user = this;
  progress.step = [](void* user, std::uint64_t done, std::uint64_t total, hkl_str what) -> hkl_status {
    auto& self = *static_cast<Progress*>(user);
    self.draw(done, total, {what.ptr, what.len});
    return self.is_stopped_ ? HKL_CANCELLED : HKL_OK;
  };
  return progress;
}

void Progress::draw(std::uint64_t done, std::uint64_t total, std::string_view what) {
  const auto now = Clock::now();
  if (!is_shown_ || now - drawn_at_ < kBetweenDraws) return;
  drawn_at_ = now;
  show_bar(progress_line(what, done, total, std::chrono::duration<double>(now - started_at_).count(), unit_));
}

}  // namespace cli
