#include "digest_text.h"

#include <algorithm>

#include "hookline/host.h"

namespace profile {
namespace {

std::string hex_of(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    out += kDigits[static_cast<unsigned char>(c) >> 4];
    out += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

}  // namespace

const std::vector<std::string>& digest_encodings() {
  static const std::vector<std::string> known{"hex", "base64", "base64_hex"};
  return known;
}

const std::vector<std::string>& digest_algorithms() {
  static const std::vector<std::string> known{"md5", "sha1", "sha256", "sha512"};
  return known;
}

std::string base64_of(std::string_view text) {
  static constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    std::uint32_t bits = 0;
    const auto count = std::min<std::size_t>(3, text.size() - i);
    for (std::size_t k = 0; k < 3; ++k) bits = (bits << 8) | (k < count ? static_cast<unsigned char>(text[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) out += k <= count ? kLetters[(bits >> (18 - 6 * k)) & 63] : '=';
  }
  return out;
}

std::optional<std::string> digest_of(const hookline::Host& host, std::uint32_t algorithm,
                                     const std::optional<std::string>& key, std::string_view text,
                                     const std::string& encoding) {
  const auto* digest = host.find<hkl_host_digest>(HKL_HOST_DIGEST_V1);
  if (digest == nullptr || (key && key->empty())) return std::nullopt;
  hkl_digest out{};
  out.struct_size = sizeof out;
  const auto status = key ? digest->hmac(host.get(), algorithm, hookline::bytes(*key), hookline::bytes(text), &out)
                          : digest->hash(host.get(), algorithm, hookline::bytes(text), &out);
  if (status != HKL_OK || out.len > sizeof out.bytes) return std::nullopt;
  const std::string_view raw(reinterpret_cast<const char*>(out.bytes), out.len);
  if (encoding == "hex") return hex_of(raw);
  return base64_of(encoding == "base64" ? raw : hex_of(raw));
}

}  // namespace profile
