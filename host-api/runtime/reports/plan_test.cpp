#include "reports/plan.h"

#include <gtest/gtest.h>

#include "reports/test_store.h"

namespace hkl {
namespace {

std::string period(const std::string& from, const std::string& to, const std::string& zone = kMoscow) {
  const auto bounds = read_bounds(from, to, zone);
  if (!bounds) return bounds.error().text;
  const auto shown = [&](const std::optional<Instant>& at) { return at ? iso_local(*at, zone) : std::string("…"); };
  return shown(bounds->from) + " " + shown(bounds->to);
}

TEST(Period, ADateCountsWhole) {
  EXPECT_EQ(period("2026-03-02", "2026-03-03"), "2026-03-02T00:00:00.000+03:00 2026-03-04T00:00:00.000+03:00");
  EXPECT_EQ(period("2026-03-02", "2026-03-02"), "2026-03-02T00:00:00.000+03:00 2026-03-03T00:00:00.000+03:00");
}

TEST(Period, ATimeIsTakenAsItIs) {
  EXPECT_EQ(period("2026-03-02T09:00", "2026-03-02T06:30:00.500Z"),
            "2026-03-02T09:00:00.000+03:00 2026-03-02T09:30:00.500+03:00");
}

TEST(Period, EitherEndMayBeOpen) {
  EXPECT_EQ(period("", ""), "… …");
  EXPECT_EQ(period("", "2026-03-03"), "… 2026-03-04T00:00:00.000+03:00");
}

TEST(Period, ItsDaysAreOfTheZone) {
  EXPECT_EQ(period("2026-10-25", "2026-10-25", "Europe/Berlin"),
            "2026-10-25T00:00:00.000+02:00 2026-10-26T00:00:00.000+01:00");
}

TEST(Period, ATurnedRoundOneIsRefused) {
  EXPECT_EQ(period("2026-03-05", "2026-03-02"), "the period ends (2026-03-02) before it begins (2026-03-05)");
  EXPECT_EQ(period("2026-03-03", "2026-03-02"), "the period ends (2026-03-02) before it begins (2026-03-03)");
  EXPECT_EQ(period("2026-03-02T10:00", "2026-03-02T09:00"),
            "the period ends (2026-03-02T09:00) before it begins (2026-03-02T10:00)");
  EXPECT_EQ(period("2026-03-02T10:00", "2026-03-02T10:00").find("before"), std::string::npos);
}

TEST(Period, WhatIsNoDateIsNamedWithItsEnd) {
  EXPECT_EQ(period("yesterday", ""), "from: \"yesterday\" is no date or time; write 2026-03-31 or 2026-03-31T09:00");
  EXPECT_EQ(period("", "2026-02-30"), "to: \"2026-02-30\" is no date or time; write 2026-03-31 or 2026-03-31T09:00");
  EXPECT_EQ(period("2026-03-02", "", "Europe/Moskva"),
            "from: there is no time zone \"Europe/Moskva\"; did you mean \"Europe/Moscow\"?");
}

// Reports over time, run against a store.
class PeriodRun : public ReportStore {
 protected:
  Json by_hour_ = Json::parse(R"json({
    "title": "Hours", "rows": "calls", "dimensions": [{"id": "hour", "title": "Hour", "expr": "clock_hour(started_at)"}],
    "measures": [{"id": "calls", "title": "Calls", "expr": "count()"}]})json");

