// All that a store has of one contact, as far as erasing it is concerned: whose
// rows and journal entries they are, and what stands in place of the person.
//
// Reads alone, so it also tells what an erasing would do. Throws SqlError.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "contacts/erased_names.h"
#include "model/records.h"
#include "pipeline/tables.h"
#include "store/sql.h"
#include "values/result.h"

namespace hkl {

struct Person {
  std::string root, shown;           // the contact that stands for the merged ones; as the CRM knows it
  std::vector<std::string> members;  // ids inside
  ContactRecord united;
  bool is_erased = false;  // nothing was left to erase

  // Every name that an entity may be called by.
  std::set<std::string> contacts, calls, inquiries, leads, tasks, numbers, emails, visitors;
  std::set<CallKey> keys;                   // of the calls
  std::vector<std::string> open_calls;      // that go on
  std::vector<std::string> recordings;      // as calls name them
  std::vector<std::string> shared_numbers;  // another contact has them too: there they stay

  NameEraser own;                              // for what is the person's: with shared numbers
  NameEraser others;                           // for whatever else mentions the person
  NameEraser names;                            // of the person; for titles alone, as a name may be any word
  std::map<std::string, std::string> renamed;  // ids that were made of a number, and what they become

  // Journal entries by their number.
  std::vector<std::int64_t> records;   // the person's
  std::vector<std::int64_t> mentions;  // of the person, by others
  std::vector<std::int64_t> tellings;  // that the CRM was told something of the person
  std::vector<std::int64_t> named;     // whose own id tells the person
  std::set<CallKey> other_calls;       // that mention the person
  std::uint64_t event_count = 0;       // of the calls of both
};

// A contact by its id, ours or the CRM's, by a number in any spelling or by an
// e-mail. HKL_NOT_FOUND: nobody; HKL_INVALID: more than one, who are named.
Result<std::string> find_person(Sql& sql, const std::string& who, const std::string& phone_region);

// Reads the whole journal once.
Person person_of(Sql& sql, const std::string& root);

}  // namespace hkl
