// Digests as plugins ask for them (hookline/host.h), by OpenSSL.
#pragma once

#include <cstdint>

#include "hookline/host.h"

namespace hkl {

// HKL_UNSUPPORTED: no such algorithm here. Thread-safe.
hkl_status hash(std::uint32_t algorithm, hkl_bytes data, hkl_digest& out);
hkl_status hmac(std::uint32_t algorithm, hkl_bytes key, hkl_bytes data, hkl_digest& out);

}  // namespace hkl
