// Who had the client, from sources that name people without times: clouds whose
// answers carry none, and records that name only who spoke last.
#pragma once

#include <vector>

#include "model/call.h"
#include "model/event.h"

namespace hkl {

// True: the PBX gave no time, `at` is that of the receipt. Such a time orders
// nothing and makes no duration.
bool is_untimed(const Event& event);

// False where only what waits for its call is there: recordings, tags, ratings,
// orders.
bool is_about_a_call(const std::vector<const Event*>& events);

// The beginning of a call of which the PBX tells no time at all; nothing where
// the receipt is not known either.
std::optional<Instant> received_first(const std::vector<const Event*>& events);

// Adds the employees that records of the whole call name, puts the legs in
// order (known times first, who talked last at the end), and tells the
// transfer that follows from two who spoke one after the other.
void tell_people(Call& call, const std::vector<const Event*>& events, bool talked);

// How long the client was on hold, where holds were told as they happened.
Millis held_time(const Call& call, const std::vector<const Event*>& events);

}  // namespace hkl
