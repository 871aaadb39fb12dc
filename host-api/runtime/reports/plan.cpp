#include "reports/plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/access_rows.h"
#include "reports/type_rules.h"
#include "services/zone.h"
#include "values/words.h"

namespace hkl {
namespace {

bool uses(const Node& node, ByCredit what) {
  if (node.kind == NodeKind::field && node.field->by_credit == what) return true;
  return std::any_of(node.children.begin(), node.children.end(), [what](const NodePtr& c) { return uses(*c, what); });
}

// Missed and unsuccessful calls fall as in `first` (metrics §1.5).
constexpr const char* kLastEmployee = "CASE WHEN c.outcome = 'answered' THEN c.last_employee ELSE c.employee END";
constexpr const char* kLastExtension = "CASE WHEN c.outcome = 'answered' THEN c.last_extension ELSE c.extension END";

constexpr const char* kLastIsFirst = "(c.outcome IS NOT 'answered' OR c.last_employee IS c.employee)";
// Among those who talked: who answered first, or dialled.
constexpr const char* kIsFirst = "(k.employee IS c.employee AND k.extension IS c.extension)";

SqlText filter_sql(const ChosenFilter& chosen, const RowCompiler& compiler) {
  std::vector<SqlText> parts;
  for (const auto& condition : filter_conditions(chosen)) parts.push_back(compiler.condition(*condition));
  return any_of(parts);
}

// A date counts whole, so a period of dates ends after it begins.
bool is_turned_round(const Bounds& bounds, const std::string& to) {
  constexpr std::size_t kDateSize = 10;  // 2026-03-31
  if (!bounds.from || !bounds.to) return false;
  return *bounds.to < *bounds.from || (*bounds.to == *bounds.from && to.size() == kDateSize);
}

void put_number(Node& node, const std::string& option, Rational number) {
  if (node.kind == NodeKind::option && node.text == option) {
    node.kind = NodeKind::literal;
    node.value = number;
  }
  for (auto& child : node.children) put_number(*child, option, number);
  if (node.where) put_number(*node.where, option, number);
}

// "20", "2.5" as "2_5": part of a column's id.
std::string shown_number(Rational number, char point) {
  auto text = number.den == 1 ? std::to_string(number.num) : fixed(number, 3);
  if (number.den != 1) text.erase(text.find_last_not_of('0') + 1);
  std::replace(text.begin(), text.end(), '.', point);
  return text;
}

NodePtr own_time(const Entity& entity) {
  auto field = std::make_unique<Node>();
  field->kind = NodeKind::field;
  field->field = entity.field(entity.time_field);
  field->type = Type::time;
  return field;
}

std::unique_ptr<Dimension> dimension_of_time(const Entity& entity, const std::string& function) {
  auto dimension = std::make_unique<Dimension>();
  dimension->id = "time_group";
  dimension->title = {"Время", "Time"};
  dimension->definition = {"Отрезок времени в поясе отчёта", "Stretch of time in the report's zone"};
  dimension->formula = fmt::format("{}({})", function, entity.time_field);
  dimension->expr = std::make_unique<Node>();
  dimension->expr->kind = NodeKind::function;
  dimension->expr->text = function;
  dimension->expr->type = *type_of_clock(function);
  dimension->expr->children.push_back(own_time(entity));
  return dimension;
}

Done add_for_each(Plan& plan, const Measure& measure, const Way& way) {
  const auto& given = plan.settings.options.at(measure.each);
  const auto numbers = numbers_of(std::get<std::string>(given));
  if (!numbers) return fail(numbers.error());
  for (const auto& number : *numbers) {
    auto made = std::make_unique<Measure>();
    made->id = measure.id + "_" + shown_number(number, '_');
    made->title = {measure.title.ru + " " + shown_number(number, '.'),
                   measure.title.en + " " + shown_number(number, '.')};
    made->display = measure.display;
    Way one;
    one.expr = way.expr->clone();
    put_number(*one.expr, measure.each, number);
    one.definition = way.definition;
    one.formula = way.formula;
    made->ways.push_back(std::move(one));
    plan.measures.push_back({made.get(), &made->ways.front()});
    plan.made.push_back(std::move(made));
  }
  return {};
}

// "-calls,manager"
Result<std::vector<SortKey>> read_sort(const Plan& plan, const std::string& text) {
  std::vector<std::string_view> known;
  for (const auto* dimension : plan.dimensions) known.emplace_back(dimension->id);
  for (const auto& planned : plan.measures) known.emplace_back(planned.measure->id);
  std::vector<SortKey> keys;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    SortKey key;
    key.column = text.substr(begin, end - begin);
    begin = end + 1;
    key.is_descending = key.column.starts_with('-');
    if (key.is_descending) key.column.erase(0, 1);
    if (std::find(known.begin(), known.end(), key.column) != known.end()) {
      keys.push_back(std::move(key));
      continue;
    }
    const auto nearest = nearest_word(key.column, known.data(), known.size());
    return fail(HKL_NOT_FOUND, fmt::format("sort: this report shows no column \"{}\"{}", key.column,
                                           nearest.empty() ? fmt::format("; it shows {}", fmt::join(known, ", "))
                                                           : fmt::format("; did you mean \"{}\"?", nearest)));
  }
  return keys;
}

}  // namespace

