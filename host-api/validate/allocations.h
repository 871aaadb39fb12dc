// Memory that runs out at a chosen moment, for the plugin alone.
#pragma once

#include <cstdint>

namespace hkl::validate {

// While one stands, this thread is inside the plugin: its allocations count.
class Inside {
 public:
  Inside();
  ~Inside();
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;

 private:
  bool was_inside_;
};

// While one stands, allocations of this thread are the host's own and do not fail.
class NoFailures {
 public:
  NoFailures();
  ~NoFailures();
  NoFailures(const NoFailures&) = delete;
  NoFailures& operator=(const NoFailures&) = delete;

 private:
  bool was_inside_;
};

// Whether this build can do it at all; sanitizers bring an allocator of their own.
bool can_fail_allocations();
// Lets malloc and its kin, as the plugin that holds `address` sees them, and
// operator new on this thread obey the following.
void hook_allocations(const void* address);
// The n-th allocation of some size from now fails, counted from 1; 0: only count.
void arm_allocations(std::uint64_t n);
std::uint64_t disarm_allocations();  // how many there were

}  // namespace hkl::validate
