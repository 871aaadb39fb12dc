// Digests and their encodings as vendors write them, for signatures.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hookline/sdk/host.h"

namespace profile {

// How a digest is told: hex, base64, or base64 of the hex text.
const std::vector<std::string>& digest_encodings();
// In the order of HKL_DIGEST_…: md5, sha1, sha256, sha512.
const std::vector<std::string>& digest_algorithms();

std::string base64_of(std::string_view text);
// `key`: of an HMAC; nothing: a plain hash. `algorithm` is an HKL_DIGEST_…
// Nothing where the host has no such digest, or the key is empty.
std::optional<std::string> digest_of(const hookline::Host& host, std::uint32_t algorithm,
                                     const std::optional<std::string>& key, std::string_view text,
                                     const std::string& encoding);

}  // namespace profile
