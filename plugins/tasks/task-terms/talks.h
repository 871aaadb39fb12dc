// Talks with a contact, and what a person said of a task.
#pragma once

#include <cstdint>
#include <string_view>

#include "hookline/facts.h"
#include "hookline/sdk/task_rule.h"

namespace task_terms {

// An external call that a person answered.
bool is_talk(const hkl_touch& touch);
// When the call was over; an end that the PBX did not tell is not waited for.
std::int64_t end_of(const hkl_touch& touch);
// The talk that was answered first at or after that moment, or null. Only the
// company's own calls where `outgoing_only`.
const hkl_touch* first_talk_since(const hkl_timeline& timeline, std::int64_t at_ms, bool outgoing_only = false);

const hkl_told_task* told_of(const hkl_timeline& timeline, std::string_view key);
// Completes the task with that talk, if there is one.
void complete_by(hookline::Task& task, const hkl_touch* talk);
// What a person said stands above the rule; closing without a time counts as
// at once.
void take_what_was_said(hookline::Task& task, const hkl_told_task* told);

}  // namespace task_terms
