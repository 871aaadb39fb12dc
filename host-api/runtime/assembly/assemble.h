// From the events of one call to its record: a pure, order-free fold.
//
// Nothing here knows a clock, a store or a config beyond its arguments. The
// same set of events gives the same record in whatever order they arrived,
// however often each came.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "model/call.h"
#include "model/event.h"

namespace hkl {

// What concerns all calls of a PBX: gaps, lists of living channels, restarts,
// ends of input (HKL_EVENT_SOURCE_…), in fold order, of all its sources.
struct SourceHistory {
  std::vector<Event> events;
};

// A number as E.164, or its digits; empty for a text without digits.
using NormaliseNumber = std::function<std::string(const std::string& raw)>;

// `events`: all events of one joined call (see refs_of), in any order,
// repeats allowed. Employees, contact, inquiry and lead are not filled here.
// A call that is not over has is_over false and no outcome beyond what is sure.
Call assemble(std::vector<const Event*> events, const SourceHistory& source, const NormaliseNumber& normalise);
Call assemble(const std::vector<Event>& events, const SourceHistory& source, const NormaliseNumber& normalise);

// The references that an event says belong to one call: call_ref, leg_ref and,
// where its kind joins, other_ref. The first is the one it is filed under.
// Empty for events of the source itself. A pipeline unites them (union-find).
std::vector<std::string> refs_of(const Event& event);

}  // namespace hkl
