// A table as a page of HTML that stands alone and prints well.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reports/sheet.h"

namespace hkl {

struct PrintHeading {
  std::string title, language;
  std::vector<std::string> lines;  // what was asked
};

// What a page begins with, up to the first row, and ends with: rows of a list
// go between as they come.
std::string print_begin(const PrintHeading& heading, const std::vector<SheetCell>& heads);
std::string print_row(const std::vector<SheetCell>& cells);
// `notes`: told under the table.
std::string print_end(const std::vector<SheetCell>& total, const std::vector<std::string>& notes = {});

// & < > " ' as references.
std::string html_text(std::string_view text);

}  // namespace hkl
