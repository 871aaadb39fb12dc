// A check in a process of its own: whatever the plugin does there, the next
// check begins afresh.
#pragma once

#include <chrono>

#include "check.h"

namespace hkl::validate {

// Forks, so the caller has one thread. The child leads a process group of its
// own with bounded memory, processor time and files; what it prints
// is captured. When `limit` is over, or the check is done, the whole group is
// killed.
Outcome run_in_child(const Check& check, const Candidate& candidate, std::chrono::milliseconds limit);

}  // namespace hkl::validate
