#include "secrets.h"

#include <gtest/gtest.h>

namespace crm {
namespace {

TEST(Secrets, APasswordIsKnownByItsHashAlone) {
  const auto hash = hash_password("right");
  EXPECT_TRUE(hash.starts_with("$argon2id$"));
  EXPECT_EQ(hash.find("right"), std::string::npos);
  EXPECT_TRUE(verify_password(hash, "right"));
  EXPECT_FALSE(verify_password(hash, "wrong"));
  EXPECT_FALSE(verify_password("no hash at all", "right"));
  EXPECT_NE(hash_password("right"), hash) << "each has a salt of its own";
}

TEST(Secrets, TokensAreLongAndNeverTheSame) {
  EXPECT_EQ(random_token().size(), 64U);
  EXPECT_NE(random_token(), random_token());
}

TEST(Secrets, Sha256IsTheUsualOne) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace crm
