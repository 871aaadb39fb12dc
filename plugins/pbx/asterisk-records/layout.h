// Which cell of a record is which column. Column names are those of Asterisk's
// own modules in any spelling ("cid_num", "CIDnum"), under one name each:
// "start" is calldate too, "channel" channame, "app" appname.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "csv_lines.h"
#include "hookline/sdk/text.h"

namespace asterisk {

class Layout {
 public:
  Layout() = default;
  explicit Layout(std::vector<std::string> columns);

  std::size_t size() const { return names_.size(); }
  // Place of a column, by its one name.
  std::optional<std::size_t> place(std::string_view column) const;
  const std::string& own_name(std::size_t place) const { return own_names_[place]; }
  const std::string& name(std::size_t place) const { return names_[place]; }

 private:
  std::vector<std::string> own_names_, names_;
};

// The one name of a column.
std::string column_name(std::string_view own_name);
// "a,b,c" as a layout.
Layout layout_of(std::string_view comma_separated);
// With * and ?, upper and lower case apart.
bool matches_pattern(std::string_view pattern, std::string_view name);

// One record: cells by column. A view; lives as long as both.
class Record {
 public:
  Record(const Layout& layout, const Cells& cells) : layout_(layout), cells_(cells) {}
  std::string_view operator[](std::string_view column) const {
    const auto place = layout_.place(column);
    return place ? std::string_view(cells_[*place]) : std::string_view();
  }
  const Layout& layout() const { return layout_; }
  const Cells& cells() const { return cells_; }
  // About as it was in the file, for messages.
  std::uint64_t byte_count() const {
    std::uint64_t size = cells_.size();
    for (const auto& cell : cells_) size += cell.size();
    return size;
  }

 private:
  const Layout& layout_;
  const Cells& cells_;
};

// The layouts that a source may meet.
struct LayoutBook {
  hookline::TextMap by_file;  // patterns of file names and their columns; the longest that fits counts
  std::vector<Layout> usual;  // of the module itself: the first that fits a record
  std::string time_column;    // which holds a time in every record
};

}  // namespace asterisk
