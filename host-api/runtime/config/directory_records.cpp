#include "config/directory_records.h"

#include <fmt/format.h>

#include <map>

#include "canonical/parts.h"
#include "config/schema_check.h"
#include "contacts/numbers.h"

namespace hkl {
namespace {

// One record for each item, so that a record's number is its item's.
template <typename Record>
std::vector<Record> records_of(const nlohmann::json& config, const char* section, Record (*read)(FieldReader&)) {
  std::vector<Record> records;
  const auto list = config.find(section);
  if (list == config.end() || !list->is_array()) return records;
  for (const auto& item : *list) {
    if (!item.is_object()) {
      records.emplace_back();
      continue;
    }
    FieldReader fields(item, "");
    // Its faults are those of the schema, which are told already.
    records.push_back(read(fields));
  }
  return records;
}

class DirectoryCheck {
 public:
  DirectoryCheck(const ConfigReading& reading, const Directory::Parts& parts) : reading_(reading), parts_(parts) {}

  void run() {
    for (const auto* section : {"employees", "departments", "offices", "ad_sources", "funnels"}) check_ids(section);
    check_lines();
    check_employees();
    check_departments();
    check_extensions();
    for (std::size_t i = 0; i < parts_.offices.size(); ++i) check_zone(reading_, TreePath{"offices"} / i / "timezone");
    for (std::size_t i = 0; i < parts_.funnels.size(); ++i) check_stages(parts_.funnels[i], TreePath{"funnels"} / i);
  }

 private:
  struct Mapping {
    std::string employee;
    Period period;
    TreePath where;
  };
  using First = std::map<std::string, TreePath>;  // of an id, where it stands

  void check_ids(const char* section) const {
    First first;
    for (std::size_t i = 0; i < reading_.count({section}); ++i) {
      const auto where = TreePath{section} / i / "id";
      check_once(first, reading_.text(where), where);
    }
  }
  void check_once(First& first, const std::string& id, const TreePath& where) const {
    if (id.empty()) return;
    const auto [before, is_new] = first.try_emplace(id, where);
    if (!is_new)
      reading_.complain(where, fmt::format("\"{}\" stands in {} already; keep one of the two", id,
                                           reading_.spot(before->second, where)));
  }

  // An id may also come as a record later, so a section that the config does
  // not have is no reason to complain.
  void check_reference(const TreePath& where, const std::string& id, const char* section, const char* thing) const {
    if (id.empty() || reading_.at({section}) == nullptr) return;
    const auto known = reading_.ids(section);
    if (std::find(known.begin(), known.end(), id) == known.end()) reading_.complain(where, no_such(thing, id, known));
  }
  void check_calendar(const TreePath& where) const {
    const auto id = reading_.text(where);
    if (!id.empty() && reading_.at(TreePath{"calendars"} / id) == nullptr)
      reading_.complain(where, no_such("calendar", id, names_of("calendars")));
  }
  std::vector<std::string> names_of(const char* section) const {
    std::vector<std::string> names;
    if (const auto* map = reading_.at({section}))
      for (const auto& member : map->members) names.push_back(member.name);
    return names;
  }

  void check_lines() const {
    const auto region = reading_.text({"locale", "phone_region"});
    First first;
    for (std::size_t i = 0; i < parts_.lines.size(); ++i) {
      const auto& line = parts_.lines[i];
      const auto where = TreePath{"lines"} / i;
      if (!line.id.empty()) {
        const auto number = normalise_number(line.id, region).e164;
        if (number.empty())
          reading_.complain(where / "id",
                            fmt::format("\"{}\" is no telephone number; write it as \"+74950000001\"", line.id));
        check_once(first, number, where / "id");
      }
      check_reference(where / "ad_source", line.ad_source, "ad_sources", "advertising source");
      check_calendar(where / "calendar");
    }
  }

  void check_employees() const {
    for (std::size_t i = 0; i < parts_.employees.size(); ++i) {
      const auto& employee = parts_.employees[i];
      const auto where = TreePath{"employees"} / i;
      for (std::size_t n = 0; n < employee.departments.size(); ++n) {
        const auto& in = employee.departments[n];
        check_reference(where / "departments" / n, in.id, "departments", "department");
        check_period(where / "departments" / n, in.period);
      }
      check_reference(where / "office", employee.office, "offices", "office");
      check_calendar(where / "calendar");
    }
  }