Result<Bounds> read_bounds(const std::string& from, const std::string& to, const std::string& zone) {
  Bounds bounds;
  if (!from.empty()) {
    const auto at = parse_from(from, zone);
    if (!at) return fail(Error(at.error()).in("from"));
    bounds.from = *at;
  }
  if (!to.empty()) {
    const auto at = parse_to(to, zone);
    if (!at) return fail(Error(at.error()).in("to"));
    bounds.to = *at;
  }
  if (is_turned_round(bounds, to))
    return fail(HKL_INVALID, fmt::format("the period ends ({}) before it begins ({})", to, from));
  return bounds;
}

SqlText dimension_sql(const Dimension& dimension, const RowSurroundings& surroundings) {
  const auto value = RowCompiler(surroundings).value(*dimension.expr);
  return dimension.expr->type == Type::text ? "NULLIF(" + value + ", '')" : value;
}

Result<Plan> make_plan(const Definition& definition, const ReportQuery& query, const ReportSurroundings& surroundings) {
  Plan plan;
  plan.definition = &definition;
  plan.language = surroundings.language == "ru" ? "ru" : "en";
  plan.title = query.title.empty() ? definition.title.in(plan.language) : query.title;
  plan.where_text = query.where;
  auto settings = read_settings(definition, query.settings);
  if (!settings) return fail(settings.error());
  plan.settings = std::move(*settings);
  plan.zone = plan.settings.timezone.empty() ? surroundings.timezone : plan.settings.timezone;
  if (auto renewed = renew(plan, query, surroundings); !renewed) return fail(renewed.error());
  plan.entity = definition.rows;
  for (const auto& other : definition.other_rows)
    if (plan.entity == definition.rows && holds(*other.when, plan.settings.options)) plan.entity = other.rows;
  plan.access = surroundings.access;
  for (const auto& chosen : plan.settings.filters)
    if (auto shown = check_hidden(plan.access, *chosen.filter->expr); !shown) return fail(shown.error());
  if (!query.where.empty()) {
    auto where = checked_condition(query.where, definition.row_scope());
    if (!where) return fail(Error(where.error()).in("where"));
    if (auto shown = check_hidden(plan.access, **where); !shown) return fail(shown.error());
    plan.where = std::move(*where);
  }
  const auto& options = plan.settings.options;
  for (const auto& dimension : definition.dimensions)
    if ((!dimension.when || holds(*dimension.when, options)) && !plan.shows_dimension(dimension.id))
      plan.dimensions.push_back(&dimension);
  if (!plan.settings.time_group.empty()) {
    if (definition.scan != ScanOver::nothing)
      return fail(HKL_UNSUPPORTED,
                  fmt::format("time_group: the report {} makes its rows itself; take its options", definition.id));
    plan.by_time = dimension_of_time(*definition.rows, plan.settings.time_group);
    plan.dimensions.push_back(plan.by_time.get());
  }
  for (const auto& measure : definition.measures) {
    if (measure.when && !holds(*measure.when, options)) continue;
    if (measure.name_of == NameOf::office && !has_offices(plan.directory)) continue;
    const auto way = std::find_if(measure.ways.begin(), measure.ways.end(),
                                  [&](const Way& one) { return !one.when || holds(*one.when, options); });
    if (measure.is_noted)
      plan.notes.push_back(measure.title.in(plan.language) + ": " + way->definition.in(plan.language));
    if (measure.each.empty())
      plan.measures.push_back({&measure, &*way});
    else if (auto made = add_for_each(plan, measure, *way); !made)
      return fail(made.error());
  }
  plan.sort = definition.sort;
  if (!query.sort.empty()) {
    auto sort = read_sort(plan, query.sort);
    if (!sort) return fail(sort.error());
    plan.sort = std::move(*sort);
  }
  return plan;
}

Done renew(Plan& plan, const ReportQuery& query, const ReportSurroundings& surroundings) {
  plan.directory = surroundings.directory;
  plan.calendars = surroundings.calendars;
  plan.now = surroundings.now;
  if (auto known = check_calendars(*plan.definition, plan.settings, plan.calendars); !known) return known;
  const auto bounds = read_bounds(query.from, query.to, plan.zone);
  if (!bounds) return fail(bounds.error());
  plan.from = bounds->from;
  plan.to = bounds->to;
  return {};
}

bool has_offices(const Directory* directory) { return directory != nullptr && !directory->parts().offices.empty(); }

