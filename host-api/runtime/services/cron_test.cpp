// Times that come again.
#include "services/cron.h"

#include <gmock/gmock.h>

#include "services/zone.h"

namespace hkl {
namespace {

using testing::HasSubstr;

constexpr const char* kBerlin = "Europe/Berlin";

// The moments after one, as the zone's clock shows them.
std::vector<std::string> next(const char* cron, const char* after, int count, const char* zone = kBerlin) {
  std::vector<std::string> shown;
  auto at = *parse_from(after, zone);
  const auto made = Cron::of(cron);
  for (int i = 0; made && i < count; ++i) {
    const auto then = made->next(at, zone);
    if (!then) return {then.error().text};
    at = *then;
    shown.push_back(iso_local(at, zone));
    shown.back().erase(16, 7);  // seconds
  }
  return shown;
}
using Times = std::vector<std::string>;

std::string fault(const char* cron) {
  const auto made = Cron::of(cron);
  return made ? "" : made.error().text;
}

TEST(Cron, EveryWeekdayInTheMorning) {
  EXPECT_EQ(next("30 9 * * mon-fri", "2026-03-05 09:30", 3),
            (Times{"2026-03-06T09:30+01:00", "2026-03-09T09:30+01:00", "2026-03-10T09:30+01:00"}));
}

TEST(Cron, SeveralTimesOfADayWithSteps) {
  EXPECT_EQ(
      next("0,30 8-12/4 * * *", "2026-03-05 08:00", 4),
      (Times{"2026-03-05T08:30+01:00", "2026-03-05T12:00+01:00", "2026-03-05T12:30+01:00", "2026-03-06T08:00+01:00"}));
}

TEST(Cron, EitherDayIsEnoughWhereBothAreSaid) {
  EXPECT_EQ(next("0 7 1 * sun", "2026-03-28 08:00", 3),
            (Times{"2026-03-29T07:00+02:00", "2026-04-01T07:00+02:00", "2026-04-05T07:00+02:00"}));
}

TEST(Cron, ATimeThatAChangedClockSkipsComesLater) {
  EXPECT_EQ(next("30 2 * * *", "2026-03-28 12:00", 2), (Times{"2026-03-29T03:30+02:00", "2026-03-30T02:30+02:00"}));
}

TEST(Cron, WhatStandsBehindASkippedTimeComesBeforeIt) {
  EXPECT_EQ(next("0,30 2,3 * * *", "2026-03-28 12:00", 3),
            (Times{"2026-03-29T03:00+02:00", "2026-03-29T03:30+02:00", "2026-03-30T02:00+02:00"}));
}

TEST(Cron, ATimeThatAClockShowsTwiceComesOnce) {
  EXPECT_EQ(next("30 2 * * *", "2026-10-24 12:00", 2), (Times{"2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00"}));
}

TEST(Cron, TheDayIsTheZones) {
  EXPECT_EQ(next("0 0 1 * *", "2026-03-31 20:00", 1, "Asia/Tokyo"), (Times{"2026-04-01T00:00+09:00"}));
}

TEST(Cron, LeapDaysAreWaitedFor) {
  EXPECT_EQ(next("0 0 29 feb *", "2026-03-01", 1), (Times{"2028-02-29T00:00+01:00"}));
  EXPECT_EQ(next("0 0 30 feb *", "2026-03-01", 1), (Times{"there is no such day"}));
}

TEST(Cron, WhatIsWrongIsNamed) {
  EXPECT_THAT(fault("0 9 * *"), HasSubstr("has 4 fields; five are needed"));
  EXPECT_THAT(fault("60 9 * * *"), HasSubstr("\"60\" is no minute of 0 to 59"));
  EXPECT_THAT(fault("0 9 * * mo"), HasSubstr("\"mo\" is no weekday"));
  EXPECT_THAT(fault("0 18-9 * * *"), HasSubstr("\"18-9\" is no hour"));
  EXPECT_THAT(fault("*/0 9 * * *"), HasSubstr("\"*/0\" is no minute"));
}

}  // namespace
}  // namespace hkl
