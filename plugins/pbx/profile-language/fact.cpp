#include "fact.h"

#include <algorithm>
#include <cmath>

#include "text_repair.h"

namespace profile {
namespace {

struct Kind {
  std::string_view name;
  std::uint32_t kind;
};
constexpr Kind kKinds[] = {{"begun", HKL_EVENT_CALL_BEGUN},
                           {"ringing", HKL_EVENT_LEG_RINGING},
                           {"answered", HKL_EVENT_LEG_ANSWERED},
                           {"leg_ended", HKL_EVENT_LEG_ENDED},
                           {"held", HKL_EVENT_HELD},
                           {"unheld", HKL_EVENT_UNHELD},
                           {"queued", HKL_EVENT_QUEUE_ENTERED},
                           {"unqueued", HKL_EVENT_QUEUE_LEFT},
                           {"transferred", HKL_EVENT_TRANSFERRED},
                           {"leg", HKL_EVENT_LEG_SUMMARY},
                           {"summary", HKL_EVENT_CALL_SUMMARY},
                           {"ended", HKL_EVENT_CALL_ENDED},
                           {"recording", HKL_EVENT_RECORDING},
                           {"tags", HKL_EVENT_TAGGED},
                           {"rating", HKL_EVENT_RATED}};

constexpr std::size_t kEventsAtMost = 500, kTextAtMost = 4096;

// Words in the order of their constants.
using Words = std::vector<std::string>;
const Words& reasons() {
  static const Words words{"",
                           "normal",
                           "client_hung_up",
                           "employee_hung_up",
                           "client_no_answer",
                           "client_busy",
                           "client_rejected",
                           "client_unavailable",
                           "employee_no_answer",
                           "employee_busy",
                           "employee_unavailable",
                           "employee_rejected",
                           "dial_timeout",
                           "queue_timeout",
                           "network",
                           "technical",
                           "limit",
                           "finance",
                           "not_configured",
                           "security",
                           "unknown"};
  return words;
}
const Words& directions() {
  static const Words words{"", "in", "out", "internal"};
  return words;
}
const Words& parties() {
  static const Words words{"", "client", "employee", "system"};
  return words;
}
const Words& leg_kinds() {
  static const Words words{"", "employee", "queue", "group", "ivr", "external", "voicemail"};
  return words;
}
const Words& leg_outcomes() {
  static const Words words{"",          "answered", "no_answer", "busy",      "elsewhere", "rejected", "unavailable",
                           "cancelled", "failed",   "abandoned", "timed_out", "no_staff",  "refused",  "moved"};
  return words;
}
const Words& transfer_kinds() {
  static const Words words{"", "blind", "attended", "forward", "park"};
  return words;
}
const Words& call_types() {
  static const Words words{"",         "line", "site_phone",      "callback",         "sip",
                           "scenario", "api",  "tracking_static", "tracking_dynamic", "external_pbx",
                           "unknown"};
  return words;
}

std::uint32_t number_of_word(const Words& words, std::string_view word) {
  for (std::size_t i = 1; i < words.size(); ++i)
    if (words[i] == word) return static_cast<std::uint32_t>(i);
  return 0;
}

// What a fact may say; a name's place is its number.
constexpr std::string_view kSays[] = {
    "at",     "seq",   "leg",      "extension", "direction", "client",  "client_name", "line",
    "caller", "queue", "name",     "call_type", "request",   "result",  "leg_kind",    "leg_outcome",
    "reason", "by",    "from",     "to",        "kind",      "start",   "offered",     "answer",
    "end",    "talk",  "held",     "wait",      "acw",       "talked",  "recording",   "rating",
    "tags",   "last",  "employee", "keys",      "cause",     "withheld"};

consteval std::size_t says(std::string_view name) {
  std::size_t number = 0;
  while (kSays[number] != name) ++number;
  return number;
}

std::int64_t ms_of(Node value) {
  const auto seconds = number_of(value);
  // Beyond this it is no time of a call; the host would refuse the event.
  return seconds && *seconds >= 0 && *seconds < 7.2e9 ? std::llround(*seconds * 1000) : HKL_UNKNOWN_MS;
}

// A text of an event, no longer than the host takes.
hkl_str str_of(std::string_view text, Room& room) {
  if (text.size() > kTextAtMost) text = room.keep(to_utf8(text.substr(0, kTextAtMost), ""));
  return hookline::str(text);
}

// The same of a value; numbers are written into the room.
hkl_str str_of(Node value, Room& room) {
  if (value.is_text()) return str_of(value.text(), room);
  const Text text(value);
  return text.view().empty() ? hkl_str{} : str_of(room.keep(text), room);
}

hkl_strs tags_of(Node list, Room& room) {
  constexpr std::size_t kTagsAtMost = 100;
  const auto given = list.is_list() ? list.items() : std::span(&list, 1);
  const auto tags = room.texts(std::min(given.size(), kTagsAtMost));
  std::size_t count = 0;
  for (const auto tag : given)
    if (is_there(tag) && !tag.is_structured() && count < tags.size()) tags[count++] = str_of(tag, room);
  return {tags.data(), count};
}

// A word, or {in: …, out: …, any: …, by_in: …, by: …} by direction.
void put_reason(Node reason, std::string_view by, hkl_call_event& event, Room& room) {
  const auto& direction = directions()[event.direction];
  const auto pick = [&](std::string_view prefix, std::string_view general, const Words& words) {
    const Text own(reason[room.join({prefix, direction})]), any(reason[general]);
    return number_of_word(words, own.view().empty() ? any : own);
  };
  if (reason.is_map()) {
    event.reason = pick("", "any", reasons());
    event.hung_up_by = pick("by_", "by", parties());
  } else {
    event.reason = number_of_word(reasons(), Text(reason));
  }
  if (!by.empty()) event.hung_up_by = number_of_word(parties(), by);
}

}  // namespace

const std::string& reason_word(std::uint32_t reason) { return reasons().at(reason); }
const std::string& direction_word(std::uint32_t direction) { return directions().at(direction); }
const std::string& party_word(std::uint32_t by) { return parties().at(by); }
const std::string& leg_outcome_word(std::uint32_t outcome) { return leg_outcomes().at(outcome); }

Fact Fact::compile(const Json& source, const Vocabulary& words, const Place& place) {
  std::vector<std::string> known(std::begin(kSays), std::end(kSays));
  for (const auto* more : {"is", "when", "for", "extra"}) known.emplace_back(more);
  place.check_members(source, known);
  Fact fact;
  fact.values_.resize(std::size(kSays));
  const auto name = (place / "is").text(source.value("is", Json()));
  std::vector<std::string> kinds;
  for (const auto& kind : kKinds) {
    kinds.emplace_back(kind.name);
    if (kind.name == name) fact.kind_ = kind.kind;
  }
  if (fact.kind_ == 0) (place / "is").fail_unknown("kind of fact", name, kinds);
  for (const auto& [key, value] : source.items()) {
    const auto there = place / key;
    if (key == "is" || is_null(value)) continue;
    if (key == "when") {
      fact.when_ = Condition::compile(value, words, there);
    } else if (key == "for") {
      fact.list_ = Value::compile(value, words, there);
    } else if (key == "extra") {
      for (const auto& [member, what] : there.map(value).items())
        fact.extra_.emplace_back(member, Value::compile(what, words, there / member));
    } else {
      const auto* says = std::find(std::begin(kSays), std::end(kSays), key);
      fact.values_[static_cast<std::size_t>(says - std::begin(kSays))] = Value::compile(value, words, there);
    }
  }
  return fact;
}

void Fact::tell(const Scope& scope, std::string_view call, std::string_view id, hookline::Output& out,
                std::size_t& count) const {
  const auto tell_in = [&](const Scope& inner) {
    if (count >= kEventsAtMost || !when_.holds(inner)) return;
    ++count;
    tell_one(inner, call, scope.room.join({id, ":", std::to_string(count)}), out);
  };
  if (!list_.is_set()) return tell_in(scope);
  const auto list = list_.of(scope);
  if (!list.is_list()) return;
  for (const auto item : list.items())
    tell_in({scope.request, item, scope.whole, scope.settings, scope.room, scope.before});
}

void Fact::tell_one(const Scope& scope, std::string_view call, std::string_view id, hookline::Output& out) const {
  auto& room = scope.room;
  hkl_call_event event;
  hkl_call_event_init(&event);
  event.kind = kind_;
  const auto value = [&](std::size_t what) { return values_[what].of(scope); };
  const auto word = [&](std::size_t what, const Words& words) {
    return values_[what].is_set() ? number_of_word(words, Text(value(what))) : 0;
  };
  const auto tri = [&](std::size_t what) {
    if (!values_[what].is_set()) return HKL_TRI_UNKNOWN;
    const Text said(value(what));
    return said.view() == "true" ? HKL_TRI_YES : said.view() == "false" ? HKL_TRI_NO : HKL_TRI_UNKNOWN;
  };
  const auto moment = [&](std::size_t what) { return values_[what].is_set() ? ms_of(value(what)) : HKL_UNKNOWN_MS; };
  const auto number = [&](std::size_t what) { return values_[what].is_set() ? number_of(value(what)).value_or(0) : 0; };
  const auto put = [&](hkl_str& to, std::size_t what) {
    if (values_[what].is_set()) to = str_of(value(what), room);
  };
  event.event_id = str_of(id, room);
  event.call_ref = str_of(call, room);
  put(event.leg_ref, says("leg"));
  event.direction = word(says("direction"), directions());
  event.started_at_ms = moment(says("start"));
  event.offered_at_ms = moment(says("offered"));
  event.answered_at_ms = moment(says("answer"));
  event.ended_at_ms = moment(says("end"));
  event.talk_ms = moment(says("talk"));
  event.wait_ms = moment(says("wait"));
  event.hold_ms = moment(says("held"));
  event.acw_ms = moment(says("acw"));
  auto at = moment(says("at"));
  const bool is_whole = kind_ == HKL_EVENT_CALL_SUMMARY || kind_ == HKL_EVENT_LEG_SUMMARY;
  if (at == HKL_UNKNOWN_MS && is_whole) at = event.started_at_ms;
  if (at == HKL_UNKNOWN_MS && kind_ == HKL_EVENT_CALL_ENDED) at = event.ended_at_ms;
  if (at == HKL_UNKNOWN_MS) {
    at = scope.request.received_ms;
    event.flags |= HKL_EVENT_FLAG_RECEIPT_TIME;
  }
  event.at_ms = at;
  event.seq = static_cast<std::uint64_t>(std::max(0.0, std::min(number(says("seq")), 1e15)));
  put(event.client, says("client"));
  put(event.client_name, says("client_name"));
  put(event.line, says("line"));
  put(event.extension, says("extension"));
  if (event.extension.len == 0) put(event.extension, says("caller"));
  put(event.employee, says("employee"));
  put(event.queue, says("queue"));
  put(event.name, says("name"));
  put(event.request, says("request"));
  put(event.result, says("result"));
  put(event.from, says("from"));
  put(event.to, kind_ == HKL_EVENT_TRANSFERRED ? says("to") : says("last"));
  put(event.recording, says("recording"));
  put(event.keys, says("keys"));
  put(event.cause, says("cause"));
  event.leg_kind = word(says("leg_kind"), leg_kinds());
  event.leg_outcome = word(says("leg_outcome"), leg_outcomes());
  event.transfer_kind = word(says("kind"), transfer_kinds());
  event.call_type = word(says("call_type"), call_types());
  event.talked = tri(says("talked"));
  event.is_withheld = tri(says("withheld"));
  event.rating = static_cast<std::int32_t>(std::max(0.0, std::min(number(says("rating")), 5.0)));
  if (values_[says("reason")].is_set() || values_[says("by")].is_set()) {
    put_reason(value(says("reason")), Text(value(says("by"))), event, room);
  }
  if (values_[says("tags")].is_set()) event.tags = tags_of(value(says("tags")), room);
  const auto extra = extra_of(scope);
  if (extra.size() > 2 && extra.size() < kTextAtMost) event.extra = hookline::str(extra);
  // Of these nothing is left where they have nothing to say.
  if (kind_ == HKL_EVENT_RECORDING && event.recording.len == 0) return;
  if (kind_ == HKL_EVENT_TAGGED && event.tags.count == 0) return;
  if (kind_ == HKL_EVENT_RATED && event.rating == 0) return;
  out.event(event);
}

// What else the vendor tells, as a JSON object; "" or "{}" where that is nothing.
std::string Fact::extra_of(const Scope& scope) const {
  if (extra_.empty()) return {};
  auto extra = Json::object();
  for (const auto& [name, what] : extra_)
    if (const auto said = what.of(scope); is_there(said)) extra[name] = json_of(said);
  return extra.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace profile
