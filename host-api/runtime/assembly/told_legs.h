// Legs and whole calls as clouds and call records tell them.
#pragma once

#include <vector>

#include "assembly/assemble.h"
#include "model/call.h"

namespace hkl {

// Records are dated to the second, and two of them tell one moment.
inline constexpr Millis kSameMoment{1500};

// `events` in fold order, leg vocabulary only. Empty id: they tell of no call.
Call fold_told_legs(const std::vector<const Event*>& events, const SourceHistory& source,
                    const NormaliseNumber& normalise);

// Waiting and talking times of a call from its own and its legs', where they
// are not there yet. `talked`: a person and the client did.
void derive_times(Call& call, bool talked);

}  // namespace hkl
