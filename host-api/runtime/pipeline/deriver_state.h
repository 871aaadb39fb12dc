// The inside of Deriver: what its parts share. deriver.cpp is told what is new,
// folding.cpp makes calls of it, contact_results.cpp what follows for contacts.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <unordered_set>

#include "pipeline/choice_book.h"
#include "pipeline/deriver.h"
#include "pipeline/gather.h"
#include "pipeline/wake_book.h"

namespace hkl {

// Root of a call that a record tells.
constexpr const char* kToldCall = "record:";
// Stand for the contact of a call or a lead that has none.
const std::string kLoneCall = "call:";
const std::string kLoneLead = "lead:";

struct Deriver::State {
  State(Store& store, DeriverParts given)
      : store(store),
        sql(store.sql()),
        parts(std::move(given)),
        journal(sql),
        refs(sql),
        absences(sql),
        tables(sql),
        book(sql, &tables, &absences),
        ids(sql, &absences),
        shelf(sql, journal, &absences),
        choices(sql, journal),
        wakes(sql, journal),
        gatherer(sql, tables, book, shelf, ids, wakes) {}

  Store& store;
  Sql& sql;
  DeriverParts parts;
  Journal journal;
  CallRefs refs;
  Absences absences;
  Tables tables;
  ContactBook book;
  Ids ids;
  RecordShelf shelf;
  ChoiceBook choices;
  WakeBook wakes;
  Gatherer gatherer;
  std::shared_ptr<const Directory> directory;

  std::set<CallKey> dirty_calls;
  std::unordered_set<std::string> touched;  // references by which their call was noted, as one text
  std::set<std::string> dirty_contacts, lone_calls, lone_leads;
  std::vector<LeadRecord> told_leads;                // since the latest settling
  std::optional<std::set<std::string>> screen_pops;  // of calls that go on, as the outbox has them; or some more
  Changes untold;                                    // of what was settled within a work: told with what follows
  bool directory_changed = false, is_rebuilding = false;
  std::map<std::string, SourceHistory> histories;  // by pbx; dropped when it grows

  void load_directory();
  // Rows were changed by other ways than those that remember what they wrote, or changes were rolled back.
  void forget_all() {
    forget_recent();
    tables.forget_written();
    book.forget();
  }
  void forget_recent() {
    journal.forget_recent();
    refs.forget_recent();
    absences.forget();
    screen_pops.reset();
    touched.clear();
  }
  const SourceHistory& history_of(const std::string& pbx);
  void touch_contact_of_anchor(const std::string& anchor);
  void touch_calls_of(const ContactRecord& contact);
  void warn_of_stage(const LeadRecord& lead);
  void touch_call(const std::string& name);
  void touch_visit(const VisitRecord& visit);
  std::string contact_of(Call& call);
  struct Assembled {
    Call call;
    bool is_news_of_erased = false;  // something came of a call whose person was erased
  };
  Assembled assembled(const std::string& pbx, const std::vector<std::string>& names);
  // The key it has afterwards; nothing where no call is told. See pipeline/condensed_call.h.
  std::optional<CallKey> condense(const CallKey& key, const char* why, Instant at,
                                  const std::function<void(nlohmann::ordered_json& call)>& change,
                                  const NameEraser* names);
  void fold(const CallKey& key, Changes& changes);
  void forget_call(const std::string& id, Changes& changes);
  ContactState derived(Gathered& gathered, const std::string& who);
  void derive_contact(const std::string& root, Changes& changes);
  void derive_lone_call(const std::string& id, Changes& changes);
  void derive_lone_lead(const std::string& name, Changes& changes);
  ContactRecord shown_contact(ContactRecord contact);
  std::string shown_lead(LeadRecord lead, const std::string& shown_contact);
  void store_state(const ContactInput& input, ContactState& state, const Gathered& gathered, bool is_told_to_crm,
                   Changes& changes);
  void store_leads(const ContactInput& input, ContactState& state, const Gathered& gathered, bool is_told_to_crm,
                   Changes& changes);
  void store_tasks(const ContactInput& input, ContactState& state, const Gathered& gathered, bool is_told_to_crm,
                   Changes& changes);
  void store_screen_pops(const ContactInput& input, const ContactState& state);
  bool is_of_another(const std::string& call, const std::string& contact);
  void derive_noted(Changes& changes);
};

}  // namespace hkl
