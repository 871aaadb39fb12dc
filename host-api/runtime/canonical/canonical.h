// Canonical records to and from JSON: one object a line, each with `type`
// (DESIGN section 9). What is printed is taken back.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/records.h"
#include "values/result.h"

namespace hkl {

// Every `type` there is, in the order in which an export lists them.
const std::vector<std::string>& canonical_types();

// One line. Refused with a sentence that names the field, what is wrong and
// what to do: unknown type or field (with the nearest known one), a wrong JSON
// type, a time without an offset, a word that is none. Durations that follow
// from times may be left out and are not believed against them.
Result<CanonicalRecord> record_from_json(std::string_view line);

// One line without its end, keys in the order of DESIGN section 9.
std::string record_to_json(const CanonicalRecord& record);

// The array element that `hookline calls --format json` prints (no `type`).
std::string call_to_json(const Call& call);
std::string call_to_json(const Call& call, std::string_view contact);  // with that in place of its own
std::string inquiry_to_json(const InquiryRecord& inquiry);
std::string lead_to_json(const LeadRecord& lead);
// `now` turns an open task past its deadline into "overdue".
std::string task_to_json(const TaskRecord& task, Instant now);
std::string contact_to_json(const ContactRecord& contact);

// The same with every field of the runtime's own too (aliases, credits): how
// the store keeps a call between two foldings.
std::string call_to_stored_json(const Call& call);
std::string call_to_stored_json(const Call& call, std::string printed);  // call_to_json() of it
Result<Call> call_from_stored_json(std::string_view json);

}  // namespace hkl
