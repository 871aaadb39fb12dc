// What changes something, and how the runtime is.
#include <fmt/format.h>

#include "canonical/json_text.h"
#include "rest/routes.h"
#include "rest/text_writer.h"

namespace hkl {
namespace {

Result<OrderedJson> object_of(std::string_view body) {
  auto json = OrderedJson::parse(body, nullptr, false);
  if (!json.is_object()) return fail(HKL_INVALID, "the body is no JSON object");
  return json;
}

Result<std::string> text_member(const OrderedJson& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string() || found->get_ref<const std::string&>().empty())
    return fail(HKL_INVALID, fmt::format("the body needs \"{}\", a text", name));
  return found->get<std::string>();
}

Done originate(RestCall& call) {
  if (auto done = call.query.no_others(); !done) return done;
  const auto body = object_of(call.request.body);
  if (!body) return fail(body.error());
  const auto employee = text_member(*body, "employee"), number = text_member(*body, "number");
  if (!employee) return fail(employee.error());
  if (!number) return fail(number.error());
  const auto request = call.backend.order_call(*employee, *number, call.asker());
  if (!request) return fail(request.error());
  return call.reply.text(dumped({{"request", *request}}) + "\n");
}

// "line 3: …" as {"line": 3, "text": "…"}.
OrderedJson complaints_json(std::string_view text) {
  auto list = OrderedJson::array();
  constexpr std::string_view kLine = "line ";
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto colon = line.find(": ");
    if (!line.starts_with(kLine) || colon == line.npos) continue;
    const auto number = line.substr(kLine.size(), colon - kLine.size());
    list.push_back({{"line", std::stoll(std::string(number))}, {"text", line.substr(colon + 2)}});
  }
  return list;
}

Done records(RestCall& call) {
  if (auto done = call.query.no_others(); !done) return done;
  TextWriter complaints;
  hkl_tally tally{};
  const auto done = call.backend.submit_records(call.request.body, call.asker(), &complaints.writer(), tally);
  if (!done && done.error().status != HKL_PARTLY) return done;
  // Where nothing at all was right, that is no success.
  if (tally.refused > 0 && tally.accepted + tally.duplicates == 0) call.reply.head.status = 422;
  return call.reply.text(dumped({{"accepted", tally.accepted},
                                 {"duplicates", tally.duplicates},
                                 {"refused", tally.refused},
                                 {"complaints", complaints_json(complaints.text)}}) +
                         "\n");
}

Done plugins(RestCall& call) {
  if (auto done = call.query.no_others(); !done) return done;
  return call.backend.list_plugins("json", call.asker(), call.reply.writer());
}

Done keys(RestCall& call) {
  if (auto done = call.query.no_others(); !done) return done;
  return call.backend.list_keys(call.asker(), call.reply.writer());
}

Done outbox(RestCall& call) {
  if (auto done = call.query.no_others(); !done) return done;
  return call.backend.list_outbox("", "json", call.asker(), call.reply.writer());
}

Done act(RestCall& call, std::uint32_t action) {
  if (auto done = call.query.no_others(); !done) return done;
  const auto count = call.backend.act_on_outbox(action, call.names.at("delivery"), call.asker());
  if (!count) return fail(count.error());
  return call.reply.text(dumped({{"count", *count}}) + "\n");
}
Done retry(RestCall& call) { return act(call, HKL_OUTBOX_RETRY); }
Done drop(RestCall& call) { return act(call, HKL_OUTBOX_DROP); }

Done poison(RestCall& call) {
  if (auto done = call.query.no_others(); !done) return done;
  return call.backend.show_poison("", "json", call.asker(), call.reply.writer());
}

Done one_poison(RestCall& call) {
  if (auto done = call.query.no_others(); !done) return done;
  TextWriter list;
  const auto& id = call.names.at("id");
  if (auto done = call.backend.show_poison(id, "json", call.asker(), list.writer()); !done) return done;
  const auto records = OrderedJson::parse(list.text, nullptr, false);
  if (!records.is_array() || records.empty()) return fail(HKL_INTERNAL, "what was set aside is told as no list");
  return call.reply.text(dumped(records.front()) + "\n");
}

