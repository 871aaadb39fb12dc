#include "reports/checker.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/checker_state.h"
#include "reports/lexer.h"
#include "reports/nesting.h"
#include "reports/type_rules.h"

namespace hkl {
namespace {

// Terms are written into the place where they are used; they must not grow
// without end.
constexpr std::size_t kMaxSize = 20000;

}  // namespace

Result<Type> Checker::run(NodePtr& node) {
  auto type = type_of(node);
  if (!type) return type;
  node->type = *type;
  set_nesting(*node);
  if (node->nesting > kMaxNesting)
    return fail(error_at(node->column, "the expression is nested too deeply; take some brackets or functions apart"));
  if (node->size > kMaxSize) return fail(error_at(node->column, "the expression is too long with its terms"));
  return type;
}

Result<Type> Checker::type_of(NodePtr& node) {
  switch (node->kind) {
    case NodeKind::literal:
      return node->type;
    case NodeKind::name:
      return resolve(node);
    case NodeKind::field:
    case NodeKind::option:
      return node->type;
    case NodeKind::aggregate:
      return aggregate(*node);
    case NodeKind::function:
      return function(*node);
    default:
      break;
  }
  for (auto& child : node->children)
    if (auto done = run(child); !done) return done;
  switch (node->kind) {
    case NodeKind::negation:
    case NodeKind::all:
    case NodeKind::any:
      return conditions(*node);
    case NodeKind::comparison:
      return comparison(*node);
    case NodeKind::among:
      return among(*node);
    case NodeKind::contains:
      return contains(*node);
    case NodeKind::negate:
      return negative(*node);
    case NodeKind::arithmetic:
      return arithmetic(*node);
    default:
      return Type::boolean;  // is_null takes anything
  }
}

bool is_list(const Node& node) {
  const auto is_plain = [](const NodePtr& c) { return is_constant(*c) && c->type != Type::set; };
  return node.children[0]->type != Type::set && std::all_of(node.children.begin() + 1, node.children.end(), is_plain);
}

bool is_constant(const Node& node) {
  if (node.kind == NodeKind::field || node.kind == NodeKind::name || node.kind == NodeKind::aggregate) return false;
  if (node.kind == NodeKind::function && (node.text == "now" || node.text == "in_period")) return false;
  return std::all_of(node.children.begin(), node.children.end(), [](const NodePtr& c) { return is_constant(*c); });
}

Result<Type> check(NodePtr& node, const Scope& scope) { return Checker(scope).run(node); }

Result<NodePtr> checked_expression(std::string_view text, const Scope& scope) {
  auto node = parse_expression(text);
  if (!node) return node;
  if (const auto type = check(*node, scope); !type) return fail(type.error());
  return node;
}

Result<NodePtr> checked_condition(std::string_view text, const Scope& scope) {
  auto node = checked_expression(text, scope);
  if (node && (*node)->type != Type::boolean)
    return fail(
        error_at((*node)->column, fmt::format("a condition is needed here, this is {}", described((*node)->type))));
  return node;
}

}  // namespace hkl
