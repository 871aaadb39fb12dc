// A canonical event as the runtime keeps it: an owned hkl_call_event with the
// source it came from. Field meanings are those of hookline/events.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hookline/events.h"
#include "values/instant.h"
#include "values/words.h"

namespace hkl {

struct Event {
  std::string source;  // name in the config; whose witness this is
  std::string pbx;     // sources with one pbx watch one PBX
  std::uint32_t kind = HKL_EVENT_UNKNOWN;
  std::uint32_t flags = 0;
  std::string event_id;
  std::string call_ref, leg_ref, other_ref, bridge_ref, list_ref;
  Instant at{};
  std::uint64_t seq = 0;
  Instant received_at{};

  Direction direction{};
  ChannelKind channel_kind{};
  LegKind leg_kind{};
  LegOutcome leg_outcome{};
  Reason reason{};
  By hung_up_by{};
  TransferKind transfer_kind{};
  CallType call_type{};
  Presence presence{};
  Tri is_up{}, talked{}, is_withheld{};
  int rating = 0;

  std::string client, client_name, line, extension, employee, name, queue, dialled, from, to, keys, cause, result,
      reason_text, recording, request;
  std::vector<std::string> tags;
  std::string extra;  // a JSON object, or empty

  std::optional<Instant> started_at, offered_at, answered_at, ended_at;
  std::optional<Millis> wait, talk, hold, acw;
};

// Order in which events are folded, whatever order they came in: time, number
// within it, source, event id (DESIGN section 4).
bool folds_before(const Event& a, const Event& b);

// An owned copy. Refuses illegal ones with a sentence (no event_id, unknown
// kind, bad UTF-8, absurd sizes): status HKL_INVALID.
Result<Event> event_of_abi(const hkl_call_event& abi);

// One JSON object with the non-empty fields only: how the journal keeps it.
std::string event_to_json(const Event& event);
Result<Event> event_from_json(std::string_view json);

}  // namespace hkl
