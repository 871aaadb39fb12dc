#include "ami_facts.h"

#include "hangup.h"
#include "hookline/sdk/text.h"

namespace asterisk {

using hookline::str;

namespace {

constexpr std::string_view kRecordingVariable = "MIXMONITOR_FILENAME", kRequestVariable = "HOOKLINE_REQUEST";

// A variable that goes on to other channels is told with the mark of that: "__NAME".
std::string_view without_inheritance(std::string_view name) {
  for (int marks = 0; marks < 2 && !name.empty() && name.front() == '_'; ++marks) name.remove_prefix(1);
  return name;
}

bool is_of_interest(std::string_view variable) {
  const auto name = without_inheritance(variable);
  return name == kRecordingVariable || name == kRequestVariable;
}

constexpr std::string_view kUniqueId = "Uniqueid";

}  // namespace

// One message on its way to events: what all of them share.
struct Facts::Draft {
  const Message& message;
  const Emit& emit;
  const Kind& kind;
  IdRoom& room;
  int count = 0;
  hkl_call_event event;

  Draft(const Message& given, const Emit& to, const Kind& what, IdRoom& id_room, std::int64_t receipt_ms)
      : message(given), emit(to), kind(what), room(id_room) {
    room.id.clear();
    hkl_call_event_init(&event);
    std::uint64_t micros = 0;
    if (parse_timestamp(message["Timestamp"], event.at_ms, micros)) {
      event.seq = micros;
    } else {
      event.at_ms = receipt_ms;
      event.flags = HKL_EVENT_FLAG_RECEIPT_TIME;
    }
    event.leg_ref = str(message["Uniqueid"]);
    event.call_ref = str(message["Linkedid"]);
    if (event.call_ref.len == 0) event.call_ref = event.leg_ref;
  }

  // A message with a time of its own is told from every other by what it is, when
  // and about whom, and by `telling` of its kind; thirty lines more describe the
  // channels, and to read them all for the id took longer than all the rest.
  // Made when first asked for: most messages tell nothing.
  const std::string& id() {
    if (!room.id.empty()) return room.id;
    auto& parts = room.parts;
    parts.clear();
    if (event.flags != HKL_EVENT_FLAG_RECEIPT_TIME) {
      parts.add(kind.name).add("\n").add(message["Timestamp"]);
      for (const auto key : kind.telling)
        if (!key.empty()) parts.add("\n").add(message[key]);
      message.each_ending(kUniqueId, [&](std::string_view whose, std::string_view value) {
        parts.add("\n").add(whose).add(":").add(value);
      });
    } else {
      message.each([&](std::string_view key, std::string_view value) {
        if (key == "ActionID" || key == "Privilege" || key == "SequenceNumber") return;
        parts.add(key).add("\n").add(value).add("\n");
      });
      // Without a time of its own two equal messages are two events.
      parts.add(std::to_string(event.at_ms));
    }
    return room.id = parts.hex();
  }
  // Of what one message tells several times.
  hkl_str id_with(std::string_view suffix) {
    room.own.assign(id()).append("-").append(suffix);
    return str(room.own);
  }

  // Every snapshot of a channel tells its name, and the name of it when it
  // began: enough where the beginning was not heard.
  void describe(const Numbering& numbering) {
    const auto name = numbering.name(message["Channel"]);
    event.name = str(message["Channel"]);
    event.channel_kind = name.kind;
    if (name.kind == HKL_CHANNEL_KIND_PHONE) event.extension = str(name.peer);
    if (name.kind == HKL_CHANNEL_KIND_TRUNK && !is_withheld(message["CallerIDNum"]))
      event.client = str(numbering.without_prefix(message["CallerIDNum"]));
    event.started_at_ms = began_by_id(hookline::view(event.leg_ref));
  }

