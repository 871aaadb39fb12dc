// How many different texts of one column each group of rows holds, exactly,
// for several parts of an answer at once.
//
// A row is noted under its group and its text's range of codes, four bytes,
// one after another. When all are there each range is counted by itself, with
// a few bits for each of its texts: those lie in the near cache, where bits
// for all texts and groups would each be a line of far memory. Memory: four
// bytes for each row that counts, while the answer is made.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "columns/batch.h"

namespace hkl {

class Crew;

class DistinctTexts {
 public:
  // `texts`: of the column, at most 2^31.
  DistinctTexts(std::uint32_t column, std::uint32_t texts);

  std::uint32_t column() const { return column_; }
  // One more part; its place among them, or nothing: no more fit beside a code in 32 bits. Before
  // the first row.
  std::optional<unsigned> add_part();

  // The chosen rows of a batch: the group of each, and for which parts it counts, a bit for each.
  void add(Batch& batch, const Chosen& chosen, const std::uint32_t* groups, const std::uint8_t* parts);
  // Takes over what the same of another thread noted, which stays where it is; `into[g]`: which
  // group its group g is here. `groups`: it counts in them, and not in all of them together.
  enum class Into : std::uint8_t { groups, groups_and_all };
  void merge(const DistinctTexts& other, std::vector<std::uint32_t> into, Into counts = Into::groups_and_all);
  // When all is noted, by so many threads.
  void count(Crew& crew, unsigned threads);
  std::uint64_t of_group(std::uint32_t group, unsigned part) const;
  std::uint64_t of_all(unsigned part) const { return all_[part]; }

 private:
  using Noted = std::vector<std::uint32_t>;  // code << parts | which of them
  struct Source {
    const DistinctTexts* of;
    std::vector<std::uint32_t> into;
    Into counts;
  };
  struct NotedOf {
    const Noted* rows;
    Into counts;
  };
  class Marks;
  std::size_t range_count() const { return (std::size_t{texts_} >> range_bits_) + 1; }
  void count_range(std::size_t range, Marks& marks) const;

  std::uint32_t column_, texts_;
  unsigned parts_ = 0, range_bits_ = 0;
  std::vector<Noted> noted_;  // [group * ranges + range]
  std::vector<Source> others_;
  std::array<std::uint32_t, kBatchRows> codes_{};
  std::vector<std::uint64_t> counts_;  // [group * parts + part]
  std::array<std::uint64_t, 8> all_{};
};

}  // namespace hkl