  void check_departments() const {
    std::map<std::string, std::string> owner_of_queue;
    for (std::size_t i = 0; i < parts_.departments.size(); ++i) {
      const auto& department = parts_.departments[i];
      const auto where = TreePath{"departments"} / i;
      for (std::size_t n = 0; n < department.duty.size(); ++n)
        check_reference(where / "duty" / n, department.duty[n], "employees", "employee");
      for (std::size_t n = 0; n < department.queues.size(); ++n) {
        const auto [owner, is_new] = owner_of_queue.try_emplace(department.queues[n], department.id);
        if (!is_new)
          reading_.complain(where / "queues" / n, fmt::format("queue {} belongs to {} already; a queue has one "
                                                              "department",
                                                              department.queues[n], owner->second));
      }
    }
  }

  void check_period(const TreePath& where, const Period& period) const {
    if (period.from && period.to && *period.to <= *period.from)
      reading_.complain(where / "to", "is not after \"from\", so nothing falls within; correct one of the two");
  }

  void check_extensions() const {
    std::map<std::pair<std::string, std::string>, std::vector<Mapping>> mappings;
    for (std::size_t i = 0; i < parts_.employees.size(); ++i) {
      const auto& employee = parts_.employees[i];
      for (std::size_t n = 0; n < employee.extensions.size(); ++n) {
        const auto& on = employee.extensions[n];
        const auto where = TreePath{"employees"} / i / "extensions" / n;
        check_pbx(where / "source", on.source);
        check_period(where, on.period);
        auto& others = mappings[{on.source, on.number}];
        for (const auto& other : others)
          if (overlap(other.period, on.period)) tell_overlap(other, employee.id, on, where);
        others.push_back({employee.id, on.period, where});
      }
    }
  }

  // A PBX that no source watches: its calls come as records alone, or, far
  // more often, a misspelt name that would leave calls without employees.
  void check_pbx(const TreePath& where, const std::string& pbx) const {
    if (pbx.empty() || reading_.at({"sources"}) == nullptr) return;
    std::vector<std::string> known;
    for (std::size_t i = 0; i < reading_.count({"sources"}); ++i) {
      const auto source = TreePath{"sources"} / i;
      known.push_back(reading_.text(source / "pbx", reading_.text(source / "name")));
      if (known.back() == pbx) return;
    }
    reading_.complain(where, fmt::format("{} (if its calls come as records alone, add the source {{name: {}, plugin: "
                                         "canonical}})",
                                         no_such("source", pbx, known), pbx));
  }

  static bool overlap(const Period& a, const Period& b) {
    const bool a_begins_within = !b.to || !a.from || *a.from < *b.to;
    const bool b_begins_within = !a.to || !b.from || *b.from < *a.to;
    return a_begins_within && b_begins_within;
  }
  void tell_overlap(const Mapping& other, const std::string& employee, const EmployeeRecord::OnExtension& on,
                    const TreePath& where) const {
    const auto whose =
        other.employee == employee
            ? fmt::format("{} has extension {} of {} twice at once", employee, on.number, on.source)
            : fmt::format("extension {} of {} belongs to {} at the same time", on.number, on.source, other.employee);
    reading_.complain(where, fmt::format("{} ({}); end one period with \"to\" where the other begins with \"from\"",
                                         whose, reading_.spot(other.where, where)));
  }

  void check_stages(const FunnelRecord& funnel, const TreePath& where) const {
    First first;
    for (std::size_t n = 0; n < funnel.stages.size(); ++n)
      check_once(first, funnel.stages[n].id, where / "stages" / n / "id");
  }

  const ConfigReading& reading_;
  const Directory::Parts& parts_;
};

}  // namespace

Directory::Parts read_directory(const ConfigReading& reading, const nlohmann::json& config) {
  Directory::Parts parts;
  parts.employees = records_of(config, "employees", read_employee);
  parts.departments = records_of(config, "departments", read_department);
  parts.offices = records_of(config, "offices", read_office);
  parts.ad_sources = records_of(config, "ad_sources", read_ad_source);
  parts.lines = records_of(config, "lines", read_line);
  parts.funnels = records_of(config, "funnels", read_funnel);
  parts.phone_region = reading.text({"locale", "phone_region"});
  parts.language = reading.text({"locale", "language"}, "en");
  DirectoryCheck(reading, parts).run();
  return parts;
}

}  // namespace hkl
