// What one event of FreeSWITCH means: canonical events, made from that event
// alone. An event's own id is its Event-Sequence within its Core-UUID, so the
// same event has the same id in any encoding and on any connection.
#pragma once

#include "leg.h"

namespace freeswitch {

class Facts {
 public:
  explicit Facts(const Settings& settings) : settings_(settings), numbering_(settings) {}

  // Kinds of events that mean something here: what is asked for, and read.
  static bool is_wanted(std::string_view kind);
  static std::string subscription();

  // Its own time, or HKL_UNKNOWN_MS. `is_new_channel`: nothing was heard of its
  // channel on this connection, so what came before is told too.
  std::int64_t of(const Event& event, bool is_new_channel, const Emit& emit) const;

 private:
  struct Draft;
  void channel(Draft& draft, const Leg& leg, bool is_new_channel) const;
  void bridge(Draft& draft, bool enters) const;
  void application(Draft& draft, bool enters) const;
  void queue(Draft& draft) const;
  void parking(Draft& draft) const;
  void order(Draft& draft) const;
  const Settings& settings_;
  Numbering numbering_;
  mutable TextRoom room_;
};

}  // namespace freeswitch
