// A report plugin that scans, from inside, so that its host can be tested
// without a .so. Contract: hookline/report.h.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "hookline/report.h"
#include "values/result.h"

namespace hkl {

// An hkl_cell, owned.
struct ScanCell {
  std::uint32_t type = HKL_CELL_NULL;
  std::int64_t integer = 0;
  double decimal = 0;
  std::string text;
};

// One running scan: begun by who made it, ended by its destructor.
class ReportScan {
 public:
  struct Rows {
    std::function<Done(std::string key, std::vector<ScanCell> cells)> row;
    std::function<Done(const std::string& key, const std::string& measure, std::string id, bool counts)> behind;
  };
  virtual ~ReportScan() = default;
  virtual Done contact(const hkl_timeline& timeline) = 0;
  virtual Done employee(const hkl_employee_time& time) = 0;
  // An error of `rows` ends it and is returned.
  virtual Done finish(const Rows& rows) = 0;
};

}  // namespace hkl
