// The rows behind a figure among calls that have shares of their own.
#pragma once

#include "columns/figure_rows.h"
#include "columns/share_rows.h"

namespace hkl {

class DrillShares {
 public:
  // All outlive this.
  DrillShares(const ShareSpecs& specs, const DrillRequest& request, Dictionary& pool);
  DrillShares(const DrillShares&) = delete;

  // Adds those of [first, end), as rows of the segment; one that the figure counts twice is added twice.
  void find(const Segment& segment, std::uint32_t first, std::uint32_t end, std::vector<std::uint32_t>& rows);
  std::uint64_t bytes_read() const { return shares_.bytes_read(); }

 private:
  const bool is_by_share_;
  const RowIds key_;
  FigureRows figure_;
  ShareReader shares_;
};

}  // namespace hkl
