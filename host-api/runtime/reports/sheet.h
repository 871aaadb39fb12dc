// A table that is ready to be shown: heads, cells as text. Written aligned for
// a terminal, or as CSV.
#pragma once

#include <string>
#include <vector>

#include "hookline/types.h"
#include "values/result.h"

namespace hkl {

struct SheetCell {
  std::string text;
  bool is_number = false;  // aligned to the right; never quoted against formulas
};

struct Sheet {
  std::vector<SheetCell> heads;  // is_number: how the column is aligned
  std::vector<std::vector<SheetCell>> rows;
  std::vector<SheetCell> total;  // empty: none
};

// Aligned columns, two blanks between them.
std::string aligned(const Sheet& sheet);

// One line of CSV by RFC 4180 with its CRLF. A text that a spreadsheet would
// take for a formula gets an apostrophe before it; a number and an E.164
// number stay as they are.
std::string csv_line(const std::vector<SheetCell>& cells);

}  // namespace hkl
