#include "columns/scan.h"

#include <algorithm>

#include "columns/share_scan.h"

namespace hkl {

Scan::Scan(const ScanSpec& spec, Dictionary* pool)
    : spec_(spec),
      reader_(spec, pool == nullptr ? own_pool_ : *pool),
      shares_(spec.shares ? std::make_unique<ShareScan>(*spec.shares, own_pool_) : nullptr),
      cells_(spec.values.size()),
      of_cube_(spec.values.size()) {
  auto& program = reader_.program();
  program.forget_pool_use();  // groups are brought together by their texts, answers to conditions are no texts
  for (const auto* value : spec.values) values_.emplace_back(program.number(*value));
  for (std::size_t part = 0; part < spec.parts.size(); ++part) make_part(part);
  for (const auto& percentile : spec.percentiles) folds_.push_back(make_percentile(percentile, program));
  part_passes_.resize(folds_.size());
  counter_parts_.resize(counters_.size());
  is_summed_only_ = spec.is_summed_only();
}

Scan::~Scan() = default;

void Scan::make_part(std::size_t index) {
  using Kind = ColumnPart::Kind;
  const auto& part = spec_.parts[index];
  folds_.emplace_back();
  if (part.kind == Kind::count || part.kind == Kind::known || part.kind == Kind::sum) return;
  const auto text =
      part.kind == Kind::distinct && part.value->type == Type::text ? reader_.program().text(*part.value) : TextExpr();
  if (!text.column) return void(folds_.back() = make_fold(part.kind, *part.value, reader_.program()));
  for (std::size_t c = 0; c < counters_.size(); ++c) {
    if (counters_[c]->column() != *text.column) continue;
    if (const auto place = counters_[c]->add_part()) return distinct_.push_back({index, c, *place});
  }
  counters_.push_back(std::make_unique<DistinctTexts>(*text.column, text.texts->size()));
  distinct_.push_back({index, counters_.size() - 1, counters_.back()->add_part().value()});
}

void Scan::keep_passes() {
  for (auto number = static_cast<std::uint32_t>(where_passes_.size()); number < reader_.combinations().size();
       ++number) {
    const auto answers = reader_.combinations().answers(number), questions = reader_.combinations().questions(number);
    const bool passes = std::all_of(spec_.where.begin(), spec_.where.end(),
                                    [&](const ClassExpr& where) { return where.of(answers, questions); });
    where_passes_.push_back(passes ? 1 : 0);
    for (std::size_t part = 0; part < part_passes_.size(); ++part) {
      const auto& rows =
          part < spec_.parts.size() ? spec_.parts[part].rows : spec_.percentiles[part - spec_.parts.size()].rows;
      part_passes_[part].push_back(passes && rows.of(answers, questions) ? 1 : 0);
    }
    for (auto& parts : counter_parts_) parts.push_back(0);
    for (const auto& one : distinct_)
      counter_parts_[one.counter].back() |= static_cast<std::uint8_t>(part_passes_[one.part].back() << one.place);
  }
}

void Scan::run(const Segment& segment, std::uint32_t first, std::uint32_t end) {
  segment.check();
  run_rows(segment, first, end, Into::answer);
}

void Scan::run_rows(const Segment& segment, std::uint32_t first, std::uint32_t end, Into into) {
  if (shares_) shares_->run(segment, first, end, into);
  auto& cells = into == Into::cube ? of_cube_ : cells_;
  for (; first < end; first += kBatchRows)
    run_batch(segment, first, std::min<std::uint32_t>(kBatchRows, end - first), cells);
}

void Scan::take_off(const Segment& segment, std::uint32_t first, std::uint32_t end) {
  segment.check();
  begin_cubes();
  run_rows(segment, first, end, Into::cube);
  negate_cubes();
  for (auto* layer : layers()) layer->add(*layer->make_cube(layer->of_cube_));
}

std::vector<CubePtr> Scan::cubes_of(const Segment& segment) {
  segment.check();
  begin_cubes();
  run_rows(segment, 0, segment.rows, Into::cube);
  return take_cubes();
}

std::vector<CubePtr> Scan::differences(const Segment& was, const Segment& became) {
  begin_cubes();
  run_rows(was, 0, was.rows, Into::cube);
  negate_cubes();
  run_rows(became, 0, became.rows, Into::cube);
  return take_cubes();
}

std::vector<Scan*> Scan::layers() {
  std::vector<Scan*> all = {this};
  if (!shares_) return all;
  if (shares_->grouped() != nullptr) all.push_back(shares_->grouped());
  all.push_back(&shares_->once());
  return all;
}

void Scan::begin_cubes() {
  for (auto* layer : layers()) layer->of_cube_.clear();
}

void Scan::negate_cubes() {
  for (auto* layer : layers()) layer->of_cube_.negate();
}

std::vector<CubePtr> Scan::take_cubes() {
  std::vector<CubePtr> cubes;
  for (auto* layer : layers()) cubes.push_back(layer->make_cube(layer->of_cube_));
  return cubes;
}

void Scan::add(const std::vector<CubePtr>& cubes) {
  const auto all = layers();
  for (std::size_t i = 0; i < all.size(); ++i) all[i]->add(*cubes[i]);
}

void Scan::run_batch(const Segment& segment, std::uint32_t first, std::uint32_t count, Cells& cells) {
  const auto chosen = reader_.choose(segment, first, count);
  if (chosen.count == 0) return;
  rows_seen_ += chosen.count;
  if (!is_summed_only_ || !add_directly(segment, chosen, cells)) {
    reader_.read(segment, chosen);
    if (!is_summed_only_ && where_passes_.size() < reader_.combinations().size()) keep_passes();
    each_of(chosen.count, [to = cell_of_.data(), groups = reader_.groups_of_rows(),
                           combinations = reader_.combinations_of_rows(), shape = room_for_all(cells)](std::size_t i) {
      to[i] = groups[i] * shape.group + combinations[i] * shape.combination;
    });
    add_values(chosen, cells);
  }
  check_sums();
  add_distinct(chosen);
  add_folds(chosen);
}

CellShape Scan::room_for_all(Cells& cells) {
  cells.reserve(reader_.groups().size(), std::max<std::uint32_t>(1, reader_.combinations().size()));
  const auto width = static_cast<std::uint32_t>(cells.width());
  return {width, cells.stride() * width};
}

// Where nothing else of a row is needed than the cell, and that is found from two codes.
bool Scan::add_directly(const Segment& segment, const Chosen& chosen, Cells& cells) {
  const auto shape = room_for_all(cells);
  const auto column = values_.size() == 1 ? values_[0].packable(segment) : std::nullopt;
  const auto direct = reader_.direct_cells(segment, column ? cells.packed_shape() : shape);
  if (!direct) return false;
  if (column) {
    values_[0].add_packed(reader_.batch(), *column, *direct, chosen, cells);
    return true;
  }
  direct->write(reader_.batch().count(), cell_of_.data());
  if (!chosen.is_all)
    for (std::size_t i = 0; i < chosen.count; ++i) cell_of_[i] = cell_of_[chosen.rows[i]];
  add_values(chosen, cells);
  return true;
}

void Scan::add_values(const Chosen& chosen, Cells& cells) {
  auto* into = cells.at(0, 0);
  if (values_.empty())
    for (std::size_t i = 0; i < chosen.count; ++i) ++into[cell_of_[i]];
  for (std::size_t v = 0; v < values_.size(); ++v)
    values_[v].add(reader_.batch(), {into, cell_of_.data(), chosen, 1 + v, v == 0});
}

// Each addition stays far from the end of 64 bits, so none needs a look.
void Scan::check_sums() const {
  __extension__ using Wide = __int128;
  for (const auto& value : values_)
    if (Wide{value.greatest()} * static_cast<Wide>(rows_seen_ + 1) > Wide{1} << 61)
      throw NotInColumns("a sum may leave 64 bits");
}

void Scan::add_distinct(const Chosen& chosen) {
  const auto* combinations = reader_.combinations_of_rows();
  for (std::size_t c = 0; c < counters_.size(); ++c) {
    const auto& parts = counter_parts_[c];
    for (std::size_t i = 0; i < chosen.count; ++i) passes_[i] = parts[combinations[i]];
    counters_[c]->add(reader_.batch(), chosen, reader_.groups_of_rows(), passes_.data());
  }
}

void Scan::add_folds(const Chosen& chosen) {
  const auto* combinations = reader_.combinations_of_rows();
  for (std::size_t part = 0; part < folds_.size(); ++part) {
    if (!folds_[part]) continue;
    const auto& passes = part_passes_[part];
    for (std::size_t i = 0; i < chosen.count; ++i) passes_[i] = passes[combinations[i]];
    folds_[part]->add(reader_.batch(), chosen.rows, reader_.groups_of_rows(), passes_.data(), chosen.count);
  }
}

void Scan::finish(Crew& crew, unsigned threads) {
  for (auto* layer : layers()) layer->settle();
  if (shares_) take_shares();
  for (const auto& counter : counters_) counter->count(crew, threads);
}

ScanWork Scan::work() const {
  auto work = work_;
  work += {reader_.rows_read(), reader_.batch().bytes_read() + (shares_ ? shares_->bytes_read() : 0), 0};
  return work;
}

void Scan::settle_cells() {
  for (auto* layer : layers()) layer->cells_.settle();
}

void Scan::settle() {
  keep_passes();
  cells_.settle();
  of_all_groups_ = cells_.of_all_groups();
  const auto count = std::min(reader_.combinations().size(), cells_.stride());
  for (const auto& passes : part_passes_) {
    auto& passing = part_combinations_.emplace_back();
    for (std::uint32_t c = 0; c < count; ++c)
      if (passes[c] != 0) passing.push_back(c);
  }
}

CubePtr Scan::make_cube(Cells& of) {
  room_for_all(of);  // no row may have needed it
  of.settle();
  auto cube = std::make_shared<Cube>();
  cube->classes = reader_.combinations().size();
  if (!spec_.questions.nodes.empty())
    for (std::uint32_t c = 0; c < cube->classes; ++c)
      cube->combinations.emplace_back(reader_.combinations().answers(c), reader_.combinations().questions(c));
  cube->width = of.width();
  for (std::uint32_t group = 0; group < reader_.groups().size() && group < of.groups(); ++group) {
    const auto* cells = of.at(group, 0);
    const auto* end = cells + cube->group_size();
    if (std::all_of(cells, end, [](std::int64_t number) { return number == 0; })) continue;
    cube->groups.push_back(reader_.groups().key(group));
    cube->cells.insert(cube->cells.end(), cells, end);
  }
  return cube;
}

void Scan::add(const Cube& cube) {
  if (!cube.combinations.empty()) return add_with_questions(cube);
  for (std::size_t g = 0; g < cube.groups.size(); ++g) {
    const auto group = reader_.groups().group_of_key(cube.groups[g]);
    cells_.reserve(reader_.groups().size(), std::max(cube.classes, reader_.combinations().size()));
    const auto* __restrict from = cube.cells.data() + g * cube.group_size();
    auto* __restrict cell = cells_.at(group, 0);
    for (std::size_t i = 0; i < cube.group_size(); ++i) cell[i] += from[i];
  }
}

// Combinations have other numbers in another scan.
void Scan::add_with_questions(const Cube& cube) {
  std::vector<std::uint32_t> numbers;
  for (const auto& [answers, questions] : cube.combinations)
    numbers.push_back(reader_.combinations().of_answers(answers, questions));
  keep_passes();
  const auto* from = cube.cells.data();
  for (const auto key : cube.groups) {
    const auto group = reader_.groups().group_of_key(key);
    cells_.reserve(reader_.groups().size(), reader_.combinations().size());
    for (const auto number : numbers)
      for (std::size_t i = 0; i < cube.width; ++i) cells_.at(group, number)[i] += *from++;
  }
}

void Scan::add_kept(const std::vector<CubePtr>& cubes, std::size_t segments) {
  add(cubes);
  work_.cubes += segments;
  for (const auto& cube : cubes) work_.bytes += cube->byte_count();
}

void Scan::merge(Scan& other) {
  cells_.settle();
  other.cells_.settle();
  std::vector<std::uint32_t> groups, combinations;
  for (std::uint32_t g = 0; g < other.reader_.groups().size(); ++g)
    groups.push_back(reader_.groups().group_of(other.reader_.groups(), g));
  const bool has_questions = !spec_.questions.nodes.empty();
  for (std::uint32_t c = 0; c < other.reader_.combinations().size(); ++c)
    combinations.push_back(has_questions ? reader_.combinations().of_answers(other.reader_.combinations().answers(c),
                                                                             other.reader_.combinations().questions(c))
                                         : c);
  keep_passes();
  cells_.reserve(reader_.groups().size(), std::max<std::uint32_t>(1, reader_.combinations().size()));
  for (std::uint32_t g = 0; g < groups.size() && g < other.cells_.groups(); ++g)
    for (std::uint32_t c = 0; c < combinations.size() && c < other.cells_.stride(); ++c) {
      const auto* from = other.cells_.at(g, c);
      auto* to = cells_.at(groups[g], combinations[c]);
      for (std::size_t i = 0; i < cells_.width(); ++i) to[i] += from[i];
    }
  for (std::size_t part = 0; part < folds_.size(); ++part)
    if (folds_[part]) folds_[part]->merge(*other.folds_[part], groups);
  for (std::size_t c = 0; c < counters_.size(); ++c) counters_[c]->merge(*other.counters_[c], groups);
  for (std::size_t v = 0; v < values_.size(); ++v) values_[v].merge(other.values_[v]);
  if (shares_) shares_->merge(*other.shares_);
  rows_seen_ += other.rows_seen_;
  check_sums();
  work_ += other.work();
}

bool Scan::has_rows(std::uint32_t group) const {
  if (group_of_shares(group)) return true;
  if (group >= cells_.groups()) return false;
  for (std::uint32_t c = 0; c < reader_.combinations().size() && c < cells_.stride(); ++c)
    if (*cells_.at(group, c) != 0 && where_passes_[c] != 0) return true;
  return false;
}

// None: of all together.
ReadCell Scan::read_part(std::size_t part, std::optional<std::uint32_t> group) {
  for (const auto& one : distinct_)
    if (one.part == part) {
      const auto& counter = *counters_[one.counter];
      return static_cast<std::int64_t>(group ? counter.of_group(*group, one.place) : counter.of_all(one.place));
    }
  if (folds_[part]) return cell_of(group ? folds_[part]->of_group(*group) : folds_[part]->of_all());
  auto found = counted(part, group);
  if (shares_ && (!group || group_of_shares(*group))) {
    const auto more = group ? shares_->grouped()->counted(part, group_of_shares(*group))
                            : shares_->once().counted(part, std::nullopt);
    found.rows += more.rows;
    found.sum += more.sum;
  }
  if (!spec_.parts[part].sum) return found.rows;
  return found.rows == 0 ? ReadCell() : ReadCell(found.sum);
}

Scan::Counted Scan::counted(std::size_t part, std::optional<std::uint32_t> group) const {
  Counted found;
  if (group && *group >= cells_.groups()) return found;
  const auto* cells = group ? cells_.at(*group, 0) : of_all_groups_.data();
  const auto& wanted = spec_.parts[part].sum;
  for (const auto combination : part_combinations_[part]) {
    const auto* cell = cells + combination * cells_.width();
    found.rows += cell[0];
    if (wanted) found.sum += cell[1 + *wanted];
  }
  return found;
}

void Scan::read(std::optional<std::uint32_t> group, std::vector<ReadCell>& into) {
  for (std::size_t part = 0; part < folds_.size(); ++part) into.push_back(read_part(part, group));
}

Answer Scan::answer() {
  Answer answer;
  read(std::nullopt, answer.total);
  if (spec_.dimensions.empty()) return answer;
  auto& rows = answer.grouped;
  rows.width = folds_.size();
  if (shares_) take_groups_of_shares();
  for (std::uint32_t group = 0; group < reader_.groups().size(); ++group)
    if (has_rows(group)) {
      rows.ids.push_back(reader_.groups().ids(group));
      read(group, rows.cells);
    }
  return answer;
}

}  // namespace hkl
