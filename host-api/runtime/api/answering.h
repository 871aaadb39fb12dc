// One request under /api/v1 that a CRM hands in.
#pragma once

#include "api/runtime.h"

namespace hkl {

// `reply` is filled before the first byte goes to `body`.
Done answer_api(Runtime& runtime, const hkl_api_request& request, const hkl_writer& body, hkl_api_reply& reply);

}  // namespace hkl
