// A report as asked once: its definition with the settings, the period and the
// filters decided, and the SQL of the rows it is about.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "reports/compile.h"
#include "reports/definition.h"
#include "reports/settings.h"

namespace hkl {

// Bounds of a period.
struct Bounds {
  std::optional<Instant> from, to;
};

struct PlannedMeasure {
  const Measure* measure = nullptr;
  const Way* way = nullptr;
};

struct Plan {
  const Definition* definition = nullptr;  // outlives the plan
  const Directory* directory = nullptr;    // the same; or null
  Settings settings;
  std::string zone, language, where_text, title;
  Instant now{};
  std::optional<Instant> from, to;
  std::vector<const Dimension*> dimensions;  // those that show
  std::vector<PlannedMeasure> measures;
  std::vector<std::unique_ptr<Measure>> made;  // measures made for each number of an option
  std::unique_ptr<Dimension> by_time;          // of `time_group`
  const Entity* entity = nullptr;              // whose rows these settings are about
  const std::map<std::string, Calendar>* calendars = nullptr;
  NodePtr where;  // of the query, or null
  // Null, or who asks. rows() holds to it; an engine of another kind than SQL
  // that cannot leaves such a plan to SQL.
  const Access* access = nullptr;
  std::vector<std::string> notes;       // told under the table
  std::vector<SortKey> sort;            // as asked, else as the report says
  std::optional<Bounds> compared_with;  // the period before, where that was asked for
  // What JSON tells of options and columns, which is the same for any period (report_json.h); empty: not written yet.
  mutable std::string told_json;

  // The rows: SQL from FROM to its last condition, to which " AND …" can be
  // added, and how expressions over them compile.
  struct Rows {
    SqlText from;
    RowSurroundings surroundings;
    std::size_t condition_count = 0;  // how many conditions limit the rows
    // With credit each: what of its shares a call is one row for each of.
    bool by_employee = false, by_extension = false;
  };
  // With credit `each` a call is one row for each value of the dimensions;
  // without dimensions (in totals) it is one row with all that was talked.
  Rows rows(bool by_dimensions, bool with_filters = true) const;

  // Which rows the period takes; empty: all.
  SqlText period(const RowCompiler& compiler) const;
  // What the hours of the day ask of the rows' own time; null: nothing, or the
  // definition's own period asks it.
  NodePtr within_hours() const;
  bool shows_dimension(std::string_view id) const;
  // Whether the filter by direction names internal calls, which are in no report otherwise (metrics §1.2.4).
  bool asks_for_internal() const;

  const PlannedMeasure* measure(std::string_view id) const;
};

// HKL_INVALID, HKL_NOT_FOUND: settings, dates, zone or expression.
Result<Plan> make_plan(const Definition& definition, const ReportQuery& query, const ReportSurroundings& surroundings);

// The plan of the same question now, of the period that is asked for this time. HKL_INVALID: the dates;
// HKL_NOT_FOUND: a calendar that is there no more.
Done renew(Plan& plan, const ReportQuery& query, const ReportSurroundings& surroundings);

// Columns with offices are shown where there are some (metrics §7.2).
bool has_offices(const Directory* directory);

// Bounds as people give them; HKL_INVALID when they end before they begin.
Result<Bounds> read_bounds(const std::string& from, const std::string& to, const std::string& zone);

// A dimension's value as SQL: empty texts are nothing.
SqlText dimension_sql(const Dimension& dimension, const RowSurroundings& surroundings);

}  // namespace hkl
