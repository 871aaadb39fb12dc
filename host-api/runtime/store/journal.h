// The journal: what happened, in the order it became durable. Duplicates are
// dropped here (same source, same event id), before anything follows from them.
//
// Used by the writer's thread, inside its transaction. Throws SqlError.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/event.h"
#include "store/sql.h"

namespace hkl {

// An entry that is no PBX event: a canonical record, a decision, or a call in
// place of its events (pipeline/condensed_call.h).
struct JournalNote {
  std::string source, event_id, kind;  // kind: record, decision, call
  Instant at{}, received_at{};
  bool is_history = false;
  std::string body;
  std::string pbx, ref;  // of a call
};

// What the journal has under the references of one call.
struct CallEntries {
  std::vector<const Event*> events;    // in journal order; until the journal's forget_recent()
  std::vector<std::string> condensed;  // bodies of calls that took the place of their events
  std::deque<Event> read;              // those of `events` that no memory has
};

class Journal {
 public:
  explicit Journal(Sql& sql) : sql_(sql) {}

  // The sequence number, or nothing for a duplicate. The event stays where it
  // is until forget_recent(): whose every event came since then is told from
  // memory.
  std::optional<std::int64_t> append(const Event& event) { return append(event, event_to_json(event)); }
  // `body`: event_to_json() of it.
  std::optional<std::int64_t> append(const Event& event, std::string_view body);
  std::optional<std::int64_t> append(Event&& event) = delete;
  std::optional<std::int64_t> append(const JournalNote& note);

  // Filed under any of these references of a PBX.
  CallEntries entries_of(const std::string& pbx, const std::vector<std::string>& refs);
  // A call took their place: of these events only their ids stay, by which a
  // repeated one is known.
  void spend_events(const std::string& pbx, const std::string& ref);
  // Events of the PBX itself: gaps, lists, restarts, ends of input.
  std::vector<Event> events_of_source(const std::string& pbx);

  // Replays everything in order: `event` or `note` is called for each entry.
  void replay(std::int64_t after_seq, const std::function<void(std::int64_t seq, Event&&)>& event,
              const std::function<void(std::int64_t seq, JournalNote&&)>& note);
  std::int64_t last_seq();

  // Nobody knew that reference: whatever is filed under it came since forget_recent(). Nothing, where nothing came.
  void note_first(const std::string& pbx, const std::string& ref);
  // The transaction is at its end, or entries are changed by other hands.
  void forget_recent();

 private:
  struct Recent {
    bool is_all = false;  // the store has no older entry under this reference
    std::vector<std::pair<std::int64_t, const Event*>> events;
  };
  Recent* recent_of(std::string_view pbx, std::string_view ref);
  std::optional<std::int64_t> insert(std::string_view source, std::string_view event_id, std::string_view kind,
                                     std::string_view pbx, std::string_view ref, Instant at, Instant received_at,
                                     bool is_history, std::string_view body);
  Sql& sql_;
  std::unordered_map<std::string, Recent> recent_;  // by "pbx\nreference"
  std::string name_;                                // of the one that is looked for: asked for with every event
};

// References of a PBX that prove to be one call. Each set has a root; uniting
// two sets moves the smaller root text, so the result is the same whatever the
// order.
class CallRefs {
 public:
  explicit CallRefs(Sql& sql) : sql_(sql) {}
  // Unites them and returns the root; roots that stopped being one are added
  // to `gone`, references that nobody knew to `fresh`, where it is given.
  std::string unite(const std::string& pbx, const std::vector<std::string>& refs, std::vector<std::string>& gone,
                    std::vector<std::string>* fresh = nullptr);
  std::string root_of(const std::string& pbx, const std::string& ref);  // "" when not known
  std::vector<std::string> refs_of_root(const std::string& pbx, const std::string& root);
  // As Journal::forget_recent(); of the roots of before.
  void forget_recent() { recent_.clear(); }

 private:
  Sql& sql_;
  std::unordered_map<std::string, std::string> recent_;  // root by "pbx\nreference": asked for with every event
};

}  // namespace hkl
