// Arithmetic, functions of a row, aggregates of many.
#include <fmt/format.h>

#include "reports/checker_state.h"
#include "reports/evaluate.h"
#include "reports/lexer.h"
#include "reports/type_rules.h"

namespace hkl {

Result<Type> Checker::negative(const Node& node) {
  const auto type = node.children[0]->type;
  if (is_numeric(type) && type != Type::time) return type;
  return fail(error_at(node.column, fmt::format("{} has no negative", described(type))));
}

Result<Type> Checker::arithmetic(const Node& node) {
  const Node &left = *node.children[0], &right = *node.children[1];
  const auto type = arithmetic_type(node.text[0], left.type, right.type);
  if (!type)
    return fail(error_at(
        node.column, fmt::format("{} {} {} has no meaning", described(left.type), node.text, described(right.type))));
  if (node.text != "/") return *type;
  const auto* number = std::get_if<Rational>(&right.value);
  if (right.kind == NodeKind::literal && number != nullptr && number->num == 0)
    return fail(error_at(node.column, "division by zero"));
  const bool is_of_rows = scope_.level == Scope::Level::row || is_in_aggregate_;
  if (is_of_rows && !is_constant(right))
    return fail(error_at(node.column,
                         "within a row one divides by a number or an option only; divide sums instead, "
                         "as in sum(a) / sum(b)"));
  return *type;
}

Result<Type> Checker::function(Node& node) {
  if (auto counted = check_argument_count(node); !counted) return fail(counted.error());
  for (auto& child : node.children)
    if (auto done = run(child); !done) return done;
  if (node.text == "coalesce") return coalesced(node);
  if (node.text == "total" || node.text == "company") return total(node);
  if (const auto type = type_of_clock(node.text)) return of_row(node, *type);
  if (node.text == "if") return chosen(node);
  if (node.text == "open_time") return open_time(node);
  const auto type = node.children[0]->type;
  if (is_number(type) || type == Type::duration) return Type::integer;
  return fail(
      error_at(node.column, fmt::format("{}() takes a number or a duration, this is {}", node.text, described(type))));
}

Result<Type> Checker::of_row(const Node& node, Type type) const {
  const bool is_of_rows = scope_.level == Scope::Level::row || is_in_aggregate_;
  if (!is_of_rows) return fail(error_at(node.column, fmt::format("{}() is asked of one row", node.text)));
  if (node.children.empty() || node.children[0]->type == Type::time) return type;
  return fail(error_at(node.column, fmt::format("{}() takes a time of a row, this is {}", node.text,
                                                described(node.children[0]->type))));
}

Result<Type> Checker::open_time(const Node& node) const {
  const bool is_of_rows = scope_.level == Scope::Level::row || is_in_aggregate_;
  if (!is_of_rows) return fail(error_at(node.column, "open_time() is asked of one row"));
  for (std::size_t i = 0; i < 2; ++i)
    if (node.children[i]->type != Type::time)
      return fail(error_at(node.children[i]->column, fmt::format("open_time() takes a time here, this is {}",
                                                                 described(node.children[i]->type))));
  const auto& calendar = *node.children[2];
  if (calendar.type == Type::text && is_constant(calendar)) return Type::duration;
  return fail(error_at(calendar.column, "open_time() takes the name of a calendar here, or an option with it"));
}

// The value that the whole report has, beside that of a row: shares.
Result<Type> Checker::total(const Node& node) const {
  if (scope_.level == Scope::Level::measure && !is_in_aggregate_ && !is_constant(*node.children[0]))
    return node.children[0]->type;
  return fail(error_at(
      node.column, fmt::format("{}() takes what a measure counts, as in count() / {}(count())", node.text, node.text)));
}

Result<Type> Checker::chosen(Node& node) {
  const bool is_of_rows = scope_.level == Scope::Level::row || is_in_aggregate_;
  if (!is_of_rows) return fail(error_at(node.column, "if() is asked of one row"));
  Node* first = nullptr;  // the first value that is not null
  Type type = Type::null;
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    Node& child = *node.children[i];
    const bool is_condition = i % 2 == 0 && i + 1 < node.children.size();
    if (is_condition && child.type != Type::boolean)
      return fail(
          error_at(child.column, fmt::format("if() takes a condition here, this is {}", described(child.type))));
    if (is_condition || child.type == Type::null) continue;
    if (child.type == Type::set) return fail(error_at(child.column, "if() gives no set of texts"));
    if (first == nullptr) {
      first = &child;
      type = child.type;
    } else if (auto done = agree(*first, child, child.column, "replaced by"); !done) {
      return fail(done.error());
    }
    if (is_number(type) && child.type != Type::integer) type = child.type;
  }
  return type;
}

