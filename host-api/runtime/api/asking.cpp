// What goes out through the C API: lists, look-ups, reports, exports, health.
#include <Poco/Data/Session.h>
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "api/runtime.h"
#include "canonical/canonical.h"
#include "contacts/numbers.h"
#include "pipeline/contact_book.h"
#include "pipeline/ids.h"
#include "pipeline/record_shelf.h"
#include "pipeline/tables.h"
#include "reports/fields.h"

namespace hkl {
namespace {

using Json = nlohmann::ordered_json;

Json parsed(const std::string& body) { return Json::parse(body); }

std::string nearest_of(const std::string& word, const std::vector<std::string>& known) {
  std::vector<std::string_view> views(known.begin(), known.end());
  const auto near = nearest_word(word, views.data(), views.size());
  return near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near);
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace

// The directory of the moment; a reader makes its own from config and records.
Result<std::shared_ptr<const Directory>> Runtime::directory() {
  const std::lock_guard lock(directory_mutex_);
  try {
    if (writer_) {
      std::shared_ptr<const Directory> now;
      if (auto ran = writer_->run([&](Deriver& deriver, Sql&) { now = deriver.directory(); }); !ran)
        return fail(ran.error());
      return now;
    }
    if (!directory_) {
      Deriver deriver(*store_, deriver_parts());
      directory_ = deriver.directory();
    }
    return directory_;
  } catch (const SqlError& error) {
    return fail(error.error().in(store_->path()));
  }
}

Done Runtime::list(const ListQuery& query, const hkl_writer& writer) {
  auto session = reader();
  if (!session) return fail(session.error());
  auto people = directory();
  if (!people) return fail(people.error());
  auto asked = query;
  if (!asked.id.empty()) {
    Sql sql(**session);
    if (asked.entity == HKL_ENTITY_CALL) {
      const auto id = Tables(sql).call_of_name(asked.id);
      if (!id.empty()) asked.id = id;
    } else {
      const char* entity = asked.entity == HKL_ENTITY_LEAD      ? "lead"
                           : asked.entity == HKL_ENTITY_TASK    ? "task"
                           : asked.entity == HKL_ENTITY_CONTACT ? "contact"
                                                                : "inquiry";
      asked.id = Ids(sql).inside(entity, asked.id);
    }
  }
  return run_list(asked, {people->get(), config_.timezone, config_.language, now()}, **session, writer);
}

Result<std::shared_ptr<const Report>> Runtime::report(const std::string& id) {
  const auto found = reports_.find(id);
  if (found != reports_.end()) return found->second;
  std::vector<std::string> known;
  for (const auto& [name, report] : reports_) known.push_back(name);
  return fail(HKL_NOT_FOUND, fmt::format("{} has no report \"{}\"{}; it has: {}", config_.path, id,
                                         nearest_of(id, known), known.empty() ? "none" : joined(known)));
}

Done Runtime::run_report(const std::string& id, const ReportQuery& query, const hkl_writer& writer) {
  auto found = report(id);
  if (!found) return fail(found.error());
  auto session = reader();
  if (!session) return fail(session.error());
  auto people = directory();
  if (!people) return fail(people.error());
  return hkl::run_report(**found, query, {people->get(), config_.timezone, config_.language, now()}, **session, writer);
}

Done Runtime::look_up(const std::string& number, const hkl_writer& writer) {
  const auto phone = normalise_number(number, config_.phone_region);
  if (phone.e164.empty()) return fail(HKL_INVALID, fmt::format("\"{}\" is no telephone number", number));
  auto session = reader();
  if (!session) return fail(session.error());
  try {
    Sql sql(**session);
    ContactBook book(sql);
    Ids ids(sql);
    const auto contact = book.find(ContactBook::kNumber, phone.e164, now());
    if (contact.empty()) return fail(HKL_NOT_FOUND, fmt::format("nobody has the number {}", phone.e164));
    const auto united = book.united(contact);
    Json found = {{"number", phone.e164},
                  {"contact", ids.shown("contact", contact)},
                  {"name", united.name.empty() ? Json() : Json(united.name)},
                  {"leads", Json::array()},
                  {"responsible", nullptr},
                  {"open_tasks", Json::array()}};
    auto leads = sql.query("SELECT body, responsible FROM leads WHERE contact = ? ORDER BY created_ms DESC, id");
    leads.bind(contact);
    while (leads.step()) {
      found["leads"].push_back(parsed(leads.text(0)));
      if (found["responsible"].is_null() && !leads.text(1).empty()) found["responsible"] = leads.text(1);
    }
    auto tasks = sql.query("SELECT body FROM tasks WHERE contact = ? AND state = 'open' ORDER BY deadline_ms, id");
    tasks.bind(contact);
    while (tasks.step()) found["open_tasks"].push_back(parsed(tasks.text(0)));
    return write_text(writer, found.dump() + "\n");
  } catch (const SqlError& error) {
    return fail(error.error().in(store_->path()));
  }
}

// A PBX waits with a ringing call for it, so it asks no more than it must.
std::optional<KnownNumber> Runtime::known_number(const SourceEntry& source, const std::string& number) {
  const auto phone = normalise_number(number, source.region);
  auto session = reader();
  if (phone.e164.empty() || !session) return std::nullopt;
  const auto people = directory();
  try {
    Sql sql(**session);
    ContactBook book(sql);
    const auto contact = book.find(ContactBook::kNumber, phone.e164, now());
    if (contact.empty()) return std::nullopt;
    KnownNumber known;
    Ids ids(sql);
    known.contact = ids.shown("contact", contact);
    known.contact_name = book.united(contact).name;
    auto leads = sql.query("SELECT id, responsible FROM leads WHERE contact = ? ORDER BY created_ms DESC, id");
    leads.bind(contact);
    while (leads.step()) {
      if (known.lead.empty()) known.lead = ids.shown("lead", leads.text(0));
      if (known.responsible.empty()) known.responsible = leads.text(1);
    }
    const auto* who = people ? (*people)->employee(known.responsible) : nullptr;
    if (who == nullptr) return known;
    for (const auto& extension : who->extensions)
      if (known.responsible_extension.empty() && extension.source == source.pbx && extension.period.holds(now()))
        known.responsible_extension = extension.number;
    return known;
  } catch (const SqlError& error) {
    log(HKL_LOG_ERROR, error.error().in(store_->path()).text);
    return std::nullopt;
  }
}

// Told records as they were told; what was made (calls from events, contacts,
// inquiries, leads, tasks) as records of the same shapes, so that an import
// elsewhere gives the same figures. Contacts and people first: less waits.
Done Runtime::export_records(const std::vector<std::string>& types, const hkl_writer& writer) {
  for (const auto& type : types) {
    const auto& known = canonical_types();
    if (std::find(known.begin(), known.end(), type) == known.end())
      return fail(HKL_INVALID, fmt::format("there is no record type \"{}\"{}", type, nearest_of(type, known)));
  }
  auto session = reader();
  if (!session) return fail(session.error());
  // What the YAML says by hand is not exported: an id lives in one of the two.
  static const std::map<std::string, std::string> kMade = {
      {"call", "SELECT body FROM calls ORDER BY started_ms, id"},
      {"contact", "SELECT " + shown_body("contact") + " FROM contacts c ORDER BY c.id"},
      {"inquiry", "SELECT body FROM inquiries ORDER BY at_ms, id"},
      {"lead", "SELECT " + shown_body("lead") + " FROM leads c ORDER BY c.created_ms, c.id"},
      {"task", "SELECT " + shown_body("task") + " FROM tasks c ORDER BY c.created_ms, c.id"}};
  try {
    Sql sql(**session);
    for (const auto& type : canonical_types()) {
      if (!types.empty() && std::find(types.begin(), types.end(), type) == types.end()) continue;
      const auto made = kMade.find(type);
      auto rows = made != kMade.end() ? sql.query(made->second.c_str())
                                      : sql.query(
                                            "SELECT body, id FROM records WHERE type = ? AND deleted_ms IS NULL "
                                            "ORDER BY id");
      if (made == kMade.end()) rows.bind(type);
      while (rows.step()) {
        auto body = rows.text(0);
        if (!body.starts_with(R"({"type")")) body = R"({"type":")" + type + R"(",)" + body.substr(1);
        if (auto written = write_text(writer, body + "\n"); !written) return written;
      }
    }
    return {};
  } catch (const SqlError& error) {
    return fail(error.error().in(store_->path()));
  }
}

Done Runtime::list_plugins(const std::string& format, const hkl_writer& writer) {
  if (format != "json" && format != "table" && !format.empty())
    return fail(HKL_INVALID, fmt::format("plugins are listed as table or json, not as \"{}\"", format));
  if (format == "json") {
    auto list = Json::array();
    for (const auto& note : catalogue_->notes())
      list.push_back({{"id", note.id},
                      {"version", note.version},
                      {"author", note.author},
                      {"licence", note.licence},
                      {"summary", note.summary},
                      {"interfaces", note.interfaces},
                      {"needs", note.needs},
                      {"flags", note.flags},
                      {"file", note.file},
                      {"settings", Json::parse(note.settings_schema)}});
    return write_text(writer, list.dump(2) + "\n");
  }
  for (const auto& note : catalogue_->notes()) {
    std::string text = fmt::format("{} {}  {}\n    {}; {}; {}\n", note.id, note.version, note.summary,
                                   joined(note.interfaces), note.licence, note.file);
    const auto schema = Json::parse(note.settings_schema);
    const auto properties = schema.value("properties", Json::object());
    const auto required = schema.value("required", Json::array());
    for (const auto& [name, setting] : properties.items()) {
      const bool is_required = std::find(required.begin(), required.end(), name) != required.end();
      text += fmt::format("    {}: {}{}\n", name, setting.value("description", ""),
                          is_required                   ? " (required)"
                          : setting.contains("default") ? fmt::format(" (default {})", setting["default"].dump())
                                                        : "");
    }
    if (auto written = write_text(writer, text); !written) return written;
  }
  for (const auto& refusal : catalogue_->refusals())
    if (auto written = write_text(writer, "left out: " + refusal + "\n"); !written) return written;
  return {};
}

Done Runtime::health(const hkl_writer& writer) {
  if (!store_) return fail(no_store_);
  Json found = {{"version", HKL_VERSION_TEXT}, {"store", store_->path()}, {"sources", Json::array()}};
  {
    const std::lock_guard lock(life_mutex_);
    found["http"] = http_ ? Json(http_->url()) : Json();
    for (const auto& entry : config_.sources) {
      const auto runner = sources_.find(entry.name);
      const auto health = runner == sources_.end() ? SourceHealth{.state = "off"} : runner->second->health();
      found["sources"].push_back(
          {{"name", entry.name},
           {"plugin", entry.plugin},
           {"state", health.state},
           {"text", health.text},
           {"events", health.events},
           {"refused", health.refused},
           {"skipped_bytes", health.skipped_bytes},
           {"reconnects", health.reconnects},
           {"requests", health.requests},
           {"last_bytes_at", health.last_bytes_at ? Json(iso_utc(*health.last_bytes_at)) : Json()}});
    }
  }
  if (writer_) {
    found["queued"] = writer_->queued();
    found["duplicates"] = writer_->duplicates();
    const auto trouble = writer_->trouble();
    found["trouble"] = trouble ? Json() : Json(trouble.error().text);
  }
  auto session = reader();
  if (!session) return fail(session.error());
  try {
    Sql sql(**session);
    auto waiting = sql.query(
        "SELECT count(*), coalesce(sum(is_dead), 0) FROM outbox WHERE told_hash IS NULL OR told_hash <> hash");
    waiting.step();
    found["outbox"] = {{"waiting", waiting.integer(0)}, {"set_aside", waiting.integer(1)}};
  } catch (const SqlError& error) {
    return fail(error.error().in(store_->path()));
  }
  return write_text(writer, found.dump() + "\n");
}

// The story of one call: what was heard, what it was put together to, what
// was decided and why.
Done Runtime::explain(const std::string& name, const std::string& format, const hkl_writer& writer) {
  auto session = reader();
  if (!session) return fail(session.error());
  try {
    Sql sql(**session);
    Tables tables(sql);
    const auto id = tables.call_of_name(name);
    if (id.empty()) return fail(HKL_NOT_FOUND, fmt::format("there is no call \"{}\"", name));
    const auto key = tables.key_of_call(id);
    Json story = {
        {"call", Json()},         {"events", Json::array()},  {"inquiry", Json()},          {"leads", Json::array()},
        {"tasks", Json::array()}, {"choices", Json::array()}, {"deliveries", Json::array()}};
    auto body = sql.query("SELECT body, inquiry FROM calls WHERE id = ?");
    body.bind(id).step();
    story["call"] = parsed(body.text(0));
    const auto inquiry = body.text(1);
    Journal journal(sql);
    auto events = journal.events_of(key->pbx, CallRefs(sql).refs_of_root(key->pbx, key->root));
    std::sort(events.begin(), events.end(), folds_before);
    for (const auto& event : events) {
      Json told = parsed(event_to_json(event));
      told["source"] = event.source;
      story["events"].push_back(std::move(told));
    }
    const auto collect = [&](const char* statement, const std::string& by, Json& into) {
      auto rows = sql.query(statement);
      rows.bind(by);
      while (rows.step()) into.push_back(parsed(rows.text(0)));
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
    if (format == "json") return write_text(writer, story.dump(2) + "\n");

    std::string text = fmt::format("call {}\n  {}\n", id, story["call"].dump());
    text += fmt::format("what was heard ({} events)\n", events.size());
    for (const auto& event : story["events"]) text += "  " + event.dump() + "\n";
    if (!story["inquiry"].is_null())
      text +=
          fmt::format("inquiry {}: {}\n  why: {}\n", story["inquiry"]["id"].get<std::string>(),
                      story["inquiry"].value("quality", Json()).dump(), story["inquiry"].value("why", Json()).dump());
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
