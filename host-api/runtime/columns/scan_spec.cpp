#include "columns/scan_spec.h"

#include <fmt/format.h>

#include <algorithm>

#include "columns/atoms.h"
#include "columns/program.h"
#include "reports/checker.h"
#include "reports/field_marks.h"

namespace hkl {
namespace {

ClassExpr both(ClassExpr a, ClassExpr b) {
  ClassExpr expr;
  expr.kind = ClassExpr::Kind::all;
  expr.parts.push_back(std::move(a));
  expr.parts.push_back(std::move(b));
  return expr;
}

ClassExpr always() {
  ClassExpr expr;
  expr.holds = true;
  return expr;
}

class Maker {
 public:
  Maker(ScanSpec& spec) : spec_(spec), have_lines_hours_(!calendars_of_lines(spec.with).empty()) {}

  // How many conditions on rows were taken; that they are external calls that are over is one.
  std::size_t condition_count() const { return condition_count_; }
  void note_condition() { ++condition_count_; }

  // Of classes alone where that is possible, else of each row.
  void add_condition(const Node& condition) {
    note_condition();
    RowQuestions asked;
    auto expr = taken_apart(condition, asked_of(), asked);
    if (asked.nodes.empty())
      spec_.where.push_back(std::move(expr));
    else
      spec_.filters.push_back(&condition);
  }

  // At least one of them holds.
  void add_choice(std::vector<NodePtr> conditions) {
    note_condition();
    RowQuestions asked;
    ClassExpr any;
    any.kind = ClassExpr::Kind::any;
    std::vector<const Node*> choice;
    for (auto& condition : conditions) {
      any.parts.push_back(taken_apart(*condition, asked_of(), asked));
      choice.push_back(condition.get());
      spec_.made.push_back(std::move(condition));
    }
    if (asked.nodes.empty())
      spec_.where.push_back(std::move(any));
    else
      spec_.choices.push_back(std::move(choice));
  }

  ClassExpr rows_of(const Node* where, const Node* value) {
    auto rows = where == nullptr ? always() : taken_apart(*where, asked_of(), spec_.questions);
    if (value == nullptr) return rows;
    return both(std::move(rows), known_apart(*value, asked_of(), spec_.questions));
  }

  std::size_t summed(const Node& value) {
    const auto text = text_of(value);
    const auto found = std::find(texts_.begin(), texts_.end(), text);
    if (found != texts_.end()) return static_cast<std::size_t>(found - texts_.begin());
    texts_.push_back(text);
    spec_.values.push_back(&value);
    return texts_.size() - 1;
  }

  void add_parts(const Aggregates& aggregates) {
    for (const auto& part : aggregates.parts()) {
      if (part.kind == ColumnPart::Kind::currency) throw NotInColumns("amounts of money are summed by SQL");
      ScanSpec::Part made;
      made.kind = part.kind;
      made.value = part.value;
      made.rows = rows_of(part.where, part.value);
      if (part.kind == ColumnPart::Kind::sum) made.sum = summed(*part.value);
      spec_.parts.push_back(std::move(made));
    }
    for (const auto& percentile : aggregates.percentiles()) {
      const Node& value = *percentile.of->children[0];
      spec_.percentiles.push_back({rows_of(percentile.of->where.get(), &value), &value, percentile.percentage});
    }
  }

 private:
  AskedOf asked_of() const { return {spec_.classes, spec_.credited, spec_.with.options, have_lines_hours_}; }

