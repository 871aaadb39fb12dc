#include <algorithm>

#include "cards/card_index.h"

namespace hkl {

void CardShelf::Edit::put(const std::string& contact, std::shared_ptr<Card> card) {
  const auto found = shelf_.cards.find(contact);
  const auto old = found == shelf_.cards.end() ? nullptr : found->second;
  if (old) {
    shelf_.bytes -= old->bytes();
    for (const auto& number : old->numbers) change_number(number, contact, nullptr);
    shelf_.cards.erase(found);
  }
  if (!card) return;
  if (shelf_.bytes + card->bytes() > shelf_.most_bytes) std::string().swap(card->json);
  shelf_.bytes += card->bytes();
  const CardPtr kept = std::move(card);
  for (const auto& number : kept->numbers) change_number(number, contact, kept);
  shelf_.cards.emplace(contact, kept);
}

void CardShelf::Edit::change_number(const std::string& number, const std::string& contact, const CardPtr& card) {
  const auto* known = numbers_.now().find(number);
  auto next = known == nullptr ? std::make_shared<NumberCards>() : std::make_shared<NumberCards>(*known);
  next->number = number;
  std::erase_if(next->cards, [&](const CardPtr& other) { return other->inside_id == contact; });
  if (card) next->cards.push_back(card);
  if (next->cards.empty()) return numbers_.erase(number);
  if (next->cards.size() > 1)
    for (const auto& sharer : next->cards)
      if (shelf_.sharers.insert(sharer->inside_id).second) new_sharers_.insert(sharer->inside_id);
  numbers_.put(std::move(next));
}

}  // namespace hkl
