// Reports: a definition in the report language, compiled to SQL, run, drilled.
//
// A definition is one JSON document (the same members as a `custom` report in
// YAML). Engines return integers only; ratios, floors, averages and the order
// of rows are made here once, for every engine (DESIGN section 7).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "contacts/access.h"
#include "contacts/directory.h"
#include "contacts/report_scan.h"
#include "hookline/types.h"
#include "services/calendar.h"
#include "values/instant.h"
#include "values/result.h"

namespace Poco::Data {
class Session;
}

namespace hkl {

class Engine;
class StoreReader;
struct PathTaken;

// A definition that was parsed and type-checked. Immutable.
class Report;

// Whether its rows are a plugin's own (scan.h).
bool is_scan(const Report& report);

// One mistake in a definition; column: in the expression at that path, from 1, or 0.
struct DefinitionFault {
  std::string path;  // "measures[3].expr"
  int column = 0;
  std::string text;
  std::string str() const;  // "measures[3].expr, column 12: …"
};

// Errors point into the expression; `faults`, if given, gets them one by one.
Result<std::shared_ptr<const Report>> parse_report(const std::string& id, const std::string& definition_json,
                                                   std::vector<DefinitionFault>* faults = nullptr);

// Which part of a list is wanted.
struct Page {
  std::uint64_t limit = 0;  // 0: all
  std::string after;        // what `next` said; empty: from the beginning
  // json: {"rows": […], "next": …}, and behind a figure "total", in place of an array.
  bool is_enveloped = false;
};

struct ReportQuery {
  std::string from, to;                         // as people give them; zone below
  std::map<std::string, std::string> settings;  // --set NAME=VALUE
  std::string where;
  std::string drill;   // "KEY:MEASURE" or empty
  std::string format;  // table, json, ndjson, csv, xlsx, html, svg
  std::string title;   // in place of the report's own; may be empty
  // Of the rows behind a figure:
  Page page;
  std::string sort;     // "-calls,manager": columns, those with - the largest first; empty: as the report says
  std::string compare;  // "previous": with the figures of the period before
};

// Whom a report that scans sees one by one.
enum class ScanOver : std::uint8_t { nothing, contacts, employees };
struct ScanRange {
  ScanOver over = ScanOver::nothing;
  std::optional<Instant> from, to;
  Instant now{};
  // The calls that count, by id, where a condition or a role chooses; else all do.
  std::optional<std::unordered_set<std::string>> counted;
  const Access* access = nullptr;  // whose employees are shown; null: all
};
// What such a report is run with: its plugin, and who reads the store for it.
struct ScanParts {
  std::function<Result<std::unique_ptr<ReportScan>>(const std::string& params_json)> begin;
  std::function<Done(const ScanRange& range, Poco::Data::Session& session, ReportScan& scan)> feed;
};

struct ReportSurroundings {
  const Directory* directory = nullptr;  // names of employees, stages …
  std::string timezone, language;
  Instant now{};
  const std::map<std::string, Calendar>* calendars = nullptr;  // of the config
  const ScanParts* scan = nullptr;                             // of a report that scans
  Engine* engine = nullptr;                                    // answers in place of SQL where it can; or null
  PathTaken* taken = nullptr;                                  // gets how the answer was found; or null
  const Access* access = nullptr;                              // whose question it is; null: may see everything
  // What was asked beside these, for the head of a file of rows: name, value.
  std::vector<std::pair<std::string, std::string>> asked = {};
};

// Runs it and writes the rendered answer. HKL_INVALID and HKL_NOT_FOUND name
// the nearest right option, column or date.
Done run_report(const Report& report, const ReportQuery& query, const ReportSurroundings& surroundings,
                StoreReader& reader, const hkl_writer& writer);

// Lists of entities (`hookline calls` …): newest first, `where` in the same
// language. entity: HKL_ENTITY_….
struct ListQuery {
  std::uint32_t entity = 0;
  std::string from, to, where, id, format;
  Page page;
};
Done run_list(const ListQuery& query, const ReportSurroundings& surroundings, Poco::Data::Session& session,
              const hkl_writer& writer);

}  // namespace hkl
