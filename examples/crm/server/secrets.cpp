#include "secrets.h"

#include <argon2.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <stdexcept>
#include <vector>

namespace crm {
namespace {

// OWASP's password storage sheet: 19 MiB, two passes, one lane.
constexpr std::uint32_t kPasses = 2, kMemoryKib = 19456, kLanes = 1;

std::string hex(const unsigned char* bytes, std::size_t count) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text += kDigits[bytes[i] >> 4];
    text += kDigits[bytes[i] & 15];
  }
  return text;
}

template <std::size_t N>
std::array<unsigned char, N> random_bytes() {
  std::array<unsigned char, N> bytes{};
  if (RAND_bytes(bytes.data(), N) != 1) throw std::runtime_error("the system gives no random numbers");
  return bytes;
}

}  // namespace

std::string random_token() {
  const auto bytes = random_bytes<32>();
  return hex(bytes.data(), bytes.size());
}

std::string sha256_hex(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("OpenSSL refuses SHA-256");
  return hex(digest.data(), length);
}

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string hash_password(const std::string& password) {
  const auto salt = random_bytes<16>();
  constexpr std::size_t kHashBytes = 32;
  std::vector<char> text(argon2_encodedlen(kPasses, kMemoryKib, kLanes, salt.size(), kHashBytes, Argon2_id));
  const int answer = argon2id_hash_encoded(kPasses, kMemoryKib, kLanes, password.data(), password.size(), salt.data(),
                                           salt.size(), kHashBytes, text.data(), text.size());
  if (answer != ARGON2_OK) throw std::runtime_error(argon2_error_message(answer));
  return text.data();
}

bool verify_password(const std::string& hash, const std::string& password) {
  return argon2id_verify(hash.c_str(), password.data(), password.size()) == ARGON2_OK;
}

}  // namespace crm
