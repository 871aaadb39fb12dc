// Which contact a number, e-mail or visitor belongs to: found, or made
// (DESIGN section 4, step 5; metrics §1.6). Merged contacts answer with the one
// they were merged into.
//
// Used by the writer's thread, inside its transaction. Throws SqlError.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/records.h"
#include "pipeline/absences.h"
#include "pipeline/recent.h"
#include "store/sql.h"

namespace hkl {

class Tables;

class ContactBook {
 public:
  static constexpr const char *kNumber = "number", *kEmail = "email", *kVisitor = "visitor";

  // `unwritten`: calls that may not be written yet (Tables::save_call), by which find() chooses.
  // `absences`: as of Ids.
  explicit ContactBook(Sql& sql, Tables* unwritten = nullptr, Absences* absences = nullptr)
      : sql_(sql), unwritten_(unwritten), absences_(absences) {}

  // The contact it was merged into in the end, else itself.
  std::string root(const std::string& id);
  // Whether merges lead from it round in a circle.
  bool is_in_circle(const std::string& id);
  // A root with all that were merged into it.
  std::vector<std::string> members(const std::string& root);
  bool exists(const std::string& id);
  bool is_made(const std::string& root);  // by us: no record told of any of its members

  // The contact that has this name at that moment, a root; "" when nobody.
  // Of several: told before made; with an open lead; last spoken to; oldest
  // (metrics §1.6.3).
  std::string find(const char* kind, const std::string& name, Instant at);
  // All who have it and may be meant, the one that find() names first.
  std::vector<std::string> candidates(const char* kind, const std::string& name, Instant at);
  std::string find_or_make(const char* kind, const std::string& name, Instant at);

  // A record told of it: takes the place of what was known. Returns the roots
  // whose members may have changed.
  std::vector<std::string> put(const ContactRecord& contact);
  std::vector<std::string> drop(const std::string& id);
  void make(const std::string& id, Instant at);  // a told id without a record yet

  ContactRecord united(const std::string& root);

  // Contacts were changed by other ways, or a change of them was rolled back.
  void forget() { known_.clear(); }

 private:
  // A row, kept in memory by whoever derives.
  struct Known {
    ContactRecord record;
    bool is_made = false;
  };
  const Known* known(const std::string& id);  // until the next; null: there is none
  std::vector<std::string> owners(const char* kind, const std::string& name);
  void write_names(const ContactRecord& contact);
  Sql& sql_;
  Tables* unwritten_;
  Absences* absences_;
  Recent<Known> known_{10000};
  std::optional<Known> asked_;  // where nothing is remembered
};

}  // namespace hkl
