// One check of one expression, shared by checker*.cpp: names, conditions,
// functions and numbers each have a file.
#pragma once

#include <string>
#include <string_view>

#include "reports/checker.h"
#include "values/words.h"

namespace hkl {

std::string did_you_mean(std::string_view nearest, std::string_view before = {});

class Checker {
 public:
  explicit Checker(const Scope& scope) : scope_(scope) {}
  Result<Type> run(NodePtr& node);

 private:
  Result<Type> type_of(NodePtr& node);

  // checker_names.cpp: fields, options, terms
  Result<Type> resolve(NodePtr& node);
  Result<Type> resolve_option(Node& node, const std::string& id);
  Result<Type> resolve_term(NodePtr& node, const Term& term);
  std::string no_such_field(const std::string& name) const;
  static std::string needs_aggregate(const Field& field);

  // checker_conditions.cpp
  Result<Type> conditions(const Node& node);
  Result<Type> comparison(Node& node);
  Result<Type> among(Node& node);
  Result<Type> contains(const Node& node);
  Done agree(Node& left, Node& right, int column, std::string_view relation);
  Done read_time(const Node& time, Node& text);
  Done check_word(const Node& asked, const Node& literal);

  // checker_functions.cpp: arithmetic, functions, aggregates
  Result<Type> negative(const Node& node);
  Result<Type> arithmetic(const Node& node);
  Result<Type> function(Node& node);
  Result<Type> of_row(const Node& node, Type type) const;
  Result<Type> open_time(const Node& node) const;
  Result<Type> total(const Node& node) const;
  Result<Type> chosen(Node& node);
  Result<Type> coalesced(Node& node);
  Result<Type> aggregate(Node& node);
  Result<Type> aggregate_type(Node& node);
  static Done check_percentage(const Node& node);

  const Scope& scope_;
  bool is_in_aggregate_ = false;
};

}  // namespace hkl
