// Puts on each event what its adapter does not know: the source, the time of
// receipt and, where the source says `clock: receipt`, that time in place of
// the PBX's own. Sees a PBX whose clock is wrong and says so; it corrects
// nothing by itself (DESIGN section 12).
#pragma once

#include <optional>
#include <string>

#include "endpoints/source_runner.h"

namespace hkl {

class EventStamp {
 public:
  // `setup` outlives this.
  explicit EventStamp(const SourceSetup& setup) : setup_(setup) {}

  // Of a file or a capture: event times rule.
  void stamp_told(Event& event, Instant received_at) const;
  // Of a line. `is_fresh`: the bytes had not waited for us, so that the two
  // clocks can be compared. A sentence when the PBX's clock is more than two
  // minutes off; once.
  std::optional<std::string> stamp_heard(Event& event, Instant received_at, bool is_fresh);

 private:
  void use_receipt(Event& event, Instant received_at);

  const SourceSetup& setup_;
  std::optional<Millis> behind_;  // how much our clock shows later than the PBX's, when last seen
  std::uint64_t heard_ = 0;
  bool has_warned_ = false;
};

}  // namespace hkl
