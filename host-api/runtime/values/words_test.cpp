#include "values/words.h"

#include <gtest/gtest.h>

namespace hkl {
namespace {

TEST(Words, NumbersAreThoseOfTheContract) {
  EXPECT_EQ(static_cast<std::uint32_t>(Reason::security), HKL_REASON_SECURITY);
  EXPECT_EQ(static_cast<std::uint32_t>(LegOutcome::moved), HKL_LEG_MOVED);
  EXPECT_EQ(static_cast<std::uint32_t>(CallType::unknown), HKL_CALL_TYPE_UNKNOWN);
  EXPECT_EQ(static_cast<std::uint32_t>(Presence::unreachable), HKL_PRESENCE_UNREACHABLE);
}

TEST(Words, EveryWordLeadsBackToItsNumber) {
  for (std::uint32_t n = 0; n <= HKL_REASON_UNKNOWN; ++n) {
    const auto reason = static_cast<Reason>(n);
    EXPECT_EQ(from_word<Reason>(word(reason)), reason);
  }
  EXPECT_EQ(from_word<Direction>("sideways"), std::nullopt);
}

TEST(Words, AMisspelledWordFindsItsNeighbour) {
  const std::string_view known[] = {"host", "port", "secret"};
  EXPECT_EQ(nearest_word("hots", known, 3), "host");
  EXPECT_EQ(nearest_word("scret", known, 3), "secret");
  EXPECT_EQ(nearest_word("elephant", known, 3), "");
}

}  // namespace
}  // namespace hkl
