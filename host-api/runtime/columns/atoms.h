// Atoms: the yes/no questions of a report that follow from a row alone.
//
// They are the comparisons below "and", "or" and "not". What depends on the
// credit, the zone, the clock or the period is none. An option is taken at the
// values that are likely to be asked for: each word of a choice, else the
// default; with another value the question is asked of each row.
#pragma once

#include <string>
#include <vector>

#include "reports/definition.h"
#include "reports/evaluate.h"

namespace hkl {

class Atoms {
 public:
  // Of all conditions of rows and measures. The definition outlives this.
  explicit Atoms(const Definition& definition);
  const std::vector<const Node*>& all() const { return atoms_; }

 private:
  void take(const Node& condition);
  void take_measure(const Node& node);
  bool keep_with_options(const Node& condition);
  void keep(NodePtr made);

  const Definition& definition_;
  std::vector<const Node*> atoms_;
  std::vector<NodePtr> made_;
};

bool is_connective(const Node& node);
// Depends on the row alone.
bool is_fact(const Node& node);
// Whether a value is there, as a condition.
NodePtr known_node(const Node& value);
// What asks a choice, if(…), by a comparison, as a condition on what chooses; null: it asks none.
NodePtr choice_apart(const Node& comparison);
// A copy in which the values of options stand in their place; those that are null, or several, stay options.
NodePtr with_values(const Node& node, const OptionValues& options);
// An expression written out, the same for equal ones.
std::string text_of(const Node& node);

}  // namespace hkl
