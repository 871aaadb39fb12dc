// Reports: a definition in the report language, compiled to SQL, run, drilled.
//
// A definition is one JSON document (the same members as a `custom` report in
// YAML). Engines return integers only; ratios, floors, averages and the order
// of rows are made here once, for every engine (DESIGN section 7).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "contacts/directory.h"
#include "hookline/types.h"
#include "values/instant.h"
#include "values/result.h"

namespace Poco::Data {
class Session;
}

namespace hkl {

// A definition that was parsed and type-checked. Immutable.
class Report;

// Errors point into the expression: "measures[3].expr, column 12: …".
Result<std::shared_ptr<const Report>> parse_report(const std::string& id, const std::string& definition_json);

struct ReportQuery {
  std::string from, to;                         // as people give them; zone below
  std::map<std::string, std::string> settings;  // --set NAME=VALUE
  std::string where;
  std::string drill;   // "KEY:MEASURE" or empty
  std::string format;  // table, json, ndjson, csv
};

struct ReportSurroundings {
  const Directory* directory = nullptr;  // names of employees, stages …
  std::string timezone, language;
  Instant now{};
};

// Runs it and writes the rendered answer. HKL_INVALID and HKL_NOT_FOUND name
// the nearest right option, column or date.
Done run_report(const Report& report, const ReportQuery& query, const ReportSurroundings& surroundings,
                Poco::Data::Session& session, const hkl_writer& writer);

// Lists of entities (`hookline calls` …): newest first, `where` in the same
// language. entity: HKL_ENTITY_….
struct ListQuery {
  std::uint32_t entity = 0;
  std::string from, to, where, id, format;
  std::uint64_t limit = 0;
};
Done run_list(const ListQuery& query, const ReportSurroundings& surroundings, Poco::Data::Session& session,
              const hkl_writer& writer);

}  // namespace hkl
