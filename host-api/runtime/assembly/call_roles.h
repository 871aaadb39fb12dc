// Who is who in a call of channels: who began it, who is the outside party,
// which way it went. Contexts of the dialplan are not asked: the first real
// channel tells.
#pragma once

#include "assembly/assemble.h"
#include "assembly/switchboard.h"
#include "model/call.h"

namespace hkl {

// `first` is null where no channel leads to anybody.
struct Roles {
  const Channel* first = nullptr;   // who began
  const Channel* client = nullptr;  // the outside party; internal: who called
  Direction direction{};
};

Roles roles_of(const Switchboard& board);
// Client and line, with the country's rules.
void tell_numbers(Call& call, const Switchboard& board, const Roles& roles, const NormaliseNumber& normalise);
// A phone that dialled a code of the switch (*8) and reached nobody: no call.
bool is_code_alone(const Switchboard& board, const Roles& roles);

}  // namespace hkl
