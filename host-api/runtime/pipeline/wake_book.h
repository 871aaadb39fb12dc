// When plugins want to be asked again about a contact, and which of these
// moments have come. A moment that comes is journalled, so that whatever a rule
// made of it is made again by a rebuild (DESIGN section 4).
//
// Used by the writer's thread, inside its transaction. Throws SqlError.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "contacts/wake_desk.h"
#include "store/journal.h"
#include "store/sql.h"

namespace hkl {

class WakeBook {
 public:
  WakeBook(Sql& sql, Journal& journal) : sql_(sql), journal_(journal) {}

  // What was asked while the contact was derived, its time being `now`. Of a
  // moment that is not later there is nothing to wait for: it was known.
  void keep(const std::string& contact, const WakeDesk& desk, Instant now);
  // The earliest moment that somebody waits for.
  std::optional<Instant> next();
  // Journals that the moments up to `now` have come; the contacts they are about.
  std::vector<std::string> come(Instant now);
  // The latest moment that has come for any of these contacts.
  std::optional<Instant> come_for(const std::vector<std::string>& contacts);

  // A journalled moment, met again by a rebuild.
  static constexpr const char* kSource = "wake";
  void repeat(const JournalNote& note);

 private:
  void note_come(const std::string& contact, Instant at);
  Sql& sql_;
  Journal& journal_;
};

}  // namespace hkl
