// What a switch that logs its channels alone (CEL) leaves unsaid: who rang
// whom, which halves are a pair, when somebody waited in a queue. Concluded
// from names, conversations and times, before channels are folded.
#pragma once

#include "assembly/switchboard.h"

namespace hkl {

// Does nothing to a board whose dials were told.
void conclude_untold(Switchboard& board);

}  // namespace hkl