  void send(std::uint32_t kind_told) {
    event.kind = kind_told;
    event.event_id = count++ == 0 ? str(id()) : id_with(std::to_string(count));
    if (event.leg_ref.len > 0 || event.call_ref.len > 0 || kind_told == HKL_EVENT_PRESENCE) emit(event);
  }
};

// Every channel snapshot in the message, whatever its prefix: its own id and
// its conversation are one call.
void Facts::joined(const Message& message, Draft& draft) const {
  message.each_ending(kUniqueId, [&](std::string_view whose, std::string_view value) {
    const auto linked = message.value(whose, "Linkedid");
    if (value.empty() || linked.empty() || linked == value) return;
    auto event = draft.event;
    event.kind = HKL_EVENT_REFS_JOINED;
    event.leg_ref = {};
    event.call_ref = str(linked);
    event.other_ref = str(value);
    // The pair itself is the id: told a thousand times, kept once.
    auto& id = draft.room.own.assign("join:").append(value).append(":").append(linked);
    event.event_id = str(id);
    draft.emit(event);
  });
}

void Facts::channel_begun(Draft& draft) const {
  const auto& m = draft.message;
  auto& e = draft.event;
  const auto name = numbering_.name(m["Channel"]);
  e.name = str(m["Channel"]);
  e.channel_kind = name.kind;
  const auto number = m["CallerIDNum"];
  const auto dialled = m["Exten"];
  // A channel that Asterisk itself makes begins Down at "s"; one that comes
  // brings what was dialled (chan_sip's begin Down too), or rings at "s" where
  // the line cannot tell (analog).
  const bool has_dialled = dialled != "s" && !dialled.empty();
  const bool is_incoming = has_dialled || m["ChannelState"] == "4";
  if (has_dialled) e.dialled = str(dialled);
  if (name.kind == HKL_CHANNEL_KIND_PHONE) e.extension = str(name.peer);
  if (name.kind == HKL_CHANNEL_KIND_LOCAL) e.extension = str(numbering_.extension_of(m["Channel"]));
  if (name.kind == HKL_CHANNEL_KIND_TRUNK) {
    if (is_incoming) {
      e.direction = HKL_DIRECTION_IN;
      if (has_dialled) e.line = str(dialled);
      if (is_withheld(number)) {
        e.is_withheld = HKL_TRI_YES;
      } else {
        e.client = str(number);
      }
      e.client_name = str(m["CallerIDName"]);
    } else {
      e.direction = HKL_DIRECTION_OUT;
    }
  } else if (is_incoming && name.kind == HKL_CHANNEL_KIND_PHONE) {
    e.direction = HKL_DIRECTION_OUT;  // the phone dials
  }
  if (name.kind == HKL_CHANNEL_KIND_PHONE && !is_incoming) {
    // A click-to-call phone shows the number that will be dialled.
    if (!is_withheld(number) && number != name.peer) e.client = str(number);
  }
  if (m["ChannelState"] == "6") e.is_up = HKL_TRI_YES;
  draft.send(HKL_EVENT_CHANNEL_BEGUN);
}

void Facts::dial(Draft& draft, bool begins) const {
  const auto& m = draft.message;
  auto& e = draft.event;
  e.other_ref = str(m["DestUniqueid"]);
  if (e.leg_ref.len == 0) e.call_ref = str(m["DestLinkedid"]);  // Originate has no caller part
  if (e.other_ref.len == 0) return;
  const auto to = numbering_.name(m["DestChannel"]);
  e.channel_kind = to.kind;
  if (to.kind == HKL_CHANNEL_KIND_PHONE) e.extension = str(to.peer);
  e.name = str(m["DestChannel"]);
  e.dialled = str(m["DialString"]);
  // Whose route dials: an extension that forwards is known by this alone.
  if (numbering_.is_extension(m["Exten"])) e.from = str(m["Exten"]);
  if (to.kind == HKL_CHANNEL_KIND_TRUNK) {
    // "12125550177@trunk-a", "trunk-a/12125550177": what the carrier gets.
    auto number = m["DialString"];
    number = number.substr(0, number.find('@'));
    if (const auto slash = number.rfind('/'); slash != std::string_view::npos) number = number.substr(slash + 1);
    if (is_withheld(number)) number = numbering_.without_prefix(m["DestCallerIDNum"]);
    e.client = str(number);
    // Click-to-call dials from the phone that is up: the line it shows.
    if (!is_withheld(m["CallerIDNum"]) && !numbering_.is_extension(m["CallerIDNum"])) e.line = str(m["CallerIDNum"]);
  }
  if (to.kind == HKL_CHANNEL_KIND_PHONE && e.leg_ref.len == 0) {
    // Click-to-call: the switch itself rings the phone and shows it the number
    // that will be dialled next.
    const auto number = numbering_.without_prefix(m["DestCallerIDNum"]);
    if (!is_withheld(number) && !numbering_.is_extension(number)) e.client = str(number);
  }
  if (begins) {
    draft.send(HKL_EVENT_DIAL_BEGUN);
    return;
  }
  const auto status = m["DialStatus"];
  e.result = str(status);
  e.leg_outcome = leg_outcome_of_word(status);
  e.to = str(m["Forward"]);
  draft.send(HKL_EVENT_DIAL_ENDED);
}

void Facts::bridge(Draft& draft, bool enters) const {
  auto& e = draft.event;
  draft.describe(numbering_);
  e.bridge_ref = str(draft.message["BridgeUniqueid"]);
  e.other_ref = str(draft.message["SwapUniqueid"]);
  draft.send(enters ? HKL_EVENT_BRIDGE_ENTERED : HKL_EVENT_BRIDGE_LEFT);
}

void Facts::transfer_blind(Draft& draft) const {
  const auto& m = draft.message;
  if (!m["Result"].empty() && m["Result"] != "Success") return;
  auto& e = draft.event;
  e.leg_ref = str(m["TransfererUniqueid"]);
  e.call_ref = str(m["TransfererLinkedid"]);
  e.other_ref = str(m["TransfereeUniqueid"]);
  e.transfer_kind = HKL_TRANSFER_BLIND;
  e.from = str(numbering_.extension_of(m["TransfererChannel"]));
  const auto to = m["Extension"];
  e.to = str(numbering_.is_extension(to) ? to : numbering_.without_prefix(to));
  draft.send(HKL_EVENT_TRANSFERRED);
}

void Facts::transfer_attended(Draft& draft) const {
  const auto& m = draft.message;
  if (!m["Result"].empty() && m["Result"] != "Success") return;
  auto& e = draft.event;
  e.leg_ref = str(m["OrigTransfererUniqueid"]);
  e.call_ref = str(m["OrigTransfererLinkedid"]);
  e.other_ref = str(m["SecondTransfererUniqueid"]);
  e.transfer_kind = HKL_TRANSFER_ATTENDED;
  e.from = str(numbering_.extension_of(m["OrigTransfererChannel"]));
  // A local channel may be named after a route of the dialplan.
  const auto target = numbering_.extension_of(m["TransferTargetChannel"]);
  if (numbering_.name(m["TransferTargetChannel"]).kind != HKL_CHANNEL_KIND_LOCAL || numbering_.is_extension(target))
    e.to = str(target);
  draft.send(HKL_EVENT_TRANSFERRED);
  // The consultation is the same call, whatever its own conversation says.
  for (const char* prefix : {"SecondTransferer", "Transferee", "TransferTarget"}) {
    const auto other = m.value(prefix, kUniqueId);
    if (other.empty()) continue;
    auto event = e;
    event.kind = HKL_EVENT_REFS_JOINED;
    event.leg_ref = {};
    event.other_ref = str(other);
    event.event_id = draft.id_with(prefix);
    draft.emit(event);
  }
}

void Facts::park(Draft& draft, bool parks) const {
  const auto& m = draft.message;
  auto& e = draft.event;
  e.leg_ref = str(m["ParkeeUniqueid"]);
  e.call_ref = str(m["ParkeeLinkedid"]);
  e.name = str(m["ParkingSpace"]);
  e.from = str(numbering_.extension_of(m["ParkerDialString"]));
  e.other_ref = str(m["RetrieverUniqueid"]);
  draft.send(parks ? HKL_EVENT_CHANNEL_PARKED : HKL_EVENT_CHANNEL_UNPARKED);
}

void Facts::queue(Draft& draft) const {
  const auto& m = draft.message;
  auto& e = draft.event;
  e.queue = str(m["Queue"]);
  const auto event = m["Event"];
  if (event == "QueueCallerJoin") return draft.send(HKL_EVENT_QUEUE_ENTERED);
  if (event == "QueueCallerAbandon") e.leg_outcome = HKL_LEG_ABANDONED;
  draft.send(HKL_EVENT_QUEUE_LEFT);
}

void Facts::member(Draft& draft, std::uint32_t kind) const {
  const auto& m = draft.message;
  auto& e = draft.event;
  e.queue = str(m["Queue"]);
  e.other_ref = str(m["DestUniqueid"]);
  e.client_name = {};
  e.name = str(m["MemberName"]);
  draft.send(kind);
}

void Facts::agent(Draft& draft, std::uint32_t presence) const {
  auto& e = draft.event;
  e.extension = str(numbering_.extension_of(draft.message["Interface"]));
  e.queue = str(draft.message["Queue"]);
  e.presence = presence;
  e.reason_text = presence == HKL_PRESENCE_PAUSE ? str(draft.message["PausedReason"]) : hkl_str{};
  if (e.extension.len > 0) draft.send(HKL_EVENT_PRESENCE);
}

void Facts::signs_in(Draft& draft) const {
  if (!is_signed_in(draft.message)) return;
  agent(draft, HKL_PRESENCE_ONLINE);
  if (draft.message["Paused"] == "1") agent(draft, HKL_PRESENCE_PAUSE);
}

void Facts::signs_out(Draft& draft) const {
  if (is_signed_in(draft.message)) agent(draft, HKL_PRESENCE_OFFLINE);
}

void Facts::pauses(Draft& draft) const {
  agent(draft, draft.message["Paused"] == "1" ? HKL_PRESENCE_PAUSE : HKL_PRESENCE_ONLINE);
}

void Facts::application(Draft& draft) const {
  const auto& m = draft.message;
  auto& e = draft.event;
  const auto app = m["Application"];
  if (app == "BackGround" || app == "Background" || app == "Read" || app == "WaitExten") {
    e.leg_kind = HKL_LEG_KIND_IVR;
    e.name = str(m["Context"]);
  } else if (app == "VoiceMail") {
    e.leg_kind = HKL_LEG_KIND_VOICEMAIL;
    e.name = str(m["AppData"].substr(0, m["AppData"].find(',')));
  } else {
    return;
  }
  draft.send(HKL_EVENT_APP_ENTERED);
}

void Facts::ended(Draft& draft) const {
  auto& e = draft.event;
  draft.describe(numbering_);
  const auto cause = draft.message["Cause"];
  e.cause = str(cause);
  e.leg_outcome = leg_outcome_of_cause(cause);
  draft.send(HKL_EVENT_CHANNEL_ENDED);
}

void Facts::held(Draft& draft) const { draft.send(HKL_EVENT_HELD); }

void Facts::unheld(Draft& draft) const { draft.send(HKL_EVENT_UNHELD); }

void Facts::changed_state(Draft& draft) const {
  if (draft.message["ChannelState"] == "6") draft.send(HKL_EVENT_CHANNEL_UP);
}

void Facts::hangup_asked(Draft& draft) const {
  draft.describe(numbering_);
  draft.event.cause = str(draft.message["Cause"]);
  draft.send(HKL_EVENT_HANGUP_ASKED);
}

void Facts::keyed(Draft& draft) const {
  if (draft.message["Direction"] != "Received") return;
  draft.event.keys = str(draft.message["Digit"]);
  draft.send(HKL_EVENT_CHANNEL_CHANGED);
}

void Facts::variable(Draft& draft) const {
  auto& e = draft.event;
  const auto name = without_inheritance(draft.message["Variable"]), value = draft.message["Value"];
  if (value.empty()) return;
  if (name == kRecordingVariable) {
    e.recording = str(value);
    draft.send(HKL_EVENT_RECORDING);
  } else if (name == kRequestVariable) {
    e.request = str(value);
    draft.send(HKL_EVENT_CALL_REQUESTED);
  }
}

void Facts::paired(Draft& draft) const {
  auto& e = draft.event;
  e.leg_ref = str(draft.message["LocalOneUniqueid"]);
  e.call_ref = str(draft.message["LocalOneLinkedid"]);
  e.other_ref = str(draft.message["LocalTwoUniqueid"]);
  draft.send(HKL_EVENT_CHANNEL_PAIRED);
}

// What became of an order. "<null>": the phone could not even be tried, and
// there is no channel that this could be about.
void Facts::ordered(Draft& draft) const {
  auto& e = draft.event;
  if (hookline::view(e.leg_ref) == "<null>") return;
  e.request = str(draft.message["ActionID"]);
  e.result = str(draft.message["Response"]);
  e.extension = str(numbering_.extension_of(draft.message["Channel"]));
  e.call_ref = e.leg_ref;
  if (e.request.len > 0) draft.send(HKL_EVENT_CALL_REQUESTED);
}

bool is_signed_in(const Message& member) { return member["Membership"] == "dynamic"; }

const Facts::Kind* Facts::told_by(std::string_view name, const Message& m) {
  const auto* kind = kind_of(name);
  // Half of all that a switch says is variables.
  if (kind != nullptr && kind->tell == &Facts::variable && !is_of_interest(m["Variable"])) return nullptr;
  return kind;
}

void Facts::of(const Message& m, const Kind& kind, std::int64_t receipt_ms, const Emit& emit) const {
  Draft draft(m, emit, kind, id_room_, receipt_ms);
  (this->*kind.tell)(draft);
  joined(m, draft);
}

}  // namespace asterisk
