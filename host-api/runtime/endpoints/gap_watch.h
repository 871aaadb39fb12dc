// Knows when a PBX was last heard, and so what was missed once it is heard
// again. AMI and ESL have no acknowledgement: what passed while nobody
// listened is marked, never guessed (DESIGN section 4, step 3).
//
// All by the PBX's own clock, as events tell it: ours may show another time,
// and a gap is compared with the times of calls.
#pragma once

#include <optional>
#include <string>

#include "model/event.h"

namespace hkl {

struct Gap {
  Instant from, to;
};

class GapWatch {
 public:
  // `heard_until`: by an earlier process, if it heard anything.
  explicit GapWatch(std::optional<Instant> heard_until) : heard_until_(heard_until) {}

  // A connection is live, and there was none before it.
  void live_again() { is_owed_ = heard_until_.has_value(); }
  // Something of the moment `at` was told. The first time on a new connection
  // says until when nobody listened.
  std::optional<Gap> heard(Instant at) {
    std::optional<Gap> gap;
    if (is_owed_ && *heard_until_ + Millis(1) < at) gap = Gap{*heard_until_ + Millis(1), at};
    is_owed_ = false;
    if (!heard_until_ || at > *heard_until_) heard_until_ = at;
    return gap;
  }

 private:
  std::optional<Instant> heard_until_;
  bool is_owed_ = false;
};

// Whether an event tells of the moment in which it was said: records, lists and
// gaps tell of the past or carry the host's time.
inline bool is_of_its_moment(const Event& event) {
  switch (event.kind) {
    case HKL_EVENT_CALL_SUMMARY:
    case HKL_EVENT_LEG_SUMMARY:
    case HKL_EVENT_CHANNEL_SEEN:
      return false;
    default:
      return event.kind < HKL_EVENT_SOURCE_GAP || event.kind > HKL_EVENT_SOURCE_SILENT;
  }
}

// The event of a gap, without its source. Its id is made of its bounds: the
// same gap told twice is one.
inline Event event_of(const Gap& gap) {
  Event event;
  event.kind = HKL_EVENT_SOURCE_GAP;
  event.event_id = "gap:" + std::to_string(ms_of(gap.from)) + ":" + std::to_string(ms_of(gap.to));
  event.at = gap.from;
  event.ended_at = gap.to;
  return event;
}

}  // namespace hkl
