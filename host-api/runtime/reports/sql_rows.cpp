#include "reports/sql_rows.h"

#include <fmt/format.h>

#include <map>

namespace hkl {
namespace {

std::string numbered(const char* prefix, std::size_t n) { return fmt::format("{}{}", prefix, n); }

// SELECT of the dimensions as d0, d1, …; each followed by ", ".
SqlText dimension_columns(const std::vector<SqlText>& dimensions) {
  SqlText sql;
  for (std::size_t i = 0; i < dimensions.size(); ++i) sql += dimensions[i] + " AS " + numbered("d", i) + ", ";
  return sql;
}

std::string dimension_names(std::size_t count) {
  std::string names;
  for (std::size_t i = 0; i < count; ++i) names += (i == 0 ? "" : ", ") + numbered("d", i);
  return names;
}

Done check_whole(const Dimension& dimension, const std::optional<std::string>& id) {
  if (dimension.expr->type != Type::integer) return {};
  const auto number = integer_of(id);
  return number ? Done() : fail(Error(number.error()).in(dimension.id));
}

}  // namespace

SqlRows::SqlRows(const Plan& plan, Reading& reading, AnswerScope scope)
    : plan_(plan),
      reading_(reading),
      rows_(plan.rows(scope.by_dimensions, scope.with_filters)),
      aggregates_(std::make_unique<Aggregates>(rows_.surroundings)) {
  if (scope.by_dimensions) dimension_count_ = plan.dimensions.size();
  for (const auto& planned : plan.measures) aggregates_->add(*planned.way->expr);
}

Result<ReadRows> SqlRows::run() {
  for (std::size_t i = 0; i < dimension_count_; ++i)
    dimensions_.push_back(dimension_sql(*plan_.dimensions[i], rows_.surroundings));
  // A report without counts and sums still has the rows of its dimensions.
  SqlText sql = "SELECT " + dimension_columns(dimensions_) + "COUNT(*)";
  for (const auto& column : aggregates_->columns()) sql += ", " + column;
  sql += rows_.from + group_by();
  ReadRows found;
  found.width = aggregates_->width();
  const auto done =
      reading_.each(sql, dimensions_.size() + 1 + aggregates_->columns().size(), [&](const RowTexts& row) {
        for (std::size_t i = 0; i < dimensions_.size(); ++i)
          if (auto whole = check_whole(*plan_.dimensions[i], row[i]); !whole) return whole;
        const auto first = row.begin() + static_cast<std::ptrdiff_t>(dimensions_.size());
        found.ids.emplace_back(row.begin(), first);
        for (auto cell = first + 1; cell != row.end(); ++cell) found.cells.push_back(cell_of(*cell));
        found.cells.resize(found.ids.size() * found.width);
        return Done();
      });
  if (!done) return fail(done.error());
  for (const auto& percentile : aggregates_->percentiles())
    if (auto read = read_percentile(percentile, found); !read) return fail(read.error());
  return found;
}

std::string SqlRows::group_by() const {
  return dimensions_.empty() ? "" : " GROUP BY " + dimension_names(dimensions_.size());
}

// Nearest rank in whole numbers: place = ceil(p * n / 100) with p = num/den.
Done SqlRows::read_percentile(const Aggregates::Percentile& percentile, ReadRows& found) {
  if (percentile.percentage.num <= 0) return {};
  const auto names = dimension_names(dimensions_.size());
  const std::string by = names.empty() ? "" : "PARTITION BY " + names + " ";
  const auto condition = all_of({percentile.condition, percentile.value + " IS NOT NULL"});
  const auto whole = SqlText::value(percentile.percentage.den * 100);
  const auto sql = "SELECT " + SqlText(names.empty() ? "" : names + ", ") + "v FROM (SELECT *, ROW_NUMBER() OVER (" +
                   by + "ORDER BY v) AS place, COUNT(*) OVER (" + by + ") AS n FROM (SELECT " +
                   dimension_columns(dimensions_) + percentile.value + " AS v" + rows_.from + " AND " + condition +
                   ")) WHERE place = (n * " + SqlText::value(percentile.percentage.num) + " + " + whole + " - 1) / " +
                   whole;
  std::map<RowIds, std::optional<std::string>> values;
  const auto done = reading_.each(sql, dimensions_.size() + 1, [&](const RowTexts& row) {
    values[RowIds(row.begin(), row.end() - 1)] = row.back();
    return Done();
  });
  if (!done) return done;
  for (std::size_t i = 0; i < found.ids.size(); ++i)
    if (const auto value = values.find(found.ids[i]); value != values.end())
      found.cells[i * found.width + percentile.column] = cell_of(value->second);
  return {};
}

}  // namespace hkl
