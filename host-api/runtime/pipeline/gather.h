// All that is known of one contact, from the tables and the record shelf.
//
// Used by the writer's thread, inside its transaction. Throws SqlError.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "contacts/derive.h"
#include "pipeline/contact_book.h"
#include "pipeline/ids.h"
#include "pipeline/record_shelf.h"
#include "pipeline/tables.h"
#include "pipeline/wake_book.h"

namespace hkl {

struct Gathered {
  ContactInput input;
  std::set<std::string> told_leads, told_tasks;  // ids that records speak of
  std::set<std::string> asked_leads;             // whose changes are here
  std::set<std::string> visitors;                // whose visits are here
  std::set<std::string> kept;                    // ids of kept leads and tasks
  Tables::Rows lead_rows, task_rows;             // the contact's, as they are stored
  std::optional<Instant> woken_at;               // a moment that a plugin waited for has come
};

class Gatherer {
 public:
  Gatherer(Sql& sql, Tables& tables, ContactBook& book, RecordShelf& shelf, Ids& ids, WakeBook& wakes)
      : sql_(sql), tables_(tables), book_(book), shelf_(shelf), ids_(ids), wakes_(wakes) {}
  Gathered contact(const std::string& root);
  Gathered lone_call(const Call& call);         // of no contact
  Gathered lone_lead(const std::string& name);  // a told one, as its record names it
  // What records say of leads that were just derived, such as their changes.
  // False: nothing that is not there already.
  bool add_what_hangs_on_made(Gathered& into, const std::vector<LeadRecord>& leads);
  // All visits of visitors who just proved to be the contact's. False: none that is not there already.
  bool add_visits_of_proven(Gathered& into, const std::vector<CallFacts>& facts);

 private:
  void add(Gathered& into, const std::string& anchor, const std::string& root);
  void add_what_hangs_on_calls(Gathered& into);
  void add_shown(Gathered& into);
  void add_what_hangs_on_leads(Gathered& into, const std::set<std::string>& leads);
  void add_kept_of_contact(Gathered& into, const std::vector<std::string>& members);
  void add_kept_of_call(Gathered& into, const std::string& call);
  void add_kept_leads(Gathered& into, Query rows);
  void add_kept_tasks(Gathered& into, Query rows);
  Sql& sql_;
  Tables& tables_;
  ContactBook& book_;
  RecordShelf& shelf_;
  Ids& ids_;
  WakeBook& wakes_;
};

}  // namespace hkl
