// Employees, departments, offices, presence, contacts.
#include <fmt/format.h>

#include "canonical/parts.h"

namespace hkl {
namespace {

// "sales", or {"id": "service", "from": "…", "to": null}.
EmployeeRecord::InDepartment read_in_department(const nlohmann::json& given, std::size_t n, FieldReader& outer) {
  if (given.is_string()) return {given.get<std::string>(), {}};
  const auto where = fmt::format("departments[{}]", n);
  if (!given.is_object()) {
    outer.fault(where, "expected a department's id, or {\"id\": …, \"from\": …, \"to\": …}");
    return {};
  }
  FieldReader reader(given, where);
  EmployeeRecord::InDepartment in{reader.needed_text("id"), {reader.time("from"), reader.time("to")}};
  if (const auto fault = reader.finish()) outer.fault("departments", *fault);
  return in;
}

OrderedJson department_json(const EmployeeRecord::InDepartment& in) {
  if (!in.period.from && !in.period.to) return in.id;
  return {{"id", in.id}, {"from", time_json(in.period.from)}, {"to", time_json(in.period.to)}};
}

}  // namespace

EmployeeRecord read_employee(FieldReader& reader) {
  EmployeeRecord record;
  record.id = reader.needed_text("id");
  record.name = reader.text("name");
  std::size_t n = 0;
  for (const auto& given : reader.list("departments"))
    record.departments.push_back(read_in_department(given, n++, reader));
  record.groups = reader.texts("groups");
  record.office = reader.text("office");
  record.calendar = reader.text("calendar");
  record.dismissed_at = reader.time("dismissed_at");
  n = 0;
  for (const auto& given : reader.list("extensions")) {
    const auto where = fmt::format("extensions[{}]", n++);
    if (!given.is_object()) {
      reader.fault(where, "expected {\"source\": …, \"number\": …, \"from\": …, \"to\": …}");
      break;
    }
    FieldReader inner(given, where);
    record.extensions.push_back(
        {inner.needed_text("source"), inner.needed_text("number"), {inner.time("from"), inner.time("to")}});
    if (const auto fault = inner.finish()) reader.fault("extensions", *fault);
  }
  return record;
}

OrderedJson to_json(const EmployeeRecord& record) {
  OrderedJson departments = OrderedJson::array(), extensions = OrderedJson::array();
  for (const auto& in : record.departments) departments.push_back(department_json(in));
  for (const auto& on : record.extensions)
    extensions.push_back({{"source", on.source},
                          {"number", on.number},
                          {"from", time_json(on.period.from)},
                          {"to", time_json(on.period.to)}});
  return {{"id", record.id},
          {"name", text_json(record.name)},
          {"departments", departments},
          {"groups", record.groups},
          {"office", text_json(record.office)},
          {"calendar", text_json(record.calendar)},
          {"dismissed_at", time_json(record.dismissed_at)},
          {"extensions", extensions}};
}

DepartmentRecord read_department(FieldReader& reader) {
  return {reader.needed_text("id"), reader.text("name"), reader.texts("queues"), reader.texts("duty")};
}
OrderedJson to_json(const DepartmentRecord& record) {
  return {{"id", record.id}, {"name", text_json(record.name)}, {"queues", record.queues}, {"duty", record.duty}};
}

OfficeRecord read_office(FieldReader& reader) {
  return {reader.needed_text("id"), reader.text("name"), reader.text("timezone")};
}
OrderedJson to_json(const OfficeRecord& record) {
  return {{"id", record.id}, {"name", text_json(record.name)}, {"timezone", text_json(record.timezone)}};
}

PresenceRecord read_presence(FieldReader& reader) {
  PresenceRecord record;
  record.id = reader.text("id");
  record.employee = reader.needed_text("employee");
  record.state = reader.word_of("state", Presence::unreachable);
  record.reason = reader.text("reason");
  record.period = {reader.needed_time("from"), reader.time("to")};
  return record;
}
OrderedJson to_json(const PresenceRecord& record) {
  return {{"employee", record.employee},
          {"state", text_json(word(record.state))},
          {"reason", text_json(record.reason)},
          {"from", time_json(record.period.from)},
          {"to", time_json(record.period.to)}};
}

ContactRecord read_contact(FieldReader& reader) {
  ContactRecord record;
  record.id = reader.needed_text("id");
  record.name = reader.text("name");
  record.numbers = reader.texts("numbers");
  record.emails = reader.texts("emails");
  record.visitors = reader.texts("visitors");
  record.merged_into = reader.text("merged_into");
  if (!record.id.empty() && record.id == record.merged_into)
    reader.fault("merged_into", "is the contact itself; name the one that stays, or null");
  return record;
}
OrderedJson to_json(const ContactRecord& record) {
  return {{"id", record.id},         {"name", text_json(record.name)}, {"numbers", record.numbers},
          {"emails", record.emails}, {"visitors", record.visitors},    {"merged_into", text_json(record.merged_into)}};
}

}  // namespace hkl
