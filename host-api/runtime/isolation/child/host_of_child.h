// hkl_host as a plugin in a child sees it: digests are made here, everything
// else is asked of the host.
#pragma once

#include <string>

#include "hookline/plugin.h"
#include "talk.h"

namespace hkl::isolation {

// `offered`: ids, one a line. Both live till the process ends.
const hkl_host* host_of_child(Talk& talk, const std::string& offered);

}  // namespace hkl::isolation
