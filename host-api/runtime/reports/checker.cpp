#include "reports/checker.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/evaluate.h"
#include "reports/lexer.h"
#include "reports/nesting.h"
#include "reports/type_rules.h"
#include "services/zone.h"
#include "values/words.h"

namespace hkl {
namespace {

// Terms are written into the place where they are used; they must not grow
// without end.
constexpr std::size_t kMaxSize = 20000;
constexpr std::string_view kOptionPrefix = "option.";

std::string did_you_mean(std::string_view nearest, std::string_view before = {}) {
  return nearest.empty() ? std::string() : fmt::format("; did you mean \"{}{}\"?", before, nearest);
}

template <typename Range, typename Name>
std::string_view nearest_of(const Range& range, std::string_view wanted, Name name) {
  std::vector<std::string_view> names;
  for (const auto& item : range) names.push_back(name(item));
  return nearest_word(wanted, names.data(), names.size());
}

class Checker {
 public:
  explicit Checker(const Scope& scope) : scope_(scope) {}

  Result<Type> run(NodePtr& node) {
    auto type = type_of(node);
    if (!type) return type;
    node->type = *type;
    set_nesting(*node);
    if (node->nesting > kMaxNesting)
      return fail(error_at(node->column, "the expression is nested too deeply; take some brackets or functions apart"));
    if (node->size > kMaxSize) return fail(error_at(node->column, "the expression is too long with its terms"));
    return type;
  }

