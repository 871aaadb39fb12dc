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

// Within a check's child: what the plugin is being asked for, so that a crash
// or a hang can be told by name. `what` is a literal.
class Doing {
 public:
  explicit Doing(const char* what);
  ~Doing();
  Doing(const Doing&) = delete;
  Doing& operator=(const Doing&) = delete;

 private:
  const char* before_;
};
// The step and, where a check sets one, which round of it.
const char* doing_now();
void set_round(std::uint64_t round);

// Answers for the check and ends its child at once; for code that cannot
// return, as in a signal handler.
[[noreturn]] void finish(const Outcome& outcome);

}  // namespace hkl::validate
