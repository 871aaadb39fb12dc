// Rows of a list written as far as its page goes.
#pragma once

#include "reports/list_writer.h"
#include "reports/page.h"

namespace hkl {

class PagedRows {
 public:
  // Both outlive this.
  PagedRows(const Page& page, ListWriter& list);

  // `sql`: rows in their order, with `columns` for the writer (its counts among
  // them), then the three of PagePlace::columns(). Reads one row more than the
  // page has, to know whether it goes on.
  Done write(Reading& reading, SqlText sql, std::size_t columns);
  std::uint64_t count() const { return count_; }  // of the rows that were written
  // `total`: of the whole list, where it was counted.
  Done end(std::optional<std::int64_t> total);

 private:
  const Page& page_;
  ListWriter& list_;
  std::uint64_t count_ = 0;
  PageMark last_;
  bool goes_on_ = false;
};

}  // namespace hkl
