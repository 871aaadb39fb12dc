// Comparisons, and what joins them.
#include <fmt/format.h>

#include <algorithm>

#include "reports/checker_state.h"
#include "reports/lexer.h"
#include "reports/type_rules.h"
#include "services/zone.h"

namespace hkl {

Result<Type> Checker::conditions(const Node& node) {
  for (const auto& child : node.children) {
    if (child->type == Type::boolean) continue;
    return fail(error_at(child->column,
                         fmt::format("\"{}\" joins conditions, but this is {}", node.text, described(child->type))));
  }
  return Type::boolean;
}

Result<Type> Checker::comparison(Node& node) {
  Node &left = *node.children[0], &right = *node.children[1];
  if (auto done = agree(left, right, node.column, "compared with"); !done) return fail(done.error());
  const bool is_equality = node.text == "=" || node.text == "!=";
  const bool is_ordered = left.type != Type::boolean && left.type != Type::set && right.type != Type::set;
  if (!is_equality && !is_ordered)
    return fail(error_at(node.column, fmt::format("{} has no order; only = and != can be asked of it",
                                                  described(left.type == Type::boolean ? left.type : Type::set))));
  return Type::boolean;
}

Result<Type> Checker::among(Node& node) {
  for (std::size_t i = 1; i < node.children.size(); ++i)
    if (auto done = agree(*node.children[0], *node.children[i], node.children[i]->column, "one of"); !done)
      return fail(done.error());
  return Type::boolean;
}

Result<Type> Checker::contains(const Node& node) {
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
Done Checker::agree(Node& left, Node& right, int column, std::string_view relation) {
  for (Node* side : {&left, &right})
    if (side->is_spread && relation != "one of")
      return fail(error_at(side->column,
                           fmt::format("option.{} has several texts; ask … in (option.{})", side->text, side->text)));
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

Done Checker::read_time(const Node& time, Node& text) {
  if (time.type != Type::time || text.kind != NodeKind::literal || text.type != Type::text) return {};
  const auto at = parse_from(std::get<std::string>(text.value), "UTC");
  if (!at) return fail(error_at(text.column, at.error().text));
  text.type = Type::time;
  return {};
}

// A word that the field never has is a slip, not an empty answer.
Done Checker::check_word(const Node& asked, const Node& literal) {
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

}  // namespace hkl
