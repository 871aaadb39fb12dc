// Facts to put before a classifier, a task rule or a scanning report: one
// client with a history in which each thing that a rule may look at happens.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hookline/lead_classifier.h"
#include "hookline/task_rule.h"
#include "inputs.h"

namespace hkl::validate {

inline constexpr std::int64_t kHourMs = 3600 * 1000, kDayMs = 24 * kHourMs;
inline constexpr std::int64_t kMondayMs = 1772442900000;  // 2026-03-02T09:15:00Z

struct Touch {
  std::string inquiry, call, number = "+74951234567", line = "+74950000001", extension = "101", employee = "ivanova";
  std::string text, lead;
  std::vector<std::string> tags;
  std::int64_t at_ms = kMondayMs, talk_ms = HKL_UNKNOWN_MS;
  std::uint32_t kind = HKL_INQUIRY_CALL, outcome = HKL_OUTCOME_MISSED, direction = HKL_DIRECTION_IN;
  std::uint32_t quality = HKL_QUALITY_NO_OPINION;
  std::int32_t rating = 0;
  bool is_over = true;
};

struct Story {
  std::string contact = "c1", name = "Anna Kern", number = "+74951234567";
  std::int64_t now_ms = kMondayMs + kDayMs;
  std::vector<Touch> touches;  // in time order

  const hkl_timeline* timeline(Inputs& into) const;
  // The touch of that index in question, those before it earlier.
  const hkl_inquiry* inquiry(Inputs& into, std::size_t index) const;

 private:
  const hkl_contact* contact_of(Inputs& into) const;
};

// A missed call, one that lasted three seconds, one that was rated badly and
// tagged, a request from the site, and a missed call again.
Story usual_story();
Touch missed_call(const std::string& id, std::int64_t at_ms);
Touch answered_call(const std::string& id, std::int64_t at_ms, std::int64_t talk_ms);

const hkl_touch* put_touch(Inputs& into, const Touch& touch);

}  // namespace hkl::validate
