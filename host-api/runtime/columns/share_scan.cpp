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

// --- What a scan takes over of them

// Texts are noted for the groups alone, or for the total.
void Scan::take_shares() {
  if (auto* grouped = shares_->grouped(); grouped != nullptr) {
    for (std::uint32_t g = 0; g < grouped->reader_.groups().size(); ++g)
      groups_of_shares_.push_back(reader_.groups().group_of(grouped->reader_.groups(), g));
    shares_of_group_.resize(reader_.groups().size());
    for (std::uint32_t g = 0; g < groups_of_shares_.size(); ++g)
      if (grouped->has_rows(g)) shares_of_group_[groups_of_shares_[g]] = g;
    for (std::size_t c = 0; c < counters_.size(); ++c)
      counters_[c]->merge(*grouped->counters_[c], groups_of_shares_, DistinctTexts::Into::groups);
  }
  // Calls that are one row each are in no group.
  const std::vector<std::uint32_t> beyond = {reader_.groups().size()};
  for (std::size_t c = 0; c < counters_.size(); ++c) counters_[c]->merge(*shares_->once().counters_[c], beyond);
  for (std::size_t part = 0; part < folds_.size(); ++part)
    if (folds_[part]) folds_[part]->merge(*shares_->once().folds_[part], beyond);
}

// After the total is read, which they are not in.
void Scan::take_groups_of_shares() {
  for (std::size_t part = 0; part < folds_.size(); ++part)
    if (folds_[part]) folds_[part]->merge(*shares_->grouped()->folds_[part], groups_of_shares_);
}

std::optional<std::uint32_t> Scan::group_of_shares(std::uint32_t group) const {
  return group < shares_of_group_.size() ? shares_of_group_[group] : std::nullopt;
}

}  // namespace hkl
