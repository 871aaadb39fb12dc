#include "ami_facts.h"

#include <charconv>

#include "hangup.h"
#include "hookline/sdk/content_id.h"
#include "hookline/sdk/text.h"

namespace asterisk {

using hookline::str;

bool parse_timestamp(std::string_view text, std::int64_t& ms, std::uint64_t& micros) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || seconds <= 0) return false;
  auto rest = text.substr(static_cast<std::size_t>(end - text.data()));
  micros = 0;
  if (!rest.empty() && rest.front() == '.') {
    rest = rest.substr(1, 6);
    std::uint64_t scale = 100000;
    for (const char c : rest) {
      if (c < '0' || c > '9') return false;
      micros += static_cast<std::uint64_t>(c - '0') * scale;
      scale /= 10;
    }
  }
  ms = seconds * 1000 + static_cast<std::int64_t>(micros / 1000);
  micros %= 1000;
  return true;
}

// One message on its way to events: what all of them share.
struct Facts::Draft {
  const Message& message;
  const Emit& emit;
  std::string id;
  int count = 0;
  hkl_call_event event;

  Draft(const Message& given, const Emit& to, std::int64_t receipt_ms) : message(given), emit(to) {
    hkl_call_event_init(&event);
    hookline::ContentHash hash;
    for (const auto& [key, value] : message.fields()) {
      if (key == "ActionID" || key == "Privilege" || key == "SequenceNumber") continue;
      hash.add(key).add("\n").add(value).add("\n");
    }
    std::uint64_t micros = 0;
    if (parse_timestamp(message["Timestamp"], event.at_ms, micros)) {
      event.seq = micros;
    } else {
      // Without a time of its own two equal messages are two events.
      event.at_ms = receipt_ms;
      event.flags = HKL_EVENT_FLAG_RECEIPT_TIME;
      hash.add(std::to_string(receipt_ms));
    }
    id = hash.hex();
    event.leg_ref = str(message["Uniqueid"]);
    event.call_ref = str(message["Linkedid"]);
    if (event.call_ref.len == 0) event.call_ref = event.leg_ref;
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
    const auto own = hookline::view(event.leg_ref);
    std::int64_t began_ms = 0;
    std::uint64_t micros = 0;
    if (parse_timestamp(own.substr(0, own.find('.')), began_ms, micros)) event.started_at_ms = began_ms;
  }

  void send(std::uint32_t kind) {
    std::string own = count++ == 0 ? id : id + "-" + std::to_string(count);
    event.kind = kind;
    event.event_id = str(own);
    if (event.leg_ref.len > 0 || event.call_ref.len > 0) emit(event);
  }
};

