// A command line, read and obeyed.
#pragma once

#include "commands.h"

namespace cli {

// What the words ask for: a command with its options, help, or a complaint.
// Nothing is done before the action is called.
Action read_command_line(int count, const char* const* words);

}  // namespace cli
