#include "columns/atoms.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "columns/schema.h"
#include "reports/checker.h"
#include "reports/option_definition.h"
#include "reports/settings.h"

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

// Round the clock open time is the difference.
bool is_wall_clock(const Node& calendar, const OptionValues& options) {
  if (calendar.kind == NodeKind::literal) {
    const auto* name = std::get_if<std::string>(&calendar.value);
    return name != nullptr && *name == kWallClock;
  }
  const auto found = options.find(calendar.text);
  return calendar.kind == NodeKind::option && found != options.end() && is_null(found->second);
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
  if (node.kind != NodeKind::function || node.text != "open_time" || !is_wall_clock(*node.children[2], options)) return;
  node.kind = NodeKind::arithmetic;
  node.text = "-";
  node.children.pop_back();
  std::swap(node.children[0], node.children[1]);
}

template <typename... Parts>
NodePtr joined(NodeKind kind, Parts... parts) {
  auto node = std::make_unique<Node>();
  node->kind = kind;
  node->type = Type::boolean;
  (node->children.push_back(std::move(parts)), ...);
  return node;
}

// The settings of these options that are likely to be asked for.
std::vector<OptionValues> likely_values(const Definition& definition, const std::set<std::string>& asked) {
  std::vector<OptionValues> ways = {{}};
  for (const auto& option : definition.options) {
    if (!asked.contains(option.id)) continue;
    std::vector<Value> values = {option.default_value};
    if (!option.values.empty()) values.assign(option.values.begin(), option.values.end());
    if (const auto* list = std::get_if<std::string>(&option.default_value); option.is_list && list != nullptr)
      if (const auto numbers = numbers_of(*list)) values.assign(numbers->begin(), numbers->end());
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
  auto node = joined(NodeKind::is_null, value.clone());
  node->is_negated = true;
  return node;
}

// if(a, x, b, y, z) = v is: a and x = v, or not a and (b and y = v, or not b and z = v).
NodePtr choice_apart(const Node& node) {
  if (node.kind != NodeKind::comparison) return nullptr;
  const auto is_choice = [](const NodePtr& one) { return one->kind == NodeKind::function && one->text == "if"; };
  const auto found = std::find_if(node.children.begin(), node.children.end(), is_choice);
  if (found == node.children.end()) return nullptr;
  const auto side = static_cast<std::size_t>(found - node.children.begin());
  const auto& parts = (*found)->children;
  const auto compared = [&](const Node& value) {
    auto made = node.clone();
    made->children[side] = value.clone();
    return made;
  };
  auto apart = compared(*parts.back());
  for (std::size_t i = parts.size() - 1; i >= 2; i -= 2) {
    const Node& chooses = *parts[i - 2];
    auto chosen = joined(NodeKind::all, chooses.clone(), compared(*parts[i - 1]));
    apart = joined(NodeKind::any, std::move(chosen),
                   joined(NodeKind::all, joined(NodeKind::negation, chooses.clone()), std::move(apart)));
  }
  return apart;
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
  if (keep_with_options(condition)) return;
  if (auto apart = choice_apart(condition)) {
    made_.push_back(std::move(apart));
    take(*made_.back());
  }
}

// At the values that are likely to be asked for; false: it is no fact at any.
bool Atoms::keep_with_options(const Node& condition) {
  std::set<std::string> options;
  note_options(condition, options);
  if (options.empty()) return false;
  const auto before = atoms_.size();
  for (const auto& values : likely_values(definition_, options)) {
    auto made = with_values(condition, values);
    if (!is_constant(*made) && is_fact(*made)) keep(std::move(made));
  }
  return atoms_.size() > before;
}

void Atoms::take_measure(const Node& node) {
  if (node.kind != NodeKind::aggregate) {
    for (const auto& child : node.children) take_measure(*child);
    return;
  }
  if (node.where) take(*node.where);
  if (!has_value(node) || node.children.empty()) return;
  const Node& value = *node.children[0];
  if (is_constant(value)) return;
  made_.push_back(known_node(value));
  take(*made_.back());
}

}  // namespace hkl
