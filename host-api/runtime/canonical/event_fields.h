// A canonical event as a person reads it: its kind as a word, then what it says,
// field by field. The journal's own form is event_to_json (model/event.h).
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "model/event.h"

namespace hkl {

// "leg_ringing"; "unknown" for a number that is no kind.
std::string_view event_kind_word(std::uint32_t kind);

// Only fields that say something, in the order of the canonical event. Times
// are ISO 8601 in UTC, durations seconds (`_s`), enumerations their words.
nlohmann::ordered_json event_fields(const Event& event);

}  // namespace hkl
