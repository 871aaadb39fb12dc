// One pass over the rows of a query, by as many threads as are worth it.
//
// Every row gets a group and a class; (group, class) pairs are counted and
// values added up by them. What measures count and sum is made of that
// afterwards, so that their number costs nothing per row. Whole segments are
// answered by cubes where there are any, and leave one where there was none.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "columns/cube_parts.h"
#include "columns/distinct_texts.h"
#include "columns/folds.h"
#include "columns/row_reader.h"
#include "columns/scan_task.h"
#include "columns/summed_value.h"

namespace hkl {

struct ScanWork {
  std::uint64_t rows = 0, bytes = 0, cubes = 0;
  ScanWork& operator+=(const ScanWork& other) {
    rows += other.rows;
    bytes += other.bytes;
    cubes += other.cubes;
    return *this;
  }
};

class Crew;
class ShareScan;

// One thread's share.
class Scan {
 public:
  // `pool`: takes texts that are no column's and outlives this; null: one of its own.
  explicit Scan(const ScanSpec& spec, Dictionary* pool = nullptr);
  Scan(const Scan&) = delete;
  ~Scan();

  // Rows [first, end) of a segment; its class codes are there.
  void run(const Segment& segment, std::uint32_t first, std::uint32_t end);
  // Takes them off what was added: cubes hold the whole segment.
  void take_off(const Segment& segment, std::uint32_t first, std::uint32_t end);
  // What a segment adds up to, as cubes of the spec's keys; nothing is added to the answer.
  std::vector<CubePtr> cubes_of(const Segment& segment);
  // What changes in them when some rows become others.
  std::vector<CubePtr> differences(const Segment& was, const Segment& became);
  void add(const std::vector<CubePtr>& cubes);
  // The same, of so many segments, that were there before.
  void add_kept(const std::vector<CubePtr>& cubes, std::size_t segments);
  // When it has added all that it will; else merge() has to.
  void settle_cells();
  // Takes over what another found.
  void merge(Scan& other);
  // When all are merged, by so many threads.
  void finish(Crew& crew, unsigned threads);
  bool needs_one_thread() { return reader_.program().uses_pool(); }
  Answer answer();
  // All that was added, as one cube.
  CubePtr all() { return make_cube(cells_); }
  ScanWork work() const;

  // For rows that lie elsewhere: where they are counted.
  enum class Into : std::uint8_t { answer, cube };
  void run_rows(const Segment& segment, std::uint32_t first, std::uint32_t end, Into into);
  const std::set<std::uint32_t>& columns_read() { return reader_.program().columns_read(); }

 private:
  // Different texts of a column, of one part.
  struct DistinctPart {
    std::size_t part, counter;
    unsigned place;
  };
  // What a part comes to in a group (none: in all of them); no values are left out.
  struct Counted {
    std::int64_t rows = 0, sum = 0;
  };
  void make_part(std::size_t index);
  void run_batch(const Segment& segment, std::uint32_t first, std::uint32_t count, Cells& cells);
  CellShape room_for_all(Cells& cells);
  bool add_directly(const Segment& segment, const Chosen& chosen, Cells& cells);
  void add_values(const Chosen& chosen, Cells& cells);
  void add_folds(const Chosen& chosen);
  void add_distinct(const Chosen& chosen);
  void keep_passes();
  // This, and with credit each the scans of shares: each has cubes of its own.
  std::vector<Scan*> layers();
  void begin_cubes();
  void negate_cubes();
  std::vector<CubePtr> take_cubes();
  CubePtr make_cube(Cells& of);
  void add(const Cube& cube);
  void add_with_questions(const Cube& cube);
  void settle();
  void take_shares();
  void take_groups_of_shares();
  std::optional<std::uint32_t> group_of_shares(std::uint32_t group) const;
  Counted counted(std::size_t part, std::optional<std::uint32_t> group) const;
  ReadCell read_part(std::size_t part, std::optional<std::uint32_t> group);
  void read(std::optional<std::uint32_t> group, std::vector<ReadCell>& into);
  bool has_rows(std::uint32_t group) const;
  void check_sums() const;

  const ScanSpec& spec_;
  Dictionary own_pool_;
  RowReader reader_;
  std::unique_ptr<ShareScan> shares_;                          // with credit each
  std::vector<std::uint32_t> groups_of_shares_;                // which group here each of its groups is
  std::vector<std::optional<std::uint32_t>> shares_of_group_;  // and back
  std::vector<SummedValue> values_;
  bool is_summed_only_ = false;
  std::vector<std::unique_ptr<Fold>> folds_;  // of parts, then of percentiles; null: counted, summed or distinct texts
  std::vector<std::unique_ptr<DistinctTexts>> counters_;
  std::vector<DistinctPart> distinct_;
  Cells cells_, of_cube_;
  ScanWork work_;
  std::uint64_t rows_seen_ = 0;
  // Of the batch
  std::array<std::uint32_t, kBatchRows> cell_of_{};  // at which number of `cells` it begins
  std::array<std::uint8_t, kBatchRows> passes_{};
  // By combination: whether the conditions on rows hold, and those of each part.
  std::vector<std::uint8_t> where_passes_;
  std::vector<std::vector<std::uint8_t>> part_passes_;
  std::vector<std::vector<std::uint8_t>> counter_parts_;  // of each counter: which of its parts a row counts for
  // When all is added.
  std::vector<std::int64_t> of_all_groups_;                    // as the cells of one
  std::vector<std::vector<std::uint32_t>> part_combinations_;  // of each part, those that it takes
};

// Brings the cubes that a query can use to the table's moment: -1 for a changed row as it was, +1 as it became.
// For one that is alone. Throws NotInColumns.
void correct_cubes(const ScanSpec& spec, Table& table, ClassSets& classes);

// What a query that one cube answers has of the cubes it used before.
struct UsedCubes {
  explicit UsedCubes(const ScanSpec& spec) : parts(spec) {}
  CubeParts parts;
  KnownSums sums;
};

// Answers a query. `used`: of the spec, where it has one key; else null. Throws NotInColumns.
Answer scan(const ScanSpec& spec, Table& table, Crew& crew, UsedCubes* used, ScanWork& work);

}  // namespace hkl
