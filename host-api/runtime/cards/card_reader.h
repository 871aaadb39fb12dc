// Cards as the store has them.
//
// One thread at a time, as the session it reads by. Throws SqlError.
#pragma once

#include "cards/card.h"
#include "pipeline/contact_book.h"
#include "pipeline/ids.h"
#include "store/sql.h"

namespace hkl {

class CardReader {
 public:
  explicit CardReader(Sql& sql) : sql_(sql), book_(sql), ids_(sql) {}

  std::string root(const std::string& contact) { return book_.root(contact); }
  // Null: there is no such contact, or it has no number. `root`: one into which others are merged, never one of those.
  std::shared_ptr<Card> card(const std::string& root);
  // Who has the number, the one who is meant first; empty: nobody.
  std::vector<CardPtr> cards_of(const std::string& number, Instant now);

 private:
  friend class CardFiller;
  // Adds what leads say, if there may be any, and the text of all.
  void describe(Card& card, bool may_have_leads = true, bool may_have_tasks = true);
  std::string leads_of(Card& card);
  std::string tasks_of(const Card& card);
  Sql& sql_;
  ContactBook book_;
  Ids ids_;
};

}  // namespace hkl
