#include "reports/chosen_filter.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/option_definition.h"
#include "values/words.h"

namespace hkl {
namespace {

using Part = ChosenFilter::Part;

bool is_of_numbers(const Filter& filter) { return is_numeric(filter.expr->type); }

// Ids are known or not; a part of one is none.
bool may_hold(const Filter& filter) {
  const auto* field = filter.expr->kind == NodeKind::field ? filter.expr->field : nullptr;
  return (filter.name_of == NameOf::nobody || filter.name_of == NameOf::line) &&
         (field == nullptr || field->words.empty());
}

Result<Rational> asked_number(const Filter& filter, const std::string& text) {
  const auto type = filter.expr->type;
  if (const auto number = parse_number(text); number && (type != Type::integer || number->den == 1)) return *number;
  if (type != Type::duration)
    return fail(HKL_INVALID, fmt::format("{}={}: a {} is needed, or 10..20, 10.., ..20", filter.id, text,
                                         type == Type::integer ? "whole number" : "number"));
  const auto span = duration_of(text);
  if (!span) return fail(Error(span.error()).in(filter.id));
  return *span;
}

Result<Part> part_of_numbers(const Filter& filter, const std::string& text) {
  Part part;
  const auto dots = text.find("..");
  if (dots == text.npos) {
    const auto number = asked_number(filter, text);
    if (!number) return fail(number.error());
    part.value = *number;
    return part;
  }
  part.kind = Part::Kind::between;
  for (const auto& [bound, into] :
       {std::pair{text.substr(0, dots), &part.least}, {text.substr(dots + 2), &part.most}}) {
    if (bound.empty()) continue;
    const auto number = asked_number(filter, bound);
    if (!number) return fail(number.error());
    *into = *number;
  }
  if (!part.least && !part.most) return fail(HKL_INVALID, fmt::format("{}={}: name one end at least", filter.id, text));
  return part;
}

Result<Part> part_of_texts(const Filter& filter, const std::string& text) {
  Part part;
  const auto* field = filter.expr->kind == NodeKind::field ? filter.expr->field : nullptr;
  if (field != nullptr && !field->words.empty()) {
    const auto known = one_of(filter.id, text, {field->words.begin(), field->words.end()});
    if (!known) return fail(known.error());
  }
  const bool is_held = text.size() > 1 && text.front() == '~' && may_hold(filter);
  part.kind = is_held ? Part::Kind::holds : Part::Kind::equals;
  part.value = text.substr(is_held ? 1 : 0);
  return part;
}

Result<Part> part_of(const Filter& filter, std::string text) {
  const bool is_not = text.size() > 1 && text.front() == '!';
  if (is_not) text.erase(0, 1);
  Part part;
  if (text == "-") {
    part.kind = Part::Kind::empty;
  } else {
    auto read = is_of_numbers(filter) ? part_of_numbers(filter, text) : part_of_texts(filter, text);
    if (!read) return read;
    part = std::move(*read);
  }
  part.is_not = is_not;
  return part;
}

NodePtr node(NodeKind kind, std::string text = "") {
  auto made = std::make_unique<Node>();
  made->kind = kind;
  made->type = Type::boolean;
  made->text = std::move(text);
  return made;
}

NodePtr literal(const Node& asked, const Value& value) {
  auto made = node(NodeKind::literal);
  made->type = is_numeric(asked.type) ? asked.type : Type::text;
  if (made->type == Type::money) made->type = Type::decimal;  // minor units, as in every expression
  made->value = value;
  return made;
}

NodePtr compared(const Node& asked, const char* op, Rational bound) {
  auto made = node(NodeKind::comparison, op);
  made->children.push_back(asked.clone());
  made->children.push_back(literal(asked, Value(bound)));
  return made;
}

NodePtr joined(NodeKind kind, std::vector<NodePtr> parts) {
  if (parts.size() == 1) return std::move(parts.front());
  auto made = node(kind);
  made->children = std::move(parts);
  return made;
}

NodePtr condition_of(const Node& asked, const Part& part) {
  if (part.kind == Part::Kind::between) {
    std::vector<NodePtr> ends;
    if (part.least) ends.push_back(compared(asked, ">=", *part.least));
    if (part.most) ends.push_back(compared(asked, "<=", *part.most));
    return joined(NodeKind::all, std::move(ends));
  }
  auto made = node(part.kind == Part::Kind::empty ? NodeKind::is_null : NodeKind::contains);
  made->children.push_back(asked.clone());
  if (part.kind == Part::Kind::holds) made->children.push_back(literal(asked, part.value));
  return made;
}

// Of the parts with "!" or of those without: values together, the others one by one.
std::vector<NodePtr> conditions_of(const ChosenFilter& chosen, bool is_not) {
  const Node& asked = *chosen.filter->expr;
  auto among = node(NodeKind::among);
  among->children.push_back(asked.clone());
  std::vector<NodePtr> conditions;
  for (const auto& part : chosen.parts) {
    if (part.is_not != is_not) continue;
    if (part.kind == Part::Kind::equals)
      among->children.push_back(literal(asked, part.value));
    else
      conditions.push_back(condition_of(asked, part));
  }
  if (among->children.size() > 1) conditions.insert(conditions.begin(), std::move(among));
  return conditions;
}

}  // namespace

std::vector<std::string> parted_texts(const std::string& text) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (true) {
    const auto comma = text.find(',', begin);
    auto part = text.substr(begin, comma == text.npos ? comma : comma - begin);
    part.erase(0, part.find_first_not_of(' '));
    part.erase(part.find_last_not_of(' ') + 1);
    if (!part.empty()) parts.push_back(std::move(part));
    if (comma == text.npos) return parts;
    begin = comma + 1;
  }
}

