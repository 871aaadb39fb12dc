// What a page does with a record: a task done, a mark, a lead passed on,
// contacts merged, an extension mapped. The record is read as the caller, so
// another's is as unknown as one that does not exist; what is written is a
// canonical record.
#include <Poco/DateTimeFormatter.h>
#include <Poco/Timestamp.h>
#include <Poco/URI.h>

#include <variant>

#include "directory.h"
#include "routes.h"
#include "secrets.h"

namespace crm {
namespace {

using Json = nlohmann::ordered_json;

std::string now_iso() { return Poco::DateTimeFormatter::format(Poco::Timestamp(), "%Y-%m-%dT%H:%M:%S.%iZ"); }

std::string encoded(const std::string& id) {
  std::string text;
  Poco::URI::encode(id, "/?#%&+:;=@ ", text);
  return text;
}

// A record as the caller sees it, or the answer that says why not.
std::variant<Json, Reply> seen(App& app, const Caller& caller, const std::string& list, const std::string& id) {
  auto reply = app.hookline.answer("GET", "/api/v1/" + list + "/" + encoded(id), caller.user.hookline_user,
                                   caller.user.language);
  if (reply.status != 200) return reply;
  auto record = Json::parse(reply.body, nullptr, false);
  if (!record.is_object()) return problem(500, "the record of " + id + " is no JSON object");
  return record;
}

Reply stored(App& app, const std::vector<Json>& records) {
  std::string lines;
  for (const auto& record : records) lines += record.dump() + "\n";
  if (const auto complaints = app.hookline.submit_records(lines); !complaints.empty()) return problem(400, complaints);
  return json_reply({{"stored", records.size()}});
}

// Members of a printed record that a told one may carry.
Json only(const Json& record, const char* type, std::initializer_list<const char*> names) {
  Json told = {{"type", type}, {"updated_at", now_iso()}};
  for (const auto* name : names)
    if (record.contains(name)) told[name] = record[name];
  return told;
}

Json told_task(const Json& task) {
  return only(task, "task",
              {"id", "kind", "rule", "title", "contact", "lead", "call", "more_calls", "assignee", "created_at",
               "deadline_at", "done_at", "done_by", "done_call", "state"});
}

Json told_lead(const Json& lead) {
  return only(lead, "lead",
              {"id",          "contact",   "kind",      "title",       "note",       "funnel",   "stage",
               "responsible", "ad_source", "object",    "created_at",  "created_by", "creator",  "inquiry",
               "order_at",    "sale_at",   "closed_at", "merged_into", "amount",     "currency", "tags"});
}

Json or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

}  // namespace

// {"undo": true} takes it back.
Reply finish_task(App& app, const Request& request, const Caller& caller, const std::string& id) {
  const auto found = seen(app, caller, "tasks", id);
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  const auto body = json_body(request);
  const bool is_undone = body && body->value("undo", false);
  auto task = told_task(std::get<Json>(found));
  task["state"] = is_undone ? "open" : "done";
  task["done_at"] = is_undone ? Json() : Json(now_iso());
  task["done_by"] = is_undone ? Json() : or_null(caller.user.employee);
  app.audit.note(caller.user.login, is_undone ? "task_undone" : "task_done", id);
  return stored(app, {task});
}

// {"title", "assignee", "deadline_at", "contact"?, "lead"?, "call"?}
Reply make_task(App& app, const Request& request, const Caller& caller) {
  const auto body = json_body(request);
  if (!body || text_of(*body, "title").empty() || text_of(*body, "deadline_at").empty())
    return problem(400, "a task needs a title and deadline_at, such as 2026-03-02T12:00:00+03:00");
  const auto assignee = text_of(*body, "assignee");
  if (caller.user.role == "manager" && assignee != caller.user.employee)
    return problem(403, "a manager makes tasks for themselves; ask the head to assign it");
  Json task = {{"type", "task"}, {"id", "t-" + random_token().substr(0, 12)}, {"kind", "manual"}, {"state", "open"}};
  task["created_at"] = now_iso();
  for (const auto* name : {"title", "deadline_at", "assignee", "contact", "lead", "call"})
    task[name] = or_null(text_of(*body, name));
  app.audit.note(caller.user.login, "task_made", task["id"]);
  auto reply = stored(app, {task});
  if (reply.status == 200) reply = json_reply({{"id", task["id"]}});
  return reply;
}

// {"call"|"inquiry": id, "quality"|"tags"|"rating": …}
Reply mark(App& app, const Request& request, const Caller& caller) {
  const auto body = json_body(request);
  const auto call = body ? text_of(*body, "call") : "", inquiry = body ? text_of(*body, "inquiry") : "";
  if (call.empty() == inquiry.empty()) return problem(400, "name the call or the inquiry that is marked");
  const auto found = call.empty() ? seen(app, caller, "inquiries", inquiry) : seen(app, caller, "calls", call);
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  Json record = {{"type", "mark"}, {"by", caller.user.employee.empty() ? caller.user.login : caller.user.employee}};
  record["at"] = now_iso();
  for (const auto* name : {"call", "inquiry", "quality", "tags", "rating"})
    if (body->contains(name)) record[name] = (*body)[name];
  app.audit.note(caller.user.login, "mark", call.empty() ? inquiry : call);
  return stored(app, {record});
}

// {"field": "responsible"|"stage", "to": …, "with_inquiries"?: bool}
Reply change_lead(App& app, const Request& request, const Caller& caller, const std::string& id) {
  const auto found = seen(app, caller, "leads", id);
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  const auto body = json_body(request);
  const auto field = body ? text_of(*body, "field") : "", to = body ? text_of(*body, "to") : "";
  if ((field != "responsible" && field != "stage") || to.empty())
    return problem(400, "a lead's change names field (responsible or stage) and to");
  auto lead = told_lead(std::get<Json>(found));
  Json change = {{"type", "lead_change"}, {"id", "h-" + random_token().substr(0, 12)}, {"lead", lead["id"]}};
  change["at"] = now_iso();
  change["by"] = or_null(caller.user.employee);
  change["field"] = field;
  change["from"] = lead.value(field, Json());
  change["to"] = to;
  change["with_inquiries"] = body->value("with_inquiries", false);
  lead[field] = to;
  app.audit.note(caller.user.login, "lead_" + field, id + " → " + to);
  return stored(app, {lead, change});
}

// {"into": id}; null takes the merge back.
Reply merge_contact(App& app, const Request& request, const Caller& caller, const std::string& id) {
  const auto found = seen(app, caller, "contacts", id);
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  const auto body = json_body(request);
  const auto into = body ? text_of(*body, "into") : "";
  if (into == id) return problem(400, "a contact cannot be merged into itself");
  if (!into.empty())
    if (const auto other = seen(app, caller, "contacts", into); std::holds_alternative<Reply>(other))
      return std::get<Reply>(other);
  auto contact = only(std::get<Json>(found), "contact", {"id", "name", "numbers", "emails", "visitors"});
  contact["merged_into"] = or_null(into);
  app.audit.note(caller.user.login, into.empty() ? "contact_split" : "contact_merged", id + " → " + into);
  return stored(app, {contact});
}

Reply hear_recording(App& app, const Request& request, const Caller& caller, const std::string& id) {
  const auto found = seen(app, caller, "calls", id);
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  const auto& call = std::get<Json>(found);
  // To whom may not hear it, a call shows none: the library says which it is.
  if (!call.contains("recordings") || call["recordings"].empty()) {
    const auto asked = app.hookline.answer("GET", "/api/v1/recordings/" + encoded(id), caller.user.hookline_user,
                                           caller.user.language);
    constexpr int kNoRight = 403;
    if (asked.status == kNoRight) return asked;
  }
  auto reply = app.recordings.of_call(call);
  // A player asks in parts; it was heard once.
  const auto range = request.header("range");
  const bool begins = range.empty() || range.starts_with("bytes=0-");
  if (reply.status == 200 && begins) app.audit.note(caller.user.login, "heard", id);
  return reply;
}

// {"employee", "source", "number", "from"}: the calls of that extension since
// then are theirs.
Reply map_extension(App& app, const Request& request, const Caller& caller) {
  const auto body = json_body(request);
  if (!body) return problem(400, "the body is no JSON object");
  const auto employee = text_of(*body, "employee"), number = text_of(*body, "number");
  const auto people = read_directory(app.settings.config, app.hookline);
  for (const auto& person : people["employees"]) {
    if (person.value("id", "") != employee) continue;
    if (person.contains("by_hand"))
      return problem(409, employee + " stands in the YAML: add {source: " + text_of(*body, "source") + ", number: \"" +
                              number + "\"} to their extensions under Configuration");
    auto record = person;
    record["updated_at"] = now_iso();
    record["extensions"].push_back({{"source", text_of(*body, "source")},
                                    {"number", number},
                                    {"from", or_null(text_of(*body, "from"))},
                                    {"to", nullptr}});
    app.audit.note(caller.user.login, "extension_mapped", number + " → " + employee);
    return stored(app, {record});
  }
  return problem(404, "there is no employee \"" + employee + "\"");
}

}  // namespace crm
