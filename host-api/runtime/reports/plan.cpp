#include "reports/plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "services/zone.h"

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

// The values of one filter are "or" (metrics §1.8.1); "-" asks for nothing at all.
SqlText filter_sql(const ChosenFilter& chosen, const RowCompiler& compiler) {
  const Node& asked = *chosen.filter->expr;
  std::vector<SqlText> parts;
  if (!chosen.values.empty()) {
    Node among;
    among.kind = NodeKind::among;
    among.children.push_back(asked.clone());
    for (const auto& value : chosen.values) {
      auto literal = std::make_unique<Node>();
      literal->value = value;
      literal->type = asked.type == Type::integer ? Type::integer : Type::text;
      among.children.push_back(std::move(literal));
    }
    parts.push_back(compiler.condition(among));
  }
  if (chosen.with_empty) {
    Node empty;
    empty.kind = NodeKind::is_null;
    empty.children.push_back(asked.clone());
    parts.push_back(compiler.condition(empty));
  }
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
  plan.directory = surroundings.directory;
  plan.language = surroundings.language == "ru" ? "ru" : "en";
  plan.now = surroundings.now;
  plan.where_text = query.where;
  auto settings = read_settings(definition, query.settings);
  if (!settings) return fail(settings.error());
  plan.settings = std::move(*settings);
  plan.zone = plan.settings.timezone.empty() ? surroundings.timezone : plan.settings.timezone;
  const auto bounds = read_bounds(query.from, query.to, plan.zone);
  if (!bounds) return fail(bounds.error());
  plan.from = bounds->from;
  plan.to = bounds->to;
  if (!query.where.empty()) {
    auto where = checked_condition(query.where, definition.row_scope());
    if (!where) return fail(Error(where.error()).in("where"));
    plan.where = std::move(*where);
  }
  const auto& options = plan.settings.options;
  for (const auto& dimension : definition.dimensions)
    if ((!dimension.when || holds(*dimension.when, options)) && !plan.shows_dimension(dimension.id))
      plan.dimensions.push_back(&dimension);
  for (const auto& measure : definition.measures) {
    if (measure.when && !holds(*measure.when, options)) continue;
    const auto way = std::find_if(measure.ways.begin(), measure.ways.end(),
                                  [&](const Way& one) { return !one.when || holds(*one.when, options); });
    if (measure.each.empty())
      plan.measures.push_back({&measure, &*way});
    else if (auto made = add_for_each(plan, measure, *way); !made)
      return fail(made.error());
  }
  return plan;
}

SqlText Plan::period(const RowCompiler& compiler) const {
  for (const auto& chosen : definition->period)
    if (!chosen.when || holds(*chosen.when, settings.options)) return compiler.condition(*chosen.expr);
  const SqlText time = definition->rows->time;
  SqlText condition;
  if (from) condition = time + " >= " + SqlText::value(ms_of(*from));
  if (to) condition += (from ? " AND " : "") + time + " < " + SqlText::value(ms_of(*to));
  return condition;
}

bool Plan::shows_dimension(std::string_view id) const {
  return std::any_of(dimensions.begin(), dimensions.end(), [id](const Dimension* shown) { return shown->id == id; });
}

Plan::Rows Plan::rows(bool by_dimensions, bool with_filters) const {
  RowSurroundings inside;
  inside.zone = zone;
  inside.now_ms = ms_of(now);
  inside.directory = directory;
  if (from) inside.from_ms = ms_of(*from);
  if (to) inside.to_ms = ms_of(*to);
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
  std::vector<SqlText> conditions = {definition->rows->in_reports, period(compiler)};
  for (const auto& condition : definition->where)
    if (!condition.when || holds(*condition.when, settings.options))
      conditions.push_back(compiler.condition(*condition.expr));
  if (with_filters)
    for (const auto& chosen : settings.filters) conditions.push_back(filter_sql(chosen, compiler));
  if (with_filters && where) conditions.push_back(compiler.condition(*where));
  const auto chosen = " WHERE " + all_of(conditions);
  if (!is_each) return {" FROM " + SqlText(definition->rows->from) + chosen, inside};

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
  return {std::move(from_each), std::move(outside)};
}

const PlannedMeasure* Plan::measure(std::string_view id) const {
  for (const auto& planned : measures)
    if (planned.measure->id == id) return &planned;
  return nullptr;
}

}  // namespace hkl
