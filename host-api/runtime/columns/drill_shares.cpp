#include "columns/drill_shares.h"

#include <algorithm>

namespace hkl {

DrillShares::DrillShares(const ShareSpecs& specs, const DrillRequest& request, Dictionary& pool)
    : is_by_share_(specs.grouped.has_value()),
      key_(request.is_by_key ? request.key : RowIds()),
      figure_(is_by_share_ ? *specs.grouped : specs.once, key_, pool),
      shares_(specs, pool, figure_.reader().program().columns_read()) {}

void DrillShares::find(const Segment& segment, std::uint32_t first, std::uint32_t end,
                       std::vector<std::uint32_t>& rows) {
  shares_.read(segment, first, end, [&](ShareRows& grouped, ShareRows& once) {
    auto& of_figure = is_by_share_ ? grouped : once;
    const auto& lying = of_figure.as_segment();
    for (std::uint32_t from = 0; from < lying.rows; from += kBatchRows) {
      auto& reader = figure_.reader();
      const auto chosen = reader.choose(lying, from, std::min<std::uint32_t>(kBatchRows, lying.rows - from));
      reader.read(lying, chosen);
      for (std::size_t i = 0; i < chosen.count; ++i)
        if (figure_.has(i)) rows.push_back(of_figure.row(from + chosen.rows[i]));
    }
  });
}

}  // namespace hkl
