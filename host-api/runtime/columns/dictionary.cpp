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
  index_ = {};
}

std::string_view Dictionary::text(std::uint32_t code) const {
  const auto mapped = mapped_ends_.size();
  const bool is_mapped = code < mapped;
  const auto place = is_mapped ? code : code - mapped;
  const auto* ends = is_mapped ? mapped_ends_.data() : ends_.data();
  const auto begin = place == 0 ? 0 : ends[place - 1];
  return {(is_mapped ? mapped_ : bytes_.data()) + begin, static_cast<std::size_t>(ends[place] - begin)};
}

std::size_t Dictionary::slot_of(std::string_view wanted, const std::vector<std::uint32_t>& slots) const {
  const auto mask = slots.size() - 1;
  auto at = std::hash<std::string_view>{}(wanted)&mask;
  while (slots[at] != 0 && text(slots[at] - 1) != wanted) at = (at + 1) & mask;
  return at;
}

// Kept at most half full.
void Dictionary::index_all(Index& index) const {
  if (index.slots.size() < std::size_t{2} * (size() + 1)) {
    index.slots.assign(std::bit_ceil(std::size_t{4} * (size() + 1)), 0);
    index.size = 0;
  }
  for (; index.size < size(); ++index.size) index.slots[slot_of(text(index.size), index.slots)] = index.size + 1;
}

Dictionary Dictionary::mapped_part() const {
  Dictionary part;
  part.map(mapped_ends_, mapped_, owner_);
  return part;
}

Dictionary::Index Dictionary::indexed() const {
  Index index;
  index_all(index);
  return index;
}

void Dictionary::adopt(Index index) {
  if (index_.size < index.size) index_ = std::move(index);
}

std::optional<std::uint32_t> Dictionary::find(std::string_view wanted) const {
  // Few texts, or a look-up before anything was added: no table for it.
  if (index_.slots.empty()) {
    for (std::uint32_t code = 0; code < size(); ++code)
      if (text(code) == wanted) return code;
    return std::nullopt;
  }
  const auto slot = index_.slots[slot_of(wanted, index_.slots)];
  return slot == 0 ? std::nullopt : std::optional(slot - 1);
}

std::uint32_t Dictionary::add(std::string_view wanted) {
  index_all(index_);
  const auto slot = slot_of(wanted, index_.slots);
  if (index_.slots[slot] != 0) return index_.slots[slot] - 1;
  bytes_.append(wanted);
  ends_.push_back(bytes_.size());
  index_.slots[slot] = ++index_.size;
  return index_.size - 1;
}

}  // namespace hkl