Done act_on_poison(RestCall& call, std::uint32_t action) {
  if (auto done = call.query.no_others(); !done) return done;
  const auto count = call.backend.act_on_poison(action, call.names.at("id"), call.asker());
  if (!count) return fail(count.error());
  return call.reply.text(dumped({{"count", *count}}) + "\n");
}
Done replay_poison(RestCall& call) { return act_on_poison(call, HKL_POISON_REPLAY); }
Done drop_poison(RestCall& call) { return act_on_poison(call, HKL_POISON_DROP); }

Done erase(RestCall& call) {
  const auto dry = call.query.take("dry_run");
  if (auto done = call.query.no_others(); !done) return done;
  if (!dry.empty() && dry != "true" && dry != "false")
    return fail(HKL_INVALID, fmt::format("dry_run={}: true or false is needed", dry));
  return call.backend.erase(call.names.at("contact"), dry == "true", "json", call.asker(), call.reply.writer());
}

// Only a connection that stays open can be told of what changes.
Done events(RestCall&) {
  return fail(HKL_UNSUPPORTED,
              "changes are told by the runtime's own HTTP server; a CRM hears them by `changed` of "
              "its callbacks");
}

Done openapi(RestCall& call) {
  if (auto done = call.query.no_others(); !done) return done;
  return call.reply.text(openapi_text() + "\n");
}

Done health(RestCall& call) {
  if (auto done = call.query.no_others(); !done) return done;
  return call.backend.health(call.asker(), call.reply.writer());
}

}  // namespace

std::vector<RestRoute> action_routes() {
  return {
      {"POST",
       "/originate",
       "originate",
       "Orders a call: the employee's phone rings, then the number is dialled",
       "Ordered",
       {},
       "application/json",
       originate},
      {"POST",
       "/records",
       "submitRecords",
       "Stores canonical records, one JSON object a line",
       "Tally",
       {},
       "application/x-ndjson",
       records},
      {"GET", "/plugins", "listPlugins", "What is loaded, with each plugin's settings", "Plugins", {}, "", plugins},
      {"GET", "/keys", "listKeys", "Keys of programs, by name", "Keys", {}, "", keys},
      {"GET",
       "/outbox",
       "listOutbox",
       "Deliveries that wait for the CRM, those set aside first",
       "Outbox",
       {},
       "",
       outbox},
      {"POST",
       "/outbox/{delivery}/retry",
       "retryDelivery",
       "Again, at once, with all attempts anew",
       "Count",
       {},
       "",
       retry},
      {"POST",
       "/outbox/{delivery}/drop",
       "dropDelivery",
       "Never; what changes later is delivered again",
       "Count",
       {},
       "",
       drop},
      {"GET",
       "/poison",
       "listPoison",
       "Inputs that an isolated plugin died of, set aside, the newest first",
       "Poison",
       {},
       "",
       poison},
      {"GET", "/poison/{id}", "getPoison", "One of them with its bytes", "PoisonInput", {}, "", one_poison},
      {"POST",
       "/poison/{id}/replay",
       "replayPoison",
       "Through its source again, in a process of its own; gone once its plugin lives through it; counts its events",
       "Count",
       {},
       "",
       replay_poison},
      {"POST", "/poison/{id}/drop", "dropPoison", "Never", "Count", {}, "", drop_poison},
      {"POST",
       "/contacts/{contact}/erase",
       "eraseContact",
       "Puts tokens in place of the person, by id, number or e-mail; figures stay",
       "Erased",
       {{"dry_run", "boolean", "true: tells what would go, and changes nothing"}},
       "",
       erase},
      {"GET",
       "/health",
       "getHealth",
       "Sources with their state and counters, queues, outbox",
       "Health",
       {},
       "",
       health},
      {"GET",
       "/events",
       "listenToEvents",
       "What changed, as server-sent events; the role has to see all",
       "Events",
       {},
       "",
       events},
      {"GET", "/openapi.json", "getOpenApi", "This description; needs no key", "OpenApi", {}, "", openapi},
  };
}

}  // namespace hkl
