#include "cards/card_reader.h"

#include <algorithm>

#include "reports/fields.h"

namespace hkl {

namespace {

void append(std::string& array, const std::string& body) {
  array += array.empty() ? "[" : ",";
  array += body;
}

std::string closed(std::string array) { return array.empty() ? "[]" : std::move(array) + "]"; }

}  // namespace

std::string CardReader::leads_of(Card& card) {
  static const auto kLeads = "SELECT " + shown_body("lead") +
                             ", c.responsible, c.stage_groups, c.merged_into, c.id FROM leads c WHERE c.contact = ? "
                             "ORDER BY c.created_ms DESC, c.id";
  std::string array;
  auto leads = sql_.query(kLeads.c_str());
  leads.bind(card.inside_id);
  while (leads.step()) {
    append(array, leads.text(0));
    if (card.responsible.empty()) card.responsible = leads.text(1);
    // As ContactBook counts them.
    if (leads.text(3).empty() && leads.text(2).find("|closed") == std::string::npos) card.has_open_lead = true;
    if (card.lead.empty()) card.lead = ids_.shown("lead", leads.text(4));
  }
  return closed(std::move(array));
}

std::string CardReader::tasks_of(const Card& card) {
  static const auto kTasks = "SELECT " + shown_body("task") +
                             " FROM tasks c WHERE c.contact = ? AND c.state = 'open' ORDER BY c.deadline_ms, c.id";
  std::string array;
  auto tasks = sql_.query(kTasks.c_str());
  tasks.bind(card.inside_id);
  while (tasks.step()) append(array, tasks.text(0));
  return closed(std::move(array));
}

void CardReader::describe(Card& card, bool may_have_leads, bool may_have_tasks) {
  const auto leads = may_have_leads ? leads_of(card) : "[]";  // tells whose the contact is, too
  card.json = members_json(card, leads, may_have_tasks ? tasks_of(card) : "[]");
}

std::shared_ptr<Card> CardReader::card(const std::string& root) {
  auto card = std::make_shared<Card>();
  // By these it is found, whatever the contact's own record says.
  for (const auto& member : book_.members(root)) {
    auto names = sql_.query("SELECT name FROM contact_names WHERE contact = ? AND kind = 'number'");
    names.bind(member);
    while (names.step()) {
      auto number = names.text(0);
      if (std::find(card->numbers.begin(), card->numbers.end(), number) == card->numbers.end())
        card->numbers.push_back(std::move(number));
    }
  }
  if (card->numbers.empty()) return nullptr;
  card->inside_id = root;
  card->contact = ids_.shown("contact", root);
  card->name = book_.united(root).name;
  card->is_made = book_.is_made(root);
  auto made = sql_.query("SELECT made_ms FROM contacts WHERE id = ?");
  if (made.bind(root).step()) card->made_ms = made.maybe_integer(0).value_or(INT64_MAX);
  auto talk = sql_.query("SELECT max(answered_ms) FROM calls WHERE contact = ?");
  talk.bind(root).step();
  card->last_talk_ms = talk.maybe_integer(0).value_or(INT64_MIN);
  describe(*card);
  return card;
}

std::vector<CardPtr> CardReader::cards_of(const std::string& number, Instant now) {
  std::vector<CardPtr> cards;
  for (const auto& id : book_.candidates(ContactBook::kNumber, number, now))
    if (auto one = card(id)) cards.push_back(std::move(one));
  return cards;
}

}  // namespace hkl
