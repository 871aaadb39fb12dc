// `hookline explain`: why one call is as it is.
#include <Poco/Data/Session.h>
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "api/runtime.h"
#include "canonical/canonical.h"
#include "pipeline/condensed_call.h"
#include "pipeline/tables.h"
#include "reports/mask.h"

namespace hkl {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

// The story of one call: what was heard, what it was put together to, what
// was decided and why.
Done Runtime::explain(const std::string& name, const std::string& format, const Asker& asker,
                      const hkl_writer& writer) {
  if (auto may = check_right(asker.access.get(), "calls.view"); !may) return may;
  auto session = reader();
  if (!session) return fail(session.error());
  try {
    Sql sql(**session);
    Tables tables(sql);
    const auto id = tables.call_of_name(name);
    if (id.empty()) return fail(HKL_NOT_FOUND, fmt::format("there is no call \"{}\"", name));
    if (auto sees = check_sees(HKL_ENTITY_CALL, id, asker); !sees) return sees;
    const auto key = tables.key_of_call(id);
    Json story = {{"call", Json()},         {"condensed", Json()},      {"events", Json::array()},
                  {"inquiry", Json()},      {"visit", Json()},          {"leads", Json::array()},
                  {"tasks", Json::array()}, {"choices", Json::array()}, {"deliveries", Json::array()}};
    auto body = sql.query(
        "SELECT c.body, c.inquiry, c.visit, c.visit_why, v.body FROM calls c LEFT JOIN records v ON v.type = 'visit' "
        "AND v.id = c.visit AND v.deleted_ms IS NULL WHERE c.id = ?");
    body.bind(id).step();
    story["call"] = Json::parse(body.text(0));
    const auto inquiry = body.text(1);
    if (const auto visit = body.text(2); !visit.empty()) {
      story["visit"] = body.text(4).empty() ? Json{{"id", visit}} : Json::parse(body.text(4));
      story["visit"]["why"] = body.text(3).empty() ? "the record of the call says so" : body.text(3);
    }
    Journal journal(sql);
    auto entries = journal.entries_of(key->pbx, CallRefs(sql).refs_of_root(key->pbx, key->root));
    for (const auto& body : entries.condensed) {
      const auto condensed = condensed_of(body);
      story["condensed"] = {{"why", condensed.why}, {"at", iso_utc(condensed.at)}};
    }
    auto& events = entries.events;
    std::sort(events.begin(), events.end(), [](const Event* a, const Event* b) { return folds_before(*a, *b); });
    for (const auto* event : events) {
      Json told = Json::parse(event_to_json(*event));
      told["source"] = event->source;
      story["events"].push_back(std::move(told));
    }
    const auto collect = [&](const char* statement, const std::string& by, Json& into) {
      auto rows = sql.query(statement);
      rows.bind(by);
      while (rows.step()) into.push_back(Json::parse(rows.text(0)));
    };
    auto inquiries = Json::array();
    collect("SELECT body FROM inquiries WHERE call = ?", id, inquiries);
    if (!inquiries.empty()) story["inquiry"] = inquiries[0];
    collect("SELECT body FROM leads WHERE inquiry = ?", inquiry, story["leads"]);
    collect(
        "SELECT body FROM tasks t WHERE call = ?1 OR EXISTS (SELECT 1 FROM json_each(t.body, '$.more_calls') m "
        "WHERE m.value = ?1) OR done_call = ?1",
        id, story["tasks"]);
    auto told = sql.query(
        "SELECT entity, id, attempts, told_hash IS NOT NULL, coalesce(last_error, ''), is_dead FROM outbox "
        "WHERE (entity = 'call' AND id = ?1) OR (entity = 'inquiry' AND id = ?2) "
        "OR (entity = 'contact' AND id = (SELECT contact FROM calls WHERE id = ?1)) "
        "OR (entity = 'lead' AND id IN (SELECT id FROM leads WHERE inquiry = ?2)) "
        "OR (entity = 'task' AND id IN (SELECT id FROM tasks WHERE call = ?1 OR done_call = ?1)) ORDER BY rank, id");
    told.bind(id).bind(inquiry);
    while (told.step())
      story["deliveries"].push_back({{"entity", told.text(0)},
                                     {"id", told.text(1)},
                                     {"attempts", told.integer(2)},
                                     {"told", told.integer(3) != 0},
                                     {"error", told.text(4)},
                                     {"set_aside", told.integer(5) != 0}});
    auto choices = sql.query("SELECT lead, step, employee FROM choices WHERE inquiry = ? ORDER BY n");
    choices.bind(inquiry);
    while (choices.step())
      story["choices"].push_back({{"lead", choices.text(0)}, {"step", choices.text(1)}, {"employee", choices.text(2)}});
    hide(asker.access.get(), story);
    if (format == "json") return write_text(writer, story.dump(2) + "\n");

    std::string text = fmt::format("call {}\n  {}\n", id, story["call"].dump());
    if (!story["condensed"].is_null())
      text += fmt::format("kept in place of its events since {}, as {}\n", story["condensed"]["at"].get<std::string>(),
                          story["condensed"]["why"] == CondensedCall::kErased ? "its person was erased"
                                                                              : "retention.events has passed");
    text += fmt::format("what was heard ({} events)\n", events.size());
    for (const auto& event : story["events"]) text += "  " + event.dump() + "\n";
    if (!story["inquiry"].is_null())
      text +=
          fmt::format("inquiry {}: {}\n  why: {}\n", story["inquiry"]["id"].get<std::string>(),
                      story["inquiry"].value("quality", Json()).dump(), story["inquiry"].value("why", Json()).dump());
    if (!story["visit"].is_null())
      text += fmt::format("visit {}: {}\n  why: {}\n", story["visit"]["id"].get<std::string>(), story["visit"].dump(),
                          story["visit"]["why"].dump());
    for (const auto& lead : story["leads"]) text += "lead " + lead.dump() + "\n";
    for (const auto& choice : story["choices"])
      text += fmt::format("  {} was chosen for {} by {}\n", choice["employee"].get<std::string>(),
                          choice["lead"].get<std::string>(), choice["step"].get<std::string>());
    for (const auto& task : story["tasks"]) text += "task " + task.dump() + "\n";
    for (const auto& delivery : story["deliveries"]) text += "delivery " + delivery.dump() + "\n";
    return write_text(writer, text);
  } catch (const SqlError& error) {
    return fail(error.error().in(store_->path()));
  }
}

}  // namespace hkl
