#include "reports/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "reports/locale_text.h"
#include "reports/names.h"

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

class Computation {
 public:
  Computation(const Plan& plan, Reading& reading, AnswerScope scope)
      : plan_(plan),
        reading_(reading),
        rows_(plan.rows(scope.by_dimensions, scope.with_filters)),
        aggregates_(rows_.surroundings) {
    if (scope.by_dimensions)
      for (const auto* dimension : plan.dimensions)
        dimensions_.push_back(dimension_sql(*dimension, rows_.surroundings));
    for (const auto& planned : plan.measures) aggregates_.add(*planned.way->expr);
  }

  const Aggregates& aggregates() const { return aggregates_; }

  // By SQL.
  Result<std::vector<ReadRow>> run() {
    // A report without counts and sums still has the rows of its dimensions.
    SqlText sql = "SELECT " + dimension_columns(dimensions_) + "COUNT(*)";
    for (const auto& column : aggregates_.columns()) sql += ", " + column;
    sql += rows_.from + group_by();
    std::vector<ReadRow> found;
    const auto done =
        reading_.each(sql, dimensions_.size() + 1 + aggregates_.columns().size(), [&](const RowTexts& row) {
          for (std::size_t i = 0; i < dimensions_.size(); ++i)
            if (auto whole = check_whole(*plan_.dimensions[i], row[i]); !whole) return whole;
          const auto first = row.begin() + static_cast<std::ptrdiff_t>(dimensions_.size());
          found.push_back({{row.begin(), first}, {first + 1, row.end()}});
          return Done();
        });
    if (!done) return fail(done.error());
    for (const auto& percentile : aggregates_.percentiles())
      if (auto read = read_percentile(percentile, found); !read) return fail(read.error());
    return found;
  }

  // What no row at all gives: 0 for counts and sums, null for averages.
  Result<std::vector<Figure>> figures_of_nothing(const Aggregates::Totals& totals) const {
    Aggregates::Read read(aggregates_.columns().size() + aggregates_.percentiles().size());
    for (std::size_t i = 0; i < aggregates_.columns().size(); ++i)
      if (aggregates_.columns()[i].text.starts_with("COUNT(")) read[i] = "0";
    return figures(read, totals);
  }

  Result<std::vector<Figure>> figures(const Aggregates::Read& read, const Aggregates::Totals& totals) const {
    std::vector<Figure> figures;
    for (const auto& planned : plan_.measures) {
      auto figure = aggregates_.figure(*planned.way->expr, read, totals);
      if (!figure) return fail(Error(figure.error()).in(planned.measure->id));
      if (figure->text) figure->text = shown_name(planned.measure->name_of, *figure->text, plan_.directory);
      figures.push_back(std::move(*figure));
    }
    return figures;
  }

  Done collect(std::string_view function, const Aggregates::Read& read, Aggregates::Totals& totals) const {
    for (const auto& planned : plan_.measures)
      if (auto done = aggregates_.collect(*planned.way->expr, function, read, totals); !done)
        return fail(Error(done.error()).in(planned.measure->id));
    return {};
  }

 private:
  std::string group_by() const { return dimensions_.empty() ? "" : " GROUP BY " + dimension_names(dimensions_.size()); }

  // Nearest rank in whole numbers: place = ceil(p * n / 100) with p = num/den.
  Done read_percentile(const Aggregates::Percentile& percentile, std::vector<ReadRow>& found) {
    for (auto& row : found) row.read.resize(percentile.column + 1);
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
    for (auto& row : found)
      if (const auto value = values.find(row.ids); value != values.end()) row.read[percentile.column] = value->second;
    return {};
  }

  const Plan& plan_;
  Reading& reading_;
  Plan::Rows rows_;
  Aggregates aggregates_;
  std::vector<SqlText> dimensions_;
};

std::vector<std::string> shown_ids(const Plan& plan, const RowIds& ids) {
  std::vector<std::string> shown;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto& dimension = *plan.dimensions[i];
    shown.push_back(ids[i] ? shown_name(dimension.name_of, *ids[i], plan.directory)
                           : dimension.empty.in(plan.language));
  }
  return shown;
}

