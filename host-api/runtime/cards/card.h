// What is known of who has a telephone number, small enough to lie in memory
// for every contact: for pop-ups, and for answers that steer a live call.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "values/instant.h"

namespace hkl {

// One contact, with all that were merged into it. Ids are those shown outside.
struct Card {
  std::string inside_id;                         // of the contact
  std::string contact, name, responsible, lead;  // the latest lead, and whose the latest one is that is anybody's
  std::vector<std::string> numbers;
  // Contact, name, leads from the newest, responsible and open tasks from the earliest deadline, as members of the
  // answer; empty where they are left to the store, as memory is bounded.
  std::string json;
  bool is_thin() const { return json.empty(); }

  // What decides between several who have one number (metrics §1.6.3).
  bool is_made = false, has_open_lead = false;
  std::int64_t last_talk_ms = INT64_MIN, made_ms = INT64_MAX;

  std::string_view key() const { return inside_id; }
  std::size_t bytes() const;  // that it takes in memory, about
};
using CardPtr = std::shared_ptr<const Card>;

// Everybody who has one number, in no order.
struct NumberCards {
  std::string number;  // E.164
  std::vector<CardPtr> cards;
  std::string_view key() const { return number; }
};

// Who may be meant by the number, the one who is first: those that records
// tell of, or else all; with an open lead; last spoken to before `now`; made
// first. False: somebody was spoken to at `now` or later, as memory keeps only
// the last time; the store knows.
bool put_in_order(std::vector<CardPtr>& cards, Instant now);

// Card::json of what the card says besides, with the arrays of its leads and tasks.
std::string members_json(const Card& card, std::string_view leads, std::string_view tasks);

// The answer to a look-up; `cards` is not empty, and its first is not thin.
std::string card_json(std::string_view number, const std::vector<CardPtr>& cards);

}  // namespace hkl
