// The switch's own list of living channels: the answer to "show calls as json"
// (with the bridges) or "show channels as json" (without).
#pragma once

#include <string>
#include <string_view>

#include "leg.h"

namespace freeswitch {

// Whether an answer of the switch is such a list. An empty one has no rows and
// looks like an empty list of anything.
bool is_channel_list(std::string_view text);

// Tells every channel in it, alive at at_ms, and that these were all. `name`
// tells one asking from another. False: it breaks off.
bool tell_channels(std::string_view text, std::string_view name, std::int64_t at_ms, const Numbering& numbering,
                   const Emit& emit);
// The same of nothing but names: alive, and no more is known.
void tell_alive(std::string_view uuid, std::string_view name, std::int64_t at_ms, const Emit& emit);
void tell_listed(std::string_view name, std::int64_t at_ms, const Emit& emit);

// Nothing was heard from from_ms to until_ms, or a piece of it was lost.
void tell_gap(std::int64_t from_ms, std::int64_t until_ms, const Emit& emit);
// The core `uuid` runs since at_ms: everything older is over.
void tell_restart(std::string_view core, std::int64_t at_ms, const Emit& emit);

}  // namespace freeswitch
