// A task rule: a known number whose call was missed is called back within
// minutes, by whoever leads its lead.
#include <algorithm>

#include "hookline/sdk/plugin.h"

namespace {

struct Settings {
  hookline::Texts numbers;
  hookline::Duration deadline{15 * 60 * 1000};
};

}  // namespace

HOOKLINE_SETTINGS(Settings, HOOKLINE_FIELD(numbers, "Numbers of those who never wait, as +12125550148"),
                  HOOKLINE_FIELD(deadline, "Time to call back, from the end of the missed call").positive())

namespace {

class VipCallback final : public hookline::TaskRule<Settings> {
 public:
  // The same timeline gives the same tasks; the host compares and delivers.
  std::vector<hookline::Task> review(const hkl_timeline& timeline) override {
    std::vector<hookline::Task> tasks;
    for (std::uint64_t i = 0; i < timeline.touch_count; ++i) {
      const auto& touch = *timeline.touches[i];
      if (is_missed(touch) && is_vip(touch.number)) tasks.push_back(task_for(timeline, i));
    }
    return tasks;
  }

 private:
  static bool is_missed(const hkl_touch& touch) {
    return touch.inquiry_kind == HKL_INQUIRY_CALL && touch.outcome == HKL_OUTCOME_MISSED && touch.is_over != 0 &&
           touch.is_history == 0;
  }
  bool is_vip(hkl_str number) const {
    const auto& vips = settings().numbers;
    return std::find(vips.begin(), vips.end(), hookline::view(number)) != vips.end();
  }
  hookline::Task task_for(const hkl_timeline& timeline, std::uint64_t i) const {
    const auto& missed = *timeline.touches[i];
    hookline::Task task;
    task.key = task.call = hookline::view(missed.call);
    task.kind = "callback";
    task.title = "Call back at once: " + std::string(hookline::view(missed.number));
    task.assignee = hookline::view(missed.responsible);
    task.created_at_ms = missed.ended_at_ms;
    task.deadline_at_ms = missed.ended_at_ms + settings().deadline.ms;
    task.why = "the number is on the list of those who never wait";
    for (auto later = i + 1; later < timeline.touch_count; ++later) {
      const auto& call = *timeline.touches[later];
      if (call.outcome != HKL_OUTCOME_ANSWERED) continue;
      task.state = HKL_TASK_DONE;
      task.done_at_ms = call.answered_at_ms;
      task.done_by = hookline::view(call.employee);
      task.done_call = hookline::view(call.call);
      break;
    }
    return task;
  }
};

}  // namespace

HOOKLINE_PLUGIN(VipCallback, {"com.example.vip-callback", "1.0.0", "Example", "MIT",
                              "A call back within minutes for numbers on a list"})
