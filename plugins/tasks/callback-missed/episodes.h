// The missed calls of one contact, put into episodes: an episode begins with a
// miss, takes in every further one, and ends when the contact and the company
// talk or a person says that it is closed (metrics §5.4). One task each.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "hookline/task_rule.h"

namespace callback_missed {

struct Episode {
  std::vector<const hkl_touch*> misses;         // by their end; the first one names the task
  std::int64_t created_at_ms = HKL_UNKNOWN_MS;  // the end of the first
  const hkl_told_task* told = nullptr;          // what was said of the task
  // The earliest deadline that a person set for a task of a further miss,
  // which was one of its own before contacts were merged.
  std::int64_t joined_deadline_at_ms = HKL_UNKNOWN_MS;
  const hkl_touch* talk = nullptr;         // the first answered call since, either direction
  std::vector<const hkl_touch*> attempts;  // of ours, in vain, while it was open

  const hkl_touch& first() const { return *misses.front(); }
};

// A miss counts when its quality is not non-target and it is no history.
std::vector<Episode> episodes_of(const hkl_timeline& timeline);

// When a person closed the task, or HKL_UNKNOWN_MS when nobody did. A closing
// whose time was not told is taken as one at once: a later miss then makes a
// new task, where the other way round it would be nobody's.
std::int64_t closed_by_hand_at(const Episode& episode);

}  // namespace callback_missed
