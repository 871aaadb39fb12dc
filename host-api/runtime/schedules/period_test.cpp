#include "schedules/period.h"

#include <gtest/gtest.h>

#include "services/zone.h"

namespace hkl {
namespace {

std::string period(const char* word, const char* now = "2026-03-01 00:30") {
  const auto named = period_named(word, *parse_from(now, "Europe/Moscow"), "Europe/Moscow");
  return named ? named->from + " " + named->to : named.error().text;
}

TEST(NamedPeriod, IsOfTheZonesDays) {
  EXPECT_EQ(period("today"), "2026-03-01 2026-03-01");
  EXPECT_EQ(period("yesterday"), "2026-02-28 2026-02-28");
  EXPECT_EQ(period("this_week"), "2026-02-23 2026-03-01");
  EXPECT_EQ(period("last_week"), "2026-02-16 2026-02-22");
  EXPECT_EQ(period("this_month"), "2026-03-01 2026-03-31");
  EXPECT_EQ(period("last_month"), "2026-02-01 2026-02-28");
  EXPECT_EQ(period("last_7_days"), "2026-02-22 2026-02-28");
  EXPECT_EQ(period("last_30_days"), "2026-01-30 2026-02-28");
  EXPECT_EQ(period("last_month", "2026-01-15 12:00"), "2025-12-01 2025-12-31");
}

TEST(NamedPeriod, AnUnknownOneNamesTheNearest) {
  EXPECT_EQ(period("lastweek"), "there is no period \"lastweek\"; did you mean \"last_week\"?");
}

}  // namespace
}  // namespace hkl
