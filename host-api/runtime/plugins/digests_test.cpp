#include "plugins/digests.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace hkl {
namespace {

hkl_bytes bytes(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

std::string hex(hkl_status status, const hkl_digest& digest) {
  if (status != HKL_OK) return fmt::format("status {}", status);
  std::string text;
  for (std::uint32_t i = 0; i < digest.len; ++i) text += fmt::format("{:02x}", digest.bytes[i]);
  return text;
}

std::string hash_of(std::uint32_t algorithm, std::string_view data) {
  hkl_digest digest{};
  return hex(hash(algorithm, bytes(data), digest), digest);
}

std::string hmac_of(std::uint32_t algorithm, std::string_view key, std::string_view data) {
  hkl_digest digest{};
  return hex(hmac(algorithm, bytes(key), bytes(data), digest), digest);
}

// RFC 1321 and FIPS 180: "abc".
TEST(Digest, HashesAsTheStandardsSay) {
  EXPECT_EQ(hash_of(HKL_DIGEST_MD5, "abc"), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(hash_of(HKL_DIGEST_SHA1, "abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(hash_of(HKL_DIGEST_SHA256, "abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hash_of(HKL_DIGEST_SHA512, "abc"),
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
  EXPECT_EQ(hash_of(HKL_DIGEST_MD5, ""), "d41d8cd98f00b204e9800998ecf8427e");
}

// RFC 2202 and RFC 4231, test case 2.
TEST(Digest, SignsAsTheStandardsSay) {
  constexpr std::string_view kData = "what do ya want for nothing?";
  EXPECT_EQ(hmac_of(HKL_DIGEST_MD5, "Jefe", kData), "750c783e6ab0b503eaa86e310a5db738");
  EXPECT_EQ(hmac_of(HKL_DIGEST_SHA1, "Jefe", kData), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  EXPECT_EQ(hmac_of(HKL_DIGEST_SHA256, "Jefe", kData),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hmac_of(HKL_DIGEST_SHA512, "Jefe", kData),
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
            "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
}

// RFC 4231, test case 6.
TEST(Digest, TakesAKeyLongerThanABlock) {
  EXPECT_EQ(
      hmac_of(HKL_DIGEST_SHA256, std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First"),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Digest, AnEmptyKeyIsNotTheKeyOfTheLastCall) {
  (void)hmac_of(HKL_DIGEST_SHA256, "another key", "x");
  EXPECT_EQ(hmac_of(HKL_DIGEST_SHA256, {}, {}), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(Digest, RefusesWhatItDoesNotKnowAndBytesWithoutAPointer) {
  hkl_digest digest{};
  EXPECT_EQ(hash(0, bytes("x"), digest), HKL_UNSUPPORTED);
  EXPECT_EQ(hash(5, bytes("x"), digest), HKL_UNSUPPORTED);
  EXPECT_EQ(hmac(5, bytes("k"), bytes("x"), digest), HKL_UNSUPPORTED);
  EXPECT_EQ(hash(HKL_DIGEST_MD5, {nullptr, 3}, digest), HKL_INVALID);
  EXPECT_EQ(hmac(HKL_DIGEST_MD5, {nullptr, 3}, bytes("x"), digest), HKL_INVALID);
  EXPECT_EQ(hmac(HKL_DIGEST_MD5, bytes("k"), {nullptr, 3}, digest), HKL_INVALID);
}

}  // namespace
}  // namespace hkl