  ScanSpec& spec_;
  const bool have_lines_hours_;
  std::vector<std::string> texts_;
  std::size_t condition_count_ = 1;
};

void set_period(ScanSpec& spec, Maker& maker, const Plan& plan) {
  for (const auto& chosen : plan.definition->period)
    if (!chosen.when || holds(*chosen.when, plan.settings.options)) return maker.add_condition(*chosen.expr);
  if (plan.from || plan.to) maker.note_condition();
  spec.renew(plan);
  if (auto hours = plan.within_hours()) {
    maker.add_condition(*hours);
    spec.made.push_back(std::move(hours));
  }
}

void check_supported(const Plan& plan) {
  if (plan.entity != &calls_entity()) throw NotInColumns("only calls are kept in columns");
  if (plan.asks_for_internal()) throw NotInColumns("internal calls are not in columns");
}

// Throws NotInColumns.
ScanSpec spec_of(CreditedTo credited, const Plan::Rows& rows, const Table& table, ClassSets& sets, const Plan& plan,
                 const Aggregates* aggregates, AnswerScope scope) {
  ScanSpec spec;
  spec.credited = credited;
  spec.table = &table;
  spec.change = table.change();
  spec.with = rows.surroundings;
  spec.classes = sets.of(*plan.definition);
  Maker maker(spec);
  set_period(spec, maker, plan);
  for (const auto& condition : plan.definition->where)
    if (!condition.when || holds(*condition.when, plan.settings.options)) maker.add_condition(*condition.expr);
  if (scope.with_filters) {
    for (const auto& chosen : plan.settings.filters) {
      maker.add_choice(filter_conditions(chosen));
    }
    if (plan.where) maker.add_condition(*plan.where);
  }
  // What limits the rows in a way that is not known here must not be left out.
  if (maker.condition_count() != rows.condition_count)
    throw NotInColumns("its rows are limited by what only SQL knows");
  if (scope.by_dimensions) spec.dimensions = plan.dimensions;
  if (aggregates != nullptr) maker.add_parts(*aggregates);
  return spec;
}

// Adds what of a figure its rows are of.
void add_figure(ScanSpec& spec, const DrillRequest& request) {
  Maker maker(spec);
  ClassExpr any;
  any.kind = ClassExpr::Kind::any;
  for (const auto* aggregate : request.of) {
    // What has no value is not summed.
    const bool has_value = aggregate->text != "count" && aggregate->text != "only";
    any.parts.push_back(maker.rows_of(aggregate->where.get(), has_value ? aggregate->children[0].get() : nullptr));
  }
  if (request.of.empty()) any = always();
  spec.parts.push_back({ColumnPart::Kind::count, std::move(any), std::nullopt, nullptr});
}

bool is_fact_of_share(const Node& node) {
  return is_fact(node) || (node.kind == NodeKind::field && node.field->by_credit == ByCredit::first);
}

bool asks_of_lines_hours(const Node& node) {
  if (node.kind == NodeKind::field && node.field->sql == kLineClosedMark) return true;
  if (node.where && asks_of_lines_hours(*node.where)) return true;
  return std::any_of(node.children.begin(), node.children.end(),
                     [](const NodePtr& child) { return asks_of_lines_hours(*child); });
}

// Which lines have hours is told by the directory, so by the moment.
bool asks_of_lines_hours(const Plan& plan) {
  const auto& where = plan.definition->where;
  return (plan.where && asks_of_lines_hours(*plan.where)) ||
         std::any_of(where.begin(), where.end(), [](const auto& one) { return asks_of_lines_hours(*one.expr); }) ||
         std::any_of(plan.settings.filters.begin(), plan.settings.filters.end(),
                     [](const auto& one) { return asks_of_lines_hours(*one.filter->expr); }) ||
         std::any_of(plan.measures.begin(), plan.measures.end(),
                     [](const auto& one) { return asks_of_lines_hours(*one.way->expr); });
}

std::vector<std::string> cube_keys(const ScanSpec& spec) {
  std::vector<const ScanSpec*> all = {&spec};
  if (spec.shares) {
    const auto& asked = spec.shares->asked;
    if (!asked.filters.empty() || !asked.choices.empty()) return {};
    if (spec.shares->grouped) all.push_back(&*spec.shares->grouped);
    all.push_back(&spec.shares->once);
  }
  std::vector<std::string> keys;
  for (const auto* one : all) {
    auto key = one->cube_key();
    if (!key) return {};
    keys.push_back(std::move(*key));
  }
  return keys;
}

CreditedTo credited_to(CreditRule rule) {
  return rule == CreditRule::each ? CreditedTo::each : rule == CreditRule::last ? CreditedTo::last : CreditedTo::first;
}

}  // namespace

ScanSpec::ScanSpec() = default;
ScanSpec::ScanSpec(ScanSpec&&) noexcept = default;
ScanSpec& ScanSpec::operator=(ScanSpec&&) noexcept = default;
ScanSpec::~ScanSpec() = default;

ScanSpec scan_spec(const Table& table, ClassSets& sets, const Plan& plan, const Aggregates* aggregates,
                   AnswerScope scope) {
  check_supported(plan);
  const auto rows = plan.rows(scope.by_dimensions, scope.with_filters);
  auto spec = spec_of(credited_to(plan.settings.credit), rows, table, sets, plan, aggregates, scope);
  if (spec.credited != CreditedTo::each) {
    spec.keys = cube_keys(spec);
    spec.is_lasting = !spec.keys.empty() && plan.definition->period.empty() && !asks_of_lines_hours(plan);
    return spec;
  }
  auto shares = std::make_unique<ShareSpecs>();
  const auto of_shares = [&](const Aggregates* counted, bool by_dimensions) {
    return spec_of(CreditedTo::shares, rows, table, sets, plan, counted, {by_dimensions, scope.with_filters});
  };
  const auto but_filters = [](ScanSpec made) {  // `asked` has them
    made.filters.clear();
    made.choices.clear();
    return made;
  };
  shares->asked = of_shares(nullptr, false);
  if (!spec.dimensions.empty()) shares->grouped = but_filters(of_shares(aggregates, true));
  shares->once = but_filters(of_shares(aggregates, false));
  shares->by_employee = rows.by_employee;
  shares->by_extension = rows.by_extension;
  spec.shares = std::move(shares);
  spec.keys = cube_keys(spec);
  return spec;
}

ScanSpec drill_spec(const Table& table, ClassSets& sets, const Plan& plan, const DrillRequest& request) {
  auto spec = scan_spec(table, sets, plan, nullptr, {request.is_by_key, true});
  spec.keys.clear();  // rows are not added up
  add_figure(spec, request);
  if (!spec.shares) return spec;
  if (spec.shares->grouped) add_figure(*spec.shares->grouped, request);
  add_figure(spec.shares->once, request);
  return spec;
}

void ScanSpec::renew(const Plan& of) {
  first_ms = of.from ? ms_of(*of.from) : kNoTime;
  end_ms = of.to ? std::optional(ms_of(*of.to)) : std::nullopt;
  // A call without a time is in no period, not even in one without a beginning.
  if (of.to && !of.from) first_ms = kNoTime + 1;
  with.now_ms = ms_of(of.now);
  with.from_ms = of.from ? std::optional(ms_of(*of.from)) : std::nullopt;
  with.to_ms = end_ms;
  with.directory = of.directory;
  with.calendars = of.calendars;
  change = table->change();
}

bool ScanSpec::is_summed_only() const {
  using Kind = ColumnPart::Kind;
  return percentiles.empty() && std::all_of(parts.begin(), parts.end(), [](const Part& part) {
           return part.kind == Kind::count || part.kind == Kind::known || part.kind == Kind::sum;
         });
}

std::string ScanSpec::path_reason() const {
  const auto asked = questions.nodes.size(), filtered = filters.size() + choices.size();
  if (!keys.empty()) return "counts and sums by class; whole segments from cubes, the rest from class codes";
  if (!is_summed_only()) return "class codes; values are gathered row by row for what is not a count or sum";
  if (filtered > 0) return fmt::format("{} of the filters asked of each row, counts and sums by class", filtered);
  if (asked > 0)
    return fmt::format("{} of the conditions depend on options, credit or zone and are asked of each row", asked);
  return "rows are grouped by what is no column, so there is no cube";
}

std::optional<std::string> ScanSpec::cube_name(const Dimension& dimension) const {
  const Node& node = *dimension.expr;
  if (node.kind == NodeKind::field) {
    // Whom a call is credited to lies in a column only where it is who came first.
    const bool is_as_it_lies = node.field->by_credit == ByCredit::no || credited != CreditedTo::last;
    if (node.type != Type::text || !is_as_it_lies || !table->schema().find(node.field->name)) return std::nullopt;
    return node.field->name;
  }
  const bool is_of_start = node.kind == NodeKind::function && node.children.size() == 1 &&
                           node.children[0]->kind == NodeKind::field && node.children[0]->field->name == kStartedAt;
  if (!is_of_start || !is_clock_function(node.text)) return std::nullopt;
  return node.text + "@" + with.zone;
}

std::optional<std::string> ScanSpec::cube_key() const {
  if (!filters.empty() || !choices.empty() || !is_summed_only()) return std::nullopt;
  if (dimensions.size() > 2) return std::nullopt;
  std::string key = fmt::format("{}", classes == nullptr ? 0 : classes->number() + 1);
  if (credited == CreditedTo::each) key += "/each";
  if (credited == CreditedTo::shares) key += "/shares";
  for (const auto* question : questions.nodes) {
    const auto valued = with_values(*question, with.options);
    if (credited != CreditedTo::shares || !is_fact_of_share(*valued)) return std::nullopt;
    key += "?" + text_of(*valued);
  }
  for (const auto* dimension : dimensions) {
    const auto name = cube_name(*dimension);
    if (!name) return std::nullopt;
    key += ";" + *name;
  }
  for (const auto* value : values) {
    const auto valued = with_values(*value, with.options);
    if (!is_fact(*valued)) return std::nullopt;
    key += "+" + text_of(*valued);
  }
  return key;
}

}  // namespace hkl
