// Whether rows are behind one figure of a report: in the group of its key, and counted by it.
#pragma once

#include "columns/row_reader.h"
#include "reports/engine.h"

namespace hkl {

class FigureRows {
 public:
  // The figure is the one part of `spec`; `key`: of its dimensions, empty: any group. `pool`: as of RowReader. All
  // outlive this.
  FigureRows(const ScanSpec& spec, const RowIds& key, Dictionary& pool) : spec_(spec), key_(key), reader_(spec, pool) {}

  RowReader& reader() { return reader_; }
  // Of the rows that were read last, by their place among those chosen.
  bool has(std::size_t i) {
    return is_counted(reader_.combinations_of_rows()[i]) && is_of_key(reader_.groups_of_rows()[i]);
  }

 private:
  bool is_counted(std::uint32_t combination);
  bool is_of_key(std::uint32_t group);

  const ScanSpec& spec_;
  const RowIds& key_;
  RowReader reader_;
  std::vector<std::uint8_t> counted_;  // by combination
  std::uint32_t known_groups_ = 0;
  std::optional<std::uint32_t> group_;
};

}  // namespace hkl