  std::vector<std::string> keys(const Json& report) {
    std::vector<std::string> found;
    for (const auto& row : report["rows"]) found.push_back(row["key"]);
    return found;
  }
};

TEST_F(PeriodRun, BeginsWithItsFirstMomentAndEndsBeforeItsLast) {
  add(CallRow{.id = "before", .started_ms = at("2026-03-02") - 1});
  add(CallRow{.id = "first", .started_ms = at("2026-03-02")});
  add(CallRow{.id = "last", .started_ms = at("2026-03-04") - 1});
  add(CallRow{.id = "after", .started_ms = at("2026-03-04")});
  const auto ids = drilled(by_hour_, "total:calls", {.from = "2026-03-02", .to = "2026-03-03"});
  EXPECT_EQ(ids, (Json{"last", "first"}));
}

TEST_F(PeriodRun, TheDayOfTheClockSetBackHas25Hours) {
  zone_ = "Europe/Berlin";
  const auto midnight = at("2026-10-25", zone_);
  for (int hour = 0; hour < 25; ++hour)
    add(CallRow{.id = "k" + std::to_string(hour), .started_ms = midnight + hour * 3'600'000});
  const auto report = json(by_hour_, {.from = "2026-10-25", .to = "2026-10-25"});
  const auto found = keys(report);
  ASSERT_EQ(found.size(), 25u);
  EXPECT_EQ(found[2], "2026-10-25T02%3A00+01%3A00");
  EXPECT_EQ(found[3], "2026-10-25T02%3A00+02%3A00");
  EXPECT_EQ(report["total"]["calls"], 25);
}

TEST_F(PeriodRun, TheDayOfTheClockSetForwardHas23Hours) {
  zone_ = "Europe/Berlin";
  for (auto ms = at("2026-03-29", zone_); ms < at("2026-03-30", zone_); ms += 3'600'000)
    add(CallRow{.id = std::to_string(ms), .started_ms = ms});
  EXPECT_EQ(keys(json(by_hour_, {.from = "2026-03-29", .to = "2026-03-29"})).size(), 23u);
}

TEST_F(PeriodRun, ThePeriodAndItsHoursFollowTheZoneThatWasAsked) {
  add(CallRow{.id = "k1", .started_ms = at("2026-03-02 01:30")});  // the evening before in Berlin
  EXPECT_EQ(json(by_hour_, {.from = "2026-03-02"})["total"]["calls"], 1);
  const auto berlin = json(by_hour_, {.from = "2026-03-02", .settings = {{"timezone", "Europe/Berlin"}}});
  EXPECT_EQ(berlin["total"]["calls"], 0);
  EXPECT_EQ(berlin["period"],
            (Json{{"from", "2026-03-01T23:00:00.000Z"}, {"to", nullptr}, {"timezone", "Europe/Berlin"}}));
  const auto wrong = json(by_hour_, {.settings = {{"timezone", "Mars/Olympus"}}});
  EXPECT_NE(wrong.get<std::string>().find("there is no time zone \"Mars/Olympus\""), std::string::npos) << wrong;
}

TEST_F(PeriodRun, TheTimesOfAWhereAreOfTheZoneToo) {
  add(CallRow{.id = "k1", .started_ms = at("2026-03-02 01:30")});
  EXPECT_EQ(json(by_hour_, {.where = "started_at >= '2026-03-02'"})["total"]["calls"], 1);
  EXPECT_EQ(json(by_hour_, {.settings = {{"timezone", "Europe/Berlin"}},
                            .where = "started_at >= '2026-03-02'"})["total"]["calls"],
            0);
}

class HoursOfTheDay : public ReportStore {
 protected:
  HoursOfTheDay() {
    // Monday 2 March 2026 and Saturday 7 March.
    for (const char* day : {"2026-03-02", "2026-03-07"})
      for (const char* time : {"08:59:59", "09:00:00", "17:59:59", "18:00:00", "23:00:00", "01:00:00"})
        add(CallRow{.id = std::string(day).substr(8) + " " + time, .started_ms = at(std::string(day) + " " + time)});
  }
  Json calls_ = Json::parse(R"json({
    "title": "Calls", "rows": "calls", "measures": [{"id": "calls", "title": "Calls", "expr": "count()"}]})json");

  std::vector<std::string> ids(const std::map<std::string, std::string>& settings) {
    std::vector<std::string> found = drilled(calls_, "total:calls", {.settings = settings});
    std::sort(found.begin(), found.end());
    return found;
  }
};

TEST_F(HoursOfTheDay, BeginWithTheStartAndEndBeforeTheEnd) {
  const std::map<std::string, std::string> monday = {
      {"day_start", "09:00"}, {"day_end", "18:00"}, {"week_days", "mon"}};
  EXPECT_EQ(ids(monday), (std::vector<std::string>{"02 09:00:00", "02 17:59:59"}));
  const auto report = json(calls_, {.settings = monday});
  EXPECT_EQ(report["total"]["calls"], 2);
  EXPECT_EQ(report["options"], (Json{{"day_start", "09:00"}, {"day_end", "18:00"}, {"week_days", "mon"}}));
}

TEST_F(HoursOfTheDay, AnEndBeforeTheStartGoesOverMidnight) {
  EXPECT_EQ(ids({{"day_start", "23:00"}, {"day_end", "06:00"}, {"week_days", "sat"}}),
            (std::vector<std::string>{"07 01:00:00", "07 23:00:00"}));
  EXPECT_EQ(ids({{"day_start", "18:00"}, {"week_days", "mon"}}),
            (std::vector<std::string>{"02 18:00:00", "02 23:00:00"}));
}

TEST_F(HoursOfTheDay, AreOfTheReportsZone) {
  // Omsk is three hours ahead of Moscow.
  EXPECT_EQ(ids({{"day_start", "12:00"}, {"day_end", "12:01"}, {"timezone", "Asia/Omsk"}}),
            (std::vector<std::string>{"02 09:00:00", "07 09:00:00"}));
}

TEST_F(HoursOfTheDay, AreOfTheTimeThatThePeriodAsks) {
  calls_["period"] = Json::parse(R"json([{"expr": "in_period(answered_at)"}])json");
  add(CallRow{.id = "late", .started_ms = at("2026-03-03 17:59"), .answered_ms = at("2026-03-03 18:01")});
  EXPECT_EQ(ids({{"day_start", "18:00"}}), (std::vector<std::string>{"late"}));
  EXPECT_EQ(ids({{"day_end", "18:00"}}), (std::vector<std::string>{}));
}

TEST_F(HoursOfTheDay, CountTheDaysOfThePeriodThatTheyName) {
  calls_["measures"].push_back(
      {{"id", "per_day"}, {"title", "P"}, {"type", "decimal"}, {"expr", "count() / max(period_days(started_at))"}});
  const auto report = json(calls_, {.from = "2026-03-02", .to = "2026-03-15", .settings = {{"week_days", "mon,sat"}}});
  EXPECT_EQ(report["total"]["per_day"], 3);  // twelve calls, two Mondays and two Saturdays
}

}  // namespace
}  // namespace hkl
