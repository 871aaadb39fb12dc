// Who handed the client on, to whom and how: what the switch says of it, and
// what only its channels show (feature codes, AMI Redirect, forwards).
#pragma once

#include "assembly/call_times.h"

namespace hkl {

// Into call.transfers, in order of time.
void tell_transfers(Call& call, const Switchboard& board, const Roles& roles, const Heard& heard);

}  // namespace hkl
