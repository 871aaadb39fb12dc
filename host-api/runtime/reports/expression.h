// An expression of the report language as a tree, and the parser that makes it.
//
//   expression = conjunction {"or" conjunction}
//   conjunction = negation {"and" negation}
//   negation   = "not" negation | comparison
//   comparison = sum [("=" | "!=" | "<" | "<=" | ">" | ">=") sum
//                    | ["not"] "in" "(" expression {"," expression} ")"
//                    | ["not"] "contains" sum
//                    | "is" ["not"] "null"]
//   sum        = product {("+" | "-") product}
//   product    = factor {("*" | "/") factor}
//   factor     = "-" factor | primary
//   primary    = number | duration | text | "true" | "false" | "null" | name
//              | name "(" [expression {"," expression}] ")" ["where" expression]
//              | "(" expression ")"
//
// `where` belongs to the aggregates of measures and reaches as far as a
// condition can: (count() where missed) / count() needs its brackets.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "reports/value.h"
#include "values/result.h"

namespace hkl {

struct Field;

enum class NodeKind : std::uint8_t {
  literal,     // value
  name,        // text: a field, an option or a term, until the checker says which
  field,       // field
  option,      // text: the option's id
  negate,      // -a
  negation,    // not a
  all,         // a and b and …
  any,         // a or b or …
  arithmetic,  // op: + - * /
  comparison,  // op: = != < <= > >=
  among,       // a in (b, …)
  contains,    // a contains b
  is_null,     // a is null
  function,    // text: hour, weekday, day, clock_hour, floor, ceil, coalesce, if, in_period, now, total …
  aggregate    // text: count, sum, …; where_ is its condition
};

struct Node;
using NodePtr = std::unique_ptr<Node>;

struct Node {
  NodeKind kind = NodeKind::literal;
  int column = 1;
  std::string text;         // name, operator, function
  Value value;              // literal
  bool is_negated = false;  // not in, not contains, is not null
  bool is_spread = false;   // an option with several texts, among which something is looked for
  const Field* field = nullptr;
  std::vector<NodePtr> children;
  NodePtr where;           // of an aggregate, or null
  int height = 1;          // of the tree below
  std::size_t size = 1;    // nodes, terms written out; this and the next are set by the checker
  int nesting = 1;         // of the SQL it becomes
  Type type = Type::null;  // set by the checker

  NodePtr clone() const;
};

// Parses one whole expression. Errors: "column 12: …", HKL_INVALID.
Result<NodePtr> parse_expression(std::string_view text);

// count, sum, distinct, min, max, avg, percentile, only (the text that all rows
// have; null where they differ), sum_known (a sum that is null where nothing
// is known; sum is then 0), sum_once (of a value and a thing: the value once
// for each different thing, as the amount of a lead over its calls).
bool is_aggregate_name(std::string_view name);
// hour (0–23), weekday (Monday is 1), day (2026-03-02), clock_hour
// (2026-03-02T09:00+03:00), week (2026-W10), month (2026-03), quarter (2026-Q1),
// year, hour_of_day ("09"), time_of_day (a duration: what the local clock shows), floor, ceil, open_time (from one time
// to another by a calendar, "wall" for the clock), period_days (days of the period that have the weekday of a time; in
// the total row all), coalesce, if (a condition, what then, what else), in_period (whether a time lies in the period
// asked for), now (the moment asked about), total (of a measure: its value in the total row), company (the same without
// the filters).
bool is_function_name(std::string_view name);
// The nearest of both kinds to a misspelled one, or "".
std::string_view nearest_function(std::string_view name);

}  // namespace hkl
