// The zones of this system, for the files of this folder alone: the library's
// types stay out of headers that other parts read.
#pragma once

#include <date/tz.h>

#include <string_view>

#include "values/result.h"

namespace hkl {

// The zone of that name, which lives for ever. HKL_NOT_FOUND names the nearest
// one. Thread-safe.
Result<const date::time_zone*> find_zone(std::string_view name);

}  // namespace hkl
