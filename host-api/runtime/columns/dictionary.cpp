#include "columns/dictionary.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <numeric>

namespace hkl {

void Dictionary::map(Mapped mapped) {
  mapped_ = std::move(mapped);
  bytes_.clear();
  ends_.clear();
  slots_.clear();
  indexed_ = 0;
}

std::string_view Dictionary::text(std::uint32_t code) const {
  const auto mapped = mapped_.ends.size();
  const bool is_mapped = code < mapped;
  const auto place = is_mapped ? code : code - mapped;
  const auto* ends = is_mapped ? mapped_.ends.data() : ends_.data();
  const auto begin = place == 0 ? 0 : ends[place - 1];
  return {(is_mapped ? mapped_.bytes : bytes_.data()) + begin, static_cast<std::size_t>(ends[place] - begin)};
}

std::optional<std::uint32_t> Dictionary::find_mapped(std::string_view wanted) const {
  const auto place = std::lower_bound(mapped_.order.begin(), mapped_.order.end(), wanted,
                                      [this](std::uint32_t code, std::string_view one) { return text(code) < one; });
  return place != mapped_.order.end() && text(*place) == wanted ? std::optional(*place) : std::nullopt;
}

std::size_t Dictionary::slot_of(std::string_view wanted) const {
  const auto mask = slots_.size() - 1;
  auto at = std::hash<std::string_view>{}(wanted)&mask;
  while (slots_[at] != 0 && text(slots_[at] - 1) != wanted) at = (at + 1) & mask;
  return at;
}

// Kept at most half full.
void Dictionary::index_all() {
  if (slots_.size() < 2 * (ends_.size() + 1)) {
    slots_.assign(std::bit_ceil(4 * (ends_.size() + 1)), 0);
    indexed_ = 0;
  }
  const auto mapped = static_cast<std::uint32_t>(mapped_.ends.size());
  for (; indexed_ < ends_.size(); ++indexed_) slots_[slot_of(text(mapped + indexed_))] = mapped + indexed_ + 1;
}

std::optional<std::uint32_t> Dictionary::find(std::string_view wanted) const {
  if (const auto mapped = find_mapped(wanted)) return mapped;
  if (slots_.empty()) return std::nullopt;
  const auto slot = slots_[slot_of(wanted)];
  return slot == 0 ? std::nullopt : std::optional(slot - 1);
}

std::uint32_t Dictionary::add(std::string_view wanted) {
  if (const auto mapped = find_mapped(wanted)) return *mapped;
  index_all();
  auto& slot = slots_[slot_of(wanted)];
  if (slot != 0) return slot - 1;
  bytes_.append(wanted);
  ends_.push_back(bytes_.size());
  ++indexed_;
  slot = size();
  return slot - 1;
}

std::vector<std::uint32_t> Dictionary::order() const {
  const auto less = [this](std::uint32_t a, std::uint32_t b) { return text(a) < text(b); };
  std::vector<std::uint32_t> added(ends_.size()), all(size());
  std::iota(added.begin(), added.end(), static_cast<std::uint32_t>(mapped_.ends.size()));
  std::sort(added.begin(), added.end(), less);
  std::merge(mapped_.order.begin(), mapped_.order.end(), added.begin(), added.end(), all.begin(), less);
  return all;
}

}  // namespace hkl