// Every channel snapshot in the message, whatever its prefix: its own id and
// its conversation are one call.
void Facts::joined(const Message& message, Draft& draft) const {
  for (const auto& [key, value] : message.fields()) {
    constexpr std::string_view kSuffix = "Uniqueid";
    if (key.size() < kSuffix.size() || key.substr(key.size() - kSuffix.size()) != kSuffix || value.empty()) continue;
    const auto prefix = key.substr(0, key.size() - kSuffix.size());
    const auto linked = message[std::string(prefix) + "Linkedid"];
    if (linked.empty() || linked == value) continue;
    auto event = draft.event;
    event.kind = HKL_EVENT_REFS_JOINED;
    event.leg_ref = {};
    event.call_ref = str(linked);
    event.other_ref = str(value);
    // The pair itself is the id: told a thousand times, kept once.
    const auto id = "join:" + std::string(value) + ":" + std::string(linked);
    event.event_id = str(id);
    draft.emit(event);
  }
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
  e.to = str(numbering_.extension_of(m["TransferTargetChannel"]));
  draft.send(HKL_EVENT_TRANSFERRED);
  // The consultation is the same call, whatever its own conversation says.
  for (const char* prefix : {"SecondTransferer", "Transferee", "TransferTarget"}) {
    const auto other = m[std::string(prefix) + "Uniqueid"];
    if (other.empty()) continue;
    auto event = e;
    event.kind = HKL_EVENT_REFS_JOINED;
    event.leg_ref = {};
    event.other_ref = str(other);
    const auto id = draft.id + "-" + prefix;
    event.event_id = str(id);
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

std::int64_t Facts::of(const Message& m, std::int64_t receipt_ms, const Emit& emit) const {
  const auto kind = m["Event"];
  Draft draft(m, emit, receipt_ms);
  auto& e = draft.event;
  const bool is_known = [&] {
    if (kind == "Newchannel") return channel_begun(draft), true;
    if (kind == "Newstate") return m["ChannelState"] == "6" ? draft.send(HKL_EVENT_CHANNEL_UP) : void(), true;
    if (kind == "DialBegin") return dial(draft, true), true;
    if (kind == "DialEnd") return dial(draft, false), true;
    if (kind == "BridgeEnter") return bridge(draft, true), true;
    if (kind == "BridgeLeave") return bridge(draft, false), true;
    if (kind == "Hold") return draft.send(HKL_EVENT_HELD), true;
    if (kind == "Unhold") return draft.send(HKL_EVENT_UNHELD), true;
    if (kind == "Hangup") return ended(draft), true;
    if (kind == "HangupRequest") {
      draft.describe(numbering_);
      e.cause = str(m["Cause"]);
      return draft.send(HKL_EVENT_HANGUP_ASKED), true;
    }
    if (kind == "BlindTransfer") return transfer_blind(draft), true;
    if (kind == "AttendedTransfer") return transfer_attended(draft), true;
    if (kind == "ParkedCall") return park(draft, true), true;
    if (kind == "UnParkedCall") return park(draft, false), true;
    if (kind == "QueueCallerJoin" || kind == "QueueCallerLeave" || kind == "QueueCallerAbandon")
      return queue(draft), true;
    if (kind == "AgentCalled") return member(draft, HKL_EVENT_MEMBER_RINGING), true;
    if (kind == "AgentRingNoAnswer") return member(draft, HKL_EVENT_MEMBER_LEFT), true;
    if (kind == "AgentConnect") return member(draft, HKL_EVENT_MEMBER_CONNECTED), true;
    if (kind == "Newexten") return application(draft), true;
    if (kind == "DTMFEnd") {
      if (m["Direction"] != "Received") return true;
      e.keys = str(m["Digit"]);
      return draft.send(HKL_EVENT_CHANNEL_CHANGED), true;
    }
    if (kind == "VarSet") {
      if (m["Variable"] != "MIXMONITOR_FILENAME" || m["Value"].empty()) return m["Variable"] == "HOOKLINE_REQUEST";
      e.recording = str(m["Value"]);
      return draft.send(HKL_EVENT_RECORDING), true;
    }
    if (kind == "LocalBridge") {
      e.leg_ref = str(m["LocalOneUniqueid"]);
      e.call_ref = str(m["LocalOneLinkedid"]);
      e.other_ref = str(m["LocalTwoUniqueid"]);
      return draft.send(HKL_EVENT_CHANNEL_PAIRED), true;
    }
    if (kind == "Pickup") return true;  // its snapshots are joined below
    if (kind == "OriginateResponse") {
      e.request = str(m["ActionID"]);
      e.result = str(m["Response"]);
      e.extension = str(numbering_.extension_of(m["Channel"]));
      e.call_ref = e.leg_ref;
      return draft.send(HKL_EVENT_CALL_REQUESTED), true;
    }
    return false;
  }();
  if (is_known) {
    if (kind == "VarSet" && m["Variable"] == "HOOKLINE_REQUEST") {
      e.request = str(m["Value"]);
      draft.send(HKL_EVENT_CALL_REQUESTED);
    }
    joined(m, draft);
  }
  return e.flags == 0 ? e.at_ms : HKL_UNKNOWN_MS;
}

}  // namespace asterisk
