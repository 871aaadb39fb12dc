#include "channel_list.h"

#include <map>

#include "hookline/sdk/text.h"
#include "json_text.h"

namespace freeswitch {
namespace {

using hookline::str;

// After everything else of its millisecond: a list shows what has happened.
constexpr std::uint64_t kAfterAll = std::uint64_t{1} << 62;

using Row = std::map<std::string_view, std::string>;

bool read_row(JsonScanner& scan, Row& row) {
  if (!scan.take('{')) return false;
  if (scan.take('}')) return true;
  do {
    std::string_view name, value;
    bool is_escaped = false;
    if (!scan.text(name, is_escaped) || !scan.take(':')) return false;
    if (scan.peek() != '"') {
      if (!scan.skip_value()) return false;
      continue;
    }
    if (!scan.text(value, is_escaped)) return false;
    row[name] = is_escaped ? json_unescaped(value) : std::string(value);
  } while (scan.take(','));
  return scan.take('}');
}

hkl_call_event seen(std::string_view uuid, std::string_view list, std::int64_t at_ms) {
  hkl_call_event event;
  hkl_call_event_init(&event);
  event.kind = HKL_EVENT_CHANNEL_SEEN;
  event.leg_ref = event.call_ref = str(uuid);
  event.list_ref = str(list);
  event.at_ms = at_ms;
  event.seq = kAfterAll;
  return event;
}

// One channel of a row: its own columns, or with "b_" before them those of the
// channel that it is bridged with.
void tell_row(const Row& row, const std::string& before, const std::string& list, std::int64_t at_ms, bool has_bridges,
              const Numbering& numbering, const Emit& emit) {
  const auto column = [&](std::string_view name) -> std::string_view {
    const auto found = row.find(before + std::string(name));
    return found == row.end() ? std::string_view() : std::string_view(found->second);
  };
  const auto uuid = column("uuid");
  if (uuid.empty()) return;
  Leg leg;
  leg.uuid = uuid;
  leg.name = column("name");
  leg.is_dialled = column("direction") == "outbound";
  leg.destination = column("dest");
  leg.caller = column("cid_num");
  leg.presence = column("presence_id");
  place(leg, numbering);
  auto e = seen(uuid, list, at_ms);
  e.name = str(leg.name);
  e.channel_kind = leg.kind;
  e.extension = str(leg.extension);
  if (const auto call = column("call_uuid"); !call.empty()) e.call_ref = str(call);
  if (const auto seconds = micros_of(column("created_epoch")); seconds > 0) e.started_at_ms = seconds * 1000;
  if (leg.kind == HKL_CHANNEL_KIND_TRUNK) {
    e.direction = leg.is_dialled ? HKL_DIRECTION_OUT : HKL_DIRECTION_IN;
    const auto number = leg.is_dialled ? numbering.without_prefix(leg.destination) : leg.caller;
    if (!is_withheld(number)) e.client = str(number);
    if (!leg.is_dialled && !column("initial_dest").empty()) e.line = str(column("initial_dest"));
  } else if (leg.kind == HKL_CHANNEL_KIND_PHONE && !leg.is_dialled) {
    e.direction = HKL_DIRECTION_OUT;
  }
  std::string bridge_room;
  if (has_bridges) {
    const auto state = column("callstate");
    e.is_up = state == "ACTIVE" || state == "HELD" || state == "UNHELD" ? HKL_TRI_YES : HKL_TRI_NO;
    const auto one = row.find("uuid"), other = row.find("b_uuid");
    if (one != row.end() && other != row.end() && !other->second.empty())
      e.bridge_ref = str(bridge_of(one->second, other->second, bridge_room));
  }
  const auto id = "seen:" + list + ":" + std::string(uuid);
  e.event_id = str(id);
  emit(e);
}

}  // namespace

bool is_channel_list(std::string_view text) {
  return text.substr(0, 13) == "{\"row_count\":" && text.find("\"uuid\":") != std::string_view::npos &&
         text.find("\"callstate\":") != std::string_view::npos;
}

bool tell_channels(std::string_view text, std::string_view name, std::int64_t at_ms, const Numbering& numbering,
                   const Emit& emit) {
  const auto list = "list:" + std::string(name);
  const bool has_bridges = text.find("\"b_uuid\":") != std::string_view::npos;
  JsonScanner scan(text);
  if (!scan.take('{')) return false;
  do {
    std::string_view key;
    bool is_escaped = false;
    if (!scan.text(key, is_escaped) || !scan.take(':')) return false;
    if (key != "rows" || scan.peek() != '[') {
      if (!scan.skip_value()) return false;
      continue;
    }
    scan.take('[');
    while (scan.peek() == '{') {
      Row row;
      if (!read_row(scan, row)) return false;
      tell_row(row, "", list, at_ms, has_bridges, numbering, emit);
      tell_row(row, "b_", list, at_ms, has_bridges, numbering, emit);
      if (!scan.take(',')) break;
    }
    if (!scan.take(']')) return false;
  } while (scan.take(','));
  if (!scan.take('}')) return false;
  tell_listed(list, at_ms, emit);
  return true;
}

void tell_alive(std::string_view uuid, std::string_view list, std::int64_t at_ms, const Emit& emit) {
  auto event = seen(uuid, list, at_ms);
  const auto id = "seen:" + std::string(list) + ":" + std::string(uuid);
  event.event_id = str(id);
  emit(event);
}

void tell_listed(std::string_view list, std::int64_t at_ms, const Emit& emit) {
  hkl_call_event event;
  hkl_call_event_init(&event);
  event.kind = HKL_EVENT_SOURCE_LISTED;
  event.at_ms = at_ms;
  event.seq = kAfterAll;
  event.list_ref = event.event_id = str(list);
  emit(event);
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

void tell_restart(std::string_view core, std::int64_t at_ms, const Emit& emit) {
  const auto id = "core:" + std::string(core);
  hkl_call_event event;
  hkl_call_event_init(&event);
  event.kind = HKL_EVENT_SOURCE_RESTARTED;
  event.at_ms = at_ms;
  event.event_id = str(id);
  emit(event);
}

}  // namespace freeswitch
