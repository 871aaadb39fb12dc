// One call as several sources saw the switch's channels (AMI and CEL): one
// board of them all. Who saw everything counts; of two such, who tells more;
// what the others saw besides fills what is missing (DESIGN section 12).
#pragma once

#include <string>
#include <vector>

#include "assembly/assemble.h"
#include "assembly/switchboard.h"

namespace hkl {

struct Sightings {
  Switchboard board;
  // Some source missed nothing of the call: no other one's gap matters.
  bool is_whole = false;
};

// `events` in fold order, channel vocabulary only, of any number of sources.
Sightings gather_sightings(const std::vector<const Event*>& events, const SourceHistory& source);

}  // namespace hkl
