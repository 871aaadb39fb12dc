// Whom a distribution chose (contacts/choices.h): asked while contacts are
// derived, answered in the order of the questions' moments, journalled, and
// found again by every later derivation and by a rebuild.
//
// Used by the writer's thread, inside its transaction. Throws SqlError.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "contacts/choices.h"
#include "store/journal.h"
#include "store/sql.h"

namespace hkl {

class ChoiceBook : public Choices {
 public:
  ChoiceBook(Sql& sql, Journal& journal) : sql_(sql), journal_(journal) {}

  std::string chosen(const std::string& lead, const std::string& inquiry) override;
  void ask(ChoiceQuestion question) override;

  // Of whom the contact is that is derived now: what it asks is asked anew.
  void begin(const std::string& contact);
  // Answers the earliest question; the contact to derive again, or nothing
  // when there is none.
  std::optional<std::string> answer_next();
  void forget_questions() { questions_.clear(); }

  // A journalled choice, met again by a rebuild.
  static constexpr const char* kSource = "distribution";
  void repeat(const JournalNote& note);

 private:
  std::string choose(const ChoiceQuestion& question);
  void keep(const std::string& lead, const std::string& inquiry, const std::string& step, const std::string& employee);
  std::int64_t open_leads_of(const std::string& employee);
  std::int64_t last_chosen(const std::string& employee);
  Sql& sql_;
  Journal& journal_;
  std::string contact_;
  std::map<std::pair<Instant, std::string>, std::pair<std::string, ChoiceQuestion>> questions_;  // by moment, inquiry
};

}  // namespace hkl
