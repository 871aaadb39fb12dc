#include "columns/dictionary.h"

#include <bit>
#include <functional>

namespace hkl {

void Dictionary::map(std::span<const std::uint64_t> ends, const char* bytes, std::shared_ptr<const void> owner) {
  mapped_ends_ = ends;
  mapped_ = bytes;
  owner_ = std::move(owner);
  bytes_.clear();
  ends_.clear();
  slots_.clear();
  indexed_ = 0;
}

std::string_view Dictionary::text(std::uint32_t code) const {
  const auto mapped = mapped_ends_.size();
  const bool is_mapped = code < mapped;
  const auto place = is_mapped ? code : code - mapped;
  const auto* ends = is_mapped ? mapped_ends_.data() : ends_.data();
  const auto begin = place == 0 ? 0 : ends[place - 1];
  return {(is_mapped ? mapped_ : bytes_.data()) + begin, static_cast<std::size_t>(ends[place] - begin)};
}

std::size_t Dictionary::slot_of(std::string_view wanted) const {
  const auto mask = slots_.size() - 1;
  auto at = std::hash<std::string_view>{}(wanted)&mask;
  while (slots_[at] != 0 && text(slots_[at] - 1) != wanted) at = (at + 1) & mask;
  return at;
}

// Kept at most half full.
void Dictionary::index_all() {
  if (slots_.size() < std::size_t{2} * (size() + 1)) {
    slots_.assign(std::bit_ceil(std::size_t{4} * (size() + 1)), 0);
    indexed_ = 0;
  }
  for (; indexed_ < size(); ++indexed_) slots_[slot_of(text(indexed_))] = indexed_ + 1;
}

std::optional<std::uint32_t> Dictionary::find(std::string_view wanted) const {
  // Few texts, or a look-up before anything was added: no table for it.
  if (slots_.empty()) {
    for (std::uint32_t code = 0; code < size(); ++code)
      if (text(code) == wanted) return code;
    return std::nullopt;
  }
  const auto slot = slots_[slot_of(wanted)];
  return slot == 0 ? std::nullopt : std::optional(slot - 1);
}

std::uint32_t Dictionary::add(std::string_view wanted) {
  index_all();
  const auto slot = slot_of(wanted);
  if (slots_[slot] != 0) return slots_[slot] - 1;
  bytes_.append(wanted);
  ends_.push_back(bytes_.size());
  slots_[slot] = ++indexed_;
  return indexed_ - 1;
}

}  // namespace hkl
