#include "columns/cells.h"

#include <algorithm>

namespace hkl {
namespace {

template <typename Place, typename Code, typename GroupOf>
void write_places(const DirectCells& from, const Code* codes, GroupOf group_of, std::size_t rows, Place* places) {
  const auto write = [&](const auto* classes) {
    each_of(rows, [=, group = static_cast<Place>(from.shape.group),
                   combination = static_cast<Place>(from.shape.combination)](std::size_t row) {
      places[row] = static_cast<Place>(static_cast<Place>(group_of(codes[row])) * group +
                                       static_cast<Place>(classes[row]) * combination);
    });
  };
  if (from.class_width == 1)
    write(from.classes);
  else
    write(reinterpret_cast<const std::uint16_t*>(from.classes));
}

template <typename Place, typename Code>
void write_places(const DirectCells& from, const Code* codes, std::size_t rows, Place* places) {
  if (from.group_of == nullptr)
    write_places(
        from, codes, [](Code code) { return static_cast<Code>(code + 1); }, rows, places);
  else
    write_places(
        from, codes, [of = from.group_of](Code code) { return of[code]; }, rows, places);
}

}  // namespace

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
    const auto* number = packed_.data();
    for (std::uint32_t combination = 0; combination < stride_; ++combination)
      for (std::uint32_t group = 0; group < groups_; ++group, ++number) {
        if (*number == 0) continue;
        const auto count = static_cast<std::int64_t>(*number >> kPackedBits);
        const auto codes = static_cast<std::int64_t>(*number & (kPackedRow - 1));
        auto* cell = at(group, combination);
        cell[0] += count;
        cell[1] += base_ * count + scale_ * codes;
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

template <typename Place>
void DirectCells::write(std::size_t rows, Place* places) const {
  if (group_width == 1)
    write_places(*this, groups, rows, places);
  else
    write_places(*this, reinterpret_cast<const std::uint16_t*>(groups), rows, places);
}

template void DirectCells::write(std::size_t rows, std::uint16_t* places) const;
template void DirectCells::write(std::size_t rows, std::uint32_t* places) const;

}  // namespace hkl
