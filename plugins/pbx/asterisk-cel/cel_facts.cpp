#include "cel_facts.h"

#include "hangup.h"
#include "hookline/sdk/content_id.h"
#include "hookline/sdk/json.h"
#include "hookline/sdk/text.h"
#include "record_time.h"

namespace asterisk {

using hookline::Json;
using hookline::str;

namespace {

// A broken one costs what it would have told, not the record.
Json parse_extra(std::string_view text) {
  if (text.empty()) return {};
  try {
    return Json::parse(text);
  } catch (const hookline::Failure&) {
    return {};
  }
}

// "N/A" stands for a channel that is not there.
const std::string& ref_of(const Json& extra, const std::string& name) {
  static const std::string none;
  const auto& ref = extra[name].text();
  return ref == "N/A" ? none : ref;
}

}  // namespace

// One record on its way to events: what all of them share.
struct CelFacts::Draft {
  const Record& record;
  const Emit& emit;
  Json extra;
  ChannelName channel;
  std::string id;
  int count = 0;
  hkl_call_event event;

  Draft(const Record& given, const Emit& to, const Numbering& numbering, const RecordTime& time)
      : record(given), emit(to), extra(parse_extra(given["extra"])), channel(numbering.name(given["channel"])) {
    hookline::ContentHash hash;
    for (const auto& cell : given.cells()) hash.add(cell).add("\n");
    id = hash.hex();
    start(HKL_EVENT_UNKNOWN, time);
  }
  // Clean but for what every event of the record carries.
  void start(std::uint32_t kind, const RecordTime& time) {
    hkl_call_event_init(&event);
    event.kind = kind;
    event.at_ms = time.ms;
    event.seq = time.micros;
    event.leg_ref = str(record["uniqueid"]);
    event.call_ref = str(record["linkedid"]);
    if (event.call_ref.len == 0) event.call_ref = event.leg_ref;
  }
  void send(std::uint32_t kind) {
    const std::string own = count++ == 0 ? id : id + "-" + std::to_string(count);
    event.kind = kind;
    event.event_id = str(own);
    if (event.leg_ref.len > 0) emit(event);
  }
  // Another event of the same record; `set` fills it.
  template <typename F>
  void also(std::uint32_t kind, const F& set) {
    const auto kept = event;
    start(kind, {kept.at_ms, kept.seq});
    set(event);
    send(kind);
    event = kept;
  }
  void join(const std::string& other) {
    if (other.empty() || other == hookline::view(event.call_ref)) return;
    also(HKL_EVENT_REFS_JOINED, [&](hkl_call_event& e) { e.other_ref = str(other); });
  }
  bool app_is(std::string_view prefix) const { return record["app"].substr(0, prefix.size()) == prefix; }
};

void CelFacts::begun(Draft& draft) const {
  const auto& r = draft.record;
  auto& e = draft.event;
  const auto kind = draft.channel.kind;
  e.name = str(r["channel"]);
  e.channel_kind = kind;
  const auto dialled = r["exten"];
  // What Asterisk itself makes begins at "s", in the conversation it is for;
  // an analog line rings at "s" in one of its own.
  const bool has_dialled = !dialled.empty() && dialled != "s";
  const bool is_first = r["uniqueid"] == r["linkedid"];
  if (has_dialled) e.dialled = str(dialled);
  e.extension = str(numbering_.extension_of(r["channel"]));
  if (kind == HKL_CHANNEL_KIND_TRUNK && (has_dialled || is_first)) {
    e.direction = HKL_DIRECTION_IN;
    if (has_dialled) e.line = str(dialled);
    if (is_withheld(r["cidnum"])) {
      e.is_withheld = HKL_TRI_YES;
    } else {
      e.client = str(r["cidnum"]);
    }
    e.client_name = str(r["cidname"]);
  } else if (kind == HKL_CHANNEL_KIND_TRUNK || (kind == HKL_CHANNEL_KIND_PHONE && has_dialled)) {
    e.direction = HKL_DIRECTION_OUT;  // is dialled; the phone dials
  }
  draft.send(HKL_EVENT_CHANNEL_BEGUN);
}

// Numbers are complete only once a channel has done something.
void CelFacts::learned(Draft& draft) const {
  const auto& r = draft.record;
  const auto kind = draft.channel.kind;
  const auto number = r["cidnum"], caller = r["cidani"];
  std::string_view client, line, route;
  if (kind == HKL_CHANNEL_KIND_TRUNK) {
    // Of a dialled trunk: who it was dialled to reach.
    if (draft.app_is("AppDial") && !is_withheld(number)) client = numbering_.without_prefix(number);
  } else if (draft.app_is("AppDial2")) {
    // Ordered by the switch: the phone is shown the number that comes next.
    if (!is_withheld(caller) && !numbering_.is_extension(caller)) client = caller;
  }
  // What the dialling side shows; a click-to-call phone shows the client first.
  const bool is_dialled = r["app"] == "AppDial" || r["app"] == "AppQueue";
  if (kind != HKL_CHANNEL_KIND_TRUNK && !is_dialled && !caller.empty() && number != caller && !is_withheld(number) &&
      !numbering_.is_extension(number))
    line = number;
  // Whose route dials: an extension that forwards is known by this alone.
  if ((is_dialled || r["app"] == "Dial") && numbering_.is_extension(r["exten"])) route = r["exten"];
  if (client.empty() && line.empty() && route.empty()) return;
  draft.also(HKL_EVENT_CHANNEL_CHANGED, [&](hkl_call_event& e) {
    e.client = str(client);
    e.line = str(line);
    e.from = str(route);
  });
}

void CelFacts::ended(Draft& draft) const {
  auto& e = draft.event;
  const auto& cause = draft.extra["hangupcause"];
  const std::string number = cause.kind() == Json::Kind::number ? std::to_string(cause.integer()) : cause.text();
  e.cause = str(number);
  e.leg_outcome = leg_outcome_of_cause(number);
  e.result = str(draft.extra["dialstatus"].text());
  draft.send(HKL_EVENT_CHANNEL_ENDED);
  if (draft.extra["hangupsource"].text() != draft.record["channel"]) return;
  draft.also(HKL_EVENT_HANGUP_ASKED, [&](hkl_call_event& asked) { asked.cause = str(number); });
}

void CelFacts::bridge(Draft& draft, std::uint32_t kind) const {
  // A log without the column `extra` names no bridge. Who is bridged at once in
  // one conversation is then taken to be together: a consultation apart from the
  // client is told by the client's leaving.
  draft.event.bridge_ref = str(draft.extra["bridge_id"].text());
  if (draft.event.bridge_ref.len == 0) draft.event.bridge_ref = draft.event.call_ref;
  draft.send(kind);
}

// Before Asterisk 12 one record told that two talk: on the channel that dialled,
// with the other's name, if the log has it.
void CelFacts::bridge_of_two(Draft& draft, std::uint32_t kind) const {
  draft.event.bridge_ref = draft.event.leg_ref;
  draft.event.talked = HKL_TRI_YES;
  draft.event.to = str(draft.record["peer"]);
  draft.send(kind);
}

void CelFacts::transfer_blind(Draft& draft) const {
  auto& e = draft.event;
  const auto& to = draft.extra["extension"].text();
  e.transfer_kind = HKL_TRANSFER_BLIND;
  e.other_ref = str(ref_of(draft.extra, "transferee_channel_uniqueid"));
  e.from = str(numbering_.extension_of(draft.record["channel"]));
  e.to = str(numbering_.is_extension(to) ? std::string_view(to) : numbering_.without_prefix(to));
  draft.send(HKL_EVENT_TRANSFERRED);
}

void CelFacts::transfer_attended(Draft& draft) const {
  auto& e = draft.event;
  e.transfer_kind = HKL_TRANSFER_ATTENDED;
  e.other_ref = str(ref_of(draft.extra, "channel2_uniqueid"));
  e.from = str(numbering_.extension_of(draft.record["channel"]));
  // A local channel may be named after a route of the dialplan.
  const auto& target = draft.extra["transfer_target_channel_name"].text();
  const auto extension = numbering_.extension_of(target);
  if (numbering_.name(target).kind != HKL_CHANNEL_KIND_LOCAL || numbering_.is_extension(extension))
    e.to = str(extension);
  draft.send(HKL_EVENT_TRANSFERRED);
  // The consultation is the same call, whatever its own conversation says.
  for (const char* name : {"channel2_uniqueid", "transferee_channel_uniqueid", "transfer_target_channel_uniqueid"})
    draft.join(ref_of(draft.extra, name));
}

void CelFacts::parked(Draft& draft) const {
  draft.event.from = str(numbering_.extension_of(draft.extra["parker_dial_string"].text()));
  draft.send(HKL_EVENT_CHANNEL_PARKED);
}

// Music is played to who is on hold; sounds are a menu's or a mailbox's.
void CelFacts::stream(Draft& draft) const {
  if (!draft.extra["class"].is_null()) draft.send(HKL_EVENT_HELD);
  application(draft, HKL_EVENT_APP_ENTERED);
}

void CelFacts::application(Draft& draft, std::uint32_t kind) const {
  const auto app = draft.record["app"], data = draft.record["appdata"];
  std::uint32_t leg = HKL_LEG_KIND_UNKNOWN;
  std::string_view name;
  if (app == "BackGround" || app == "Background" || app == "Read" || app == "WaitExten") {
    leg = HKL_LEG_KIND_IVR;
    name = draft.record["context"];
  } else if (app == "VoiceMail") {
    leg = HKL_LEG_KIND_VOICEMAIL;
    name = data.substr(0, data.find(','));
  } else if (app == "Queue") {
    leg = HKL_LEG_KIND_QUEUE;
    name = data.substr(0, data.find(','));
  } else {
    return;
  }
  draft.also(kind, [&](hkl_call_event& e) {
    e.leg_kind = leg;
    e.name = str(name);
  });
}

std::int64_t CelFacts::of(const Record& record, const Emit& emit) const {
  const auto kind = record["eventtype"];
  const auto time = parse_record_time(record["eventtime"], host_);
  if (!time || kind.empty() || record["uniqueid"].empty()) return HKL_UNKNOWN_MS;
  Draft draft(record, emit, numbering_, *time);
  auto& e = draft.event;
  if (kind == "CHAN_START") {
    begun(draft);
  } else if (kind == "ANSWER") {
    draft.send(HKL_EVENT_CHANNEL_UP);
    learned(draft);
    application(draft, HKL_EVENT_APP_ENTERED);
  } else if (kind == "HANGUP") {
    ended(draft);
    learned(draft);
  } else if (kind == "CHAN_END") {
    draft.send(HKL_EVENT_CHANNEL_ENDED);
  } else if (kind == "BRIDGE_ENTER") {
    bridge(draft, HKL_EVENT_BRIDGE_ENTERED);
    learned(draft);
    application(draft, HKL_EVENT_APP_ENTERED);
  } else if (kind == "BRIDGE_EXIT") {
    bridge(draft, HKL_EVENT_BRIDGE_LEFT);
  } else if (kind == "BRIDGE_START") {
    bridge_of_two(draft, HKL_EVENT_BRIDGE_ENTERED);
    learned(draft);
    application(draft, HKL_EVENT_APP_ENTERED);
  } else if (kind == "BRIDGE_END") {
    bridge_of_two(draft, HKL_EVENT_BRIDGE_LEFT);
  } else if (kind == "BLINDTRANSFER") {
    transfer_blind(draft);
  } else if (kind == "ATTENDEDTRANSFER") {
    transfer_attended(draft);
  } else if (kind == "PARK_START") {
    parked(draft);
  } else if (kind == "PARK_END") {
    // Told by its name alone; a name comes again after a restart, so it joins nothing.
    e.name = str(draft.extra["retriever"].text());
    draft.send(HKL_EVENT_CHANNEL_UNPARKED);
  } else if (kind == "PICKUP") {
    draft.join(ref_of(draft.extra, "pickup_channel_uniqueid"));
  } else if (kind == "LOCAL_OPTIMIZE" || kind == "LOCAL_OPTIMIZE_BEGIN") {
    e.other_ref = str(ref_of(draft.extra, "local_two_uniqueid"));
    if (e.other_ref.len > 0) draft.send(HKL_EVENT_CHANNEL_PAIRED);
  } else if (kind == "STREAM_BEGIN") {
    stream(draft);
  } else if (kind == "STREAM_END") {
    draft.send(HKL_EVENT_UNHELD);
  } else if (kind == "APP_START") {
    application(draft, HKL_EVENT_APP_ENTERED);
    learned(draft);
  } else if (kind == "APP_END") {
    application(draft, HKL_EVENT_APP_LEFT);
  } else if (kind == "MIXMONITOR_START") {
    e.recording = str(draft.extra["filename"].text());
    if (e.recording.len > 0) draft.send(HKL_EVENT_RECORDING);
  } else if (kind == "DTMF") {
    e.keys = str(draft.extra["digit"].text());
    draft.send(HKL_EVENT_CHANNEL_CHANGED);
  }
  return time->ms;
}

LayoutBook cel_layouts(const CelSettings& settings) {
  // The sample mapping of cel_custom, with and without userdeftype.
  constexpr const char* kUsual[] = {
      "eventtype,eventtime,cidname,cidnum,cidani,cidrdnis,ciddnid,exten,context,channel,app,appdata,amaflags,"
      "accountcode,uniqueid,linkedid,peer,userfield,userdeftype,extra",
      "eventtype,eventtime,cidname,cidnum,cidani,cidrdnis,ciddnid,exten,context,channel,app,appdata,amaflags,"
      "accountcode,uniqueid,linkedid,peer,userfield,extra"};
  LayoutBook book;
  book.by_file = settings.columns;
  for (const auto* columns : kUsual) book.usual.push_back(layout_of(columns));
  book.time_column = "eventtime";
  return book;
}

}  // namespace asterisk