 private:
  Result<Type> type_of(NodePtr& node) {
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

  // --- Names

  Result<Type> resolve(NodePtr& node) {
    const std::string name = node->text;
    if (name.starts_with(kOptionPrefix)) return resolve_option(*node, name.substr(kOptionPrefix.size()));
    if (scope_.level == Scope::Level::settings)
      return fail(error_at(node->column, fmt::format("only options can be asked here, as in \"option.{}\"", name)));
    if (scope_.terms != nullptr)
      for (const auto& term : *scope_.terms)
        if (term.id == name) return resolve_term(node, term);
    const Field* field = scope_.entity->field(name);
    if (field == nullptr) return fail(error_at(node->column, no_such_field(name)));
    if (scope_.level == Scope::Level::measure && !is_in_aggregate_)
      return fail(error_at(node->column, needs_aggregate(*field)));
    node->kind = NodeKind::field;
    node->field = field;
    return field->type;
  }

  Result<Type> resolve_option(Node& node, const std::string& id) {
    static const std::vector<OptionType> kNone;
    const auto& options = scope_.options == nullptr ? kNone : *scope_.options;
    for (const auto& option : options) {
      if (option.id != id) continue;
      // Its own declaration is wrong, which was said where it stands.
      if (option.type == Type::null) return fail(HKL_INVALID, "");
      node.kind = NodeKind::option;
      node.text = id;
      return option.type;
    }
    const auto nearest = nearest_of(options, id, [](const OptionType& o) -> std::string_view { return o.id; });
    return fail(error_at(node.column, fmt::format("there is no option \"{}\"{}", id, did_you_mean(nearest))));
  }

  Result<Type> resolve_term(NodePtr& node, const Term& term) {
    if (scope_.level == Scope::Level::measure && !is_in_aggregate_)
      return fail(error_at(node->column, fmt::format("\"{}\" is asked of one row; a measure counts rows, as in count() "
                                                     "where {}",
                                                     term.id, term.id)));
    const int column = node->column;
    node = term.body->clone();
    node->column = column;
    return node->type;
  }

  std::string no_such_field(const std::string& name) const {
    std::vector<std::string_view> names;
    if (scope_.terms != nullptr)
      for (const auto& term : *scope_.terms) names.push_back(term.id);
    for (const auto& field : scope_.entity->fields) names.push_back(field.name);
    // The unit is what is forgotten most: talk_s, started_at.
    const auto with_unit = std::find_if(names.begin(), names.end(),
                                        [&](auto known) { return known == name + "_s" || known == name + "_at"; });
    const auto nearest = with_unit != names.end() ? *with_unit : nearest_word(name, names.data(), names.size());
    return fmt::format("there is no field \"{}\"{}", name, did_you_mean(nearest));
  }

  static std::string needs_aggregate(const Field& field) {
    const auto way = field.type == Type::boolean                           ? "count() where {}"
                     : field.type == Type::text || field.type == Type::set ? "distinct({})"
                     : field.type == Type::time                            ? "max({})"
                                                                           : "sum({})";
    return fmt::format("\"{}\" is asked of one row; a measure needs an aggregate, as in {}", field.name,
                       fmt::format(fmt::runtime(way), field.name));
  }

  // --- Conditions

  Result<Type> conditions(const Node& node) {
    for (const auto& child : node.children) {
      if (child->type == Type::boolean) continue;
      return fail(error_at(child->column,
                           fmt::format("\"{}\" joins conditions, but this is {}", node.text, described(child->type))));
    }
    return Type::boolean;
  }

  Result<Type> comparison(Node& node) {
    Node &left = *node.children[0], &right = *node.children[1];
    if (auto done = agree(left, right, node.column, "compared with"); !done) return fail(done.error());
    const bool is_equality = node.text == "=" || node.text == "!=";
    const bool is_ordered = left.type != Type::boolean && left.type != Type::set && right.type != Type::set;
    if (!is_equality && !is_ordered)
      return fail(error_at(node.column, fmt::format("{} has no order; only = and != can be asked of it",
                                                    described(left.type == Type::boolean ? left.type : Type::set))));
    return Type::boolean;
  }

  Result<Type> among(Node& node) {
    for (std::size_t i = 1; i < node.children.size(); ++i)
      if (auto done = agree(*node.children[0], *node.children[i], node.children[i]->column, "one of"); !done)
        return fail(done.error());
    return Type::boolean;
  }

  Result<Type> contains(const Node& node) {
    const auto& [left, right] = std::tie(node.children[0], node.children[1]);
    if (left->type != Type::text && left->type != Type::set)
      return fail(error_at(left->column, fmt::format("\"contains\" looks into a text or a set of texts, this is {}",
                                                     described(left->type))));
    if (right->type != Type::text)
      return fail(
          error_at(right->column, fmt::format("\"contains\" looks for a text, this is {}", described(right->type))));
    return Type::boolean;
  }

  // Two sides of a comparison. A text beside a time is read as one.
  Done agree(Node& left, Node& right, int column, std::string_view relation) {
    for (Node* side : {&left, &right})
      if (side->type == Type::null)
        return fail(error_at(side->column, "nothing equals null; ask \"is null\" or \"is not null\""));
    if (auto done = read_time(left, right); !done) return done;
    if (auto done = read_time(right, left); !done) return done;
    if (!are_comparable(left.type, right.type))
      return fail(
          error_at(column, fmt::format("{} cannot be {} {}", described(left.type), relation, described(right.type))));
    if (auto done = check_word(left, right); !done) return done;
    return check_word(right, left);
  }

  Done read_time(const Node& time, Node& text) {
    if (time.type != Type::time || text.kind != NodeKind::literal || text.type != Type::text) return {};
    const auto at = parse_from(std::get<std::string>(text.value), "UTC");
    if (!at) return fail(error_at(text.column, at.error().text));
    text.type = Type::time;
    return {};
  }

  // A word that the field never has is a slip, not an empty answer.
  Done check_word(const Node& asked, const Node& literal) {
    if (literal.kind != NodeKind::literal || literal.type != Type::text) return {};
    std::vector<std::string_view> words;
    std::string name = asked.text;
    if (asked.kind == NodeKind::field) {
      words = asked.field->words;
      name = asked.field->name;
    } else if (asked.kind == NodeKind::option) {
      for (const auto& option : *scope_.options)
        if (option.id == asked.text) words.assign(option.words.begin(), option.words.end());
    }
    const auto& text = std::get<std::string>(literal.value);
    if (words.empty() || std::find(words.begin(), words.end(), text) != words.end()) return {};
    return fail(error_at(literal.column,
                         fmt::format("\"{}\" is never '{}'; it is one of {}", name, text, fmt::join(words, ", "))));
  }

  // --- Numbers

  Result<Type> negative(const Node& node) {
    const auto type = node.children[0]->type;
    if (is_numeric(type) && type != Type::time) return type;
    return fail(error_at(node.column, fmt::format("{} has no negative", described(type))));
  }

  Result<Type> arithmetic(const Node& node) {
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

  Result<Type> function(Node& node) {
    if (auto counted = check_argument_count(node); !counted) return fail(counted.error());
    for (auto& child : node.children)
      if (auto done = run(child); !done) return done;
    if (node.text == "coalesce") return coalesced(node);
    if (node.text == "total" || node.text == "company") return total(node);
    if (const auto type = type_of_clock(node.text)) return of_row(node, *type);
    if (node.text == "if") return chosen(node);
    const auto type = node.children[0]->type;
    if (is_number(type) || type == Type::duration) return Type::integer;
    return fail(error_at(node.column,
                         fmt::format("{}() takes a number or a duration, this is {}", node.text, described(type))));
  }

  Result<Type> of_row(const Node& node, Type type) const {
    const bool is_of_rows = scope_.level == Scope::Level::row || is_in_aggregate_;
    if (!is_of_rows) return fail(error_at(node.column, fmt::format("{}() is asked of one row", node.text)));
    if (node.children.empty() || node.children[0]->type == Type::time) return type;
    return fail(error_at(node.column, fmt::format("{}() takes a time of a row, this is {}", node.text,
                                                  described(node.children[0]->type))));
  }

  // The value that the whole report has, beside that of a row: shares.
  Result<Type> total(const Node& node) const {
    if (scope_.level == Scope::Level::measure && !is_in_aggregate_ && !is_constant(*node.children[0]))
      return node.children[0]->type;
    return fail(error_at(node.column, fmt::format("{}() takes what a measure counts, as in count() / {}(count())",
                                                  node.text, node.text)));
  }

  Result<Type> chosen(Node& node) {
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

  Result<Type> coalesced(Node& node) {
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

  // --- Aggregates

  Result<Type> aggregate(Node& node) {
    if (scope_.level != Scope::Level::measure)
      return fail(error_at(node.column, fmt::format("{}() goes over many rows and belongs into a measure", node.text)));
    if (is_in_aggregate_)
      return fail(
          error_at(node.column, fmt::format("{}() cannot stand within another aggregate or its \"where\"; put the "
                                            "inner part in brackets: (count() where …) / count()",
                                            node.text)));
    const std::size_t wanted = node.text == "count" ? 0 : node.text == "percentile" ? 2 : 1;
    if (node.children.size() != wanted)
      return fail(
          error_at(node.column, fmt::format("{}() takes {}", node.text,
                                            wanted == 0   ? "no argument; add a condition as in count() where missed"
                                            : wanted == 1 ? "one argument"
                                                          : "a value and a percentage, as in percentile(wait_s, 90)")));
    is_in_aggregate_ = true;
    auto type = aggregate_type(node);
    is_in_aggregate_ = false;
    return type;
  }

  Result<Type> aggregate_type(Node& node) {
    for (auto& child : node.children)
      if (auto done = run(child); !done) return done;
    if (node.where) {
      const auto condition = run(node.where);
      if (!condition) return condition;
      if (*condition != Type::boolean)
        return fail(error_at(node.where->column,
                             fmt::format("\"where\" takes a condition, this is {}", described(*condition))));
    }
    if (node.text == "count") return Type::integer;
    const auto type = aggregate_result(node.text, node.children[0]->type);
    if (!type)
      return fail(error_at(node.children[0]->column,
                           fmt::format("{}() cannot be made of {}", node.text, described(node.children[0]->type))));
    if (node.text == "percentile")
      if (auto done = check_percentage(*node.children[1]); !done) return fail(done.error());
    return *type;
  }

  static Done check_percentage(const Node& node) {
    if (is_number(node.type) && is_constant(node)) {
      const auto value = evaluate(node, {});  // null: it hangs on an option
      const auto* number = std::get_if<Rational>(&value);
      if (number == nullptr || (number->num > 0 && compare(*number, {100, 1}) <= 0)) return {};
    }
    return fail(error_at(node.column, "a percentile is a number or an option above 0 and up to 100"));
  }

  const Scope& scope_;
  bool is_in_aggregate_ = false;
};

}  // namespace

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
