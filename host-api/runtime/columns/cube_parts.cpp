#include "columns/cube_parts.h"

#include <algorithm>
#include <unordered_map>

#include "reports/definition.h"

namespace hkl {
namespace {

// Of one question; a period has some five cubes of ten kilobytes.
constexpr std::uint64_t kKeptBytes = 256 << 10;

bool is_same(const std::weak_ptr<const Cube>& kept, const CubePtr& cube) {
  return !kept.owner_before(cube) && !cube.owner_before(kept);
}

// What parts of keys stand for, dimension by dimension (DimensionCodes::key).
class KeyTexts {
 public:
  explicit KeyTexts(const ScanSpec& spec) : spec_(spec) {
    for (const auto* dimension : spec.dimensions) {
      const Node& node = *dimension->expr;
      texts_.push_back(node.kind == NodeKind::field
                           ? &spec.table->dictionary(spec.table->schema().find(node.field->name).value())
                           : nullptr);
    }
  }
  RowIds ids(std::uint64_t key) const {
    RowIds ids(texts_.size());
    for (auto d = texts_.size(); d-- > 0; key >>= 32) ids[d] = id(d, static_cast<std::uint32_t>(key));
    return ids;
  }

 private:
  std::optional<std::string> id(std::size_t d, std::uint32_t key) const {
    if (key == kNothing) return std::nullopt;
    if (texts_[d] != nullptr) return std::string(texts_[d]->text(key));
    if (spec_.dimensions[d]->expr->type != Type::text) return std::to_string(key);
    return spec_.table->key_texts().text(key);
  }

  static constexpr std::uint32_t kNothing = UINT32_MAX;
  const ScanSpec& spec_;
  std::vector<const Dictionary*> texts_;  // of columns; null: what the clock says
};

}  // namespace

CubeParts::CubeParts(const ScanSpec& spec) : spec_(spec), taken_(spec.parts.size()) {
  for (const auto& part : spec.parts) width_ += part.sum ? 2 : 1;
}

void CubeParts::know_classes(std::uint32_t count) {
  for (; classes_known_ < count; ++classes_known_) {
    const auto answers = spec_.classes == nullptr ? 0 : spec_.classes->answers(classes_known_);
    const bool counts = std::all_of(spec_.where.begin(), spec_.where.end(),
                                    [answers](const ClassExpr& where) { return where.of(answers, 0); });
    if (!counts) continue;
    counted_.push_back(classes_known_);
    for (std::size_t part = 0; part < taken_.size(); ++part)
      if (spec_.parts[part].rows.of(answers, 0)) taken_[part].push_back(classes_known_);
  }
}

PartSums CubeParts::of(const Cube& cube) {
  know_classes(cube.classes);
  PartSums sums;
  sums.groups = cube.groups;
  sums.numbers.reserve(cube.groups.size() * width_);
  for (std::size_t g = 0; g < cube.groups.size(); ++g) {
    const auto* cells = cube.cells.data() + g * cube.group_size();
    const auto added = [&](const std::vector<std::uint32_t>& classes, std::size_t place) {
      std::int64_t sum = 0;
      for (const auto one : classes)
        if (one < cube.classes) sum += cells[one * cube.width + place];
      return sum;
    };
    sums.numbers.push_back(added(counted_, 0));
    for (std::size_t part = 0; part < taken_.size(); ++part) {
      sums.numbers.push_back(added(taken_[part], 0));
      if (const auto& sum = spec_.parts[part].sum) sums.numbers.push_back(added(taken_[part], 1 + *sum));
    }
  }
  return sums;
}

const PartSums& CubeParts::kept_of(const CubePtr& cube) {
  const auto found = std::find_if(kept_.begin(), kept_.end(), [&](const Kept& one) { return is_same(one.of, cube); });
  if (found != kept_.end()) {
    std::rotate(found, found + 1, kept_.end());
    return kept_.back().sums;
  }
  kept_.push_back({cube, of(*cube)});
  std::uint64_t bytes = 0;
  for (const auto& one : kept_) bytes += one.sums.byte_count();
  auto first = kept_.begin();
  for (; bytes > kKeptBytes && first + 1 < kept_.end(); ++first) bytes -= first->sums.byte_count();
  kept_.erase(kept_.begin(), first);
  return kept_.back().sums;
}

void CubeParts::add(PartSums& to, const PartSums& more, std::size_t width) {
  if (to.groups.empty()) return void(to = more);
  const auto add_numbers = [](std::int64_t* __restrict into, const std::int64_t* __restrict from, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) into[i] += from[i];
  };
  if (to.groups == more.groups) return add_numbers(to.numbers.data(), more.numbers.data(), more.numbers.size());
  std::unordered_map<std::uint64_t, std::size_t> places;
  for (std::size_t g = 0; g < to.groups.size(); ++g) places[to.groups[g]] = g;
  for (std::size_t g = 0; g < more.groups.size(); ++g) {
    const auto [place, is_new] = places.try_emplace(more.groups[g], to.groups.size());
    if (is_new) {
      to.groups.push_back(more.groups[g]);
      to.numbers.resize(to.groups.size() * width);
    }
    add_numbers(to.numbers.data() + place->second * width, more.numbers.data() + g * width, width);
  }
}

void CubeParts::read(const std::int64_t* numbers, std::vector<ReadCell>& into) const {
  ++numbers;  // the group's rows
  for (const auto& part : spec_.parts) {
    const auto rows = *numbers++;
    if (!part.sum)
      into.emplace_back(rows);
    else if (const auto sum = *numbers++; rows == 0)
      into.emplace_back();
    else
      into.emplace_back(sum);
  }
}

Answer CubeParts::answer(const PartSums& sums) const {
  std::vector<std::int64_t> all(width_);
  for (std::size_t g = 0; g < sums.groups.size(); ++g)
    for (std::size_t i = 0; i < width_; ++i) all[i] += sums.numbers[g * width_ + i];
  Answer answer;
  answer.total.reserve(spec_.parts.size());
  read(all.data(), answer.total);
  if (spec_.dimensions.empty()) return answer;
  auto& rows = answer.grouped;
  rows.width = spec_.parts.size();
  rows.ids.reserve(sums.groups.size());
  rows.cells.reserve(sums.groups.size() * rows.width);
  const KeyTexts texts(spec_);
  for (std::size_t g = 0; g < sums.groups.size(); ++g) {
    const auto* numbers = sums.numbers.data() + g * width_;
    if (*numbers == 0) continue;
    rows.ids.push_back(texts.ids(sums.groups[g]));
    read(numbers, rows.cells);
  }
  return answer;
}

}  // namespace hkl
