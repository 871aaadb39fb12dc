#include "pipeline/settled_opinions.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "contacts/derive.h"

namespace hkl {
namespace {

using Opinions = nlohmann::ordered_json;

std::string key_of(const std::string& contact) { return "settled:" + contact; }

std::vector<std::string> tags_of(Sql& sql, const std::string& call) {
  std::vector<std::string> tags;
  auto q = sql.query("SELECT tag FROM call_tags WHERE call = ? ORDER BY tag");
  q.bind(call);
  while (q.step()) tags.push_back(q.text(0));
  return tags;
}

// Of a classifier; neither by hand nor for want of an opinion.
bool is_opinion(const std::string& why, bool by_hand) {
  return !by_hand && !why.empty() && why != kNobodyTookIt && why != kNoOpinion;
}

}  // namespace

JournalNote settled_note(Sql& sql, const Person& person, const std::string& contact, Instant at) {
  auto said = Opinions::object();
  for (const auto& member : person.members) {
    auto q = sql.query(
        "SELECT i.id, i.quality, i.advertising, i.why, i.ad_source, i.by_hand, i.call, c.visit FROM inquiries i "
        "LEFT JOIN calls c ON c.id = i.call WHERE i.contact = ?");
    q.bind(member);
    while (q.step()) {
      Opinions one = {{"advertising", q.maybe_integer(2) ? Opinions(*q.maybe_integer(2)) : Opinions()},
                      {"ad_source", q.text(4)},
                      {"visit", q.text(7)},
                      {"tags", tags_of(sql, q.text(6))}};
      if (is_opinion(q.text(3), q.integer(5) != 0)) {
        one["quality"] = q.text(1);
        one["why"] = q.text(3);
      }
      const auto renamed = person.renamed.find(q.text(0));
      said[renamed == person.renamed.end() ? q.text(0) : renamed->second] = std::move(one);
    }
  }
  person.own.erase(said);
  const Opinions body = {{"contact", contact}, {"inquiries", std::move(said)}};
  return {.source = kErasure,
          .event_id = fmt::format("{}:{}", contact, ms_of(at)),
          .kind = "decision",
          .at = at,
          .received_at = at,
          .body = body.dump(),
          .pbx = {},
          .ref = {}};
}

void keep_settled(Sql& sql, const JournalNote& note) {
  const auto body = Opinions::parse(note.body);
  sql.query("INSERT INTO meta(key, value) VALUES(?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value")
      .bind(key_of(body.at("contact").get<std::string>()))
      .bind(body.at("inquiries").dump())
      .run();
}

void add_settled(Sql& sql, const std::string& contact, std::map<std::string, Verdict>& into) {
  auto q = sql.query("SELECT value FROM meta WHERE key = ?");
  if (!q.bind(key_of(contact)).step()) return;
  const auto said = Opinions::parse(q.text(0));
  for (const auto& [inquiry, one] : said.items()) {
    Verdict verdict;
    verdict.quality = from_word<Quality>(one.value("quality", std::string())).value_or(Quality::no_opinion);
    verdict.why = one.value("why", std::string());
    if (!one.at("advertising").is_null())
      verdict.advertising = one.at("advertising").get<int>() != 0 ? Tri::yes : Tri::no;
    verdict.ad_source = one.at("ad_source");
    verdict.visit = one.at("visit");
    verdict.tags = one.at("tags").get<std::vector<std::string>>();
    into[inquiry] = std::move(verdict);
  }
}

}  // namespace hkl
