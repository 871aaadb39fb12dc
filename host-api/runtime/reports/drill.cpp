#include "reports/drill.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/aggregates.h"
#include "values/words.h"

namespace hkl {
namespace {

void collect(const Node& node, std::vector<const Node*>& aggregates) {
  if (node.kind == NodeKind::aggregate) return aggregates.push_back(&node);
  for (const auto& child : node.children) collect(*child, aggregates);
}

std::vector<const Node*> aggregates_of(const Node& node) {
  std::vector<const Node*> found;
  collect(node, found);
  return found;
}

// The rows that any of the aggregates goes over; what has no value is not summed.
SqlText rows_of(const std::vector<const Node*>& aggregates, const RowCompiler& compiler) {
  std::vector<SqlText> parts;
  for (const auto* aggregate : aggregates) {
    const auto rows = rows_of_aggregate(*aggregate, compiler);
    std::vector<SqlText> conditions = {rows.condition};
    if (!rows.value.sql.is_empty()) conditions.push_back(rows.value.sql + " IS NOT NULL");
    if (aggregate->text == "distinct") conditions.push_back(compiler.value(*aggregate->children[0]) + " IS NOT NULL");
    parts.push_back(all_of(std::move(conditions)));
  }
  return parts.empty() ? SqlText("1") : any_of(parts);
}

Done key_conditions(const Plan& plan, const RowSurroundings& surroundings, const std::string& key,
                    std::vector<SqlText>& conditions) {
  if (key == kTotalKey) return {};
  const auto ids = ids_of_key(key, plan.dimensions.size());
  if (!ids) return fail(ids.error());
  for (std::size_t i = 0; i < ids->size(); ++i) {
    const auto value = dimension_sql(*plan.dimensions[i], surroundings);
    const auto& id = (*ids)[i];
    if (!id) {
      conditions.push_back(value + " IS NULL");
    } else if (plan.dimensions[i]->expr->type == Type::integer) {
      const auto number = parse_number(*id);
      if (!number || number->den != 1)
        return fail(HKL_INVALID, fmt::format("drill: \"{}\" is no {} of this report", *id, plan.dimensions[i]->id));
      conditions.push_back(value + " = " + SqlText::value(number->num));
    } else {
      conditions.push_back(value + " = " + SqlText::value(*id));
    }
  }
  return {};
}

Result<const PlannedMeasure*> measure_of(const Plan& plan, const std::string& id) {
  if (const auto* found = plan.measure(id); found != nullptr) return found;
  std::vector<std::string_view> known;
  for (const auto& planned : plan.measures) known.emplace_back(planned.measure->id);
  const auto nearest = nearest_word(id, known.data(), known.size());
  return fail(HKL_NOT_FOUND, fmt::format("drill: this report shows no measure \"{}\"{}", id,
                                         nearest.empty() ? fmt::format("; it shows {}", fmt::join(known, ", "))
                                                         : fmt::format("; did you mean \"{}\"?", nearest)));
}

bool is_function(const Node& node, std::string_view name) {
  return node.kind == NodeKind::function && node.text == name;
}

}  // namespace

SqlText named_rows(const Entity& entity, const std::vector<SqlText>& columns, const SqlText& thing,
                   const SqlText& from) {
  SqlText select = "SELECT ";
  for (std::size_t i = 0; i < columns.size(); ++i) select += columns[i] + fmt::format(" AS x{}, ", i);
  select += entity.time + " AS at, " + entity.id + " AS own_id, " + (entity.tie.empty() ? "0" : entity.tie) + " AS tie";
  if (thing.is_empty()) return select + from;
  return "SELECT * FROM (" + select + ", ROW_NUMBER() OVER (PARTITION BY " + thing + " ORDER BY " + entity.time + ", " +
         entity.id + ") AS place" + from + ") WHERE place = 1";
}

SqlText column_sql(const Field& field, const RowSurroundings& surroundings) {
  Node node;
  node.kind = NodeKind::field;
  node.field = &field;
  node.type = field.type;
  return RowCompiler(surroundings).value(node);
}

Result<DrillRows> drill_rows(const Plan& plan, const DrillAddress& address, const std::vector<SqlText>& columns) {
  const auto planned = measure_of(plan, address.measure);
  if (!planned) return fail(planned.error());
  const Node& root = *(*planned)->way->expr;
  const bool is_ratio = root.kind == NodeKind::arithmetic && root.text == "/";
  const Node& counted = is_ratio ? *root.children[1] : root;
  const bool is_wider = is_function(counted, "total") || is_function(counted, "company");  // than its own row
  const bool is_of_row = address.key != kTotalKey && (is_ratio || !is_wider);
  const auto rows = plan.rows(is_of_row, !is_function(counted, "company"));
  const RowCompiler compiler(rows.surroundings);
  std::vector<SqlText> conditions, keyed;
  if (is_of_row)
    if (auto known = key_conditions(plan, rows.surroundings, address.key, keyed); !known) return fail(known.error());
  if (!is_wider) conditions = keyed;

  auto aggregates = aggregates_of(root);
  DrillRows drill;
  SqlText counts = "1";
  if (is_ratio) {
    if (auto below = aggregates_of(*root.children[1]); !below.empty()) {
      counts = rows_of(aggregates_of(*root.children[0]), compiler);
      if (is_wider) counts = all_of({counts, all_of(keyed)});
      counts = "COALESCE(" + counts + ", 0)";
      aggregates = std::move(below);
      drill.is_rate = true;
    }
  }
  conditions.push_back(rows_of(aggregates, compiler));
  const auto from = rows.from + " AND " + all_of(std::move(conditions));
  const auto& entity = *plan.entity;
  std::vector<SqlText> selected = columns;
  selected.push_back(counts);
  const bool is_distinct = aggregates.size() == 1 && aggregates[0]->text == "distinct";
  const auto thing = is_distinct ? compiler.value(*aggregates[0]->children[0]) : SqlText();
  drill.rows = named_rows(entity, selected, thing, from);
  drill.columns = selected.size();
  if (is_wider || is_distinct) return drill;
  drill.request = DrillRequest{std::move(aggregates), is_of_row, {}, 0, {}, false};
  if (is_of_row) drill.request->key = *ids_of_key(address.key, plan.dimensions.size());
  return drill;
}

SqlText DrillRows::sql(const std::optional<PageMark>& mark) const {
  const PagePlace place{"at", "own_id", "tie"};
  SqlText select = "SELECT ";
  for (std::size_t i = 0; i < columns; ++i) select += fmt::format("x{}, ", i);
  select += place.columns() + " FROM (" + rows + ")";
  if (mark) select += " WHERE " + place.after(*mark);
  return select + place.order();
}

void DrillRows::narrow(const std::vector<FoundRows::Row>& to) {
  // The conditions stay: what is found is what SQL would find, only sooner.
  rows += " AND c.rowid IN (";
  for (const auto& row : to) rows += (&row == to.data() ? "" : ", ") + std::to_string(row.store_row);
  rows += ")";
}

SqlText DrillRows::count() const { return "SELECT COUNT(*) FROM (" + rows + ")"; }

}  // namespace hkl
