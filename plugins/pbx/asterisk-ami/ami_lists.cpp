#include "ami_lists.h"

#include <algorithm>

#include "hookline/sdk/text.h"

namespace asterisk {
namespace {

using hookline::str;

constexpr std::size_t kKeptAtMost = std::size_t{64} << 20;
// After everything else of its millisecond: a list shows what has happened.
constexpr std::uint64_t kAfterAll = 1000;

}  // namespace

void Lists::seen(const Message& m, std::string_view list, std::int64_t at_ms, const Emit& emit) const {
  hkl_call_event e;
  hkl_call_event_init(&e);
  e.kind = HKL_EVENT_CHANNEL_SEEN;
  e.leg_ref = str(m["Uniqueid"]);
  e.call_ref = str(m["Linkedid"].empty() ? m["Uniqueid"] : m["Linkedid"]);
  if (e.leg_ref.len == 0) return;
  e.at_ms = at_ms;
  e.seq = kAfterAll;
  e.list_ref = str(list);
  const auto name = numbering_.name(m["Channel"]);
  e.name = str(m["Channel"]);
  e.channel_kind = name.kind;
  if (name.kind == HKL_CHANNEL_KIND_PHONE) e.extension = str(name.peer);
  e.is_up = m["ChannelState"] == "6" ? HKL_TRI_YES : HKL_TRI_NO;
  e.bridge_ref = str(m["BridgeId"].empty() ? m["BridgeID"] : m["BridgeId"]);
  const auto own = m["Uniqueid"];
  e.started_at_ms = began_by_id(own);
  if (name.kind == HKL_CHANNEL_KIND_TRUNK) {
    if (!is_withheld(m["CallerIDNum"])) e.client = str(m["CallerIDNum"]);
    e.line = str(m["DNID"]);
  }
  const auto id = "seen:" + std::string(list) + ":" + std::string(own) + ":" + std::string(m["Event"]);
  e.event_id = str(id);
  emit(e);
  if (hookline::view(e.call_ref) == own) return;
  auto join = e;
  join.kind = HKL_EVENT_REFS_JOINED;
  join.leg_ref = {};
  join.other_ref = str(own);
  const auto pair = "join:" + std::string(own) + ":" + std::string(hookline::view(e.call_ref));
  join.event_id = str(pair);
  emit(join);
}

bool Lists::is_of_list(std::string_view kind) {
  return kind == "CoreShowChannel" || kind == "Status" || kind == "QueueEntry" || kind == "QueueMember" ||
         kind == "CoreShowChannelsComplete";
}

// Who stands in a queue, and for how long: whole seconds, so it may have been
// almost a second more. Where the coming was heard, that is the later and counts.
void Lists::waiting(const Message& m, std::int64_t at_ms, const Emit& emit) const {
  std::int64_t waited_ms = 0;
  std::uint64_t micros = 0;
  const auto own = m["Uniqueid"];
  if (own.empty() || m["Queue"].empty()) return;
  parse_timestamp(m["Wait"], waited_ms, micros);
  hkl_call_event e;
  hkl_call_event_init(&e);
  e.kind = HKL_EVENT_QUEUE_ENTERED;
  e.at_ms = std::max<std::int64_t>(0, at_ms - waited_ms - 999);
  e.leg_ref = e.call_ref = str(own);
  e.queue = str(m["Queue"]);
  const auto id = "waits:" + std::string(own) + ":" + std::string(m["Queue"]) + ":" + std::to_string(e.at_ms / 2000);
  e.event_id = str(id);
  emit(e);
}

// Who signed in and who went for a break before we came; where the switch tells
// since when, then.
void Lists::agent(const Message& m, std::int64_t at_ms, const Emit& emit) const {
  const auto tell = [&](std::uint32_t presence, std::string_view since) {
    hkl_call_event e;
    hkl_call_event_init(&e);
    e.kind = HKL_EVENT_PRESENCE;
    e.extension = str(numbering_.extension_of(m["Location"]));
    e.queue = str(m["Queue"]);
    e.presence = presence;
    if (presence == HKL_PRESENCE_PAUSE) e.reason_text = str(m["PausedReason"]);
    std::uint64_t micros = 0;
    if (!parse_timestamp(since, e.at_ms, micros) || e.at_ms <= 0 || e.at_ms > at_ms) e.at_ms = at_ms;
    const auto id = "member:" + std::string(m["Queue"]) + ":" + std::string(m["Location"]) + ":" +
                    std::to_string(presence) + ":" + std::to_string(e.at_ms);
    e.event_id = str(id);
    if (e.extension.len > 0) emit(e);
  };
  if (is_signed_in(m)) tell(HKL_PRESENCE_ONLINE, m["LoginTime"]);
  if (m["Paused"] == "1") tell(HKL_PRESENCE_PAUSE, m["LastPause"]);
}

void Lists::take(const Message& m, const std::string& name, std::int64_t at_ms, const Emit& emit) const {
  const auto list = "list:" + name;
  if (m["Event"] == "QueueEntry") return waiting(m, at_ms, emit);
  if (m["Event"] == "QueueMember") return agent(m, at_ms, emit);
  if (m["Event"] != "CoreShowChannelsComplete") return seen(m, list, at_ms, emit);
  hkl_call_event event;
  hkl_call_event_init(&event);
  event.kind = HKL_EVENT_SOURCE_LISTED;
  event.at_ms = at_ms;
  event.seq = kAfterAll;
  event.list_ref = str(list);
  event.event_id = str(list);
  emit(event);
}

void Lists::keep(const Message& message) {
  std::string text;
  message.each(
      [&](std::string_view key, std::string_view value) { text.append(key).append(":").append(value).append("\n"); });
  if (kept_bytes_ + text.size() > kKeptAtMost) return;
  kept_bytes_ += text.size();
  kept_.push_back(std::move(text));
}

void Lists::take_kept(std::int64_t at_ms, const Emit& emit) {
  for (const auto& text : kept_) take(Message(text), std::to_string(at_ms), at_ms, emit);
  kept_.clear();
  kept_bytes_ = 0;
}

void tell_gap(std::int64_t from_ms, std::int64_t until_ms, const Emit& emit) {
  const auto id = "gap:" + std::to_string(from_ms) + ":" + std::to_string(until_ms);
  hkl_call_event event;
  hkl_call_event_init(&event);
  event.kind = HKL_EVENT_SOURCE_GAP;
  event.at_ms = from_ms;
  event.ended_at_ms = until_ms;
  event.event_id = str(id);
  emit(event);
}

void tell_restart(std::int64_t at_ms, const Emit& emit) {
  const auto id = "boot:" + std::to_string(at_ms / 1000);
  hkl_call_event event;
  hkl_call_event_init(&event);
  event.kind = HKL_EVENT_SOURCE_RESTARTED;
  event.at_ms = at_ms;
  event.event_id = str(id);
  emit(event);
}

void tell_boot(std::int64_t at_ms, std::string_view uptime_s, const Emit& emit) {
  if (uptime_s.empty()) return;
  std::int64_t up_s = 0;
  for (const char c : uptime_s) up_s = c >= '0' && c <= '9' && up_s < 4000000000 ? up_s * 10 + (c - '0') : up_s;
  // Two seconds back: the switch counts whole seconds, and from some way into its start.
  const auto boot_ms = at_ms - (up_s + 2) * 1000;
  if (boot_ms > 0) tell_restart(boot_ms, emit);
}

}  // namespace asterisk
