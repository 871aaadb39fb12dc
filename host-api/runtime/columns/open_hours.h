// The working hours of a calendar as they are asked of millions of rows: the
// open stretches of each year are found once, when a moment of it is asked.
//
// One thread's.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "services/calendar.h"

namespace hkl {

class OpenHours {
 public:
  explicit OpenHours(Calendar calendar) : calendar_(std::move(calendar)) {}
  bool is_open(std::int64_t ms);
  // As open_between() of services/calendar.h: 0 where `to` is not after `from`.
  std::int64_t between(std::int64_t from_ms, std::int64_t to_ms);

 private:
  struct Stretch {
    std::int64_t from_ms = 0, to_ms = 0;
    std::int64_t before_ms = 0;  // open time of the part before it
  };
  // A part of all time, about a year.
  struct Part {
    std::vector<Stretch> stretches;
    std::int64_t open_ms = 0;
  };
  const Part& part(std::int64_t number);
  std::int64_t open_before(std::int64_t ms);  // in its part

  const Calendar calendar_;
  std::map<std::int64_t, Part> parts_;
  std::int64_t last_number_ = 0;
  const Part* last_ = nullptr;
};

}  // namespace hkl
