#include "episodes.h"

#include <algorithm>
#include <limits>

#include "hookline/sdk/text.h"
#include "talks.h"

namespace callback_missed {

using task_terms::end_of;
using task_terms::is_talk;
using task_terms::told_of;

namespace {

constexpr auto kNever = std::numeric_limits<std::int64_t>::max();

bool is_cause(const hkl_touch& touch) {
  return touch.direction == HKL_DIRECTION_IN && touch.outcome == HKL_OUTCOME_MISSED && touch.is_over != 0 &&
         touch.is_history == 0 && touch.quality != HKL_QUALITY_NON_TARGET && end_of(touch) != HKL_UNKNOWN_MS;
}

bool is_attempt(const hkl_touch& touch) {
  return touch.direction == HKL_DIRECTION_OUT && touch.outcome == HKL_OUTCOME_UNSUCCESSFUL && touch.is_over != 0;
}

// Touches of one kind, by the moment that matters.
template <typename Is, typename Moment>
std::vector<const hkl_touch*> touches_that(const hkl_timeline& timeline, Is is, Moment moment) {
  std::vector<const hkl_touch*> found;
  for (std::uint64_t i = 0; i < timeline.touch_count; ++i)
    if (is(*timeline.touches[i])) found.push_back(timeline.touches[i]);
  std::stable_sort(found.begin(), found.end(),
                   [&](const hkl_touch* a, const hkl_touch* b) { return moment(*a) < moment(*b); });
  return found;
}

// Whatever comes first ends it, though what a person said stands in the task.
std::int64_t end_of(const Episode& episode) {
  const auto by_hand = closed_by_hand_at(episode);
  const auto by_talk = episode.talk == nullptr ? kNever : episode.talk->answered_at_ms;
  return by_hand == HKL_UNKNOWN_MS ? by_talk : std::min(by_hand, by_talk);
}

}  // namespace

std::int64_t closed_by_hand_at(const Episode& episode) {
  const auto* told = episode.told;
  if (told == nullptr || (told->state != HKL_TASK_DONE && told->state != HKL_TASK_CANCELLED)) return HKL_UNKNOWN_MS;
  return std::max(told->done_at_ms, episode.created_at_ms);  // not told is the least of all numbers
}

std::vector<Episode> episodes_of(const hkl_timeline& timeline) {
  const auto misses = touches_that(timeline, is_cause, [](const hkl_touch& touch) { return end_of(touch); });
  const auto talks = touches_that(timeline, is_talk, [](const hkl_touch& touch) { return touch.answered_at_ms; });
  const auto attempts = touches_that(timeline, is_attempt, [](const hkl_touch& touch) { return touch.at_ms; });
  std::vector<Episode> episodes;
  std::int64_t open_until = HKL_UNKNOWN_MS;
  for (const auto* miss : misses) {
    if (!episodes.empty() && end_of(*miss) <= open_until) {
      auto& episode = episodes.back();
      episode.misses.push_back(miss);
      const auto* told = told_of(timeline, hookline::view(miss->call));
      const bool is_open = told != nullptr && told->state != HKL_TASK_DONE && told->state != HKL_TASK_CANCELLED;
      if (is_open && told->deadline_at_ms != HKL_UNKNOWN_MS &&
          (episode.joined_deadline_at_ms == HKL_UNKNOWN_MS || told->deadline_at_ms < episode.joined_deadline_at_ms))
        episode.joined_deadline_at_ms = told->deadline_at_ms;
      continue;
    }
    auto& episode = episodes.emplace_back();
    episode.misses = {miss};
    episode.created_at_ms = end_of(*miss);
    episode.told = told_of(timeline, hookline::view(miss->call));
    const auto talk = std::lower_bound(talks.begin(), talks.end(), episode.created_at_ms,
                                       [](const hkl_touch* one, std::int64_t at) { return one->answered_at_ms < at; });
    if (talk != talks.end()) episode.talk = *talk;
    open_until = end_of(episode);
    for (const auto* attempt : attempts)
      if (attempt->at_ms >= episode.created_at_ms && attempt->at_ms < open_until) episode.attempts.push_back(attempt);
  }
  return episodes;
}

}  // namespace callback_missed
