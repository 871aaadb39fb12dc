// Working hours: open intervals of each weekday, exceptions by date, in a zone
// (metrics §5.4). Arithmetic is in real time, so an hour that a clock change
// takes away or adds is not worked or worked twice.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "values/instant.h"
#include "values/result.h"

namespace hkl {

struct Calendar {
  struct Span {  // minutes of the day, start < end <= 24*60
    int start = 0, end = 0;
  };
  std::string timezone;
  std::vector<Span> week[7];                                      // Monday first
  std::map<std::chrono::sys_days, std::vector<Span>> exceptions;  // empty: closed
};

bool is_open(const Calendar& calendar, Instant at);
// Its open stretches within [from, to), in time order.
std::vector<std::pair<Instant, Instant>> open_spans(const Calendar& calendar, Instant from, Instant to);
Millis open_between(const Calendar& calendar, Instant from, Instant to);
// HKL_UNAVAILABLE: not that much open time within five years.
Result<Instant> add_open(const Calendar& calendar, Instant from, Millis open);

}  // namespace hkl
