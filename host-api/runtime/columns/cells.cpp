#include "columns/cells.h"

namespace hkl {

void Cells::reserve(std::uint32_t groups, std::uint32_t stride) {
  if (groups <= groups_ && stride <= stride_) return;
  const auto wider = stride <= stride_ ? stride_ : std::max(stride, 2 * stride_);
  const auto more = groups <= groups_ ? groups_ : std::max(groups, groups_ + groups_ / 2);
  if (std::uint64_t{more} * wider * width_ > UINT32_MAX) throw NotInColumns("there are too many groups");
  settle();
  std::vector<std::int64_t> grown(std::size_t{more} * wider * width_, 0);
  for (std::size_t g = 0; g < groups_; ++g) std::copy_n(at(g, 0), stride_ * width_, grown.data() + g * wider * width_);
  cells_ = std::move(grown);
  groups_ = more;
  stride_ = wider;
}

std::uint64_t* Cells::packed(const NarrowHead& head, std::size_t rows) {
  // So many codes of two bytes stay below 2^40.
  constexpr std::uint64_t kRowsAtMost = std::uint64_t{1} << 23;
  if (head.base != base_ || head.scale != scale_ || packed_rows_ + rows > kRowsAtMost) settle();
  base_ = head.base;
  scale_ = head.scale;
  packed_rows_ += rows;
  if (packed_.empty()) packed_.resize(std::size_t{groups_} * stride_);
  return packed_.data();
}

void Cells::settle() {
  if (packed_rows_ > 0) {
    auto* cell = cells_.data();
    for (const auto number : packed_) {
      const auto count = static_cast<std::int64_t>(number >> kPackedBits);
      const auto codes = static_cast<std::int64_t>(number & (kPackedRow - 1));
      cell[0] += count;
      cell[1] += base_ * count + scale_ * codes;
      cell += width_;
    }
  }
  packed_rows_ = 0;
  packed_.clear();
}

void Cells::negate() {
  settle();
  for (auto& number : cells_) number = -number;
}

void Cells::clear() {
  std::fill(cells_.begin(), cells_.end(), 0);
  packed_.clear();
  packed_rows_ = 0;
}

std::vector<std::int64_t> Cells::of_all_groups() const {
  std::vector<std::int64_t> all(stride_ * width_);
  for (std::size_t g = 0; g < groups_; ++g) {
    const auto* cells = at(g, 0);
    for (std::size_t i = 0; i < all.size(); ++i) all[i] += cells[i];
  }
  return all;
}

void DirectCells::write(const Chosen& chosen, std::uint32_t* begins) const {
  with([&](auto begin_of) {
    if (chosen.is_all)
      for (std::size_t i = 0; i < chosen.count; ++i) begins[i] = begin_of(i);
    else
      for (std::size_t i = 0; i < chosen.count; ++i) begins[i] = begin_of(chosen.rows[i]);
  });
}

}  // namespace hkl
