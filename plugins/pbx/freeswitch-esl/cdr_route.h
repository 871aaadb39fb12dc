// One post of mod_json_cdr: who sent it, and what its record tells. A record is
// one channel's; they come in any order, each maybe twice, and tell the same
// facts as events, so a call seen by both is one call.
#pragma once

#include "cdr_body.h"
#include "hookline/sdk/pbx_http.h"
#include "leg.h"

namespace freeswitch {

// Answers the request: 401 for who is not known, 400 for what cannot be read.
void take_record(const hookline::HttpRequest& request, const Settings& settings, hookline::HttpOutput& out);

// False: it names no channel or no times.
bool tell_record(const CdrRecord& record, const Settings& settings, const Emit& emit);

}  // namespace freeswitch
