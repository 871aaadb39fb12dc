// What the switch says of itself rather than of one channel: lists of living
// channels, restarts, times in which nothing was heard. Lists carry no time, so
// those that come before any event of their connection wait for its first.
#pragma once

#include <string>
#include <vector>

#include "ami_facts.h"

namespace asterisk {

class Lists {
 public:
  explicit Lists(const Settings& settings) : numbering_(settings) {}

  // Whether it is an entry of a list, or the end of one.
  static bool is_of_list(std::string_view kind);
  // One entry of CoreShowChannels, Status or QueueStatus, or the end of the
  // first, alive at at_ms. `name` tells one asking from another.
  void take(const Message& message, const std::string& name, std::int64_t at_ms, const Emit& emit) const;
  // The same when the time is not known yet; at most 64 MiB wait.
  void keep(const Message& message);
  void take_kept(std::int64_t at_ms, const Emit& emit);
  bool has_kept() const { return !kept_.empty(); }

 private:
  void agent(const Message& message, std::int64_t at_ms, const Emit& emit) const;
  void waiting(const Message& message, std::int64_t at_ms, const Emit& emit) const;
  void seen(const Message& message, std::string_view list, std::int64_t at_ms, const Emit& emit) const;
  Numbering numbering_;
  std::vector<std::string> kept_;  // "Key:value\n…" each
  std::size_t kept_bytes_ = 0;
};

// Nothing was heard from from_ms to until_ms, or a piece of it was lost.
void tell_gap(std::int64_t from_ms, std::int64_t until_ms, const Emit& emit);
// Everything older than at_ms is over.
void tell_restart(std::int64_t at_ms, const Emit& emit);
// The same from how many seconds the switch said at at_ms that it has been up.
void tell_boot(std::int64_t at_ms, std::string_view uptime_s, const Emit& emit);

}  // namespace asterisk
