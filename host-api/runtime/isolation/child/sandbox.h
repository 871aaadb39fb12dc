// What a child may still do: bounded memory, no new files, no programs, and
// two filters of system calls, one for opening the plugin, a narrower one for
// its work.
#pragma once

#include <cstdint>

#include "values/result.h"

namespace hkl::isolation {

// Before anything of the plugin is touched. `memory_bytes`: of address space;
// `is_active`: it may have threads and sockets (flag "active").
Done confine_for_opening(std::uint64_t memory_bytes, bool is_active);

// Once it is open.
Done confine_for_work(bool is_active);

}  // namespace hkl::isolation
