// Who has a telephone number: from memory, or from the store where memory does
// not know (cards/card_index.h); the answer is the same.
#include <Poco/Data/Session.h>
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "api/runtime.h"
#include "cards/card_reader.h"
#include "contacts/numbers.h"
#include "reports/mask.h"
#include "rest/text_writer.h"

namespace hkl {

// As contacts have it. What is written so already is not taken apart again:
// that costs more than the look-up.
std::string Runtime::spelled(const std::string& number, const std::string& region) const {
  const bool is_plain = number.size() > 1 && number.front() == '+' &&
                        std::all_of(number.begin() + 1, number.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (is_plain && cards_ && cards_->holds(number)) return number;
  return normalise_number(number, region).e164;
}

// `needs_lists`: leads and tasks too.
Result<std::vector<CardPtr>> Runtime::cards_of(const std::string& e164, bool needs_lists) {
  if (cards_) {
    if (auto found = cards_->cards_of(e164, now());
        found && (found->empty() || !needs_lists || !found->front()->is_thin()))
      return std::move(*found);
  }
  auto session = reader();
  if (!session) return fail(session.error());
  try {
    Sql sql(**session);
    return CardReader(sql).cards_of(e164, now());
  } catch (const SqlError& error) {
    return fail(error.error().in(store_->path()));
  }
}

Done Runtime::look_up(const std::string& number, const Asker& asker, const hkl_writer& writer) {
  const auto* access = asker.access.get();
  if (auto may = check_right(access, "contacts.view"); !may) return may;
  const auto e164 = spelled(number, config_.phone_region);
  if (e164.empty()) return fail(HKL_INVALID, fmt::format("\"{}\" is no telephone number", number));
  auto cards = cards_of(e164, true);
  if (!cards) return fail(cards.error());
  const auto nobody = fail(HKL_NOT_FOUND, fmt::format("nobody has the number {}", e164));
  if (cards->empty()) return nobody;
  if (!sees_all(access)) {
    // Of whom one may not see it is not told that they are there.
    for (auto card = cards->begin(); card != cards->end();) {
      const auto sees = check_sees(HKL_ENTITY_CONTACT, (*card)->inside_id, asker);
      if (!sees && (sees.error().status != HKL_NOT_FOUND)) return sees;
      if (!sees && card == cards->begin()) return nobody;
      card = sees ? card + 1 : cards->erase(card);
    }
  }
  auto json = card_json(e164, *cards);
  if (access != nullptr) {
    auto found = nlohmann::ordered_json::parse(json);
    hide(access, found);
    json = found.dump();
  }
  return write_text(writer, json + "\n");
}

// A PBX waits with a ringing call for it.
std::optional<KnownNumber> Runtime::known_number(const SourceEntry& source, const std::string& number) {
  const auto e164 = spelled(number, source.region);
  if (e164.empty()) return std::nullopt;
  const auto cards = cards_of(e164, false);
  if (!cards) log(HKL_LOG_ERROR, cards.error().text);
  if (!cards || cards->empty()) return std::nullopt;
  const auto& card = *cards->front();
  KnownNumber known;
  known.contact = card.contact;
  known.contact_name = card.name;
  known.lead = card.lead;
  known.responsible = card.responsible;
  const auto people = cards_ ? cards_->directory() : nullptr;
  const auto* who = people ? people->employee(known.responsible) : nullptr;
  if (who == nullptr) return known;
  for (const auto& extension : who->extensions)
    if (known.responsible_extension.empty() && extension.source == source.pbx && extension.period.holds(now()))
      known.responsible_extension = extension.number;
  return known;
}

}  // namespace hkl
