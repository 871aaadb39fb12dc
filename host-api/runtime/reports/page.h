// A part of a list that goes on: where it ended, as text that comes back, and
// the rows after that. New rows come at the top, so places are told by the row
// itself and never by a number of rows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "reports/sql_text.h"
#include "values/result.h"

namespace hkl {

// The last row that was given: its time (none: not known), id and, where one id
// has several rows, which of them.
struct PageMark {
  std::optional<std::int64_t> ms;
  std::string id;
  std::int64_t tie = 0;

  std::string text() const;
  // HKL_INVALID: no text of ours.
  static Result<PageMark> of(const std::string& text);
};

// SQL of a row's place in a list; `tie` may be empty.
struct PagePlace {
  SqlText time, id, tie;
  SqlText columns() const;  // the three of a PageMark
  SqlText order() const;    // newest first, ties by id
  // The rows after that one.
  SqlText after(const PageMark& mark) const;
};

}  // namespace hkl
