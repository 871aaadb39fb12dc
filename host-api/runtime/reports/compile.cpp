#include "reports/compile.h"

#include <fmt/format.h>

#include "reports/checker.h"
#include "reports/field_marks.h"
#include "reports/sql_number.h"
#include "services/zone.h"

namespace hkl {
namespace {

// A condition may be NULL, which is no yes; these are 1 or 0.
SqlText is_true(const SqlText& condition) { return "(" + condition + " IS TRUE)"; }
SqlText negated_if(bool is_negated, const SqlText& condition) {
  return is_negated ? "(" + condition + " IS NOT TRUE)" : condition;
}

// In a department at the time of the row, null: in any. Nobody is kept with the
// calls, as who belongs where can be told later.
SqlText membership(const RowSurroundings& with, const Field& set, const std::string* department) {
  if (with.directory == nullptr) return "0";
  const SqlText who = set.by_credit == ByCredit::no ? SqlText(set.set_value) : SqlText(with.employee);
  std::vector<SqlText> members;
  for (const auto& employee : with.directory->parts().employees)
    for (const auto& in : employee.departments) {
      if (department != nullptr && in.id != *department) continue;
      std::vector<SqlText> conditions = {who + " = " + SqlText::value(employee.id)};
      const SqlText at = set.sql;
      if (in.period.from) conditions.push_back(at + " >= " + SqlText::value(ms_of(*in.period.from)));
      if (in.period.to) conditions.push_back(at + " < " + SqlText::value(ms_of(*in.period.to)));
      members.push_back(all_of(std::move(conditions)));
    }
  const auto is_one = any_of(members);
  return set.over.empty() ? is_one : "EXISTS(SELECT 1 FROM " + SqlText(set.over) + " AND " + is_one + ")";
}

}  // namespace

SqlText RowCompiler::field_sql(const Field& field) const {
  switch (field.by_credit) {
    case ByCredit::employee:
      return with_.employee;
    case ByCredit::extension:
      return with_.extension;
    case ByCredit::talk:
      return with_.talk;
    case ByCredit::first:
      return with_.first;
    case ByCredit::no:
      break;
  }
  const Field* other = with_.rows == nullptr ? nullptr : with_.rows->field(field.name);
  const Field& read = other == nullptr ? field : *other;
  return with_marks(with_.is_total && !read.total_sql.empty() ? read.total_sql : read.sql, with_);
}

std::optional<Rational> RowCompiler::constant(const Node& node) const {
  if (node.kind == NodeKind::literal && node.type == Type::time) {
    const auto at = parse_from(std::get<std::string>(node.value), with_.zone);
    return at ? fraction(ms_of(*at), 1000) : std::nullopt;
  }
  const auto value = evaluate(node, with_.options);
  const auto* number = std::get_if<Rational>(&value);
  return number == nullptr ? std::nullopt : std::optional(*number);
}

SqlNumber RowCompiler::number(const Node& node) const {
  if (node.kind == NodeKind::field) {
    const bool is_in_ms = node.type == Type::duration || node.type == Type::time;
    return {field_sql(*node.field), is_in_ms ? 1000 : 1};
  }
  if (is_constant(node)) {
    const auto known = constant(node);
    return known ? SqlNumber{SqlText::value(known->num), known->den} : kNull;
  }
  switch (node.kind) {
    case NodeKind::negate: {
      auto inner = number(*node.children[0]);
      inner.sql = "(- " + inner.sql + ")";
      return inner;
    }
    case NodeKind::arithmetic:
      return arithmetic(node);
    default:
      return function_number(node);
  }
}

SqlNumber RowCompiler::arithmetic(const Node& node) const {
  auto left = number(*node.children[0]);
  if (node.text == "/") {  // by a constant, says the checker
    const auto value = evaluate(*node.children[1], with_.options);
    const auto* by = std::get_if<Rational>(&value);
    if (by == nullptr || by->num == 0) return kNull;
    left.sql = scaled(left.sql, by->num < 0 ? -by->den : by->den);
    if (__builtin_mul_overflow(left.den, by->num < 0 ? -by->num : by->num, &left.den)) return kNull;
    return left;
  }
  auto right = number(*node.children[1]);
  if (node.text == "*") {
    std::int64_t den = 0;
    if (__builtin_mul_overflow(left.den, right.den, &den)) return kNull;
    return {"(" + left.sql + " * " + right.sql + ")", den};
  }
  if (!bring_together(left, right)) return kNull;
  return {"(" + left.sql + " " + node.text + " " + right.sql + ")", left.den};
}

SqlNumber RowCompiler::function_number(const Node& node) const {
  if (node.text == "floor") return {rounded(number(*node.children[0]), "hkl_floor")};
  if (node.text == "ceil") return {rounded(number(*node.children[0]), "hkl_ceil")};
  if (node.text == "now") return {SqlText::value(with_.now_ms), 1000};
  if (node.text == "if") return chosen_number(node);
  if (node.text == "open_time") return open_time(node);
  if (node.text == "period_days") return {period_days(node)};
  if (node.text == "time_of_day") return {clock(node), 1000};
  if (node.text != "coalesce") return {clock(node)};
  std::vector<SqlNumber> parts;
  for (const auto& child : node.children) parts.push_back(number(*child));
  for (auto& part : parts)
    if (!bring_together(parts[0], part)) return kNull;
  SqlText sql = "COALESCE(";
  for (auto& part : parts) {
    if (!bring_together(parts[0], part)) return kNull;
    sql += (&part == parts.data() ? "" : ", ") + part.sql;
  }
  return {sql + ")", parts[0].den};
}

SqlNumber RowCompiler::chosen_number(const Node& node) const {
  std::vector<SqlNumber> values;
  for (std::size_t i = 1; i < node.children.size(); i += 2) values.push_back(number(*node.children[i]));
  values.push_back(number(*node.children.back()));
  // Twice: the first round finds the denominator of all, the second brings all to it.
  for (int round = 0; round < 2; ++round)
    for (std::size_t i = 1; i < values.size(); ++i)
      if (!bring_together(values[0], values[i])) return kNull;
  SqlText sql = "(CASE";
  for (std::size_t i = 0; i + 1 < values.size(); ++i)
    sql += " WHEN " + condition(*node.children[2 * i]) + " THEN " + values[i].sql;
  return {sql + " ELSE " + values.back().sql + " END)", values[0].den};
}

SqlText RowCompiler::chosen(const Node& node) const {
  SqlText sql = "(CASE";
  for (std::size_t i = 0; i + 1 < node.children.size(); i += 2)
    sql += " WHEN " + condition(*node.children[i]) + " THEN " + value(*node.children[i + 1]);
  return sql + " ELSE " + value(*node.children.back()) + " END)";
}

// A time that is not known is in no period, not even in one without ends.
SqlText RowCompiler::in_period(const Node& node) const {
  auto moment = number(*node.children[0]);
  auto common = SqlNumber{"0", 1000};
  if (!bring_together(moment, common)) return "0";
  const SqlText ms = rounded({moment.sql, moment.den / 1000}, "hkl_floor");
  std::vector<SqlText> conditions;
  if (with_.from_ms) conditions.push_back(ms + " >= " + SqlText::value(*with_.from_ms));
  if (with_.to_ms) conditions.push_back(ms + " < " + SqlText::value(*with_.to_ms));
  if (conditions.empty()) conditions.push_back(ms + " IS NOT NULL");
  if (const auto hours = within(with_.hours, *node.children[0])) conditions.push_back(condition(*hours));
  return all_of(std::move(conditions));
}

SqlText RowCompiler::is_member(const Field& set, const Node& text) const {
  const auto wanted = evaluate(text, with_.options);
  const auto* department = std::get_if<std::string>(&wanted);
  return department == nullptr ? SqlText("0") : membership(with_, set, department);
}

SqlText RowCompiler::clock(const Node& node) const {
  auto moment = number(*node.children[0]);
  // A moment is whole milliseconds; a sum with a fraction of one is cut down.
  auto common = SqlNumber{"0", 1000};
  if (!bring_together(moment, common)) return "NULL";
  return "hkl_" + node.text + "(" + rounded({moment.sql, moment.den / 1000}, "hkl_floor") + ", " +
         SqlText::value(with_.zone) + ")";
}

SqlText RowCompiler::coalesced(const Node& node) const {
  SqlText sql = "COALESCE(";
  for (const auto& child : node.children) sql += (child == node.children.front() ? "" : ", ") + value(*child);
  return sql + ")";
}

SqlText RowCompiler::value(const Node& node) const {
  if (is_numeric(node.type)) return number(node).sql;
  if (node.kind == NodeKind::field && node.type == Type::set) return joined_set(*node.field);
  if (is_constant(node)) {
    const auto value = evaluate(node, with_.options);
    if (hkl::is_null(value)) return "NULL";
    if (const auto* yes = std::get_if<bool>(&value)) return *yes ? "1" : "0";
    return SqlText::value(std::get<std::string>(value));
  }
  if (node.kind == NodeKind::field) return "(" + field_sql(*node.field) + ")";
  // A condition is true or false; only a field can be neither.
  if (node.kind != NodeKind::function) return is_true(condition(node));
  if (node.text == "in_period") return is_true(in_period(node));
  if (node.text == "if") return chosen(node);
  return node.text == "coalesce" ? coalesced(node) : clock(node);
}

SqlText RowCompiler::condition(const Node& node) const {
  if (is_constant(node)) return holds(node, with_.options) ? "1" : "0";
  switch (node.kind) {
    case NodeKind::negation:
      return negated_if(true, condition(*node.children[0]));
    case NodeKind::all:
    case NodeKind::any: {
      std::vector<SqlText> parts;
      for (const auto& child : node.children) parts.push_back(condition(*child));
      return node.kind == NodeKind::all ? all_of(std::move(parts)) : any_of(parts);
    }
    case NodeKind::comparison:
      return compared(node.text, *node.children[0], *node.children[1]);
    case NodeKind::among: {
      if (const auto several = spread(node)) return condition(*several);
      if (is_list(node)) return negated_if(node.is_negated, listed(node));
      std::vector<SqlText> parts;
      for (std::size_t i = 1; i < node.children.size(); ++i)
        parts.push_back(compared("=", *node.children[0], *node.children[i]));
      return negated_if(node.is_negated, any_of(parts));
    }
    case NodeKind::contains:
      return negated_if(node.is_negated, contains(node));
    case NodeKind::is_null:
      return is_null(node);
    default:
      return value(node);
  }
}

SqlText RowCompiler::compared(const std::string& op, const Node& left, const Node& right) const {
  if (left.type == Type::set || right.type == Type::set) {
    const auto has = left.type == Type::set ? set_has(left, right, false) : set_has(right, left, false);
    return negated_if(op == "!=", has);
  }
  SqlText a, b;
  if (is_numeric(left.type)) {
    auto x = number(left), y = number(right);
    if (!bring_together(x, y)) return "0";
    a = x.sql;
    b = y.sql;
  } else {
    a = value(left);
    b = value(right);
  }
  // Null is unlike every value and like nothing, not even another null.
  return "(" + a + (op == "!=" ? " IS NOT " : " " + op + " ") + b + ")";
}

// x IN (…) of constants, each brought over the denominator of x; one that is no
// whole number there is equal to nothing.
SqlText RowCompiler::listed(const Node& node) const {
  const Node& asked = *node.children[0];
  const auto number_of = is_numeric(asked.type) ? number(asked) : SqlNumber{value(asked), 0};
  SqlText items;
  for (std::size_t i = 1; i < node.children.size(); ++i) {
    const Node& child = *node.children[i];
    auto item = number_of.den == 0 ? SqlNumber{value(child), 0} : number(child);
    if (number_of.den != 0) {
      const auto* num = item.sql.params.empty() ? nullptr : std::get_if<std::int64_t>(&item.sql.params[0]);
      const auto exact = num == nullptr ? std::nullopt : multiply({*num, 1}, {number_of.den, 1});
      const auto whole = exact ? divide(*exact, {item.den, 1}) : std::nullopt;
      if (!whole || whole->den != 1) continue;
      item.sql = SqlText::value(whole->num);
    }
    items += (items.is_empty() ? "" : ", ") + item.sql;
  }
  return items.is_empty() ? SqlText("0") : "(" + number_of.sql + " IN (" + items + "))";
}

SqlText RowCompiler::set_has(const Node& set, const Node& text, bool is_part) const {
  if (set.kind != NodeKind::field) return "0";
  const auto& field = *set.field;
  if (field.set == SetStore::departments) return is_member(field, text);
  const auto wanted = value(text);
  if (field.set == SetStore::piped) {
    const auto kept = field_sql(field);
    return is_part ? "hkl_contains(" + kept + ", " + wanted + ")"
                   : "(instr(" + kept + ", '|' || " + wanted + " || '|') > 0)";
  }
  const SqlText one = field.set_value;
  const auto test = is_part ? "hkl_contains(" + one + ", " + wanted + ")" : one + " = " + wanted;
  return "EXISTS(SELECT 1 FROM " + field_sql(field) + " AND " + test + ")";
}

SqlText RowCompiler::joined_set(const Field& field) const {
  if (field.set == SetStore::piped) {
    const auto kept = field_sql(field);
    return "NULLIF(REPLACE(TRIM(" + kept + ", '|'), '|', '; '), '')";
  }
  if (field.set == SetStore::rows)
    return "(SELECT GROUP_CONCAT(one, '; ') FROM (SELECT DISTINCT " + SqlText(field.set_value) + " AS one FROM " +
           field_sql(field) + " ORDER BY one))";
  if (with_.directory == nullptr || !field.over.empty()) return "NULL";
  const SqlText who = field.by_credit == ByCredit::no ? SqlText(field.set_value) : SqlText(with_.employee);
  SqlText members;
  const auto bound = [](const std::optional<Instant>& at) { return at ? SqlText::value(ms_of(*at)) : SqlText("NULL"); };
  for (const auto& employee : with_.directory->parts().employees)
    for (const auto& in : employee.departments) {
      const auto* department = with_.directory->department(in.id);
      const auto& name = department == nullptr || department->name.empty() ? in.id : department->name;
      members += (members.is_empty() ? "(" : ", (") + SqlText::value(employee.id) + ", " + bound(in.period.from) +
                 ", " + bound(in.period.to) + ", " + SqlText::value(name) + ")";
    }
  if (members.is_empty()) return "NULL";
  const SqlText at = field.sql;
  return "(SELECT GROUP_CONCAT(column4, '; ') FROM (SELECT DISTINCT column4 FROM (VALUES " + members +
         ") WHERE column1 = " + who + " AND COALESCE(" + at + " >= column2, 1) AND COALESCE(" + at +
         " < column3, 1) ORDER BY column4))";
}

SqlText RowCompiler::contains(const Node& node) const {
  const Node &whole = *node.children[0], &part = *node.children[1];
  if (whole.type == Type::set) return set_has(whole, part, true);
  return "hkl_contains(" + value(whole) + ", " + value(part) + ")";
}

SqlText RowCompiler::is_null(const Node& node) const {
  const Node& asked = *node.children[0];
  if (asked.type != Type::set) return "(" + value(asked) + (node.is_negated ? " IS NOT NULL)" : " IS NULL)");
  if (asked.field->set == SetStore::departments)
    return negated_if(!node.is_negated, membership(with_, *asked.field, nullptr));
  const auto kept = field_sql(*asked.field);
  const auto is_empty = asked.field->set == SetStore::piped ? "(COALESCE(" + kept + ", '|') IN ('', '|'))"
                                                            : "NOT EXISTS(SELECT 1 FROM " + kept + ")";
  return node.is_negated ? "NOT " + is_empty : is_empty;
}

}  // namespace hkl