SqlText Plan::period(const RowCompiler& compiler) const {
  for (const auto& chosen : definition->period)
    if (!chosen.when || holds(*chosen.when, settings.options)) return compiler.condition(*chosen.expr);
  const SqlText time = entity->time;
  SqlText condition;
  if (from) condition = time + " >= " + SqlText::value(ms_of(*from));
  if (to) condition += (from ? " AND " : "") + time + " < " + SqlText::value(ms_of(*to));
  return condition;
}

NodePtr Plan::within_hours() const {
  for (const auto& chosen : definition->period)
    if (!chosen.when || holds(*chosen.when, settings.options)) return nullptr;
  return within(settings.hours, *own_time(*definition->rows));
}

bool Plan::shows_dimension(std::string_view id) const {
  return std::any_of(dimensions.begin(), dimensions.end(), [id](const Dimension* shown) { return shown->id == id; });
}

bool Plan::asks_for_internal() const {
  return std::any_of(settings.filters.begin(), settings.filters.end(), [](const ChosenFilter& chosen) {
    const auto& expr = *chosen.filter->expr;
    return expr.kind == NodeKind::field && expr.field->name == "direction" &&
           std::find(chosen.texts.begin(), chosen.texts.end(), word(Direction::internal)) != chosen.texts.end();
  });
}

Plan::Rows Plan::rows(bool by_dimensions, bool with_filters) const {
  RowSurroundings inside;
  inside.zone = zone;
  inside.now_ms = ms_of(now);
  inside.language = language;
  inside.calendars = calendars;
  inside.rows = entity == definition->rows ? nullptr : entity;
  inside.is_total = !by_dimensions;
  inside.directory = directory;
  if (from) inside.from_ms = ms_of(*from);
  if (to) inside.to_ms = ms_of(*to);
  inside.hours = settings.hours;
  inside.options = settings.options;
  const bool is_each = settings.credit == CreditRule::each && definition->rows == &calls_entity();
  if (settings.credit == CreditRule::last) {
    inside.employee = kLastEmployee;
    inside.extension = kLastExtension;
    inside.first = kLastIsFirst;
  }
  if (is_each) {
    inside.employee = "k.employee";
    inside.extension = "k.extension";
    inside.talk = "k.talk_ms";
    inside.first = kIsFirst;
  }

  const RowCompiler compiler(inside);
  const auto& taken = with_filters && asks_for_internal() ? entity->in_lists : entity->in_reports;
  std::vector<SqlText> conditions = {taken, period(compiler), by_dimensions ? std::string() : entity->in_totals,
                                     rows_within(access, *entity, directory, now)};
  if (const auto hours = within_hours()) conditions.push_back(compiler.condition(*hours));
  for (const auto& condition : definition->where)
    if (!condition.when || holds(*condition.when, settings.options))
      conditions.push_back(compiler.condition(*condition.expr));
  if (with_filters)
    for (const auto& chosen : settings.filters) conditions.push_back(filter_sql(chosen, compiler));
  if (with_filters && where) conditions.push_back(compiler.condition(*where));
  const auto count = static_cast<std::size_t>(
      std::count_if(conditions.begin(), conditions.end(), [](const SqlText& one) { return !one.is_empty(); }));
  const auto chosen = " WHERE " + all_of(conditions);
  if (!is_each) return {" FROM " + SqlText(entity->from) + chosen, inside, count, false, false};

  const auto groups_by = [&](ByCredit what) {
    return by_dimensions && std::any_of(dimensions.begin(), dimensions.end(),
                                        [what](const Dimension* d) { return uses(*d->expr, what); });
  };
  const bool by_employee = groups_by(ByCredit::employee), by_extension = groups_by(ByCredit::extension);
  // Only what the credit adds is grouped; to group whole rows of calls, bodies
  // and all, took three times as long.
  SqlText from_each = std::string(
                          " FROM (SELECT c.rowid AS call_row, k.employee AS employee, k.extension AS extension, "
                          "SUM(k.talk_ms) AS talk_ms, MAX(") +
                      kIsFirst + ") AS is_first FROM calls c LEFT JOIN call_credits k ON k.call = c.id";
  from_each += chosen + " GROUP BY c.id" + (by_employee ? ", k.employee" : "") + (by_extension ? ", k.extension" : "");
  from_each += ") e JOIN calls c ON c.rowid = e.call_row WHERE 1";
  RowSurroundings outside = inside;
  outside.employee = "e.employee";
  outside.extension = "e.extension";
  outside.talk = "e.talk_ms";
  outside.first = "e.is_first";
  return {std::move(from_each), std::move(outside), count, by_employee, by_extension};
}

const PlannedMeasure* Plan::measure(std::string_view id) const {
  for (const auto& planned : measures)
    if (planned.measure->id == id) return &planned;
  return nullptr;
}

}  // namespace hkl
