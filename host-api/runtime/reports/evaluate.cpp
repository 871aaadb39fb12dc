#include "reports/evaluate.h"

#include <algorithm>

#include "reports/locale_text.h"

namespace hkl {
namespace {

bool is_true(const Value& value) {
  const auto* yes = std::get_if<bool>(&value);
  return yes != nullptr && *yes;
}

Value or_null(std::optional<Rational> number) { return number ? Value(*number) : Value(); }

// -1, 0, 1 of two values of one kind that are not null.
int order_of(const Value& left, const Value& right) {
  if (const auto* a = std::get_if<Rational>(&left)) return compare(*a, std::get<Rational>(right));
  if (const auto* a = std::get_if<std::string>(&left)) return a->compare(std::get<std::string>(right));
  return static_cast<int>(std::get<bool>(left)) - static_cast<int>(std::get<bool>(right));
}

bool compares(const std::string& op, const Value& left, const Value& right) {
  if (is_null(left) || is_null(right)) return op == "!=" && is_null(left) != is_null(right);
  const int order = order_of(left, right);
  if (op == "=") return order == 0;
  if (op == "!=") return order != 0;
  if (op == "<") return order < 0;
  if (op == "<=") return order <= 0;
  if (op == ">") return order > 0;
  return order >= 0;
}

bool is_among(const Node& node, const OptionValues& options) {
  const auto wanted = evaluate(*node.children[0], options);
  const bool is_found = std::any_of(node.children.begin() + 1, node.children.end(), [&](const NodePtr& item) {
    return compares("=", wanted, evaluate(*item, options));
  });
  return is_found != node.is_negated;
}

Value function_value(const Node& node, const OptionValues& options) {
  if (node.text == "coalesce") {
    for (const auto& child : node.children)
      if (auto value = evaluate(*child, options); !is_null(value)) return value;
    return {};
  }
  if (node.text == "if") {
    for (std::size_t i = 0; i + 1 < node.children.size(); i += 2)
      if (holds(*node.children[i], options)) return evaluate(*node.children[i + 1], options);
    return evaluate(*node.children.back(), options);
  }
  const auto value = evaluate(*node.children[0], options);
  const auto* number = std::get_if<Rational>(&value);
  if (number == nullptr) return {};
  return Rational{node.text == "floor" ? floor_of(*number) : ceil_of(*number), 1};
}

}  // namespace

std::vector<std::string> texts_of(const Value& value) {
  std::vector<std::string> texts;
  const auto* all = std::get_if<std::string>(&value);
  std::string one;
  const auto end_one = [&] {
    one.erase(0, one.find_first_not_of(' '));
    one.erase(one.find_last_not_of(' ') + 1);
    if (!one.empty()) texts.push_back(one);
    one.clear();
  };
  if (all == nullptr) return texts;
  for (const char c : *all)
    if (c == ',')
      end_one();
    else
      one += c;
  end_one();
  return texts;
}

Value calculate(char op, const Value& left, const Value& right) {
  const auto *a = std::get_if<Rational>(&left), *b = std::get_if<Rational>(&right);
  if (a == nullptr || b == nullptr) return {};
  switch (op) {
    case '+':
      return or_null(add(*a, *b));
    case '-':
      return or_null(subtract(*a, *b));
    case '*':
      return or_null(multiply(*a, *b));
    default:
      return or_null(divide(*a, *b));
  }
}

Value evaluate(const Node& node, const OptionValues& options) {
  switch (node.kind) {
    case NodeKind::literal:
      return node.value;
    case NodeKind::option: {
      const auto found = options.find(node.text);
      return found == options.end() ? Value() : found->second;
    }
    case NodeKind::negate:
      return calculate('-', Rational{}, evaluate(*node.children[0], options));
    case NodeKind::negation:
      return !holds(*node.children[0], options);
    case NodeKind::all:
      return std::all_of(node.children.begin(), node.children.end(), [&](const auto& c) { return holds(*c, options); });
    case NodeKind::any:
      return std::any_of(node.children.begin(), node.children.end(), [&](const auto& c) { return holds(*c, options); });
    case NodeKind::arithmetic:
      return calculate(node.text[0], evaluate(*node.children[0], options), evaluate(*node.children[1], options));
    case NodeKind::comparison:
      return compares(node.text, evaluate(*node.children[0], options), evaluate(*node.children[1], options));
    case NodeKind::among:
      return is_among(node, options);
    case NodeKind::contains: {
      const auto text = evaluate(*node.children[0], options), part = evaluate(*node.children[1], options);
      if (is_null(text) || is_null(part)) return node.is_negated;
      return (folded(std::get<std::string>(text)).find(folded(std::get<std::string>(part))) != std::string::npos) !=
             node.is_negated;
    }
    case NodeKind::is_null:
      return is_null(evaluate(*node.children[0], options)) != node.is_negated;
    case NodeKind::function:
      return function_value(node, options);
    default:
      return {};  // fields and aggregates: the checker lets none through
  }
}

bool holds(const Node& node, const OptionValues& options) { return is_true(evaluate(node, options)); }

}  // namespace hkl
