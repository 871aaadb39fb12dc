#include "talks.h"

#include <algorithm>

#include "hookline/sdk/text.h"

namespace task_terms {

using hookline::view;

bool is_talk(const hkl_touch& touch) {
  const bool is_external = touch.direction == HKL_DIRECTION_IN || touch.direction == HKL_DIRECTION_OUT;
  return is_external && touch.outcome == HKL_OUTCOME_ANSWERED && touch.answered_at_ms != HKL_UNKNOWN_MS;
}

std::int64_t end_of(const hkl_touch& touch) {
  return touch.ended_at_ms == HKL_UNKNOWN_MS ? touch.at_ms : touch.ended_at_ms;
}

const hkl_touch* first_talk_since(const hkl_timeline& timeline, std::int64_t at_ms, bool outgoing_only) {
  const hkl_touch* first = nullptr;
  for (std::uint64_t i = 0; i < timeline.touch_count; ++i) {
    const auto& touch = *timeline.touches[i];
    if (!is_talk(touch) || touch.answered_at_ms < at_ms) continue;
    if (outgoing_only && touch.direction != HKL_DIRECTION_OUT) continue;
    if (first == nullptr || touch.answered_at_ms < first->answered_at_ms) first = &touch;
  }
  return first;
}

const hkl_told_task* told_of(const hkl_timeline& timeline, std::string_view key) {
  for (std::uint64_t i = 0; i < timeline.told_count; ++i)
    if (view(timeline.told[i]->key) == key) return timeline.told[i];
  return nullptr;
}

void complete_by(hookline::Task& task, const hkl_touch* talk) {
  if (talk == nullptr) return;
  task.state = HKL_TASK_DONE;
  task.done_at_ms = talk->answered_at_ms;
  task.done_by = view(talk->employee);
  task.done_call = view(talk->call);
}

void take_what_was_said(hookline::Task& task, const hkl_told_task* told) {
  if (told == nullptr) return;
  if (!view(told->assignee).empty()) task.assignee = view(told->assignee);
  if (told->deadline_at_ms >= task.created_at_ms) task.deadline_at_ms = told->deadline_at_ms;
  if (told->state != HKL_TASK_DONE && told->state != HKL_TASK_CANCELLED) return;
  task.state = told->state;
  task.done_at_ms = std::max(told->done_at_ms, task.created_at_ms);  // not told is the least of all numbers
  task.done_by = view(told->done_by);
  task.done_call.clear();
}

}  // namespace task_terms
