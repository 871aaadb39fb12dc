// The report language row by row and without SQL: for conditions over one
// inquiry, and to hold the compiled form against.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "reports/checker.h"
#include "reports/evaluate.h"
#include "reports/locale_text.h"
#include "services/zone.h"

namespace hkl {

// Fields by name: numbers in the units of the language (durations and times in seconds).
struct EvaluatedRow {
  std::map<std::string, Value> values;
  std::map<std::string, std::vector<std::string>> sets;
};

class RowEvaluator {
 public:
  RowEvaluator(const EvaluatedRow& row, const OptionValues& options, std::string zone)
      : row_(row), options_(options), zone_(std::move(zone)) {}

  bool holds(const Node& node) const {
    const auto value = of(node);
    return std::holds_alternative<bool>(value) && std::get<bool>(value);
  }

  Value of(const Node& node) const {
    switch (node.kind) {
      case NodeKind::literal:
        if (node.type != Type::time) return node.value;
        return seconds(*parse_from(std::get<std::string>(node.value), zone_));
      case NodeKind::field:
        return row_.values.at(node.field->name);
      case NodeKind::option:
        return options_.at(node.text);
      case NodeKind::negate:
        return calculate('-', Rational{}, of(*node.children[0]));
      case NodeKind::negation:
        return !holds(*node.children[0]);
      case NodeKind::all: {
        bool all = true;
        for (const auto& child : node.children) all = holds(*child) && all;
        return all;
      }
      case NodeKind::any: {
        bool any = false;
        for (const auto& child : node.children) any = holds(*child) || any;
        return any;
      }
      case NodeKind::arithmetic:
        return calculate(node.text[0], of(*node.children[0]), of(*node.children[1]));
      case NodeKind::comparison:
        return node.text == "!=" ? differ(*node.children[0], *node.children[1])
                                 : compares(node.text, *node.children[0], *node.children[1]);
      case NodeKind::among: {
        bool is_found = false;
        for (std::size_t i = 1; i < node.children.size(); ++i)
          is_found = compares("=", *node.children[0], *node.children[i]) || is_found;
        return is_found != node.is_negated;
      }
      case NodeKind::contains:
        return contains(*node.children[0], *node.children[1]) != node.is_negated;
      case NodeKind::is_null:
        return is_nothing(*node.children[0]) != node.is_negated;
      case NodeKind::function:
        return function(node);
      default:
        return {};  // the checker lets no aggregate through
    }
  }

 private:
  static Value seconds(Instant at) { return *fraction(ms_of(at), 1000); }

  const std::vector<std::string>& set_of(const Node& node) const { return row_.sets.at(node.field->name); }

  bool is_nothing(const Node& node) const { return node.type == Type::set ? set_of(node).empty() : is_null(of(node)); }

  // Any of a set; with null on a side, nothing compares.
  bool compares(const std::string& op, const Node& left, const Node& right) const {
    if (left.type == Type::set || right.type == Type::set) {
      const auto& set = set_of(left.type == Type::set ? left : right);
      const auto wanted = of(left.type == Type::set ? right : left);
      return !is_null(wanted) && std::find(set.begin(), set.end(), std::get<std::string>(wanted)) != set.end();
    }
    const auto a = of(left), b = of(right);
    if (is_null(a) || is_null(b)) return false;
    const bool is_less = less(a, b), is_equal = a == b;
    if (op == "=") return is_equal;
    if (op == "<") return is_less;
    if (op == "<=") return is_less || is_equal;
    if (op == ">") return !is_less && !is_equal;
    return !is_less;
  }

  bool differ(const Node& left, const Node& right) const {
    if (left.type == Type::set || right.type == Type::set) return !compares("=", left, right);
    return of(left) != of(right);
  }

  static bool less(const Value& a, const Value& b) {
    if (const auto* number = std::get_if<Rational>(&a)) return compare(*number, std::get<Rational>(b)) < 0;
    if (const auto* text = std::get_if<std::string>(&a)) return *text < std::get<std::string>(b);
    return std::get<bool>(a) < std::get<bool>(b);
  }

  bool contains(const Node& whole, const Node& part) const {
    const auto wanted = of(part);
    if (is_null(wanted)) return false;
    const auto has = [&](const std::string& text) {
      return folded(text).find(folded(std::get<std::string>(wanted))) != std::string::npos;
    };
    if (whole.type == Type::set) {
      const auto& set = set_of(whole);
      return std::any_of(set.begin(), set.end(), has);
    }
    const auto text = of(whole);
    return !is_null(text) && has(std::get<std::string>(text));
  }

  Value function(const Node& node) const {
    if (node.text == "coalesce") {
      for (const auto& child : node.children)
        if (auto value = of(*child); !is_null(value)) return value;
      return {};
    }
    const auto value = of(*node.children[0]);
    if (is_null(value)) return {};
    const auto number = std::get<Rational>(value);
    if (node.text == "floor") return Rational{floor_of(number), 1};
    if (node.text == "ceil") return Rational{ceil_of(number), 1};
    const auto local = *to_local(instant_of(floor_of(*multiply(number, {1000, 1}))), zone_);
    if (node.text == "hour") return Rational{local.hour, 1};
    if (node.text == "weekday") return Rational{local.weekday, 1};
    const auto text = iso_local(instant_of(floor_of(*multiply(number, {1000, 1}))), zone_);
    return node.text == "day" ? text.substr(0, 10) : text.substr(0, 13) + ":00" + text.substr(23);
  }

  const EvaluatedRow& row_;
  const OptionValues& options_;
  std::string zone_;
};

}  // namespace hkl
