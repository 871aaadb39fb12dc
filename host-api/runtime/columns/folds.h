// What is kept of each group beside counts and sums: least and greatest, values
// for a percentile, different things where those are no texts of a column.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "columns/groups.h"
#include "columns/scan_spec.h"

namespace hkl {

class Fold {
 public:
  virtual ~Fold() = default;
  // Row `rows[i]` of the batch is in `groups[i]`, for those i that `passes`.
  virtual void add(Batch& batch, const std::uint16_t* rows, const std::uint32_t* groups, const std::uint8_t* passes,
                   std::size_t count) = 0;
  // The same fold of another thread; `into[g]`: which group its group g is here.
  virtual void merge(Fold& other, const std::vector<std::uint32_t>& into) = 0;
  virtual std::optional<std::string> of_group(std::uint32_t group) = 0;
  virtual std::optional<std::string> of_all() = 0;
};

std::unique_ptr<Fold> make_fold(ColumnPart::Kind kind, const Node& value, Program& program);
std::unique_ptr<Fold> make_percentile(const ScanSpec::Percentile& percentile, Program& program);

}  // namespace hkl
