// A whole query: its cubes brought up to date, its rows shared out among threads.
#include <algorithm>
#include <atomic>
#include <utility>

#include "columns/crew.h"
#include "columns/scan.h"

namespace hkl {
namespace {

// Below this a second thread costs more to wake than it saves.
constexpr std::uint64_t kRowsForAThread = 400'000;

struct Correction {
  Segment* of;
  std::size_t changes;
  std::shared_ptr<Segment> was, became;
};

std::vector<Correction> corrections_of(const std::vector<std::string>& keys, Table& table) {
  std::vector<Correction> corrections;
  for (const auto& segment : table.sealed()) {
    const auto unknown = segment->cubes.unknown_to(keys);
    if (unknown.empty()) continue;
    RowBuffer was(table.schema()), became(table.schema());
    for (const auto& change : unknown) {
      was.append(change.was);
      if (change.became) became.append(*change.became);
    }
    corrections.push_back({segment.get(), unknown.size(), was.for_now(), became.for_now()});
  }
  return corrections;
}

void take(const ScanTask::Piece& piece, const std::vector<std::string>& keys, Scan& scan) {
  if (piece.leaves_cube) {
    auto cubes = scan.cubes_of(*piece.segment);
    scan.add(cubes);
    piece.segment->cubes.keep(keys, std::move(cubes));
  } else if (piece.is_taken_off) {
    scan.take_off(*piece.segment, piece.first, piece.end);
  } else {
    scan.run(*piece.segment, piece.first, piece.end);
  }
}

// Of cubes that were there, all added up.
PartSums sums_of(const std::vector<ScanTask::Sum>& cubes, CubeParts& parts, ScanWork& work) {
  PartSums all;
  for (const auto& sum : cubes) {
    const auto& sums = parts.kept_of(sum.cubes[0]);
    CubeParts::add(all, sums, parts.width());
    work += {0, sums.byte_count(), sum.segments};
  }
  return all;
}

}  // namespace

void correct_cubes(const ScanSpec& spec, Table& table, ClassSets& classes) {
  const auto& keys = spec.keys;
  if (keys.empty()) return;
  // Once, but where some of the cubes know more than others.
  for (auto corrections = corrections_of(keys, table); !corrections.empty();
       corrections = corrections_of(keys, table)) {
    // All have their classes before a scan is made, which has room for those that there are.
    for (const auto& correction : corrections)
      for (auto* rows : {correction.was.get(), correction.became.get()})
        if (spec.classes != nullptr && !classes.classify(*rows, *spec.classes))
          throw NotInColumns("its conditions have too many combinations");
    Scan scan(spec);
    for (const auto& correction : corrections)
      correction.of->cubes.add(keys, correction.changes, scan.differences(*correction.was, *correction.became));
  }
}

Answer scan(const ScanSpec& spec, Table& table, Crew& crew, UsedCubes* used, ScanWork& work) {
  ScanTask task(spec, table, used != nullptr ? &used->sums : nullptr);
  auto* parts = used != nullptr ? &used->parts : nullptr;
  PartSums of_cubes;
  if (parts != nullptr) of_cubes = sums_of(std::exchange(task.sums, {}), *parts, work);
  if (parts != nullptr && task.pieces.empty()) return parts->answer(of_cubes);
  std::vector<std::unique_ptr<Scan>> scans;
  scans.push_back(std::make_unique<Scan>(spec));
  const auto useful = scans.front()->needs_one_thread() ? 1 : 1 + task.row_count() / kRowsForAThread;
  while (scans.size() < std::min<std::uint64_t>({crew.threads(), useful, std::max<std::size_t>(1, task.pieces.size())}))
    scans.push_back(std::make_unique<Scan>(spec));

  std::atomic<std::size_t> next{0};
  const auto work_off = [&](unsigned thread) {
    auto& own = *scans[thread];
    try {
      if (thread == 0)
        for (const auto& sum : task.sums) own.add_kept(sum.cubes, sum.segments);
      for (auto i = next++; i < task.pieces.size(); i = next++) take(task.pieces[i], task.keys, own);
      own.settle_cells();
    } catch (...) {
      next = task.pieces.size();  // the others need not go on
      throw;
    }
  };
  const auto count = static_cast<unsigned>(scans.size());
  crew.work(count, work_off);
  for (std::size_t thread = 1; thread < scans.size(); ++thread) scans[0]->merge(*scans[thread]);
  if (parts != nullptr) {
    CubeParts::add(of_cubes, parts->of(*scans[0]->all()), parts->width());
    work += scans[0]->work();
    return parts->answer(of_cubes);
  }
  scans[0]->finish(crew, count);
  auto answer = scans[0]->answer();
  work += scans[0]->work();
  return answer;
}

}  // namespace hkl
