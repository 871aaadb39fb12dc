// Row expressions as SQL.
//
// Numbers stay whole in SQL: an exact fraction is an integer expression over a
// denominator that is known here, so every engine returns integers alone.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "contacts/directory.h"
#include "reports/day_hours.h"
#include "reports/evaluate.h"
#include "reports/expression.h"
#include "reports/fields.h"
#include "reports/sql_text.h"
#include "services/calendar.h"

namespace hkl {

// What a row expression depends on beside its row.
struct RowSurroundings {
  std::string zone, language;
  std::int64_t now_ms = 0;
  std::optional<std::int64_t> from_ms, to_ms;  // the period
  DayHours hours;                              // of it
  OptionValues options;
  const Directory* directory = nullptr;  // who is in which department; or null
  const std::map<std::string, Calendar>* calendars = nullptr;
  const Entity* rows = nullptr;  // whose fields of the same names are read in place of the checked ones; or null
  bool is_total = false;         // rows of the total row
  const Calendar* calendar(const std::string& name) const {
    if (calendars == nullptr) return nullptr;
    const auto found = calendars->find(name);
    return found == calendars->end() ? nullptr : &found->second;
  }
  // SQL in place of the fields that depend on the credit.
  std::string employee = "c.employee", extension = "c.extension", talk = "c.talk_ms", first = "1";
};

// An integer expression over `den` > 0.
struct SqlNumber {
  SqlText sql;
  std::int64_t den = 1;
};

// All take checked row expressions.
class RowCompiler {
 public:
  explicit RowCompiler(const RowSurroundings& surroundings) : with_(surroundings) {}

  // 1 where the condition holds; 0 or NULL where not.
  SqlText condition(const Node& node) const;
  SqlNumber number(const Node& node) const;
  // A number of literals and options alone; empty: null.
  std::optional<Rational> constant(const Node& node) const;
  // The value as one column: integers (over number().den), texts, 0 and 1.
  SqlText value(const Node& node) const;
  // The texts of a set in one, in alphabetical order.
  SqlText joined_set(const Field& set) const;

 private:
  SqlText field_sql(const Field& field) const;
  SqlNumber arithmetic(const Node& node) const;
  SqlNumber function_number(const Node& node) const;
  SqlText coalesced(const Node& node) const;
  SqlNumber chosen_number(const Node& node) const;
  SqlText chosen(const Node& node) const;
  SqlText in_period(const Node& node) const;
  SqlText is_member(const Field& set, const Node& text) const;
  SqlText clock(const Node& function) const;
  SqlNumber open_time(const Node& function) const;
  SqlText period_days(const Node& function) const;
  NodePtr spread(const Node& among) const;
  SqlText compared(const std::string& op, const Node& left, const Node& right) const;
  SqlText listed(const Node& among) const;
  SqlText set_has(const Node& set, const Node& text, bool is_part) const;
  SqlText contains(const Node& node) const;
  SqlText is_null(const Node& node) const;

  const RowSurroundings& with_;
};

}  // namespace hkl
