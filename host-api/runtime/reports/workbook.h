// A table as an XLSX file, by libxlsxwriter: typed cells, a frozen head,
// filters, a total, and a second sheet that says what was asked. Rows go to a
// file of the system's temporary folder as they come, so that a million of them
// takes no more memory than ten.
//
// Texts are written as texts: what begins with = is no formula in it.
// One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "hookline/types.h"
#include "values/result.h"

namespace hkl {

struct BookColumn {
  enum class Kind : std::uint8_t { text, integer, decimal, percent, duration, time, money };
  std::string title;
  Kind kind = Kind::text;
  std::string definition, formula;  // for the second sheet; may be empty
};

// By the kind of its column: a decimal as it is, a percentage as a fraction, a
// duration in seconds, a time as local seconds since 1970, money in its unit.
struct BookCell {
  enum class Holds : std::uint8_t { nothing, text, number };
  Holds holds = Holds::nothing;
  std::string text;  // of money: its currency
  double number = 0;

  static BookCell of_text(std::string text) { return {Holds::text, std::move(text), 0}; }
  static BookCell of_number(double number, std::string currency = "") {
    return {Holds::number, std::move(currency), number};
  }
};

struct BookTexts {
  std::string sheet, about;                             // names of the two sheets
  std::vector<std::pair<std::string, std::string>> of;  // what was asked: name, value
  std::string column, definition, formula;              // heads of the columns' table
};

class Workbook {
 public:
  Workbook(std::vector<BookColumn> columns, BookTexts texts);
  ~Workbook();
  Workbook(const Workbook&) = delete;
  Workbook& operator=(const Workbook&) = delete;

  // HKL_RESOURCE: the temporary folder takes no more. A sheet is full with
  // 1,048,576 rows; what follows goes on a next one.
  Done row(const std::vector<BookCell>& cells);
  // After all rows.
  Done total(const std::vector<BookCell>& cells);
  // Ends it and hands the file out.
  Done write(const hkl_writer& writer);

 private:
  struct File;
  Done begin_sheet();
  void end_sheet();
  Done put(const std::vector<BookCell>& cells, bool is_total);
  Done put_cell(std::size_t column, const BookCell& cell, bool is_total);
  Done write_about();
  std::vector<BookColumn> columns_;
  BookTexts texts_;
  std::unique_ptr<File> file_;
  std::uint32_t row_ = 0, data_rows_ = 0;
  std::size_t sheets_ = 0;
  bool has_filter_ = false;
};

}  // namespace hkl
