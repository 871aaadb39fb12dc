#include "reports/figures.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "reports/kept_plans.h"
#include "reports/locale_text.h"
#include "reports/names.h"
#include "reports/sql_rows.h"

namespace hkl {
namespace {

// Figures of rows that were read, by whomever.
class FigureMaker {
 public:
  // Both outlive it.
  FigureMaker(const Plan& plan, const Aggregates& aggregates) : plan_(plan), aggregates_(aggregates) {}

  // What no row at all gives: 0 for counts and sums, null for averages.
  std::vector<ReadCell> read_of_nothing() const {
    std::vector<ReadCell> read(aggregates_.width());
    for (std::size_t i = 0; i < aggregates_.columns().size(); ++i)
      if (aggregates_.columns()[i].text.starts_with("COUNT(")) read[i] = std::int64_t{0};
    return read;
  }

  Done make(Aggregates::Read read, const Aggregates::Totals& totals, std::vector<Figure>& into) const {
    into.clear();
    into.reserve(plan_.measures.size());
    for (std::size_t i = 0; i < plan_.measures.size(); ++i) {
      const auto& measure = *plan_.measures[i].measure;
      auto figure = aggregates_.figure(i, read, totals);
      if (!figure) return fail(Error(figure.error()).in(measure.id));
      if (figure->text) figure->text = shown_name(measure.name_of, *figure->text, plan_.directory);
      into.push_back(std::move(*figure));
    }
    return {};
  }

  Done collect(std::string_view function, Aggregates::Read read, Aggregates::Totals& totals) const {
    for (std::size_t i = 0; i < plan_.measures.size(); ++i)
      if (auto done = aggregates_.collect(i, function, read, totals); !done)
        return fail(Error(done.error()).in(plan_.measures[i].measure->id));
    return {};
  }

 private:
  const Plan& plan_;
  const Aggregates& aggregates_;
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

  bool asks_for_figures() const {
    return std::any_of(steps_.begin(), steps_.end(), [](const Step& step) { return !step.is_dimension; });
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

// A row before it has its figures: what they are made of comes with it.
struct UnmadeRow {
  ReportRow row;
  Aggregates::Read read;
};

// Takes the ids.
std::vector<UnmadeRow> unmade_rows(const Plan& plan, ReadRows& read) {
  std::vector<UnmadeRow> rows;
  rows.reserve(read.ids.size());
  for (std::size_t i = 0; i < read.ids.size(); ++i) {
    auto& ids = read.ids[i];
    auto key = row_key(ids);
    auto shown = shown_ids(plan, ids);
    rows.push_back({{std::move(key), std::move(ids), std::move(shown)}, read.row(i)});
  }
  return rows;
}

// The places of the rows in the order to show. Nearly always it is the order of the last answer: to see that is a
// comparison for each row, and to find it anew seven.
std::vector<std::uint32_t> in_order(const std::vector<UnmadeRow>& rows, const Order& order, KeptPlan* kept) {
  std::vector<std::uint32_t> places;
  if (kept != nullptr) places = std::move(kept->order);
  if (places.size() != rows.size()) {
    places.resize(rows.size());
    std::iota(places.begin(), places.end(), 0U);
  }
  const auto comes_before = [&](std::uint32_t a, std::uint32_t b) { return order(rows[a].row, rows[b].row); };
  if (!std::is_sorted(places.begin(), places.end(), comes_before))
    std::sort(places.begin(), places.end(), comes_before);
  if (kept != nullptr) kept->order = places;
  return places;
}

// `show_empty`: a row for each employee who could have had one (metrics §1.8.4).
void add_missing_employees(const Plan& plan, Aggregates::Read none, std::vector<UnmadeRow>& rows) {
  const bool is_by_employee = plan.dimensions.size() == 1 && plan.dimensions[0]->name_of == NameOf::employee;
  if (!is_by_employee || plan.directory == nullptr) return;
  if (!sees_all(plan.access)) return;  // who else there is
  std::set<std::string> there;
  for (const auto& [row, read] : rows)
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
    rows.push_back({{row_key(ids), ids, shown_ids(plan, ids)}, none});
  }
}

// Rows and their total, and by what aggregates they were read.
struct ReadAnswer {
  Answer answer;
  const Aggregates *of_total, *of_rows;
};

// One question to the engine, or to SQL.
class EngineOrSql {
 public:
  EngineOrSql(const Plan& plan, AnswerScope scope, const Answering& with) : plan_(plan), scope_(scope), with_(with) {}

  // By the engine where it can. What is found lives as long as this.
  Result<ReadAnswer> run() {
    if (with_.kept != nullptr && with_.kept->aggregates) {
      if (auto answer = by_engine(*with_.kept->aggregates)) return found(std::move(*answer), *with_.kept->aggregates);
      with_.kept->aggregates.reset();  // SQL's are of the period
    }
    whole_.emplace(plan_, with_.reading, AnswerScope{false, scope_.with_filters});
    auto answer = by_engine(whole_->aggregates());
    if (!answer) return by_sql();
    if (with_.kept == nullptr || !with_.kept->of_engine) return found(std::move(*answer), whole_->aggregates());
    with_.kept->aggregates = whole_->take_aggregates();
    return found(std::move(*answer), *with_.kept->aggregates);
  }

