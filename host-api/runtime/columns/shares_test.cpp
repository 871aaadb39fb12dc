#include "columns/shares.h"

#include <gmock/gmock.h>

#include "columns/dictionary.h"

namespace hkl {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
constexpr auto kNobody = NarrowColumn::kNoCode;

std::vector<Share> kept(const std::vector<Share>& shares) {
  std::vector<Share> back;
  unpack_shares(packed_shares(shares), back);
  return back;
}

TEST(Shares, ComeBackFromTheTextOfAColumn) {
  const Share first{0, 1, 60'000}, second{300, kNobody, 0}, unknown{kNobody, 70'000, std::nullopt};
  EXPECT_THAT(kept({first, second, unknown}), ElementsAre(first, second, unknown));
  const Share marked{7, kNobody, 1'000, true}, nobody{kNobody, kNobody, 0, true};
  EXPECT_THAT(kept({marked, nobody, unknown}), ElementsAre(marked, nobody, unknown));
  EXPECT_THAT(kept({}), IsEmpty());
}

TEST(Shares, KeepATalkThatAClockTurnedRound) {
  const Share back{1, 1, -5'000}, far{1, 1, INT64_MAX / 2};
  EXPECT_THAT(kept({back, far}), ElementsAre(back, far));
}

TEST(Shares, TakeLessRoomThanTheirTexts) {
  EXPECT_EQ(packed_shares({{5, 6, 60'000}, {7, 8, 120'000}}).size(), 2 * (1 + 1 + 3U));
}

TEST(Shares, AreFirstWhereTheyAreWhomTheCallNames) {
  std::vector<Share> shares = {{1, 5, 100}, {1, 6, 100}, {kNobody, 5, 100}, {kNobody, kNobody, 100}};
  mark_first(shares, 1, 5);
  EXPECT_TRUE(shares[0].is_first);
  EXPECT_FALSE(shares[1].is_first || shares[2].is_first || shares[3].is_first);
  mark_first(shares, std::nullopt, std::nullopt);
  EXPECT_TRUE(shares[3].is_first);
  EXPECT_FALSE(shares[0].is_first);
}

// A name may hold whatever stands between the shares.
TEST(Shares, AreReadWhateverTheirNamesHold) {
  Dictionary employees, extensions;
  const auto of = [](Dictionary& texts) { return [&texts](std::string_view text) { return texts.add(text); }; };
  const auto shares = read_shares("#5 3 60000 #1 a101##-1 0 x #4 -1 -7 ivan", of(employees), of(extensions));
  EXPECT_THAT(shares, ElementsAre(Share{0, 0, 60'000}, Share{kNobody, 1, std::nullopt}, Share{1, kNobody, -7}));
  EXPECT_EQ(employees.text(0), "#1 a1");
  EXPECT_EQ(extensions.text(0), "01#");
}

}  // namespace
}  // namespace hkl
