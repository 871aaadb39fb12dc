// What can be asked of a row: the fields of calls, legs, inquiries, leads,
// tasks and contacts, with their types and where the store keeps them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reports/value.h"

namespace hkl {

// Whose id a text is, so that a name can be shown for it.
enum class NameOf : std::uint8_t { nobody, employee, department, office, line, ad_source, funnel, stage };

// Whom a call falls to (metrics §1.5).
enum class CreditRule : std::uint8_t { first, last, each };
std::string_view word(CreditRule rule);

// What of a field depends on the credit: then `sql` is that of credit `first`.
enum class ByCredit : std::uint8_t { no, employee, extension, talk, first };

// How the store keeps a set of texts.
// Departments are looked up in the directory: `sql` is the moment, `set_value`
// the employee (with ByCredit::employee: who is credited).
enum class SetStore : std::uint8_t { none, rows, piped, departments };

struct Field {
  std::string name;
  Type type = Type::null;
  // Over the entity's aliases. Durations and times: milliseconds. A piped set:
  // "|a|b|". A set in rows: what follows SELECT … FROM.
  std::string sql;
  std::string ru, en;                        // what it is, in a few words; also the head of its column in lists
  std::vector<std::string_view> words = {};  // all it can be, where that is settled
  NameOf name_of = NameOf::nobody;
  ByCredit by_credit = ByCredit::no;
  SetStore set = SetStore::none;
  std::string set_value = {};  // of a set in rows: the column with the text
  std::string over = {};       // of departments of several people: what follows SELECT … FROM, with them in it
  std::string currency = {};   // of money: the column with its code
  std::string total_sql = {};  // in the total row, where that is another; or empty

  const std::string& doc(std::string_view language) const { return language == "ru" ? ru : en; }
};

struct Entity {
  std::string name;  // "calls"; `singular` is its `type` in canonical records
  std::string singular;
  std::string from;                  // tables with their aliases; the first is `c`
  std::string id, time;              // SQL; time is what --from and --to bound and lists are ordered by
  std::string time_field = {};       // its name
  std::string tie;                   // SQL; after time and id, where one id has several rows; or empty
  std::string body;                  // SQL: the canonical record as JSON
  std::string in_reports;            // SQL condition, which rows reports are about
  std::string in_lists;              // which a list shows; either may be empty
  std::string in_totals = {};        // which rows the total row is made of; empty: all
  std::string aliases;               // SQL with one parameter: ids that another name stands for
  std::vector<std::string> columns;  // of the table and CSV of a list
  std::vector<Field> fields;

  const Field* field(std::string_view name) const;
  // The nearest name to one that is not there, or "".
  std::string_view nearest_field(std::string_view name) const;
};

const Entity& calls_entity();
// The same with those that go on, of which the end is not known (metrics §1.1.6).
const Entity& calls_with_ongoing_entity();
const Entity& legs_entity();
// Entries to queues, each with its own outcome, and the calls that entered none
// (metrics §8.1): the fields of calls, seen from the entry.
const Entity& queue_entries_entity();
const Entity& inquiries_entity();
const Entity& leads_entity();
const Entity& tasks_entity();
const Entity& contacts_entity();

// SQL: a column of the lead that `of` names by the id it is known under outside,
// the CRM's once it gave one.
std::string lead_value(const char* column, const char* of);

// SQL over the alias `c`: the record of an entity as it is shown, under the id
// that the CRM gave it where it gave one (DESIGN section 12).
std::string shown_body(std::string_view singular);

// By the word of `rows:`; null when there is none.
const Entity* entity_named(std::string_view name);
// The words of `rows:`.
const std::vector<std::string_view>& entity_names();

}  // namespace hkl
