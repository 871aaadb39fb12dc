// The section `http`.
#pragma once

#include "config/config.h"
#include "config/reading.h"

namespace hkl {

HttpConfig read_http(const ConfigReading& reading);

}  // namespace hkl
