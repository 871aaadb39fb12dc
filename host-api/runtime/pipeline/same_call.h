// Whether two calls are the same in every field.
#pragma once

#include "model/call.h"

namespace hkl {

bool is_same(const Call& one, const Call& other);

}  // namespace hkl
