// Records and printed entities of somebody who was erased, without the person
// (DESIGN section 12). What figures are made of stays: times, durations,
// outcomes, tags, stages, amounts, whom of ours it concerned.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "contacts/erased_names.h"

namespace hkl {

// `type`: of the canonical records. Free text goes whole, as nobody can say
// what it tells; `names` go from a task's title, which has to say something;
// whatever else is left is the eraser's.
void redact(const std::string& type, nlohmann::ordered_json& body, const NameEraser& eraser, const NameEraser& names);

// In place of a recording, so that a call still has one.
constexpr const char* kErasedRecording = "erased";

}  // namespace hkl
