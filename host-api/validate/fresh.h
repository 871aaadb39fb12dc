// A process begun anew, with other addresses, another environment and another
// clock, in which the plugin does its usual work once more.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "check.h"

namespace hkl::validate {

struct Elsewhere {
  std::map<std::string, std::string> environment;
  std::int64_t clock_shift_s = 0;  // of every clock that the plugin reads
};

// What the plugin said there, line by line; nothing: it did not come back.
std::optional<std::vector<std::string>> told_elsewhere(const Candidate& candidate, const Elsewhere& elsewhere);

// The other end: does the work and prints it. Called by main().
int tell_here(const Candidate& candidate, std::int64_t clock_shift_s);

}  // namespace hkl::validate
