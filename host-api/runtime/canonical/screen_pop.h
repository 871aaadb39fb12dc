// What a screen shows of a call that is going on: who rings, which contact and
// lead that is, and whose phone it is. A delivery of its own, which comes after
// the contact and the lead themselves, so that it names them by the CRM's ids;
// and again whenever something of it changes, also after the answer.
#pragma once

#include <string>
#include <vector>

#include "model/call.h"
#include "model/records.h"

namespace hkl {

constexpr const char* kScreenPop = "screen_pop";

// Whether a screen has to show something now: an outside party is on the line.
bool wants_screen_pop(const Call& call);

// `contact`: null for a withheld number; `lead`: null where there is none.
// Their ids are those to show. `tasks`: of the contact.
std::string screen_pop_to_json(const Call& call, const ContactRecord* contact, const LeadRecord* lead,
                               const std::vector<TaskRecord>& tasks);

}  // namespace hkl
