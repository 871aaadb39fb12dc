// How long the client waited, talked and was kept waiting, out of who heard
// whom when (metrics.md §1.4).
#pragma once

#include "assembly/call_roles.h"
#include "assembly/talks.h"

namespace hkl {

// When whom the client could hear, by channel.
using Heard = std::map<std::string, std::vector<Span>>;

// When the client could hear a person of ours.
std::vector<Span> with_people(const Switchboard& board, const Roles& roles, const Heard& heard);
// The times of an answered call; nothing where an edge was not seen.
void tell_talk(Call& call, const Switchboard& board, const Roles& roles, const std::vector<Span>& talks,
               const Heard& heard, Instant until);
// After tell_talk, if that is asked.
void tell_waiting(Call& call, const Switchboard& board);

}  // namespace hkl
