#include "reports/nesting.h"

#include <algorithm>

#include "reports/checker.h"
#include "reports/fields.h"

namespace hkl {
namespace {

// Places that are taken when a child begins. compile.cpp is what they follow.
struct Taken {
  int first, others;
};

// joined() makes chains of chains of sixteen, each "( expr OR ( ".
int chain(std::size_t parts) {
  int levels = 1;
  for (; parts > 16; parts = (parts + 15) / 16) ++levels;
  return 4 * levels;
}

bool has_set(const Node& node) {
  return std::any_of(node.children.begin(), node.children.end(), [](const NodePtr& c) { return c->type == Type::set; });
}

Taken taken_by(const Node& node) {
  constexpr int kSubquery = 14;  // EXISTS( SELECT 1 FROM t s WHERE ( … ) AND hkl_contains( x ,
  if (node.kind != NodeKind::is_null && has_set(node))
    return {kSubquery + chain(node.children.size()), kSubquery + chain(node.children.size())};
  switch (node.kind) {
    case NodeKind::negate:
      return {2, 2};
    case NodeKind::all:
    case NodeKind::any:
      return {chain(node.children.size()), chain(node.children.size())};
    case NodeKind::arithmetic:
      return {2, 5};  // "( ( a * 1000" and "( a + ( b * 1000"
    case NodeKind::comparison:
      return {2, 5};
    case NodeKind::among:
      return is_list(node) ? Taken{2, 6} : Taken{3 + chain(node.children.size()), 6 + chain(node.children.size())};
    case NodeKind::contains:
    case NodeKind::function:
      return {8, 8};  // hkl_hour( hkl_floor( ( x * 1000
    case NodeKind::aggregate:
      return {0, 0};  // counted with the statement around
    default:
      return {1, 1};
  }
}

}  // namespace

void set_nesting(Node& node) {
  constexpr int kSubqueryField = 14;
  node.size = 1;
  node.nesting = 1;
  if (node.kind == NodeKind::field)
    node.nesting = node.field->sql.find("SELECT") == std::string::npos ? 6 : kSubqueryField;
  const auto taken = taken_by(node);
  for (const auto& child : node.children) {
    node.size += child->size;
    node.nesting =
        std::max(node.nesting, child->nesting + (child == node.children.front() ? taken.first : taken.others));
  }
  if (node.where) {
    node.size += node.where->size;
    node.nesting = std::max(node.nesting, node.where->nesting);
  }
  // Each item that is no constant is compared with the whole left side.
  if (node.kind == NodeKind::among && !is_list(node)) node.size += node.children[0]->size * node.children.size();
}

}  // namespace hkl
