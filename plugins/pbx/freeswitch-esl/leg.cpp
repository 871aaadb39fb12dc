#include "leg.h"

#include <array>
#include <charconv>

#include "hookline/sdk/endings.h"
#include "hookline/sdk/text.h"

namespace freeswitch {
namespace {

using hookline::str;
using hookline::view;

// Within one millisecond: what a message says of the past comes before what it
// says of its own moment (those count from Event-Sequence, which is large).
enum Order : std::uint64_t { kBegunFirst, kBegun, kDialled, kUp, kBridged, kLeft };

std::int64_t ms(Micros at) { return at / 1000; }

hkl_call_event draft(std::uint32_t kind, Micros at, std::uint64_t order, std::string_view leg, std::string_view call) {
  hkl_call_event event;
  hkl_call_event_init(&event);
  event.kind = kind;
  event.at_ms = ms(at);
  event.seq = order;
  event.leg_ref = str(leg);
  event.call_ref = str(call.empty() ? leg : call);
  return event;
}

// "sofia/internal/101@10.0.0.5:5060" -> "101@10.0.0.5:5060".
std::string_view address_in(std::string_view name) {
  const auto slash = name.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : name.substr(slash + 1);
}

std::string_view host_in(std::string_view name) {
  const auto address = address_in(name);
  const auto at = address.find('@');
  if (at == std::string_view::npos) return {};
  return address.substr(at + 1, address.substr(at + 1).find(':'));
}

std::string_view profile_in(std::string_view name) {
  constexpr std::string_view kSofia = "sofia/";
  if (name.substr(0, kSofia.size()) != kSofia) return {};
  return name.substr(kSofia.size(), name.substr(kSofia.size()).find('/'));
}

std::string_view first_of(std::initializer_list<std::string_view> texts) {
  for (const auto text : texts)
    if (!text.empty()) return text;
  return {};
}

bool same_number(std::string_view a, std::string_view b) {
  if (!a.empty() && a.front() == '+') a.remove_prefix(1);
  if (!b.empty() && b.front() == '+') b.remove_prefix(1);
  return a == b;
}

// "1795414865:<uuid>:bl_xfer:103/default/XML": which kind, and where to.
struct Source {
  std::string_view id, kind, target;
};
Source source_of(std::string_view text) {
  Source source;
  for (auto* part : {static_cast<std::string_view*>(nullptr), &source.id, &source.kind}) {
    const auto end = text.find(':');
    if (end == std::string_view::npos) return {};
    if (part != nullptr) *part = text.substr(0, end);
    text.remove_prefix(end + 1);
  }
  // The context and the kind of dialplan stand behind; "inline" is the switch's
  // own way to let a channel wait.
  const auto dialplan = text.rfind('/');
  if (dialplan == std::string_view::npos || text.substr(dialplan) == "/inline") return source;
  const auto context = text.rfind('/', dialplan - 1);
  if (dialplan > 0 && context != std::string_view::npos) source.target = text.substr(0, context);
  return source;
}

}  // namespace

Micros micros_of(std::string_view text) {
  Micros value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && value > 0 ? value : 0;
}

std::string_view bridge_of(std::string_view one, std::string_view other, std::string& room) {
  if (other < one) std::swap(one, other);
  return room.assign(one).append("+").append(other);
}

bool application_of(std::string_view app, std::string_view data, std::string_view destination, hkl_call_event& event) {
  if (app == "ivr" || app == "play_and_get_digits" || app == "read") {
    event.leg_kind = HKL_LEG_KIND_IVR;
    // A menu of its own has a name; the dialplan's has that of where it stands.
    event.name = str(app == "ivr" ? data : destination);
    return true;
  }
  if (app != "voicemail" || data.substr(0, 5) == "check") return false;  // an employee listens to his own
  event.leg_kind = HKL_LEG_KIND_VOICEMAIL;
  // "default domain 101"
  const auto blank = data.rfind(' ');
  event.name = str(blank == std::string_view::npos ? data : data.substr(blank + 1));
  return true;
}

std::string order_ref(std::string_view request) { return "request:" + std::string(request); }

void place(Leg& leg, const Numbering& numbering) {
  if (leg.name.substr(0, 9) == "loopback/") {
    leg.kind = HKL_CHANNEL_KIND_LOCAL;
    return;
  }
  const bool is_trunk = !leg.gateway.empty() || numbering.is_trunk(leg.profile) ||
                        numbering.is_trunk(profile_in(leg.name)) || numbering.is_trunk(host_in(leg.name));
  if (!is_trunk) {
    // A phone's contact may be named by anything: its presence and the name it
    // signed in with come first, and where it dials itself its caller id last.
    for (const auto number : {user_of(leg.presence), leg.user, leg.is_dialled ? leg.destination : std::string_view(),
                              user_of(address_in(leg.name)), leg.is_dialled ? std::string_view() : leg.caller}) {
      if (!numbering.is_extension(number)) continue;
      leg.kind = HKL_CHANNEL_KIND_PHONE;
      leg.extension = number;
      return;
    }
  }
  leg.kind = leg.name.substr(0, 6) == "sofia/" || is_trunk ? HKL_CHANNEL_KIND_TRUNK : HKL_CHANNEL_KIND_UNKNOWN;
  // FreeTDM, OpenZAP, Khomp, …: whatever is no phone leads outside.
  if (leg.kind == HKL_CHANNEL_KIND_UNKNOWN && !leg.name.empty()) leg.kind = HKL_CHANNEL_KIND_TRUNK;
}

std::vector<std::string> variables_of(const hookline::Texts& variables) {
  std::vector<std::string> names;
  for (const auto variable : variables) names.push_back("variable_" + std::string(variable));
  return names;
}

Leg leg_of(const Event& e, const Numbering& numbering) {
  Leg leg;
  leg.uuid = e["Unique-ID"];
  leg.name = e["Channel-Name"];
  leg.call = e["Channel-Call-UUID"];
  leg.is_dialled = e["Call-Direction"] == "outbound";
  const bool has_originator = e["Other-Type"] == "originator";
  leg.originator = first_of({e["variable_originating_leg_uuid"], e["variable_originator"],
                             has_originator ? e["Other-Leg-Unique-ID"] : std::string_view()});
  leg.profile = e["variable_sofia_profile_name"];
  leg.gateway = first_of({e["variable_sip_gateway_name"], e["variable_sip_gateway"]});
  leg.presence = e["Channel-Presence-ID"];
  if (!leg.is_dialled) leg.user = first_of({e["variable_user_name"], e["variable_sip_auth_username"]});
  leg.caller = e["Caller-Caller-ID-Number"];
  leg.caller_name = e["Caller-Caller-ID-Name"];
  leg.destination = e["Caller-Destination-Number"];
  leg.requested = first_of({e["variable_sip_req_user"], e["Caller-RDNIS"]});
  leg.sent_to = e["variable_sip_to_user"];
  leg.sent_from = e["variable_sip_from_user"];
  leg.pair = e["variable_other_loopback_leg_uuid"];
  if (e["variable_cc_side"] == "agent") {
    leg.queue_caller = e["variable_cc_member_session_uuid"];
    leg.queue = user_of(e["variable_cc_queue"]);
  }
  for (std::size_t i = 0; i < e.more_count() && leg.request.empty(); ++i) leg.request = e.more(i);
  leg.cause = e["Hangup-Cause"];
  leg.ended = e["variable_sip_hangup_disposition"];
  leg.hides_number = e["Caller-Privacy-Hide-Number"] == "true";
  leg.is_first_word = e["Event-Name"] == "CHANNEL_CREATE";
  leg.created = micros_of(e["Caller-Channel-Created-Time"]);
  leg.answered = micros_of(e["Caller-Channel-Answered-Time"]);
  leg.hung_up = micros_of(e["Caller-Channel-Hangup-Time"]);
  leg.now.destination = leg.destination;
  leg.now.transfer_source = e["Caller-Transfer-Source"];
  leg.now.begun = micros_of(e["Caller-Profile-Created-Time"]);
  leg.now.bridged = micros_of(e["Caller-Channel-Bridged-Time"]);
  if (leg.now.bridged > 0) {
    leg.now.other = e["Other-Leg-Unique-ID"];
    leg.now.other_name = e["Other-Leg-Channel-Name"];
    leg.now.other_number = has_originator ? e["Other-Leg-Caller-ID-Number"] : e["Other-Leg-Destination-Number"];
  }
  place(leg, numbering);
  return leg;
}

void Teller::tell(hkl_call_event event) const {
  auto& parts = room_.parts;
  parts.clear();
  const auto number = [&](std::int64_t value) {
    std::array<char, 24> digits{};
    const auto* end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    parts.add({digits.data(), static_cast<std::size_t>(end - digits.data())}).add("\n");
  };
  for (const auto value : {event.kind, event.direction, event.channel_kind, event.leg_kind, event.leg_outcome,
                           event.reason, event.hung_up_by, event.transfer_kind, event.is_up, event.is_withheld})
    number(value);
  for (const auto value : {event.at_ms, event.started_at_ms, event.answered_at_ms}) number(value);
  for (const auto& text : {event.leg_ref, event.call_ref, event.other_ref, event.bridge_ref, event.client,
                           event.client_name, event.line, event.extension, event.name, event.queue, event.dialled,
                           event.from, event.to, event.cause, event.result, event.recording, event.request})
    parts.add(view(text)).add("\n");
  const auto id = parts.hex();
  event.event_id = str(id);
  emit_(event);
}

void Teller::begun(const Leg& leg) const {
  if (leg.uuid.empty() || leg.created == 0) return;
  auto e = draft(HKL_EVENT_CHANNEL_BEGUN, leg.created, leg.is_first_word ? kBegunFirst : kBegun, leg.uuid, leg.call);
  e.channel_kind = leg.kind;
  e.name = str(leg.name);
  e.extension = str(leg.extension);
  const bool has_dialler = !leg.originator.empty() || !leg.queue_caller.empty();
  if (leg.kind == HKL_CHANNEL_KIND_TRUNK) {
    e.direction = leg.is_dialled ? HKL_DIRECTION_OUT : HKL_DIRECTION_IN;
    if (leg.is_dialled) {
      // Once a call was transferred its profile is turned round; what was sent
      // to the carrier stays in its variables.
      const bool is_turned = !leg.sent_to.empty() && same_number(leg.caller, leg.sent_to);
      const bool is_original = leg.is_first_word && !is_turned;
      e.client = str(numbering_.without_prefix(is_original ? leg.destination : leg.sent_to));
      const auto shown = is_turned ? leg.sent_from : leg.caller;
      if (!is_withheld(shown) && !numbering_.is_extension(shown)) e.line = str(shown);
    } else {
      e.line = str(leg.is_first_word ? leg.destination : leg.requested);
      const bool is_hidden = leg.hides_number || is_withheld(leg.caller);
      if (is_hidden) e.is_withheld = HKL_TRI_YES;
      if (!is_hidden) e.client = str(leg.caller);
      if (!is_hidden && !same_number(leg.caller, leg.caller_name)) e.client_name = str(leg.caller_name);
    }
  } else if (leg.kind == HKL_CHANNEL_KIND_PHONE && !leg.is_dialled) {
    e.direction = HKL_DIRECTION_OUT;
    e.dialled = str(leg.is_first_word ? leg.destination : leg.requested);
  } else if (leg.kind == HKL_CHANNEL_KIND_PHONE && !has_dialler) {
    // Click-to-call shows the employee whom he is going to talk to.
    if (!is_withheld(leg.caller) && !numbering_.is_extension(leg.caller) && !numbering_.is_own(leg.caller))
      e.client = str(leg.caller);
  }
  tell(e);
  if (!leg.request.empty()) {
    auto order = draft(HKL_EVENT_CALL_REQUESTED, leg.created, kBegun, leg.uuid, leg.call);
    order.request = str(leg.request);
    tell(order);
    // What the order itself says is filed under its id.
    auto meet = draft(HKL_EVENT_REFS_JOINED, leg.created, kBegun, {}, leg.uuid);
    const auto meeting = order_ref(leg.request);
    meet.other_ref = str(meeting);
    tell(meet);
  }
  if (!leg.pair.empty()) {
    auto pair = draft(HKL_EVENT_CHANNEL_PAIRED, leg.created, kBegun, leg.uuid, leg.call);
    pair.other_ref = str(leg.pair);
    tell(pair);
  }
  if (!leg.is_dialled) return;
  // The phones of a queue name nobody who dialled them.
  const auto by = leg.queue_caller.empty() ? leg.originator : leg.queue_caller;
  auto dial = draft(HKL_EVENT_DIAL_BEGUN, leg.created, kDialled, by, by.empty() ? leg.uuid : by);
  dial.other_ref = str(leg.uuid);
  dial.channel_kind = leg.kind;
  dial.name = str(leg.name);
  dial.extension = str(leg.extension);
  dial.client = e.client;
  dial.line = e.line;
  tell(dial);
  if (leg.queue_caller.empty()) return;
  auto offer = draft(HKL_EVENT_MEMBER_RINGING, leg.created, kDialled, leg.queue_caller, leg.queue_caller);
  offer.other_ref = str(leg.uuid);
  offer.queue = str(leg.queue);
  offer.name = str(leg.extension);
  tell(offer);
}

void Teller::up(const Leg& leg) const {
  if (leg.uuid.empty() || leg.answered == 0) return;
  tell(draft(HKL_EVENT_CHANNEL_UP, leg.answered, kUp, leg.uuid, leg.call));
}

void Teller::ended(const Leg& leg) const {
  if (leg.uuid.empty() || leg.hung_up == 0) return;
  auto e = draft(HKL_EVENT_CHANNEL_ENDED, leg.hung_up, kLeft, leg.uuid, leg.call);
  e.cause = str(leg.cause);
  const auto& ending = hookline::ending_of("freeswitch", leg.cause);
  e.leg_outcome = ending.outcome;
  // Where it is the same for either side; else the outcome says it.
  if (ending.of_employee == ending.of_client) e.reason = ending.of_client;
  if (leg.ended.substr(0, 5) == "send_") e.hung_up_by = HKL_BY_SYSTEM;
  if (leg.created > 0) e.started_at_ms = ms(leg.created);
  if (leg.answered > 0) e.answered_at_ms = ms(leg.answered);
  tell(e);
  if (leg.ended == "recv_bye" || leg.ended == "recv_cancel")
    tell(draft(HKL_EVENT_HANGUP_ASKED, leg.hung_up, kLeft, leg.uuid, leg.call));
  if (leg.answered > 0 || !leg.is_dialled || leg.cause.empty()) return;
  const auto by = leg.queue_caller.empty() ? leg.originator : leg.queue_caller;
  auto dial = draft(HKL_EVENT_DIAL_ENDED, leg.hung_up, kLeft, by, by.empty() ? leg.uuid : by);
  dial.other_ref = str(leg.uuid);
  dial.result = str(leg.cause);
  dial.leg_outcome = ending.outcome;
  tell(dial);
}

void Teller::bridged(const Leg& leg, const Profile& profile) const {
  if (leg.uuid.empty() || profile.bridged == 0 || profile.other.empty()) return;
  const auto bridge = bridge_of(leg.uuid, profile.other, room_.bridge);
  auto e = draft(HKL_EVENT_BRIDGE_ENTERED, profile.bridged, kBridged, leg.uuid, leg.call);
  e.bridge_ref = str(bridge);
  tell(e);
  // Of the other side there may be no word of its own (only A legs are recorded
  // unless log-b-leg is set; a gap swallowed it).
  Leg other;
  other.name = profile.other_name;
  other.destination = profile.other_number;
  other.is_dialled = true;
  place(other, numbering_);
  auto there = e;
  there.leg_ref = str(profile.other);
  there.channel_kind = other.kind;
  there.name = str(other.name);
  there.extension = str(other.extension);
  if (other.kind == HKL_CHANNEL_KIND_TRUNK) there.client = str(profile.other_number);
  tell(there);
  if (profile.left == 0) return;
  for (auto* left : {&e, &there}) {
    auto gone = draft(HKL_EVENT_BRIDGE_LEFT, profile.left, kLeft, view(left->leg_ref), leg.call);
    gone.bridge_ref = str(bridge);
    tell(gone);
  }
}

void Teller::transferred(const Leg& leg, const Profile& profile) const {
  const auto source = source_of(profile.transfer_source);
  if (source.kind != "bl_xfer" || source.target.empty() || leg.uuid.empty() || profile.begun == 0) return;
  auto e = draft(HKL_EVENT_TRANSFERRED, profile.begun, kBegun, leg.uuid, leg.call);
  e.transfer_kind = HKL_TRANSFER_BLIND;
  e.to = str(source.target);
  // Each has an id of its own.
  e.name = str(source.id);
  tell(e);
}

}  // namespace freeswitch
