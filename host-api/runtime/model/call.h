// The record of one call: what `hookline calls` prints and reports count.
// Field meanings: DESIGN section 9; an empty optional is "not known" and
// prints as null.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "values/instant.h"
#include "values/words.h"

namespace hkl {

struct Leg {
  LegKind kind{};
  std::string name, extension, employee;  // employee as mapped when the call began
  std::string number;                     // external: E.164 or digits
  std::optional<Instant> started_at, answered_at, ended_at;
  std::optional<Millis> talk, hold, acw;
  std::string cause, keys;
  LegOutcome outcome{};

  bool operator==(const Leg&) const = default;
};

struct Transfer {
  TransferKind kind{};
  std::string from, to;
  std::optional<Instant> at;

  bool operator==(const Transfer&) const = default;
};

struct Call {
  std::string id;                    // "<pbx>:<reference of the channel that began first>"
  std::vector<std::string> aliases;  // other ids it was or may be known by
  std::string source;                // the pbx's name
  Direction direction{};
  CallType call_type{};
  std::string request;
  std::string client_number, client_raw, client_name;  // number in E.164 or digits
  bool is_withheld = false;
  std::string line;
  std::optional<Instant> started_at, offered_at, answered_at, ended_at;
  bool is_over = false;
  bool is_history = false;
  Outcome outcome{};
  Reason finish_reason{};
  std::string result;
  By hung_up_by{};
  std::optional<Millis> wait, queue_wait, talk, connected, clean_talk;
  bool incomplete = false;
  std::string extension, employee;            // credit "first" (DESIGN section 9, metrics §1.5)
  std::string last_extension, last_employee;  // credit "last": of the last answered leg
  std::string queue;
  std::vector<Leg> legs;  // in time order
  std::vector<Transfer> transfers;
  std::vector<std::string> recordings, tags;
  int rating = 0;     // 0: none
  std::string extra;  // JSON object or empty

  // Tags, rating and visit before marks by hand and classifiers had their say.
  std::vector<std::string> own_tags;
  int own_rating = 0;
  std::string own_visit;  // as a record tells it

  // Filled from the contact's history (contacts/).
  std::string contact, inquiry, lead, visit;

  bool operator==(const Call&) const = default;
};

}  // namespace hkl
