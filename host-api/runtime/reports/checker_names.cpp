// What the names in an expression mean: fields, options, terms.
#include <fmt/format.h>

#include <algorithm>

#include "reports/checker_state.h"
#include "reports/lexer.h"

namespace hkl {
namespace {

constexpr std::string_view kOptionPrefix = "option.";

template <typename Range, typename Name>
std::string_view nearest_of(const Range& range, std::string_view wanted, Name name) {
  std::vector<std::string_view> names;
  for (const auto& item : range) names.push_back(name(item));
  return nearest_word(wanted, names.data(), names.size());
}

}  // namespace

std::string did_you_mean(std::string_view nearest, std::string_view before) {
  return nearest.empty() ? std::string() : fmt::format("; did you mean \"{}{}\"?", before, nearest);
}

Result<Type> Checker::resolve(NodePtr& node) {
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

Result<Type> Checker::resolve_option(Node& node, const std::string& id) {
  static const std::vector<OptionType> kNone;
  const auto& options = scope_.options == nullptr ? kNone : *scope_.options;
  for (const auto& option : options) {
    if (option.id != id) continue;
    // Its own declaration is wrong, which was said where it stands.
    if (option.type == Type::null) return fail(HKL_INVALID, "");
    node.kind = NodeKind::option;
    node.text = id;
    node.is_spread = option.is_texts;
    return option.type;
  }
  const auto nearest = nearest_of(options, id, [](const OptionType& o) -> std::string_view { return o.id; });
  return fail(error_at(node.column, fmt::format("there is no option \"{}\"{}", id, did_you_mean(nearest))));
}

Result<Type> Checker::resolve_term(NodePtr& node, const Term& term) {
  if (scope_.level == Scope::Level::measure && !is_in_aggregate_)
    return fail(error_at(node->column, fmt::format("\"{}\" is asked of one row; a measure counts rows, as in count() "
                                                   "where {}",
                                                   term.id, term.id)));
  const int column = node->column;
  node = term.body->clone();
  node->column = column;
  return node->type;
}

std::string Checker::no_such_field(const std::string& name) const {
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

std::string Checker::needs_aggregate(const Field& field) {
  const auto way = field.type == Type::boolean                           ? "count() where {}"
                   : field.type == Type::text || field.type == Type::set ? "distinct({})"
                   : field.type == Type::time                            ? "max({})"
                                                                         : "sum({})";
  return fmt::format("\"{}\" is asked of one row; a measure needs an aggregate, as in {}", field.name,
                     fmt::format(fmt::runtime(way), field.name));
}

}  // namespace hkl
