// When the people of the demo were at work and when they paused, as presence
// records. Of a chance of their own, so that calls and leads stay as they are.
#include "clock.h"
#include "year.h"

namespace crm {

using Json = DemoYear::Json;

void DemoYear::shifts(std::int64_t midnight_ms) {
  constexpr int kSaturday = 5, kSunday = 6;
  constexpr double kKeen = 0.8;  // answers so many of their rings
  const int day = weekday(midnight_ms);
  if (day == kSunday) return;
  const auto& all = demo_employees();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& person = all[i];
    const bool is_keen = person.answers > kKeen;
    const auto stretch = [&](const char* state, const char* reason, std::int64_t from, std::int64_t to) {
      if (!is_before_end(from)) return;
      Json record = {{"type", "presence"},
                     {"employee", person.id},
                     {"state", state},
                     {"from", iso_utc(from)},
                     {"to", iso_utc(to)}};
      if (*reason != '\0') record["reason"] = reason;
      sink_(record);
    };
    const auto minutes = [&](double low, double high) { return seconds(60 * shifts_.between(low, high)); };
    // Half of them come at nine, half at ten; on Saturdays the day is short.
    const auto hour = day == kSaturday ? 10 : i % 2 == 0 ? 9 : 10;
    const auto come = midnight_ms + hour * kHour + (is_keen ? minutes(-6, 3) : minutes(0, 25));
    const auto gone =
        midnight_ms + (day == kSaturday ? 16 : hour + 9) * kHour + (is_keen ? minutes(0, 20) : minutes(-20, 5));
    stretch("online", "", come, gone);
    const auto lunch = midnight_ms + 12 * kHour + minutes(30, 100);
    stretch("pause", "обед", lunch, lunch + (is_keen ? minutes(30, 50) : minutes(50, 80)));
    const int breaks = is_keen ? 1 : 3;
    for (int n = 0; n < breaks; ++n) {
      const auto begin = midnight_ms + (n == 0 ? 15 : n == 1 ? 11 : 16) * kHour + minutes(0, 40);
      if (begin < gone) stretch("pause", "перерыв", begin, begin + (is_keen ? minutes(5, 12) : minutes(8, 25)));
    }
  }
}

}  // namespace crm
