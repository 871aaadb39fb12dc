// The legs of a call, from its channels, queues and applications.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "assembly/switchboard.h"
#include "assembly/talks.h"
#include "model/call.h"

namespace hkl {

// `heard`: when each channel had the client. `call` has its times.
std::vector<Leg> fold_legs(const Switchboard& board, const Channel* client, const Channel& first, Direction direction,
                           const std::map<std::string, std::vector<Span>>& heard, const Call& call);

}  // namespace hkl
