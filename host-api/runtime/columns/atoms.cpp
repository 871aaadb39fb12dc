#include "columns/atoms.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "columns/schema.h"
#include "reports/checker.h"

namespace hkl {
namespace {

// More ways to set a question's options than this are not foreseen.
constexpr std::size_t kWaysAtMost = 8;

std::string value_text(const Value& value) {
  if (const auto* yes = std::get_if<bool>(&value)) return *yes ? "true" : "false";
  if (const auto* number = std::get_if<Rational>(&value)) return fmt::format("{}/{}", number->num, number->den);
  if (const auto* text = std::get_if<std::string>(&value)) return fmt::format("'{}:{}'", text->size(), *text);
  return "null";
}

bool has_value(const Node& aggregate) { return aggregate.text != "count"; }

void note_options(const Node& node, std::set<std::string>& options) {
  if (node.kind == NodeKind::option) options.insert(node.text);
  for (const auto& child : node.children) note_options(*child, options);
}

void put_values(Node& node, const OptionValues& options) {
  if (node.kind == NodeKind::option && !node.is_spread) {
    const auto found = options.find(node.text);
    if (found == options.end() || is_null(found->second)) return;
    node.kind = NodeKind::literal;
    node.value = found->second;
    node.text.clear();
  }
  for (auto& child : node.children) put_values(*child, options);
}

// The settings of these options that are likely to be asked for.
std::vector<OptionValues> likely_values(const Definition& definition, const std::set<std::string>& asked) {
  std::vector<OptionValues> ways = {{}};
  for (const auto& option : definition.options) {
    if (!asked.contains(option.id)) continue;
    std::vector<Value> values = {option.default_value};
    if (!option.values.empty()) values.assign(option.values.begin(), option.values.end());
    if (ways.size() * values.size() > kWaysAtMost) values.resize(1);
    std::vector<OptionValues> more;
    for (const auto& way : ways)
      for (const auto& value : values) {
        more.push_back(way);
        more.back()[option.id] = value;
      }
    ways = std::move(more);
  }
  return ways;
}

}  // namespace

bool is_connective(const Node& node) {
  return node.kind == NodeKind::all || node.kind == NodeKind::any || node.kind == NodeKind::negation;
}

bool is_fact(const Node& node) {
  if (node.kind == NodeKind::option || node.kind == NodeKind::aggregate) return false;
  if (node.kind == NodeKind::literal) return node.type != Type::time;
  if (node.kind == NodeKind::field) {
    const auto& field = *node.field;
    if (field.by_credit == ByCredit::talk) return true;  // the whole talk, but for credit each
    return is_field_kept(field.name) && field.by_credit == ByCredit::no;
  }
  if (node.kind == NodeKind::function && node.text != "floor" && node.text != "ceil" && node.text != "coalesce" &&
      node.text != "if")
    return false;
  return std::all_of(node.children.begin(), node.children.end(), [](const NodePtr& child) { return is_fact(*child); });
}

NodePtr known_node(const Node& value) {
  auto node = std::make_unique<Node>();
  node->kind = NodeKind::is_null;
  node->is_negated = true;
  node->type = Type::boolean;
  node->children.push_back(value.clone());
  return node;
}

NodePtr with_values(const Node& node, const OptionValues& options) {
  auto copy = node.clone();
  put_values(*copy, options);
  return copy;
}

std::string text_of(const Node& node) {
  std::string text = fmt::format("({}{}:", static_cast<int>(node.kind), node.is_negated ? "!" : "");
  if (node.kind == NodeKind::literal)
    text += value_text(node.value);
  else
    text += node.kind == NodeKind::field ? node.field->name : node.text;
  for (const auto& child : node.children) text += text_of(*child);
  return text + ")";
}

Atoms::Atoms(const Definition& definition) : definition_(definition) {
  for (const auto& condition : definition.where) take(*condition.expr);
  for (const auto& measure : definition.measures)
    for (const auto& way : measure.ways) take_measure(*way.expr);
}

void Atoms::keep(NodePtr made) {
  atoms_.push_back(made.get());
  made_.push_back(std::move(made));
}

void Atoms::take(const Node& condition) {
  if (is_constant(condition)) return;
  if (is_connective(condition)) {
    for (const auto& child : condition.children) take(*child);
    return;
  }
  if (is_fact(condition)) return atoms_.push_back(&condition);
  std::set<std::string> options;
  note_options(condition, options);
  if (options.empty()) return;
  for (const auto& values : likely_values(definition_, options)) {
    auto made = with_values(condition, values);
    if (!is_constant(*made) && is_fact(*made)) keep(std::move(made));
  }
}

void Atoms::take_measure(const Node& node) {
  if (node.kind != NodeKind::aggregate) {
    for (const auto& child : node.children) take_measure(*child);
    return;
  }
  if (node.where) take(*node.where);
  if (!has_value(node) || node.children.empty()) return;
  const Node& value = *node.children[0];
  if (!is_constant(value) && is_fact(value)) keep(known_node(value));
}

}  // namespace hkl
