// For tests of the assembly: events as a text that anyone can write, and a call
// as a text that a diff can explain.
//
//   0.0  begun  c   trunk in client=+12125550151 line=+12025550110
//   0.1  dial   c>p phone ext=101
//   2.2  up     p
//   2.2  enter  c   b1
//
// One event a line: seconds since kScriptStart, the kind in a word, the channel
// or leg (`from>to` where there are two), then words and name=value pairs. A
// name is the event's field; `conv=` its call_ref, else "call"; `src=` its
// source, else "pbx".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "assembly/assemble.h"

namespace hkl {

// 2026-03-02T09:00:00Z.
Instant script_start();

// Throws std::invalid_argument on a word it does not know.
std::vector<Event> events_of_script(std::string_view script);

// The call of a script, whatever order its events come in: folds them forwards,
// backwards, twice and shuffled, and throws std::logic_error when two of these
// differ. Events of the source (gap, listed, restarted, silent) are its history.
Call call_of_script(std::string_view script);

// "in answered normal client 0.0 2.2 18.0 wait 2.2 …" and a line for each leg
// and transfer; times in seconds since kScriptStart, "?" for what is not known.
std::string told(const Call& call);

// told() of the script's call.
std::string told_of(std::string_view script);

}  // namespace hkl
