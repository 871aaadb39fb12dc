// The meeting of several witnesses of one call: the finer time wins, either
// fills what the other lacks (DESIGN section 12).
#pragma once

#include "model/call.h"

namespace hkl {

// `fine`: from the channels of a switch, or from events as they happened;
// `coarse`: from records of whole calls. Takes from it what `fine` lacks, and
// where `fine` did not see all of the call, its ends, answer and legs.
void complete(Call& fine, const Call& coarse);

}  // namespace hkl