 private:
  static ReadAnswer found(Answer answer, const Aggregates& by) { return {std::move(answer), &by, &by}; }

  std::optional<Answer> by_engine(const Aggregates& aggregates) {
    if (with_.engine == nullptr) return std::nullopt;
    PathTaken unasked;
    std::unique_ptr<KeptQuestion> not_kept;
    return with_.engine->answer(plan_, aggregates, scope_, with_.reading,
                                with_.taken != nullptr ? *with_.taken : unasked,
                                with_.kept != nullptr ? with_.kept->of_engine : not_kept);
  }

  // Rows may be other rows than those of the total, so they have aggregates of their own.
  Result<ReadAnswer> by_sql() {
    auto total = whole_->run();
    if (!total) return fail(total.error());
    ReadAnswer all = found({std::move(total->cells), {}}, whole_->aggregates());
    if (!scope_.by_dimensions) return all;
    grouped_.emplace(plan_, with_.reading, scope_);
    auto rows = grouped_->run();
    if (!rows) return fail(rows.error());
    all.answer.grouped = std::move(*rows);
    all.of_rows = &grouped_->aggregates();
    return all;
  }

  const Plan& plan_;
  const AnswerScope scope_;
  const Answering& with_;
  std::optional<SqlRows> whole_, grouped_;  // made where they are needed
};

// What company() stands for: the total row without the filters; with none it is the total row.
Done company_totals(const Plan& plan, const Answering& with, const ReadAnswer& found, Aggregates::Totals& totals) {
  if (!found.of_total->asks_for("company")) return {};
  if (plan.settings.filters.empty() && !plan.where)
    return FigureMaker(plan, *found.of_total).collect("company", found.answer.total, totals);
  const Answering apart = {with.reading, with.engine, with.taken};
  EngineOrSql everybody(plan, {false, false}, apart);
  const auto all = everybody.run();
  return all ? FigureMaker(plan, *all->of_total).collect("company", all->answer.total, totals) : fail(all.error());
}

}  // namespace

bool uses_function(const Node& node, std::string_view name) {
  if (node.kind == NodeKind::function && node.text == name) return true;
  if (node.where && uses_function(*node.where, name)) return true;
  return std::any_of(node.children.begin(), node.children.end(),
                     [name](const NodePtr& child) { return uses_function(*child, name); });
}

Done compute(const Plan& plan, const Answering& with, const TakeRow& take, ReportRow& total) {
  const bool has_rows = !plan.dimensions.empty();
  EngineOrSql asked(plan, {has_rows, true}, with);
  auto found = asked.run();
  if (!found) return fail(found.error());
  auto& [total_read, grouped] = found->answer;
  Aggregates::Totals totals;
  if (auto known = company_totals(plan, with, *found, totals); !known) return known;
  const FigureMaker of_total(plan, *found->of_total), of_rows(plan, *found->of_rows);
  total = {std::string(kTotalKey), RowIds(plan.dimensions.size())};
  if (auto made = of_total.make(total_read, totals, total.figures); !made) return made;
  if (!has_rows) return {};

  // The aggregates of both are of the same nodes, so the total's nodes are the rows' too.
  if (found->of_total->asks_for("total"))
    if (auto known = of_total.collect("total", total_read, totals); !known) return known;
  auto rows = unmade_rows(plan, grouped);
  std::vector<ReadCell> nothing;
  if (plan.settings.show_empty) {
    nothing = of_rows.read_of_nothing();
    add_missing_employees(plan, nothing, rows);
  }
  // Figures are made row by row, in one and the same place, unless the order asks for all of them first, or one may be
  // too large, which is to be known before a row is taken: SQL turns what leaves 64 bits into a floating number.
  const Order order(plan);
  const bool are_made_first = order.asks_for_figures() || found->of_rows != found->of_total;
  if (are_made_first)
    for (auto& [row, read] : rows)
      if (auto made = of_rows.make(read, totals, row.figures); !made) return made;
  std::vector<Figure> room;
  for (const auto place : in_order(rows, order, with.kept)) {
    auto& [row, read] = rows[place];
    if (!are_made_first) {
      row.figures = std::move(room);
      if (auto made = of_rows.make(read, totals, row.figures); !made) return made;
    }
    if (auto taken = take(row); !taken) return taken;
    room = std::move(row.figures);
  }
  return {};
}

Result<ReportRows> compute(const Plan& plan, const Answering& with) {
  ReportRows report;
  const auto take = [&](ReportRow& row) -> Done {
    report.rows.push_back(std::move(row));
    return {};
  };
  if (auto done = compute(plan, with, take, report.total); !done) return fail(done.error());
  return report;
}

Result<std::vector<std::string>> row_keys(const Plan& plan, const Answering& with) {
  std::vector<std::string> keys;
  if (plan.dimensions.empty()) return keys;
  if (with.engine != nullptr) {
    PathTaken unasked;
    std::unique_ptr<KeptQuestion> not_kept;
    const RowSurroundings nothing;
    if (const auto answer = with.engine->answer(plan, Aggregates(nothing), {}, with.reading, unasked, not_kept)) {
      for (const auto& ids : answer->grouped.ids) keys.push_back(row_key(ids));
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
