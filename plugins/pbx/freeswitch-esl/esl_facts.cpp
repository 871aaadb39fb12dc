#include "esl_facts.h"

#include <algorithm>

#include "hookline/sdk/content_id.h"
#include "hookline/sdk/text.h"
#include "order_text.h"

namespace freeswitch {
namespace {

using hookline::str;

constexpr std::string_view kKinds[] = {
    "CHANNEL_CREATE",  "CHANNEL_ANSWER", "CHANNEL_BRIDGE", "CHANNEL_UNBRIDGE", "CHANNEL_HANGUP_COMPLETE",
    "CHANNEL_DESTROY", "CHANNEL_HOLD",   "CHANNEL_UNHOLD", "CHANNEL_EXECUTE",  "CHANNEL_EXECUTE_COMPLETE",
    "RECORD_START",    "RECORD_STOP",    "DTMF",           "BACKGROUND_JOB",   "API",
    "HEARTBEAT",       "SHUTDOWN",       "CUSTOM"};
constexpr std::string_view kSubclasses = " callcenter::info valet_parking::info";

// Kinds that tell what all of their channel's times are; of others that is
// looked at only where nobody heard of the channel before.
constexpr std::string_view kOfChannel[] = {"CHANNEL_CREATE",   "CHANNEL_ANSWER",          "CHANNEL_BRIDGE",
                                           "CHANNEL_UNBRIDGE", "CHANNEL_HANGUP_COMPLETE", "CHANNEL_DESTROY"};

bool tells_of_channel(std::string_view kind) {
  return std::find(std::begin(kOfChannel), std::end(kOfChannel), kind) != std::end(kOfChannel);
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

// One event on its way: its own time, and ids by its number.
struct Facts::Draft {
  const Event& message;
  TextRoom& room;
  const Emit& emit;
  int count = 0;
  hkl_call_event event;

  Draft(const Event& given, TextRoom& texts, const Emit& to) : message(given), room(texts), emit(to) {
    hkl_call_event_init(&event);
    const auto at = micros_of(message["Event-Date-Timestamp"]);
    event.at_ms = at > 0 ? at / 1000 : HKL_UNKNOWN_MS;
    event.seq = static_cast<std::uint64_t>(micros_of(message["Event-Sequence"]));
    event.leg_ref = str(message["Unique-ID"]);
    const auto call = message["Channel-Call-UUID"];
    event.call_ref = call.empty() ? event.leg_ref : str(call);
  }

  void send(std::uint32_t kind) {
    if (count == 0)
      hookline::ContentHash().add(message["Core-UUID"]).add(":").add(message["Event-Sequence"]).put_hex(room.id);
    room.own_id = room.id;
    if (count++ > 0) room.own_id.append("-").append(std::to_string(count));
    event.kind = kind;
    event.event_id = str(room.own_id);
    if (event.leg_ref.len > 0 || event.call_ref.len > 0 || kind == HKL_EVENT_PRESENCE) emit(event);
  }
};

bool Facts::is_wanted(std::string_view kind) {
  return std::find(std::begin(kKinds), std::end(kKinds), kind) != std::end(kKinds);
}

std::string Facts::subscription() {
  std::string text;
  for (const auto kind : kKinds) text.append(text.empty() ? "" : " ").append(kind);
  return text.append(kSubclasses);
}

// Each word of a channel carries its times: those before this event are told
// where nobody heard it before, and once more at its end.
void Facts::channel(Draft& draft, const Leg& leg, bool is_new_channel) const {
  const Teller teller(numbering_, room_, draft.emit);
  const auto kind = draft.message["Event-Name"];
  const bool is_end = kind == "CHANNEL_HANGUP_COMPLETE" || kind == "CHANNEL_DESTROY";
  if (is_new_channel || kind == "CHANNEL_CREATE") teller.begun(leg);
  if (is_new_channel || is_end || kind == "CHANNEL_ANSWER") teller.up(leg);
  if (is_new_channel || is_end || kind == "CHANNEL_BRIDGE" || kind == "CHANNEL_UNBRIDGE")
    teller.transferred(leg, leg.now);
  if (is_new_channel) teller.bridged(leg, leg.now);
  if (is_end) teller.ended(leg);
}

void Facts::bridge(Draft& draft, bool enters) const {
  const auto a = draft.message["Bridge-A-Unique-ID"], b = draft.message["Bridge-B-Unique-ID"];
  if (a.empty() || b.empty()) return;
  auto& e = draft.event;
  e.bridge_ref = str(bridge_of(a, b, room_.bridge));
  e.call_ref = str(a);
  for (const auto side : {a, b}) {
    e.leg_ref = str(side);
    draft.send(enters ? HKL_EVENT_BRIDGE_ENTERED : HKL_EVENT_BRIDGE_LEFT);
  }
}

void Facts::application(Draft& draft, bool enters) const {
  if (!application_of(draft.message["Application"], draft.message["Application-Data"],
                      draft.message["Caller-Destination-Number"], draft.event))
    return;
  draft.send(enters ? HKL_EVENT_APP_ENTERED : HKL_EVENT_APP_LEFT);
}

void Facts::queue(Draft& draft) const {
  const auto& m = draft.message;
  auto& e = draft.event;
  const auto action = m["CC-Action"];
  const auto member = m["CC-Member-Session-UUID"];
  e.queue = str(user_of(m["CC-Queue"]));
  if (action == "agent-status-change") {
    const auto status = m["CC-Agent-Status"];
    e.leg_ref = e.call_ref = e.queue = {};
    e.extension = str(user_of(m["CC-Agent"]));
    e.presence = is_one_of(status, {"Available", "Available (On Demand)"}) ? HKL_PRESENCE_ONLINE
                 : status == "On Break"                                    ? HKL_PRESENCE_PAUSE
                 : status == "Logged Out"                                  ? HKL_PRESENCE_OFFLINE
                                                                           : HKL_PRESENCE_UNKNOWN;
    e.reason_text = str(status);
    if (e.presence != HKL_PRESENCE_UNKNOWN && e.extension.len > 0) draft.send(HKL_EVENT_PRESENCE);
    return;
  }
  if (member.empty()) return;
  e.leg_ref = e.call_ref = str(member);
  if (action == "member-queue-start" || action == "member-queue-resume") return draft.send(HKL_EVENT_QUEUE_ENTERED);
  if (action == "bridge-agent-start") {
    e.other_ref = str(m["CC-Agent-UUID"]);
    e.name = str(user_of(m["CC-Agent"]));
    if (e.other_ref.len > 0) draft.send(HKL_EVENT_MEMBER_CONNECTED);
    return;
  }
  if (action != "member-queue-end") return;
  const auto why = m["CC-Cancel-Reason"];
  e.result = str(why.empty() ? m["CC-Cause"] : why);
  e.leg_outcome = why == "TIMEOUT"            ? HKL_LEG_TIMED_OUT
                  : why == "NO_AGENT_TIMEOUT" ? HKL_LEG_NO_STAFF
                  : why == "EXIT_WITH_KEY"    ? HKL_LEG_MOVED
                  : why == "BREAK_OUT"        ? HKL_LEG_ABANDONED
                                              : HKL_LEG_OUTCOME_UNKNOWN;
  draft.send(HKL_EVENT_QUEUE_LEFT);
}

void Facts::parking(Draft& draft) const {
  auto& e = draft.event;
  e.name = str(draft.message["Valet-Extension"]);
  const auto action = draft.message["Action"];
  if (action == "hold") return draft.send(HKL_EVENT_CHANNEL_PARKED);
  // "bridge": this channel fetches the parked one.
  if (action != "bridge") return;
  e.other_ref = e.leg_ref;
  e.leg_ref = e.call_ref = str(draft.message["Bridge-To-UUID"]);
  draft.send(HKL_EVENT_CHANNEL_UNPARKED);
}

// A program's order: "originate {variables}user/101 0639980050 XML default".
// Its id is where the channels and this meet; without one it cannot be told
// which call it is about.
void Facts::order(Draft& draft) const {
  const bool is_job = draft.message["Event-Name"] == "BACKGROUND_JOB";
  const auto& m = draft.message;
  if ((is_job ? m["Job-Command"] : m["API-Command"]) != "originate") return;
  const OrderText order(is_job ? m["Job-Command-Arg"] : m["API-Command-Argument"]);
  std::string_view request;
  for (const auto name : settings_.request_variables)
    if (request.empty()) request = order.variable(name);
  if (request.empty()) return;
  auto& e = draft.event;
  const auto meeting = order_ref(request);
  e.leg_ref = {};
  e.call_ref = str(meeting);
  e.request = str(request);
  if (is_job) e.result = str(draft.message.body().substr(0, draft.message.body().find_first_of("\r\n")));
  const auto shown = order.variable("origination_caller_id_number");
  const auto number = numbering_.is_extension(order.destination()) ? std::string_view() : order.destination();
  e.client = str(numbering_.without_prefix(number.empty() ? shown : number));
  draft.send(HKL_EVENT_CALL_REQUESTED);
}

std::int64_t Facts::of(const Event& m, bool is_new_channel, const Emit& emit) const {
  Draft draft(m, room_, emit);
  auto& e = draft.event;
  if (e.at_ms == HKL_UNKNOWN_MS) return e.at_ms;
  const auto kind = m["Event-Name"];
  if (is_new_channel || tells_of_channel(kind)) channel(draft, leg_of(m, numbering_), is_new_channel);
  if (kind == "CHANNEL_BRIDGE" || kind == "CHANNEL_UNBRIDGE") bridge(draft, kind == "CHANNEL_BRIDGE");
  if (kind == "CHANNEL_HOLD") draft.send(HKL_EVENT_HELD);
  if (kind == "CHANNEL_UNHOLD") draft.send(HKL_EVENT_UNHELD);
  if (kind == "CHANNEL_EXECUTE" || kind == "CHANNEL_EXECUTE_COMPLETE") application(draft, kind == "CHANNEL_EXECUTE");
  if (kind == "RECORD_START" || kind == "RECORD_STOP") {
    e.recording = str(m["Record-File-Path"]);
    if (e.recording.len > 0) draft.send(HKL_EVENT_RECORDING);
  }
  if (kind == "DTMF") {
    e.keys = str(m["DTMF-Digit"]);
    if (e.keys.len > 0) draft.send(HKL_EVENT_CHANNEL_CHANGED);
  }
  if (kind == "CUSTOM" && m["Event-Subclass"] == "callcenter::info") queue(draft);
  if (kind == "CUSTOM" && m["Event-Subclass"] == "valet_parking::info") parking(draft);
  if (kind == "BACKGROUND_JOB" || kind == "API") order(draft);
  return e.at_ms;
}

}  // namespace freeswitch