Result<Type> Checker::coalesced(Node& node) {
  auto& first = *node.children[0];
  for (std::size_t i = 1; i < node.children.size(); ++i) {
    auto& child = *node.children[i];
    if (auto done = agree(first, child, child.column, "replaced by"); !done) return fail(done.error());
  }
  auto type = first.type;  // a text beside a time has become one by now
  for (const auto& child : node.children)
    if (is_number(type) && child->type != Type::integer) type = child->type;
  if (type == Type::set) return fail(error_at(node.column, "coalesce() takes no set of texts; an empty set is null"));
  return type;
}

Result<Type> Checker::aggregate(Node& node) {
  if (scope_.level != Scope::Level::measure)
    return fail(error_at(node.column, fmt::format("{}() goes over many rows and belongs into a measure", node.text)));
  if (is_in_aggregate_)
    return fail(
        error_at(node.column, fmt::format("{}() cannot stand within another aggregate or its \"where\"; put the "
                                          "inner part in brackets: (count() where …) / count()",
                                          node.text)));
  const bool is_once = node.text == "sum_once";
  const std::size_t wanted = node.text == "count" ? 0 : node.text == "percentile" || is_once ? 2 : 1;
  if (node.children.size() != wanted)
    return fail(error_at(node.column,
                         fmt::format("{}() takes {}", node.text,
                                     wanted == 0   ? "no argument; add a condition as in count() where missed"
                                     : wanted == 1 ? "one argument"
                                     : is_once     ? "a value and what it belongs to, as in sum_once(lead_amount, lead)"
                                                   : "a value and a percentage, as in percentile(wait_s, 90)")));
  is_in_aggregate_ = true;
  auto type = aggregate_type(node);
  is_in_aggregate_ = false;
  return type;
}

Result<Type> Checker::aggregate_type(Node& node) {
  for (auto& child : node.children)
    if (auto done = run(child); !done) return done;
  if (node.where) {
    const auto condition = run(node.where);
    if (!condition) return condition;
    if (*condition != Type::boolean)
      return fail(
          error_at(node.where->column, fmt::format("\"where\" takes a condition, this is {}", described(*condition))));
  }
  if (node.text == "count") return Type::integer;
  const auto type = aggregate_result(node.text, node.children[0]->type);
  if (!type)
    return fail(error_at(node.children[0]->column,
                         fmt::format("{}() cannot be made of {}", node.text, described(node.children[0]->type))));
  if (node.text == "sum_once" && node.children[1]->type != Type::text)
    return fail(error_at(node.children[1]->column, fmt::format("sum_once() tells things apart by a text, this is {}",
                                                               described(node.children[1]->type))));
  if (node.text == "percentile")
    if (auto done = check_percentage(*node.children[1]); !done) return fail(done.error());
  return *type;
}

Done Checker::check_percentage(const Node& node) {
  if (is_number(node.type) && is_constant(node)) {
    const auto value = evaluate(node, {});  // null: it hangs on an option
    const auto* number = std::get_if<Rational>(&value);
    if (number == nullptr || (number->num > 0 && compare(*number, {100, 1}) <= 0)) return {};
  }
  return fail(error_at(node.column, "a percentile is a number or an option above 0 and up to 100"));
}

}  // namespace hkl
