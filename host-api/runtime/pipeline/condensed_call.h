// A call that took the place of its events in the journal: after
// `retention.events`, or as somebody was erased (DESIGN section 12). It is the
// call as its events made it, before employees, contact and rules, so a rebuild
// makes of it what it made of them.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "model/call.h"
#include "model/event.h"
#include "store/journal.h"

namespace hkl {

struct CondensedCall {
  static constexpr const char* kKind = "call";  // of its journal entry
  static constexpr const char *kErased = "erased", *kExpired = "expired";

  std::string pbx;
  std::vector<std::string> refs;  // all its references
  std::string why;                // erased, expired
  Instant at{};                   // when it was made
  Call call;
};

// As one entry of the journal, filed under the first reference.
JournalNote note_of(const CondensedCall& condensed);
// Throws SqlError: it is our own text.
CondensedCall condensed_of(const std::string& body);

// What can still be added: a recording, tags, a rating. Other news of a call
// that is long over has nothing left to be folded with. Of an erased call
// nothing that may name somebody is taken.
void add_late(CondensedCall& condensed, std::vector<const Event*> events);

}  // namespace hkl
