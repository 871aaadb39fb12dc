// Lists of records as they go out: a JSON array, NDJSON, CSV or a table, row
// by row as they are read.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "reports/reading.h"
#include "reports/report.h"
#include "reports/sheet.h"
#include "reports/shown.h"
#include "reports/workbook.h"

namespace hkl {

// How the columns of a list's rows begin: the body, then the shown fields.
class ListWriter {
 public:
  // `with_counts`: the rows are those of a rate, and each tells whether it counts.
  ListWriter(const Entity& entity, const std::string& format, const ReportSurroundings& with, const hkl_writer& writer,
             bool with_counts = false);

  // Which columns to read, after the body; none where the body is all.
  const std::vector<const Field*>& fields() const { return fields_; }
  // A row: body, fields, and with counts "1" or "0".
  Done row(const RowTexts& row);
  Done end();

  // In JSON an object with `rows` in place of an array; before the first row.
  void envelop() { opening_ = "{\"rows\":[\n"; }
  // In place of end(): where the list goes on, and how many rows all of it has.
  Done end_page(const std::optional<std::string>& next, std::optional<std::int64_t> total);

 private:
  void open_book();
  std::string title() const;
  std::string page_begin() const;
  std::vector<std::pair<std::string, std::string>> asked() const;
  Done put_in_book(const RowTexts& row);
  Done put(std::string_view text);
  FieldShow show_of(const RowTexts& row, bool is_for_people) const;
  std::string body(const RowTexts& row) const;
  const Entity& entity_;
  std::string format_;
  const ReportSurroundings& with_;
  const hkl_writer& writer_;
  std::vector<const Field*> fields_;
  Sheet sheet_;
  std::unique_ptr<Workbook> book_;  // of xlsx
  std::string opening_ = "[\n";
  bool with_counts_, is_first_ = true;
};

// What a format shows beside the body; none where the body is all.
std::vector<const Field*> list_fields(const Entity& entity, const std::string& format);

// Rows are no figures that a chart could show.
inline Done no_chart_of_rows() {
  return fail(HKL_INVALID, "svg is a chart of a report's figures; take xlsx, html or csv for a list of rows");
}

// HKL_INVALID names the formats there are.
Done check_format(const std::string& format);

}  // namespace hkl
