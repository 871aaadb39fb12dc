// What may answer a plan in place of SQL: the seam between the definition
// language and an engine that keeps the facts in a form of its own.
//
// An engine answers with what SQL would have answered, to the last digit, or
// not at all. The host makes figures, names and order of either.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "reports/aggregates.h"
#include "reports/plan.h"
#include "reports/reading.h"
#include "reports/row_key.h"

namespace hkl {

// How an answer was found, for `hookline report --explain`.
struct PathTaken {
  std::string path = "sql";  // cubes, classes, columns, sql, scan
  std::string why;           // one sentence
  std::uint64_t rows_total = 0, rows_read = 0, bytes_read = 0;
  std::chrono::nanoseconds searched{0};  // by the engine, until it had its answer
};

// Groups of rows: their dimensions' ids and what their aggregates came to, all in one piece of memory.
struct ReadRows {
  std::vector<RowIds> ids;
  std::size_t width = 0;
  std::vector<ReadCell> cells;  // `width` of each
  Aggregates::Read row(std::size_t index) const { return {cells.data() + index * width, width}; }
};

struct Answer {
  std::vector<ReadCell> total;  // of all rows together
  ReadRows grouped;             // none where the plan has no dimensions
};

// Which rows a drill-down is about.
struct DrillRequest {
  std::vector<const Node*> of;  // aggregates: a row of any of them
  bool is_by_key = false;       // rows of the key alone
  RowIds key;
  std::uint64_t limit = 0;                   // the newest so many; 0: all
  std::optional<std::int64_t> not_after_ms;  // where the last page ended
  bool is_counted = false;                   // whether `count` is wanted
};

// Rows behind a figure, as the store numbers them (rowid): the newest that are
// wanted, and those that began at the same moments; in no order.
struct FoundRows {
  struct Row {
    std::int64_t at_ms = 0, store_row = 0;
  };
  std::vector<Row> rows;
  std::uint64_t count = 0;  // of all pages, where it was wanted
};

// What an engine keeps of a question, so that the same plan is answered sooner the next time: of another period, at
// another moment. Made by the engine, and of no meaning to others.
struct KeptQuestion {
  KeptQuestion() = default;
  KeptQuestion(const KeptQuestion&) = delete;
  KeptQuestion& operator=(const KeptQuestion&) = delete;
  virtual ~KeptQuestion() = default;
};

// Which rows of a plan, and whether they are grouped.
struct AnswerScope {
  bool by_dimensions = true, with_filters = true;
};

// Safe from any thread.
class Engine {
 public:
  virtual ~Engine() = default;
  // Empty: this engine cannot, and `taken.why` says why. The aggregates are
  // those of the plan's measures, noted in their order. `kept`: what it kept of this plan and scope, or null; it is
  // renewed, and null where nothing holds at other times. What it is of outlives it.
  virtual std::optional<Answer> answer(const Plan& plan, const Aggregates& aggregates, AnswerScope scope,
                                       Reading& reading, PathTaken& taken, std::unique_ptr<KeptQuestion>& kept) = 0;
  virtual std::optional<FoundRows> rows_behind(const Plan& plan, const DrillRequest& request, Reading& reading,
                                               PathTaken& taken) = 0;
};

}  // namespace hkl
