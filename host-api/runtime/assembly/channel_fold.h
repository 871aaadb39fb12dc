// From the channels of one call to its record. What the rules are after: the
// folds of real traces in the PBX formats' notes (answered is a person reached
// through bridges; causes before dial words; transfers from every kind of
// trace).
#pragma once

#include <string>

#include "assembly/assemble.h"
#include "assembly/switchboard.h"
#include "model/call.h"

namespace hkl {

// `source` tells of gaps, lists, restarts and ends of input.
Call fold_channels(Switchboard board, const SourceHistory& source, const NormaliseNumber& normalise);

}  // namespace hkl
