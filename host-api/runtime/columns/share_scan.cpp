#include "columns/share_scan.h"

namespace hkl {
namespace {

std::set<std::uint32_t> columns_read(Scan* grouped, Scan& once) {
  auto columns = once.columns_read();
  if (grouped != nullptr) columns.insert(grouped->columns_read().begin(), grouped->columns_read().end());
  return columns;
}

}  // namespace

ShareScan::ShareScan(const ShareSpecs& specs, Dictionary& pool)
    : grouped_(specs.grouped ? std::make_unique<Scan>(*specs.grouped, &pool) : nullptr),
      once_(specs.once, &pool),
      reader_(specs, pool, columns_read(grouped_.get(), once_)) {}

void ShareScan::run(const Segment& segment, std::uint32_t first, std::uint32_t end, Scan::Into into) {
  const auto run_all = [into](Scan& scan, const Segment& rows) { scan.run_rows(rows, 0, rows.rows, into); };
  reader_.read(segment, first, end, [&](ShareRows& grouped, ShareRows& once) {
    if (grouped_) run_all(*grouped_, grouped.as_segment());
    run_all(once_, once.as_segment());
  });
}

void ShareScan::merge(ShareScan& other) {
  if (grouped_) grouped_->merge(*other.grouped_);
  once_.merge(other.once_);
}

}  // namespace hkl
