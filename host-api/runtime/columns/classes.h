// Class codes: all yes/no questions of a report's measures, answered once for
// each row and kept as one small number.
//
// A class is one combination of answers that occurs;
// there are few, so a row's class takes one byte, or two past 255 classes. A
// report then counts (group, class) pairs, and what a measure counts is a sum
// over classes. What is no atom (atoms.h) stays a question asked of each row.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "columns/program.h"
#include "reports/definition.h"

namespace hkl {

// What of a condition can be asked of a class, and what has to be asked of
// each row: a small tree over atoms and row questions.
struct ClassExpr {
  enum class Kind : std::uint8_t { constant, atom, question, all, any, negation };
  Kind kind = Kind::constant;
  bool holds = false;     // of a constant
  std::size_t index = 0;  // of an atom; of a question among those of the query
  std::vector<ClassExpr> parts;

  // `answers`: a bit for each atom; `questions`: a bit for each row question.
  bool of(std::uint64_t answers, std::uint64_t questions) const;
};

class ClassSet {
 public:
  static constexpr std::size_t kAtomsAtMost = 64, kClassesAtMost = 60'000;

  ClassSet(std::uint32_t number, const std::vector<const Node*>& atoms);

  std::uint32_t number() const { return number_; }
  std::optional<std::size_t> atom(const std::string& text) const;
  std::size_t size() const { return answers_.size(); }
  std::uint64_t answers(std::uint32_t code) const { return answers_[code]; }
  std::uint64_t fingerprint() const { return fingerprint_; }
  const std::vector<NodePtr>& atoms() const { return atoms_; }
  // The code of a combination; new ones get the next. Empty: there are too many.
  std::optional<std::uint32_t> code(std::uint64_t answers);
  // As a file kept them, in the order of their codes.
  void restore(std::vector<std::uint64_t> answers, std::shared_ptr<const CheckedBytes> mapped);
  bool is_sound() const { return mapped_ == nullptr || mapped_->is_sound(); }

 private:
  std::uint32_t number_;
  std::vector<NodePtr> atoms_;
  std::vector<std::string> texts_;
  std::uint64_t fingerprint_ = 0;
  std::vector<std::uint64_t> answers_;
  std::map<std::uint64_t, std::uint32_t> codes_;
  std::shared_ptr<const CheckedBytes> mapped_;  // where the codes of segments lie, if in a file
};

// Class codes as a file kept them, for the sealed segments in their order.
struct KeptClasses {
  std::uint64_t fingerprint = 0;
  std::vector<std::uint64_t> answers;
  std::vector<NarrowColumn> columns;
  std::shared_ptr<const CheckedBytes> mapped;
};

class ClassSets {
 public:
  explicit ClassSets(Table& table) : table_(table) {}

  // The set that knows the questions of a definition; made when first asked.
  // Null: none can be made.
  ClassSet* of(const Definition& definition);
  // The same of one that outlives this: its questions are not looked for again whenever it is asked.
  void learn(const Definition& definition) { learned_[&definition] = of(definition); }
  // Before codes that a file kept are used or changed: where it is damaged they begin anew, and no segment has any.
  void check(ClassSet& set);
  // Gives every row of a segment its class. False: there are too many classes.
  bool classify(Segment& segment, ClassSet& set);
  // The row was written in place.
  void row_changed(Segment& segment, std::uint32_t row);
  std::vector<std::unique_ptr<ClassSet>>& sets() { return sets_; }
  // Codes that the set with this fingerprint will have when it is first asked for.
  void keep(KeptClasses kept) { kept_.push_back(std::move(kept)); }
  // From now on sets are made anew.
  void drop_kept() { kept_.clear(); }
  // Of all rows, for every set there is.
  void classify_all(Table& table);

 private:
  struct Asking;  // the atoms of a set, compiled
  void adopt(ClassSet& set);
  Asking& asking(ClassSet& set);
  std::uint64_t answers_of(Asking& asking, Segment& segment, std::uint32_t row);

  Table& table_;
  std::vector<std::unique_ptr<ClassSet>> sets_;
  std::unordered_map<const Definition*, ClassSet*> learned_;
  std::map<std::uint32_t, std::shared_ptr<Asking>> asking_;
  std::vector<KeptClasses> kept_;
};

// Questions asked of each row: conditions that are no atoms.
struct RowQuestions {
  std::vector<const Node*> nodes;
  std::vector<NodePtr> made;  // those that stand in no definition
  std::vector<std::string> texts;
  std::size_t add(const Node& node);
};

// What conditions are taken apart into: atoms of the set (null: there are none) and row questions.
struct AskedOf {
  const ClassSet* set;
  CreditedTo credited;
  const OptionValues& options;
  bool have_lines_hours;  // no: it is known of none whether it is closed
};
ClassExpr taken_apart(const Node& condition, const AskedOf& of, RowQuestions& questions);
// Whether the value of an expression is known, the same way.
ClassExpr known_apart(const Node& value, const AskedOf& of, RowQuestions& questions);

}  // namespace hkl