Result<std::string> one_of(const std::string& name, const std::string& text, const std::vector<std::string>& values) {
  if (std::find(values.begin(), values.end(), text) != values.end()) return text;
  const std::vector<std::string_view> known(values.begin(), values.end());
  const auto nearest = nearest_word(text, known.data(), known.size());
  if (!nearest.empty()) return fail(HKL_INVALID, fmt::format("{}={}: did you mean \"{}\"?", name, text, nearest));
  return fail(HKL_INVALID, fmt::format("{}={}: take one of {}", name, text, fmt::join(values, ", ")));
}

std::vector<std::string> ChosenFilter::named() const {
  std::vector<std::string> names;
  for (const auto& part : parts)
    if (const auto* text = std::get_if<std::string>(&part.value); text != nullptr && part.kind == Part::Kind::equals)
      names.push_back(*text);
  return names;
}

bool ChosenFilter::takes(const std::string& text) const {
  bool is_asked = false, is_among = false;
  for (const auto& part : parts) {
    const bool fits = part.kind == Part::Kind::equals && part.value == Value(text);
    if (part.is_not && fits) return false;
    is_asked |= !part.is_not;
    is_among |= fits;
  }
  return !is_asked || is_among;
}

Result<ChosenFilter> chosen_filter(const Filter& filter, const std::string& text) {
  ChosenFilter chosen;
  chosen.filter = &filter;
  chosen.texts = parted_texts(text);
  if (chosen.texts.empty())
    return fail(HKL_INVALID, fmt::format("{}=: name at least one value, or \"-\" for none", filter.id));
  for (const auto& one : chosen.texts) {
    auto part = part_of(filter, one);
    if (!part) return fail(part.error());
    chosen.parts.push_back(std::move(*part));
  }
  return chosen;
}

std::vector<NodePtr> filter_conditions(const ChosenFilter& chosen) {
  auto wanted = conditions_of(chosen, false), unwanted = conditions_of(chosen, true);
  if (unwanted.empty()) return wanted;
  auto none = node(NodeKind::negation);
  none->children.push_back(joined(NodeKind::any, std::move(unwanted)));
  std::vector<NodePtr> both;
  if (!wanted.empty()) both.push_back(joined(NodeKind::any, std::move(wanted)));
  both.push_back(std::move(none));
  std::vector<NodePtr> one;
  one.push_back(joined(NodeKind::all, std::move(both)));
  return one;
}

}  // namespace hkl
