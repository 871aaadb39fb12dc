// Legs and whole calls as clouds and call records tell them, and the meeting of
// several witnesses of one call: the finer time wins, either fills what the
// other lacks (DESIGN section 12).
#pragma once

#include <vector>

#include "assembly/assemble.h"
#include "model/call.h"

namespace hkl {

// `events` in fold order, leg vocabulary only. Empty id: they tell of no call.
Call fold_told_legs(const std::vector<const Event*>& events, const SourceHistory& source,
                    const NormaliseNumber& normalise);

// What `coarse` knows and `fine` lacks.
void complete(Call& fine, const Call& coarse);

}  // namespace hkl
