// Log lines of one source: each begins with its name; what is said again and
// again is said once in ten minutes, so that a PBX that is off for a night
// does not fill the disk.
#pragma once

#include <fmt/format.h>

#include <map>
#include <string>

#include "endpoints/source_runner.h"
#include "endpoints/waiting.h"
#include "hookline/host.h"

namespace hkl {

class SourceLog {
 public:
  explicit SourceLog(const SourceSetup& setup) : setup_(setup) {}

  void write(std::uint32_t level, const std::string& text) const {
    if (setup_.log) setup_.log(level, fmt::format("{}: {}", setup_.name, text));
  }
  // `topic`: what makes two lines the same; repeats go out as debug lines.
  void write_rarely(std::uint32_t level, const std::string& topic, const std::string& text) {
    constexpr std::chrono::minutes kQuiet{10};
    constexpr std::size_t kMostTopics = 100;
    const auto now = steady_now();
    if (said_.size() >= kMostTopics && said_.count(topic) == 0) said_.clear();
    const auto [said, is_new] = said_.try_emplace(topic, now);
    const bool is_due = is_new || now - said->second >= kQuiet;
    if (is_due) said->second = now;
    write(is_due ? level : HKL_LOG_DEBUG, text);
  }
  // The next line of any topic is news again.
  void forget() { said_.clear(); }

 private:
  const SourceSetup& setup_;
  std::map<std::string, Steady> said_;
};

}  // namespace hkl
