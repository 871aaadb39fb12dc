#include "plugins/digests.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <climits>

namespace hkl {
namespace {

const EVP_MD* algorithm_of(std::uint32_t algorithm) {
  switch (algorithm) {
    case HKL_DIGEST_MD5:
      return EVP_md5();
    case HKL_DIGEST_SHA1:
      return EVP_sha1();
    case HKL_DIGEST_SHA256:
      return EVP_sha256();
    case HKL_DIGEST_SHA512:
      return EVP_sha512();
    default:
      return nullptr;
  }
}

bool is_legal(hkl_bytes bytes) { return bytes.ptr != nullptr || bytes.len == 0; }

}  // namespace

hkl_status hash(std::uint32_t algorithm, hkl_bytes data, hkl_digest& out) {
  const auto* method = algorithm_of(algorithm);
  if (method == nullptr) return HKL_UNSUPPORTED;
  if (!is_legal(data)) return HKL_INVALID;
  unsigned length = 0;
  // A hardened OpenSSL may have MD5 switched off.
  if (EVP_Digest(data.ptr, data.len, out.bytes, &length, method, nullptr) != 1) return HKL_UNSUPPORTED;
  out.len = length;
  return HKL_OK;
}

hkl_status hmac(std::uint32_t algorithm, hkl_bytes key, hkl_bytes data, hkl_digest& out) {
  const auto* method = algorithm_of(algorithm);
  if (method == nullptr) return HKL_UNSUPPORTED;
  if (!is_legal(key) || !is_legal(data) || key.len > INT_MAX) return HKL_INVALID;
  // OpenSSL takes a null key for "the key of the last call".
  const void* key_bytes = key.ptr == nullptr ? static_cast<const void*>("") : key.ptr;
  unsigned length = 0;
  if (HMAC(method, key_bytes, static_cast<int>(key.len), data.ptr, data.len, out.bytes, &length) == nullptr) {
    return HKL_UNSUPPORTED;
  }
  out.len = length;
  return HKL_OK;
}

}  // namespace hkl
