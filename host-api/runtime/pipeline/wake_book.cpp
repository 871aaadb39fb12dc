#include "pipeline/wake_book.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace hkl {

void WakeBook::keep(const std::string& contact, const WakeDesk& desk, Instant now) {
  for (const auto& [name, at] : desk.asked) {
    const auto& [entry, key] = name;
    if (!at || *at <= now) {
      sql_.query("DELETE FROM wakes WHERE contact = ? AND entry = ? AND key = ?")
          .bind(contact)
          .bind(entry)
          .bind(key)
          .run();
      continue;
    }
    sql_.query("INSERT OR REPLACE INTO wakes(contact, entry, key, at_ms) VALUES(?, ?, ?, ?)")
        .bind(contact)
        .bind(entry)
        .bind(key)
        .bind(ms_of(*at))
        .run();
  }
}

std::optional<Instant> WakeBook::next() {
  auto q = sql_.query("SELECT min(at_ms) FROM wakes");
  q.step();
  const auto at = q.maybe_integer(0);
  return at ? std::optional(instant_of(*at)) : std::nullopt;
}

std::vector<std::string> WakeBook::come(Instant now) {
  std::vector<std::pair<std::string, Instant>> due;
  {
    auto q = sql_.query("SELECT contact, max(at_ms) FROM wakes WHERE at_ms <= ? GROUP BY contact ORDER BY contact");
    q.bind(ms_of(now));
    while (q.step()) due.emplace_back(q.text(0), instant_of(q.integer(1)));
  }
  sql_.query("DELETE FROM wakes WHERE at_ms <= ?").bind(ms_of(now)).run();
  std::vector<std::string> contacts;
  for (const auto& [contact, at] : due) {
    journal_.append(JournalNote{.source = kSource,
                                .event_id = fmt::format("{}:{}", contact, ms_of(at)),
                                .kind = "decision",
                                .at = at,
                                .received_at = now,
                                .body = nlohmann::json{{"contact", contact}, {"at_ms", ms_of(at)}}.dump()});
    note_come(contact, at);
    contacts.push_back(contact);
  }
  return contacts;
}

std::optional<Instant> WakeBook::come_for(const std::vector<std::string>& contacts) {
  std::optional<Instant> latest;
  for (const auto& contact : contacts) {
    auto q = sql_.query("SELECT at_ms FROM woken WHERE contact = ?");
    if (!q.bind(contact).step()) continue;
    const auto at = instant_of(q.integer(0));
    latest = latest ? std::max(*latest, at) : at;
  }
  return latest;
}

void WakeBook::repeat(const JournalNote& note) {
  const auto body = nlohmann::json::parse(note.body);
  note_come(body.at("contact"), instant_of(body.at("at_ms").get<std::int64_t>()));
}

void WakeBook::note_come(const std::string& contact, Instant at) {
  sql_.query(
          "INSERT INTO woken(contact, at_ms) VALUES(?, ?) ON CONFLICT(contact) DO UPDATE SET at_ms = max(at_ms, "
          "excluded.at_ms)")
      .bind(contact)
      .bind(ms_of(at))
      .run();
}

}  // namespace hkl
