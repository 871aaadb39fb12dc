// Whether and when a call is over, and whether all of it was seen.
#pragma once

#include <optional>

#include "assembly/assemble.h"
#include "assembly/switchboard.h"
#include "assembly/talks.h"
#include "model/call.h"

namespace hkl {

// Whether a channel is gone, and since when if that was seen: one without an
// end is gone all the same when a later list of living channels does not name
// it, the switch began anew, or the input ended.
struct Gone {
  bool is_gone = false;
  std::optional<Instant> at;
  std::optional<Instant> noticed_at;  // when it was not there any more
};
Gone gone(const Channel& channel, const SourceHistory& source);

struct Closing {
  bool is_over = false, incomplete = false;
  std::optional<Instant> ended_at;  // nothing when the end was not seen
};
Closing closing_of(const Switchboard& board, const Channel& first, const Channel* client, Direction direction,
                   const SourceHistory& source);

// Outcome, finish reason, who hung up, the PBX's own word (metrics §4.1).
void tell_outcome(Call& call, const Switchboard& board, const Channel* client, const Channel& first,
                  const std::map<std::string, std::vector<Span>>& heard);

}  // namespace hkl
