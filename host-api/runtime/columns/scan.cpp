#include "columns/scan.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>

namespace hkl {
namespace {

// Below this a second thread costs more to start than it saves.
constexpr std::uint64_t kRowsForAThread = 400'000;
// What cubes take of a segment, for each of its rows; who asks for more kinds of reports scans.
constexpr std::uint64_t kCubeBytesOfARow = 4;

std::mutex& cubes_mutex() {
  static std::mutex mutex;  // guards the cubes of all segments
  return mutex;
}

}  // namespace

// --- Scan

Scan::Scan(const ScanSpec& spec)
    : spec_(spec),
      reader_(spec, pool_),
      cube_key_(spec.cube_key()),
      cells_(spec.values.size()),
      of_segment_(spec.values.size()) {
  auto& program = reader_.program();
  program.forget_pool_use();  // groups are brought together by their texts, answers to conditions are no texts
  for (const auto* value : spec.values) values_.emplace_back(program.number(*value));
  for (std::size_t part = 0; part < spec.parts.size(); ++part) make_part(part);
  for (const auto& percentile : spec.percentiles) folds_.push_back(make_percentile(percentile, program));
  part_passes_.resize(folds_.size());
  counter_parts_.resize(counters_.size());
  is_summed_only_ = spec.is_summed_only();
  keep_passes();
}

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

void Scan::run(Segment& segment, std::uint32_t first, std::uint32_t end) {
  const bool is_whole = cube_key_ && first == 0 && end == segment.rows && segment.dead == 0;
  if (is_whole) {
    std::shared_ptr<const Cube> cube;
    {
      const std::lock_guard lock(cubes_mutex());
      if (const auto found = segment.cubes.find(*cube_key_); found != segment.cubes.end()) cube = found->second;
    }
    if (cube) return add_cube(*cube);
    of_segment_.clear();
  }
  segment.check();
  auto& cells = is_whole ? of_segment_ : cells_;
  for (; first < end; first += kBatchRows)
    run_batch(segment, first, std::min<std::uint32_t>(kBatchRows, end - first), cells);
  if (!is_whole) return;
  const auto cube = make_cube(of_segment_);
  work_.cubes -= 1;  // it was scanned all the same
  const auto bytes = work_.bytes;
  add_cube(*cube);
  work_.bytes = bytes;
  const std::lock_guard lock(cubes_mutex());
  std::uint64_t kept = cube->byte_count();
  for (const auto& [key, other] : segment.cubes) kept += other->byte_count();
  if (kept <= kCubeBytesOfARow * kSegmentRows) segment.cubes[*cube_key_] = cube;
}

void Scan::run_batch(const Segment& segment, std::uint32_t first, std::uint32_t count, Cells& cells) {
  const auto chosen = reader_.choose(segment, first, count);
  if (chosen.count == 0) return;
  rows_seen_ += chosen.count;
  if (!is_summed_only_ || !add_directly(segment, chosen, cells)) {
    reader_.read(segment, chosen);
    if (where_passes_.size() < reader_.combinations().size()) keep_passes();
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
  const auto direct = reader_.direct_cells(segment, room_for_all(cells));
  if (!direct) return false;
  if (values_.size() == 1 && values_[0].add(reader_.batch(), *direct, chosen, cells.at(0, 0))) return true;
  direct->write(chosen, cell_of_.data());
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

void Scan::finish(unsigned threads) {
  for (const auto& counter : counters_) counter->count(threads);
}

std::shared_ptr<const Cube> Scan::make_cube(const Cells& cells) {
  auto cube = std::make_shared<Cube>();
  cube->classes = reader_.combinations().size();
  cube->sums.resize(values_.size());
  for (std::uint32_t group = 0; group < reader_.groups().size() && group < cells.groups(); ++group) {
    bool is_empty = true;
    for (std::uint32_t c = 0; c < cube->classes; ++c) is_empty &= *cells.at(group, c) == 0;
    if (is_empty) continue;
    cube->groups.push_back(reader_.groups().key(group));
    for (std::uint32_t c = 0; c < cube->classes; ++c) {
      const auto* cell = cells.at(group, c);
      cube->counts.push_back(static_cast<std::uint32_t>(cell[0]));
      for (std::size_t v = 0; v < cube->sums.size(); ++v) cube->sums[v].push_back(cell[1 + v]);
    }
  }
  return cube;
}

void Scan::add_cube(const Cube& cube) {
  ++work_.cubes;
  work_.bytes += cube.byte_count();
  for (std::size_t g = 0; g < cube.groups.size(); ++g) {
    const auto group = reader_.groups().group_of_key(cube.groups[g]);
    cells_.reserve(reader_.groups().size(), std::max(cube.classes, reader_.combinations().size()));
    const auto from = g * cube.classes;
    auto* cell = cells_.at(group, 0);
    for (std::uint32_t c = 0; c < cube.classes; ++c, cell += cells_.width()) {
      cell[0] += cube.counts[from + c];
      for (std::size_t v = 0; v < cube.sums.size(); ++v) cell[1 + v] += cube.sums[v][from + c];
    }
  }
}

void Scan::merge(Scan& other) {
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
  rows_seen_ += other.rows_seen_;
  check_sums();
  work_.rows += other.reader_.rows_read();
  work_.cubes += other.work_.cubes;
  work_.bytes += other.work_.bytes + other.reader_.batch().bytes_read();
}

bool Scan::has_rows(std::uint32_t group) const {
  if (group >= cells_.groups()) return false;
  for (std::uint32_t c = 0; c < reader_.combinations().size() && c < cells_.stride(); ++c)
    if (*cells_.at(group, c) != 0 && where_passes_[c] != 0) return true;
  return false;
}

// No group: all of them together.
std::optional<std::string> Scan::read_part(std::size_t part, Maybe group) {
  for (const auto& one : distinct_)
    if (one.part == part) {
      const auto& counter = *counters_[one.counter];
      return std::to_string(group ? counter.of_group(static_cast<std::uint32_t>(*group), one.place)
                                  : counter.of_all(one.place));
    }
  if (folds_[part]) return group ? folds_[part]->of_group(static_cast<std::uint32_t>(*group)) : folds_[part]->of_all();
  std::uint64_t rows = 0;
  std::int64_t sum = 0;
  const auto from = group ? static_cast<std::uint32_t>(*group) : 0;
  const auto to = group ? from + 1 : cells_.groups();
  const auto& passes = part_passes_[part];
  const auto& wanted = spec_.parts[part].sum;
  for (auto g = from; g < to && g < cells_.groups(); ++g)
    for (std::uint32_t c = 0; c < passes.size() && c < cells_.stride(); ++c) {
      if (passes[c] == 0) continue;
      const auto* cell = cells_.at(g, c);
      rows += static_cast<std::uint64_t>(cell[0]);
      if (wanted) sum += cell[1 + *wanted];
    }
  if (!wanted) return std::to_string(rows);
  return rows == 0 ? std::nullopt : std::optional(std::to_string(sum));
}

Aggregates::Read Scan::read(Maybe group) {
  Aggregates::Read read;
  for (std::size_t part = 0; part < folds_.size(); ++part) read.push_back(read_part(part, group));
  return read;
}

Answer Scan::answer() {
  work_.bytes += reader_.batch().bytes_read();
  work_.rows += reader_.rows_read();
  Answer answer{read(std::nullopt), {}};
  if (spec_.dimensions.empty()) return answer;
  for (std::uint32_t group = 0; group < reader_.groups().size(); ++group)
    if (has_rows(group)) answer.grouped.push_back({reader_.groups().ids(group), read(group)});
  return answer;
}

// --- All of it

namespace {

struct Piece {
  Segment* segment;
  std::uint32_t first, end;
};

// A segment that leaves a cube is one piece; what is scanned anyway is cut smaller, so that no thread waits long.
std::vector<Piece> pieces_of(const ScanSpec& spec, Table& table) {
  constexpr std::uint32_t kPieceRows = kSegmentRows / 8;
  const bool has_cubes = spec.cube_key().has_value();
  std::vector<Piece> pieces;
  const auto add = [&](Segment& segment) {
    if (segment.rows == 0 || segment.greatest_at < spec.first_ms) return;
    if (spec.end_ms && segment.least_at >= *spec.end_ms) return;
    if (segment.least_at < spec.first_ms || (spec.end_ms && segment.greatest_at >= *spec.end_ms)) segment.check();
    const auto time = table.time_column();
    const auto first = segment.least_at >= spec.first_ms ? 0 : segment.first_from(time, spec.first_ms);
    const bool is_to_end = !spec.end_ms || segment.greatest_at < *spec.end_ms;
    const auto end = is_to_end ? segment.rows : segment.first_from(time, *spec.end_ms);
    const bool is_whole = has_cubes && first == 0 && end == segment.rows && segment.dead == 0;
    const auto rows = is_whole ? segment.rows : kPieceRows;
    for (auto from = first; from < end; from += rows) pieces.push_back({&segment, from, std::min(end, from + rows)});
  };
  for (const auto& segment : table.sealed()) add(*segment);
  add(*table.recent());
  return pieces;
}

}  // namespace

Answer scan(const ScanSpec& spec, Table& table, unsigned threads, ScanWork& work) {
  const auto pieces = pieces_of(spec, table);
  std::uint64_t rows = 0;
  for (const auto& piece : pieces) rows += piece.end - piece.first;
  std::vector<std::unique_ptr<Scan>> scans;
  scans.push_back(std::make_unique<Scan>(spec));
  const auto useful = scans.front()->needs_one_thread() ? 1 : 1 + rows / kRowsForAThread;
  while (scans.size() < std::min<std::uint64_t>({threads, useful, std::max<std::size_t>(1, pieces.size())}))
    scans.push_back(std::make_unique<Scan>(spec));

  std::atomic<std::size_t> next{0};
  std::vector<std::exception_ptr> failures(scans.size());
  const auto work_off = [&](std::size_t thread) {
    try {
      for (auto piece = next++; piece < pieces.size(); piece = next++)
        scans[thread]->run(*pieces[piece].segment, pieces[piece].first, pieces[piece].end);
    } catch (...) {
      failures[thread] = std::current_exception();
      next = pieces.size();
    }
  };
  std::vector<std::thread> others;
  for (std::size_t thread = 1; thread < scans.size(); ++thread) others.emplace_back(work_off, thread);
  work_off(0);
  for (auto& other : others) other.join();
  for (const auto& failure : failures)
    if (failure) std::rethrow_exception(failure);
  for (std::size_t thread = 1; thread < scans.size(); ++thread) scans[0]->merge(*scans[thread]);
  scans[0]->finish(static_cast<unsigned>(scans.size()));
  auto answer = scans[0]->answer();
  work = scans[0]->work();
  return answer;
}

}  // namespace hkl
