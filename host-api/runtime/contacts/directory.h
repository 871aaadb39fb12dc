// Who and what the company is: employees with their extensions over time,
// departments, offices, lines, advertising sources, funnels; from the config
// and from canonical records (an id lives in one of the two).
//
// Immutable once built; a change makes a new one. Safe from any thread.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/records.h"

namespace hkl {

class Directory {
 public:
  struct Parts {
    std::vector<EmployeeRecord> employees;
    std::vector<DepartmentRecord> departments;
    std::vector<OfficeRecord> offices;
    std::vector<AdSourceRecord> ad_sources;
    std::vector<LineRecord> lines;
    std::vector<FunnelRecord> funnels;  // empty: the built-in "sales" (DESIGN section 9)
    std::string phone_region;           // of numbers in the records, "RU"
    std::string language = "ru";        // of the built-in funnel's names
  };
  explicit Directory(Parts parts);
  ~Directory();

  // The employee an extension was mapped to then (metrics §1.5.5), or "".
  // Two at once: the mapping that began last; complaints() names them.
  std::string employee_at(std::string_view pbx, std::string_view extension, Instant at) const;
  // Extensions that are mapped to anybody at any time, or lines of ours:
  // such a number never becomes a contact.
  bool is_ours(std::string_view number) const;

  const EmployeeRecord* employee(std::string_view id) const;
  const DepartmentRecord* department(std::string_view id) const;
  const OfficeRecord* office(std::string_view id) const;
  const AdSourceRecord* ad_source(std::string_view id) const;
  // The first in the order of ids whose step is this source and medium; one whose step has no medium takes
  // every medium, where none has this one. Case does not matter; no source is "direct".
  const AdSourceRecord* ad_source_of_step(std::string_view source, std::string_view medium) const;
  const LineRecord* line(std::string_view number) const;  // in any spelling
  const FunnelRecord* funnel(std::string_view id) const;
  const FunnelRecord& default_funnel() const;
  // Departments of an employee at a moment, ids in alphabetical order.
  std::vector<std::string> departments_at(std::string_view employee, Instant at) const;
  // The department that owns a queue, or null.
  const DepartmentRecord* department_of_queue(std::string_view queue) const;
  // Groups of a stage; empty when the funnel or stage is not known.
  std::vector<std::string> stage_groups(std::string_view funnel, std::string_view stage) const;
  // Open: neither in closed_unsuccessfully nor in closed_successfully.
  bool is_open_stage(std::string_view funnel, std::string_view stage) const;

  const Parts& parts() const;
  // What is ambiguous in the mapping, one sentence each.
  const std::vector<std::string>& complaints() const;

 private:
  struct Index;
  Parts parts_;
  std::unique_ptr<Index> index_;
  std::vector<std::string> complaints_;
};

// MacroCRM's nine stages (DESIGN section 9).
FunnelRecord built_in_funnel(std::string_view language);

}  // namespace hkl