// Rows in the order to show: names by the language's collation, nothing last
// whichever way a column is sorted (metrics §1.8.4), ties by key.
class Order {
 public:
  explicit Order(const Plan& plan) : plan_(plan), collation_(plan.language) {
    for (const auto& key : plan.sort) add(key);
    for (const auto* dimension : plan.dimensions) add({dimension->id, false});
  }

  bool operator()(const ReportRow& a, const ReportRow& b) const {
    for (const auto& step : steps_)
      if (const int order = step.is_dimension ? by_dimension(step, a, b) : by_figure(step, a, b); order != 0)
        return order < 0;
    return a.key < b.key;
  }

 private:
  struct Step {
    bool is_dimension = false, is_descending = false;
    std::size_t index = 0;
  };

  void add(const SortKey& key) {
    for (std::size_t i = 0; i < plan_.dimensions.size(); ++i)
      if (plan_.dimensions[i]->id == key.column) return steps_.push_back({true, key.is_descending, i});
    for (std::size_t i = 0; i < plan_.measures.size(); ++i)
      if (plan_.measures[i].measure->id == key.column) return steps_.push_back({false, key.is_descending, i});
  }

  int by_dimension(const Step& step, const ReportRow& a, const ReportRow& b) const {
    const auto &x = a.ids[step.index], &y = b.ids[step.index];
    if (!x || !y) return static_cast<int>(!x) - static_cast<int>(!y);
    int order = 0;
    if (plan_.dimensions[step.index]->expr->type == Type::integer) {
      const auto m = std::stoll(*x), n = std::stoll(*y);
      order = m < n ? -1 : m > n ? 1 : 0;
    } else {
      order = collation_.compare(a.shown[step.index], b.shown[step.index]);
    }
    return step.is_descending ? -order : order;
  }

  int by_figure(const Step& step, const ReportRow& a, const ReportRow& b) const {
    const auto &s = a.figures[step.index].text, &t = b.figures[step.index].text;
    if (s || t) {
      if (!s || !t) return static_cast<int>(!s) - static_cast<int>(!t);
      const int order = collation_.compare(*s, *t);
      return step.is_descending ? -order : order;
    }
    const auto &x = a.figures[step.index].value, &y = b.figures[step.index].value;
    if (!x || !y) return static_cast<int>(!x) - static_cast<int>(!y);
    const int order = compare(*x, *y);
    return step.is_descending ? -order : order;
  }

  const Plan& plan_;
  Collation collation_;
  std::vector<Step> steps_;
};

// `show_empty`: a row for each employee who could have had one (metrics §1.8.4).
void add_missing_employees(const Plan& plan, const std::vector<Figure>& none, std::vector<ReportRow>& rows) {
  const bool is_by_employee = plan.dimensions.size() == 1 && plan.dimensions[0]->name_of == NameOf::employee;
  if (!is_by_employee || plan.directory == nullptr) return;
  if (!sees_all(plan.access)) return;  // who else there is
  std::set<std::string> there;
  for (const auto& row : rows)
    if (row.ids[0]) there.insert(*row.ids[0]);
  const auto is_chosen = [&](const std::string& id) {
    return std::all_of(plan.settings.filters.begin(), plan.settings.filters.end(), [&](const ChosenFilter& chosen) {
      return chosen.filter->name_of != NameOf::employee || chosen.takes(id);
    });
  };
  for (const auto& employee : plan.directory->parts().employees) {
    const bool has_left = employee.dismissed_at && plan.from && *employee.dismissed_at <= *plan.from;
    if (there.contains(employee.id) || has_left || !is_chosen(employee.id)) continue;
    const RowIds ids = {employee.id};
    rows.push_back({row_key(ids), ids, shown_ids(plan, ids), none});
  }
}

PathTaken& taken_of(const Answering& with, PathTaken& unasked) { return with.taken != nullptr ? *with.taken : unasked; }

// By the engine where it can, else by SQL. `grouped`: made where SQL is asked for rows, as they may be other
// rows than those of the total; an engine's columns are those of `whole` for both.
Result<Answer> answered(const Plan& plan, Computation& whole, std::optional<Computation>& grouped, AnswerScope scope,
                        const Answering& with) {
  PathTaken unasked;
  if (with.engine != nullptr)
    if (auto answer = with.engine->answer(plan, whole.aggregates(), scope, with.reading, taken_of(with, unasked)))
      return std::move(*answer);
  const auto total = whole.run();
  if (!total) return fail(total.error());
  Answer answer{total->front().read, {}};
  if (!scope.by_dimensions) return answer;
  grouped.emplace(plan, with.reading, scope);
  auto rows = grouped->run();
  if (!rows) return fail(rows.error());
  answer.grouped = std::move(*rows);
  return answer;
}

