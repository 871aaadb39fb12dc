// A report as JSON (DESIGN: the JSON of reports). Rows are written as text, without
// a tree of each: a report from cubes takes less time than the tree of its rows would.
#pragma once

#include <string>
#include <vector>

#include "canonical/json_text.h"
#include "reports/figures.h"
#include "reports/plan.h"
#include "values/json_writer.h"

namespace hkl {

// What was asked for, by the names of options and filters.
OrderedJson options_json(const Plan& plan);

// Whether the values of a dimension are whole numbers.
bool is_whole(const Dimension& dimension);

// The plan outlives it. One thread.
class ReportJson {
 public:
  explicit ReportJson(const Plan& plan);

  // head(), rows with commas between them, and tail() are one object.
  std::string head() const;
  std::string tail(const ReportRow& total) const;
  void put_row(std::string& behind, const ReportRow& row) const;

 private:
  void put_cells(JsonWriter& json, const ReportRow& row) const;
  void put_parts(JsonWriter& json, const ReportRow& row) const;
  void put_before(JsonWriter& json, const ReportRow& row) const;

  const Plan& plan_;
  // The numbers of those that are shown. An id that two have is the later one's.
  std::vector<std::size_t> dimensions_, measures_;
};

}  // namespace hkl
