#include "cards/card.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

namespace hkl {
namespace {

void add_text(std::string& to, std::string_view name, std::string_view text) {
  to += '"';
  to += name;
  to += "\":";
  to += text.empty() ? std::string("null") : nlohmann::json(text).dump();
}

}  // namespace

std::size_t Card::bytes() const {
  constexpr std::size_t kOfMaps = 160;  // its place in the two maps, and their control blocks
  auto size = sizeof(Card) + kOfMaps + json.capacity();
  for (const auto* text : {&inside_id, &contact, &name, &responsible, &lead})
    if (text->capacity() > std::string().capacity()) size += text->capacity();
  return size + numbers.size() * (sizeof(std::string) + sizeof(NumberCards) + kOfMaps / 2);
}

bool put_in_order(std::vector<CardPtr>& cards, Instant now) {
  if (cards.size() < 2) return true;
  const bool is_any_told = std::any_of(cards.begin(), cards.end(), [](const CardPtr& card) { return !card->is_made; });
  if (is_any_told) std::erase_if(cards, [](const CardPtr& card) { return card->is_made; });
  if (cards.size() < 2) return true;
  if (std::any_of(cards.begin(), cards.end(), [&](const CardPtr& card) { return card->last_talk_ms >= ms_of(now); }))
    return false;
  std::sort(cards.begin(), cards.end(), [](const CardPtr& a, const CardPtr& b) {
    if (a->has_open_lead != b->has_open_lead) return a->has_open_lead;
    if (a->last_talk_ms != b->last_talk_ms) return a->last_talk_ms > b->last_talk_ms;
    return std::tie(a->made_ms, a->inside_id) < std::tie(b->made_ms, b->inside_id);
  });
  return true;
}

std::string members_json(const Card& card, std::string_view leads, std::string_view tasks) {
  std::string json;
  add_text(json, "contact", card.contact);
  json += ',';
  add_text(json, "name", card.name);
  json += ",\"leads\":";
  json += leads;
  json += ',';
  add_text(json, "responsible", card.responsible);
  json += ",\"open_tasks\":";
  json += tasks;
  json.shrink_to_fit();
  return json;
}

std::string card_json(std::string_view number, const std::vector<CardPtr>& cards) {
  const auto& members = cards.front()->json;
  std::string json;
  json.reserve(members.size() + 64 + (cards.size() > 1 ? cards.size() * 128 : 0));
  json += "{\"number\":\"";
  json += number;  // a plus and digits
  json += "\",";
  json += members;
  json += ",\"candidates\":[";
  for (std::size_t i = 0; cards.size() > 1 && i < cards.size(); ++i) {
    json += i == 0 ? "{" : ",{";
    add_text(json, "contact", cards[i]->contact);
    json += ',';
    add_text(json, "name", cards[i]->name);
    json += ',';
    add_text(json, "responsible", cards[i]->responsible);
    json += cards[i]->has_open_lead ? ",\"has_open_lead\":true}" : ",\"has_open_lead\":false}";
  }
  json += "]}";
  return json;
}

}  // namespace hkl
