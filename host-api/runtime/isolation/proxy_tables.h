// The tables of functions of a plugin that runs in a process of its own.
#pragma once

#include <string>

#include "hookline/plugin.h"

namespace hkl::isolation {

// Null for what this host does not know.
const void* proxy_table(const std::string& interface_id);

}  // namespace hkl::isolation
