// Working time of calendars that nobody thought of, held against the plainest
// reading of one: a minute is worked when the clock on the wall shows a time
// that is within the hours of that day.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "services/calendar.h"
#include "services/zone.h"

namespace hkl {
namespace {

using std::chrono::minutes;

struct Place {
  const char* zone;
  const char* around;  // UTC; both changes of the clock, where there are some
};
constexpr Place kPlaces[] = {
    {"Europe/Moscow", "2026-03-06T00:00:00.000Z"},       {"Europe/Berlin", "2026-03-27T00:00:00.000Z"},
    {"Europe/Berlin", "2026-10-23T00:00:00.000Z"},       {"America/New_York", "2026-03-07T00:00:00.000Z"},
    {"America/New_York", "2026-10-31T00:00:00.000Z"},    {"Australia/Lord_Howe", "2026-04-03T00:00:00.000Z"},
    {"Australia/Lord_Howe", "2026-10-02T00:00:00.000Z"}, {"Asia/Kathmandu", "2026-05-01T00:00:00.000Z"},
    {"America/Sao_Paulo", "2018-11-02T00:00:00.000Z"},   {"Africa/Casablanca", "2026-02-14T00:00:00.000Z"}};

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  int below(int end) { return static_cast<int>(engine_() % static_cast<unsigned>(end)); }

 private:
  std::mt19937 engine_;
};

// Up to three intervals that do not touch, in their order.
std::vector<Calendar::Span> hours(Dice& dice) {
  std::vector<int> edges;
  for (int i = 0; i < 6; ++i) edges.push_back(dice.below(97) * 15);
  std::sort(edges.begin(), edges.end());
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  std::vector<Calendar::Span> spans;
  for (std::size_t i = 0; i + 1 < edges.size() && spans.size() < static_cast<std::size_t>(1 + dice.below(3)); i += 2)
    spans.push_back({edges[i], edges[i + 1]});
  return spans;
}

Calendar made_up(Dice& dice, const Place& place, Instant around) {
  Calendar calendar;
  calendar.timezone = place.zone;
  for (auto& day : calendar.week)
    if (dice.below(7) < 5) day = hours(dice);
  calendar.week[dice.below(7)] = {{9 * 60, 18 * 60}};  // never closed for good
  const auto first = std::chrono::floor<std::chrono::days>(around);
  for (int holiday = dice.below(4); holiday > 0; --holiday)
    calendar.exceptions[first + std::chrono::days(dice.below(10))] = {};
  for (int shorter = dice.below(3); shorter > 0; --shorter)
    calendar.exceptions[first + std::chrono::days(dice.below(10))] = {{600, 720}};
  return calendar;
}

bool is_worked(const Calendar& calendar, Instant at) {
  const auto local = to_local(at, calendar.timezone).value();
  const auto date = std::chrono::sys_days(std::chrono::year(local.year) / local.month / local.day);
  const auto exception = calendar.exceptions.find(date);
  const auto& spans = exception != calendar.exceptions.end()
                          ? exception->second
                          : calendar.week[static_cast<std::size_t>(local.weekday - 1)];
  const auto minute = local.hour * 60 + local.minute;
  return std::any_of(spans.begin(), spans.end(),
                     [&](const Calendar::Span& span) { return span.start <= minute && minute < span.end; });
}

TEST(AnyCalendar, ADeadlineLiesInWorkingTimeAsFarOnAsWasAskedFor) {
  Dice dice(20260302);
  for (int round = 0; round < 300; ++round) {
    const auto& place = kPlaces[round % std::size(kPlaces)];
    const auto around = parse_iso(place.around).value();
    const auto calendar = made_up(dice, place, around);
    const auto from = around + minutes(dice.below(5 * 24 * 60));
    const auto asked = minutes(1 + dice.below(20 * 60));
    const auto deadline = add_open(calendar, from, asked);
    ASSERT_TRUE(deadline) << deadline.error().text;
    SCOPED_TRACE(std::string(place.zone) + " round " + std::to_string(round) + ", " + std::to_string(asked.count()) +
                 " min from " + iso_utc(from) + " to " + iso_utc(*deadline));
    EXPECT_TRUE(is_open(calendar, *deadline - Millis(1))) << "the last moment is a worked one";
    EXPECT_EQ(open_between(calendar, from, *deadline), asked);
    minutes worked{0};
    for (auto at = from; at < *deadline; at += minutes(1))
      if (is_worked(calendar, at)) ++worked;
    ASSERT_EQ(worked, asked);
  }
}

TEST(AnyCalendar, OpenIsWhatTheClockOnTheWallSays) {
  Dice dice(43);
  for (int round = 0; round < 50; ++round) {
    const auto& place = kPlaces[round % std::size(kPlaces)];
    const auto around = parse_iso(place.around).value();
    const auto calendar = made_up(dice, place, around);
    for (int i = 0; i < 100; ++i) {
      const auto at = around + minutes(dice.below(5 * 24 * 60));
      ASSERT_EQ(is_open(calendar, at), is_worked(calendar, at)) << place.zone << " " << iso_utc(at);
    }
  }
}

TEST(AnyCalendar, LaterIsNeverDueEarlier) {
  Dice dice(7);
  for (int round = 0; round < 200; ++round) {
    const auto& place = kPlaces[round % std::size(kPlaces)];
    const auto around = parse_iso(place.around).value();
    const auto calendar = made_up(dice, place, around);
    const auto from = around + minutes(dice.below(5 * 24 * 60)), later = from + minutes(dice.below(600));
    const auto asked = minutes(1 + dice.below(600));
    EXPECT_LE(*add_open(calendar, from, asked), *add_open(calendar, later, asked)) << place.zone;
    EXPECT_LT(*add_open(calendar, from, asked), *add_open(calendar, from, asked + minutes(1))) << place.zone;
  }
}

}  // namespace
}  // namespace hkl
