// What holds of every contact's call-back tasks, whatever it did.
#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "asked.h"

namespace {

using namespace asked;

std::string clock_of(int minute) {
  char out[32];
  std::snprintf(out, sizeof out, "%d %02d:%02d:00", 2 + minute / 1440, minute / 60 % 24, minute % 60);
  return out;
}

// Some days of a contact, an event every few minutes; calls may overlap.
struct Made {
  Contact contact;
  std::map<std::string, std::string> ended;  // of each missed call that asks for a call back
};

void make(Made& made, std::mt19937& dice) {
  const auto below = [&](int end) { return static_cast<int>(dice() % static_cast<unsigned>(end)); };
  int minute = below(600);
  for (int n = 0, count = below(14); n < count; ++n) {
    const auto id = "k" + std::to_string(10 + n);
    minute += below(200);
    const auto begun = clock_of(minute);
    switch (below(4)) {
      case 0:
        made.contact.talked(id, below(2) == 0 ? HKL_DIRECTION_IN : HKL_DIRECTION_OUT, begun,
                            clock_of(minute + below(3)));
        break;
      case 1:
        made.contact.tried(id, begun);
        break;
      default: {
        const auto end = clock_of(minute + below(5));
        auto& touch = made.contact.missed(id, begun, end);
        if (below(5) == 0) {
          touch.quality = HKL_QUALITY_NON_TARGET;
          break;
        }
        made.ended[id] = end;
      }
    }
  }
}

TEST(AnyContact, HasOneOpenCallBackAtMostAndEachMissedCallInOneTask) {
  std::mt19937 dice(20260302);
  for (int round = 0; round < 2000; ++round) {
    Made made;
    make(made, dice);
    const auto tasks = made.contact.review(R"({"working_hours": "office", "deadline": "90m"})");
    std::set<std::string> calls, keys;
    int open = 0;
    for (const auto& task : tasks) {
      open += task.state == "open" ? 1 : 0;
      EXPECT_TRUE(keys.insert(task.key).second) << "two tasks of one key";
      EXPECT_TRUE(calls.insert(task.call).second) << task.call << " is in two tasks";
      for (const auto& more : task.more) EXPECT_TRUE(calls.insert(more).second) << more << " is in two tasks";
      ASSERT_TRUE(made.ended.contains(task.call)) << task.call << " was not missed, or is no target";
      EXPECT_EQ(task.created, made.ended[task.call]);
      const auto due = at(task.deadline);
      EXPECT_GE(due - at(task.created), 90 * kMinute);
      const auto time_of_day = (due - kMonday) % kDay;
      EXPECT_TRUE((due - kMonday) / kDay % 7 < 5 && time_of_day > 9 * kHour && time_of_day <= 18 * kHour)
          << task.deadline << " is not within working hours";
      if (task.state == "done") {
        EXPECT_GE(at(task.done), at(task.created));
      }
    }
    EXPECT_LE(open, 1) << "round " << round;
    EXPECT_EQ(calls.size(), made.ended.size()) << "each missed call is in a task";
    ASSERT_FALSE(HasFailure()) << "round " << round;
  }
}

}  // namespace
