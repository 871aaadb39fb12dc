// What classifiers said of a contact's inquiries before the contact was erased:
// afterwards a list of numbers or a rule on a text would say something else, and
// figures would change. Journalled, so a rebuild knows it too.
//
// Used by the writer's thread, inside its transaction. Throws SqlError.
#pragma once

#include <map>
#include <string>

#include "contacts/opinions.h"
#include "pipeline/person.h"
#include "store/journal.h"
#include "store/sql.h"

namespace hkl {

constexpr const char* kErasure = "erasure";  // source of the journal's note

// As they stand now; the ids in it are those that the erasing gives.
JournalNote settled_note(Sql& sql, const Person& person, const std::string& contact, Instant at);
void keep_settled(Sql& sql, const JournalNote& note);
void add_settled(Sql& sql, const std::string& contact, std::map<std::string, Verdict>& into);

}  // namespace hkl
