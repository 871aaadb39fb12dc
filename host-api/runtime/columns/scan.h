// One pass over the rows of a query, by as many threads as are worth it.
//
// Every row gets a group and a class; (group, class) pairs are counted and
// values added up by them. What measures count and sum is made of that
// afterwards, so that their number costs nothing per row. Whole segments are
// answered by cubes where there are any, and leave one where there was none.
#pragma once

#include <mutex>

#include "columns/distinct_texts.h"
#include "columns/folds.h"
#include "columns/row_reader.h"
#include "columns/summed_value.h"

namespace hkl {

struct ScanWork {
  std::uint64_t rows = 0, bytes = 0, cubes = 0;
};

// One thread's share.
class Scan {
 public:
  explicit Scan(const ScanSpec& spec);
  Scan(const Scan&) = delete;

  // Rows [first, end) of a segment; its class codes are there. A whole one leaves a cube.
  void run(Segment& segment, std::uint32_t first, std::uint32_t end);
  // Takes them off what was added: a cube holds the whole segment.
  void take_off(const Segment& segment, std::uint32_t first, std::uint32_t end);
  // A cube of so many segments.
  void add_kept(const Cube& cube, std::size_t segments);
  // What changes in a cube when some rows become others.
  CubePtr difference(const Segment& was, const Segment& became);
  // Takes over what another found.
  void merge(Scan& other);
  // When all are merged, by so many threads.
  void finish(unsigned threads);
  bool needs_one_thread() { return reader_.program().uses_pool(); }
  Answer answer();
  const ScanWork& work() const { return work_; }

 private:
  // Different texts of a column, of one part.
  struct DistinctPart {
    std::size_t part, counter;
    unsigned place;
  };
  void make_part(std::size_t index);
  void run_batch(const Segment& segment, std::uint32_t first, std::uint32_t count, Cells& cells);
  CellShape room_for_all(Cells& cells);
  bool add_directly(const Segment& segment, const Chosen& chosen, Cells& cells);
  void add_values(const Chosen& chosen, Cells& cells);
  void add_folds(const Chosen& chosen);
  void add_distinct(const Chosen& chosen);
  void keep_passes();
  void run_rows(const Segment& segment, std::uint32_t first, std::uint32_t end, Cells& cells);
  CubePtr make_cube();
  void add(const Cube& cube);
  std::optional<std::string> read_part(std::size_t part, std::optional<std::uint32_t> group, const std::int64_t* cells);
  Aggregates::Read read(std::optional<std::uint32_t> group, const std::int64_t* cells);
  bool has_rows(std::uint32_t group) const;
  void check_sums() const;

  const ScanSpec& spec_;
  Dictionary pool_;
  RowReader reader_;
  std::vector<SummedValue> values_;
  bool is_summed_only_ = false;
  std::vector<std::unique_ptr<Fold>> folds_;  // of parts, then of percentiles; null: counted, summed or distinct texts
  std::vector<std::unique_ptr<DistinctTexts>> counters_;
  std::vector<DistinctPart> distinct_;
  std::optional<std::string> cube_key_;
  Cells cells_, of_segment_;
  ScanWork work_;
  std::uint64_t rows_seen_ = 0;
  // Of the batch
  std::array<std::uint32_t, kBatchRows> cell_of_{};  // at which number of `cells` it begins
  std::array<std::uint8_t, kBatchRows> passes_{};
  // By combination: whether the conditions on rows hold, and those of each part.
  std::vector<std::uint8_t> where_passes_;
  std::vector<std::vector<std::uint8_t>> part_passes_;
  std::vector<std::vector<std::uint32_t>> part_combinations_;  // of each part, those that it takes; by answer()
  std::vector<std::vector<std::uint8_t>> counter_parts_;       // of each counter: which of its parts a row counts for
};

// Brings the cubes that a query can use to the table's moment: -1 for a changed row as it was, +1 as it became.
// For one that is alone. Throws NotInColumns.
void correct_cubes(const ScanSpec& spec, Table& table, ClassSets& classes);

// Answers a query by `threads` at most. Throws NotInColumns.
Answer scan(const ScanSpec& spec, Table& table, unsigned threads, ScanWork& work);

}  // namespace hkl
