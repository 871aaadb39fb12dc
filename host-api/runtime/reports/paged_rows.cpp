#include "reports/paged_rows.h"

namespace hkl {

PagedRows::PagedRows(const Page& page, ListWriter& list) : page_(page), list_(list) {
  if (page.is_enveloped) list.envelop();
}

Done PagedRows::write(Reading& reading, SqlText sql, std::size_t columns) {
  if (page_.limit > 0) sql += " LIMIT " + SqlText::value(static_cast<std::int64_t>(page_.limit) + 1);
  return reading.each(sql, columns + 3, [&](const RowTexts& row) -> Done {
    if (page_.limit > 0 && count_ == page_.limit) {
      goes_on_ = true;
      return {};
    }
    ++count_;
    const auto ms = integer_of(row[columns]), tie = integer_of(row[columns + 2]);
    if (!ms) return fail(ms.error());
    if (!tie) return fail(tie.error());
    last_ = {*ms, row[columns + 1].value_or(""), tie->value_or(0)};
    return list_.row(RowTexts(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(columns)));
  });
}

Done PagedRows::end(std::optional<std::int64_t> total) {
  if (!page_.is_enveloped) return list_.end();
  return list_.end_page(goes_on_ ? std::optional(last_.text()) : std::nullopt, total);
}

}  // namespace hkl
