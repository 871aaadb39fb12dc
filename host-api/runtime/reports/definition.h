// What a report shows, declared: one JSON document with the same members as a
// `custom` report in YAML, read into checked expressions.
//
//   id, title {ru, en}, rows: calls | legs | inquiries | leads | tasks | contacts
//   scan: contacts | employees            the plugin makes the rows (scan.h): then there
//                                         are options, dimensions and measures alone, without expr
//   leaves_out: true                      of scan: contacts: it heeds hkl_touch.is_left_out, so
//                                         conditions and roles may choose among its calls
//   takes_hours: true                     of scan: employees: it cuts their time at the hours of the
//                                         day that it finds among its options
//   rows_when: [{rows, when}]             other rows that have the same fields (queue_entries)
//   credit: {default, allowed}            rows: calls alone (metrics §1.5)
//   terms:      [{id, expr}]              a condition or value named once
//   period:     [{expr, when}]            rows of the period, in place of their own time
//   dimensions: [{id, title, expr, when, empty, words, definition, formula, hidden, cases: [{when, expr, …}]}]
//   measures:   [{id, title, type, expr, when, words, noted, definition, formula, cases: [{when, expr, definition,
//   formula}]}] filters:    [{id, title, expr, help}]
//               each: a `numbers` option: a measure for each of its numbers, id_20 for 20
//   options:    [{id, title, type: bool | number | numbers | duration | enum | text | texts | calendar, default,
//   values, help}] where:      [{expr, when}]            which rows enter sort:       ["manager", "-calls"]     else by
//   the dimensions
//
// `when` asks options alone and hides what it stands on. Texts for people are
// {"ru": …, "en": …} or one text for both. `words`: {"short": {"ru": …, "en": …}}, what people
// read in place of what the expression gives; fields know their own words.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "reports/checker.h"
#include "reports/report.h"

namespace hkl {

struct LocalText {
  std::string ru, en;
  const std::string& in(std::string_view language) const { return language == "ru" ? ru : en; }
};

// What people read in place of words that an expression makes.
using WordTexts = std::map<std::string, LocalText, std::less<>>;

struct Dimension {
  std::string id;
  LocalText title, definition;
  LocalText empty;  // shown where there is nothing; may be empty
  std::string formula;
  NodePtr expr, when;  // when: null is always; several of one id: the first that holds
  NameOf name_of = NameOf::nobody;
  bool is_hidden = false;  // part of the key, but no column
  WordTexts words;
};

enum class Display : std::uint8_t { text, integer, decimal, percent, seconds, time, money };
std::string_view word(Display display);
std::optional<Display> display_named(std::string_view text);
std::string no_display(std::string_view text);  // the complaint about another word

// One row of the report for each of the entity: a list.
inline bool is_single(const Dimension& dimension) {
  return dimension.expr->kind == NodeKind::field && dimension.expr->field->name == "id";
}

// One way to compute a measure.
struct Way {
  NodePtr expr, when;
  LocalText definition;
  std::string formula;
};

struct Measure {
  std::string id;
  LocalText title;
  Display display = Display::integer;
  NameOf name_of = NameOf::nobody;  // of a text
  WordTexts words;                  // the same
  NodePtr when;
  bool is_noted = false;  // how it is made is told under the table
  std::string each;       // option with numbers: one measure for each; or empty
  std::vector<Way> ways;  // the first whose `when` holds; the last has none
};

struct Filter {
  std::string id;
  LocalText title, help;
  NodePtr expr;
  NameOf name_of = NameOf::nobody;
};

struct Option {
  std::string id;
  LocalText title, help;
  Type type = Type::null;           // boolean, decimal, duration or text
  std::vector<std::string> values;  // of an enum
  bool is_list = false;             // numbers with commas between, kept as that text
  bool is_texts = false;            // the same of texts
  bool is_calendar = false;         // the name of a calendar, or "wall"
  Value default_value;
};

struct RowCondition {
  NodePtr expr, when;
};

// Rows in place of the definition's own, for some settings.
struct OtherRows {
  const Entity* rows = nullptr;
  NodePtr when;
};

struct SortKey {
  std::string column;
  bool is_descending = false;
};

struct Definition {
  std::string id;
  LocalText title;
  const Entity* rows = nullptr;
  ScanOver scan = ScanOver::nothing;
  bool leaves_out = false;            // whether what it scans can be chosen by a condition
  bool cuts_hours = false;            // whether it cuts employees' time at hours of the day
  std::vector<OtherRows> other_rows;  // the first whose `when` holds
  CreditRule default_credit = CreditRule::first;
  std::vector<CreditRule> credits;  // allowed; empty: the report knows no credit
  std::vector<Term> terms;
  std::vector<Dimension> dimensions;
  std::vector<Measure> measures;
  std::vector<Filter> filters;
  std::vector<Option> options;
  std::vector<RowCondition> where, period;  // of period the first whose `when` holds
  std::vector<SortKey> sort;
  std::vector<OptionType> option_types;  // what expressions know of the options

  // For a condition given with the query.
  Scope row_scope() const { return {Scope::Level::row, rows, &option_types, &terms}; }
};

class KeptPlans;

class Report {
 public:
  explicit Report(Definition definition);
  ~Report();
  const Definition& definition() const { return definition_; }
  // Those of its questions that may be asked again (kept_plans.h).
  KeptPlans& kept_plans() const { return *kept_plans_; }

 private:
  Definition definition_;
  std::unique_ptr<KeptPlans> kept_plans_;  // of the definition
};

// Whether it can be asked about hours of the day (day_hours.h). Calls are chosen
// by when they began; what people did is no such call, so the plugin cuts it.
inline bool takes_hours(const Definition& definition) {
  if (definition.scan == ScanOver::employees) return definition.cuts_hours;
  return definition.scan == ScanOver::nothing || definition.leaves_out;
}

// HKL_BAD_SETTINGS with one line for each mistake found; `faults`, if given,
// gets them too.
Result<Definition> read_definition(const std::string& id, const std::string& json,
                                   std::vector<DefinitionFault>* faults = nullptr);

}  // namespace hkl