// What company() stands for: the total row without the filters; with none it is the total row.
Done company_totals(const Plan& plan, const Answering& with, const Computation& whole, const Answer& answered_whole,
                    Aggregates::Totals& totals) {
  const bool is_asked = std::any_of(plan.measures.begin(), plan.measures.end(), [](const PlannedMeasure& planned) {
    return uses_function(*planned.way->expr, "company");
  });
  if (!is_asked) return {};
  if (plan.settings.filters.empty() && !plan.where) return whole.collect("company", answered_whole.total, totals);
  constexpr AnswerScope kEverybody = {false, false};
  Computation everybody(plan, with.reading, kEverybody);
  std::optional<Computation> ungrouped;
  const auto answer = answered(plan, everybody, ungrouped, kEverybody, with);
  return answer ? everybody.collect("company", answer->total, totals) : fail(answer.error());
}

}  // namespace

bool uses_function(const Node& node, std::string_view name) {
  if (node.kind == NodeKind::function && node.text == name) return true;
  if (node.where && uses_function(*node.where, name)) return true;
  return std::any_of(node.children.begin(), node.children.end(),
                     [name](const NodePtr& child) { return uses_function(*child, name); });
}

Result<ReportRows> compute(const Plan& plan, const Answering& with) {
  ReportRows report;
  const bool has_rows = !plan.dimensions.empty();
  Computation whole(plan, with.reading, {false, true});
  std::optional<Computation> grouped;
  const auto answer = answered(plan, whole, grouped, {has_rows, true}, with);
  if (!answer) return fail(answer.error());
  Aggregates::Totals totals;
  if (auto known = company_totals(plan, with, whole, *answer, totals); !known) return fail(known.error());
  auto total_figures = whole.figures(answer->total, totals);
  if (!total_figures) return fail(total_figures.error());
  report.total = {std::string(kTotalKey), RowIds(plan.dimensions.size()), {}, std::move(*total_figures)};
  if (!has_rows) return report;

  // The aggregates of both are of the same nodes, so the total's nodes are the rows' too.
  if (auto known = whole.collect("total", answer->total, totals); !known) return fail(known.error());
  const auto& of_rows = grouped ? *grouped : whole;
  for (const auto& row : answer->grouped) {
    auto figures = of_rows.figures(row.read, totals);
    if (!figures) return fail(figures.error());
    report.rows.push_back({row_key(row.ids), row.ids, shown_ids(plan, row.ids), std::move(*figures)});
  }
  if (plan.settings.show_empty) {
    const auto none = of_rows.figures_of_nothing(totals);
    if (!none) return fail(none.error());
    add_missing_employees(plan, *none, report.rows);
  }
  const Order order(plan);
  std::sort(report.rows.begin(), report.rows.end(),
            [&order](const ReportRow& a, const ReportRow& b) { return order(a, b); });
  return report;
}

Result<std::vector<std::string>> row_keys(const Plan& plan, const Answering& with) {
  std::vector<std::string> keys;
  if (plan.dimensions.empty()) return keys;
  if (with.engine != nullptr) {
    PathTaken unasked;
    const RowSurroundings nothing;
    if (const auto answer = with.engine->answer(plan, Aggregates(nothing), {}, with.reading, unasked)) {
      for (const auto& row : answer->grouped) keys.push_back(row_key(row.ids));
      return keys;
    }
  }
  const auto rows = plan.rows(true);
  SqlText sql = "SELECT DISTINCT ";
  for (const auto* dimension : plan.dimensions)
    sql += (dimension == plan.dimensions.front() ? "" : ", ") + dimension_sql(*dimension, rows.surroundings);
  const auto done = with.reading.each(sql + rows.from, plan.dimensions.size(), [&](const RowTexts& row) {
    keys.push_back(row_key(row));
    return Done();
  });
  if (!done) return fail(done.error());
  return keys;
}

}  // namespace hkl
