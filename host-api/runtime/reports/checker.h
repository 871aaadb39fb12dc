// Gives every part of an expression its type and every name its meaning.
//
// Null: an arithmetic with null is null; a comparison with null is false, but
// `!=` and `not in` hold for an empty field (metrics §1.8.1); "is null" asks.
#pragma once

#include <string>
#include <vector>

#include "reports/expression.h"
#include "reports/fields.h"
#include "values/result.h"

namespace hkl {

// What an expression may know of an option.
struct OptionType {
  std::string id;
  Type type = Type::null;
  std::vector<std::string> words;  // of an enum
  bool is_texts = false;           // several, with commas between: only to look among
};

// A condition or value of a row that a definition names once and uses often.
struct Term {
  std::string id;
  NodePtr body;  // checked
};

struct Scope {
  enum class Level {
    row,      // fields of one row
    measure,  // aggregates over rows
    settings  // options alone: what decides before any row is read
  };
  Level level = Level::row;
  const Entity* entity = nullptr;
  const std::vector<OptionType>* options = nullptr;
  const std::vector<Term>* terms = nullptr;
};

// Resolves names in place and returns the type. HKL_INVALID:
// `column 12: there is no field "wait"; did you mean "wait_s"?`.
Result<Type> check(NodePtr& node, const Scope& scope);

// The same for a text, and for one that has to be a condition.
Result<NodePtr> checked_expression(std::string_view text, const Scope& scope);
Result<NodePtr> checked_condition(std::string_view text, const Scope& scope);

// Literals and options alone: known before any row is read.
bool is_constant(const Node& node);

// Of an `in`: one value, looked for among constants.
bool is_list(const Node& among);

}  // namespace hkl
