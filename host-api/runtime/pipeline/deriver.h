// Keeps everything that follows from the journal up to date: told what is new,
// it folds the calls and contacts concerned, and no more, and stores the
// difference (DESIGN section 4, steps 4–10).
//
// Used by the writer's thread, inside its transaction. Throws SqlError.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "assembly/assemble.h"
#include "contacts/derive.h"
#include "contacts/wake_desk.h"
#include "pipeline/contact_book.h"
#include "pipeline/ids.h"
#include "pipeline/person.h"
#include "pipeline/record_shelf.h"
#include "pipeline/tables.h"
#include "store/journal.h"
#include "store/store.h"

namespace hkl {

// What derivation is made with; changes with the config.
struct DeriverParts {
  Directory::Parts configured;  // from the YAML; records add to it
  LeadPolicy leads;
  std::string phone_region;
  std::map<std::string, std::string> region_of_pbx;  // where a source has its own
  std::vector<Classifier*> classifiers;
  std::vector<TaskRule*> rules;
  std::shared_ptr<WakeDesk> wakes;  // where they ask to be asked again; may be null
  std::function<void(const std::string& line)> warn;
};

// What an erasing did besides what it found (pipeline/person.h).
struct Erased {
  std::string contact;       // as it is called now
  std::uint64_t poison = 0;  // inputs set aside that told the person
};

// What changed, for subscribers.
struct Changes {
  std::set<std::string> calls, contacts, inquiries, leads, tasks;
  std::shared_ptr<const Directory> directory;  // as it is now
};

// The PBX and the references that an event's call is known by, as one text; "": it is of no call.
std::string call_names(const Event& event);

class Deriver {
 public:
  Deriver(Store& store, DeriverParts parts);
  ~Deriver();

  // A journalled event or record: notes what it concerns. `names`: call_names() of it.
  void touch(const Event& event, const std::string& names);
  void touch(const CanonicalRecord& record, const std::optional<CanonicalRecord>& before);

  // Journals and keeps a record, and notes what it concerns. False: known.
  bool take(const CanonicalRecord& record, const std::string& source, Instant received_at);

  // The CRM gave its own id to something of that contact.
  void answered(const std::string& entity, const std::string& id, const std::string& crm_id,
                const std::string& contact);

  // The CRM took that, or need not be told of it; "": it may be anything.
  void told(const std::string& entity, const std::string& id);

  // Folds what was noted. Cheap when nothing was.
  Changes settle();

  // The earliest moment at which a plugin wants to be asked again, and that
  // the moments up to `now` have come: notes whom they concern.
  std::optional<Instant> next_wake();
  void wake(Instant now);

  // A transaction was rolled back: what was noted in it is void.
  void forget_unsettled();

  // A changed directory concerns every call: done when there is time, and
  // remembered by the store until then.
  bool is_stale();
  void refresh();

  // Empties what is derived and derives it anew from the journal. What was
  // told to the CRM stays told.
  void rebuild(const std::function<bool(std::uint64_t done, std::uint64_t total)>& step);

  // Puts tokens in place of a person, everywhere in the store, and derives anew
  // what follows: figures stay. `at` is noted. What is on the disk besides the
  // tables' own rows is the store's affair (Store::scrub).
  Erased erase(const Person& person, Instant at);

  // Calls that are over and whose every event was received before `until` take
  // the place of their events, beginning at the journal's `from`; `from` becomes
  // where to go on, and nothing when all was looked at. The number of calls.
  std::uint64_t condense(Instant until, Instant at, std::optional<std::int64_t>& from);

  const std::shared_ptr<const Directory>& directory() const;
  const DeriverParts& parts() const;
  Journal& journal();
  Ids& ids();

 private:
  struct State;
  class Erasing;
  std::unique_ptr<State> state_;
};

}  // namespace hkl
