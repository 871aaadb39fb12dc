// The words of the trade as types, with their spelling in JSON, YAML and
// reports. Numbers are those of hookline/words.h, so that views need no table.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "hookline/events.h"
#include "hookline/words.h"

namespace hkl {

enum class Direction : std::uint32_t { unknown, in, out, internal };
enum class LegKind : std::uint32_t { unknown, employee, queue, group, ivr, external, voicemail };
enum class LegOutcome : std::uint32_t {
  unknown,
  answered,
  no_answer,
  busy,
  elsewhere,
  rejected,
  unavailable,
  cancelled,
  failed,
  abandoned,
  timed_out,
  no_staff,
  refused,
  moved
};
enum class Outcome : std::uint32_t { unknown, answered, missed, unsuccessful };
enum class Reason : std::uint32_t {
  not_told,
  normal,
  client_hung_up,
  employee_hung_up,
  client_no_answer,
  client_busy,
  client_rejected,
  client_unavailable,
  employee_no_answer,
  employee_busy,
  employee_unavailable,
  employee_rejected,
  dial_timeout,
  queue_timeout,
  network,
  technical,
  limit,
  finance,
  not_configured,
  security,
  unknown
};
enum class By : std::uint32_t { not_told, client, employee, system };
enum class TransferKind : std::uint32_t { not_told, blind, attended, forward, park };
enum class CallType : std::uint32_t {
  not_told,
  line,
  site_phone,
  callback,
  sip,
  scenario,
  api,
  tracking_static,
  tracking_dynamic,
  external_pbx,
  unknown
};
enum class InquiryKind : std::uint32_t { unknown, call, request, manual, chat };
enum class Quality : std::uint32_t { no_opinion, target, non_target, repeat, unverified, unsorted };
enum class TaskState : std::uint32_t { unknown, open, done, cancelled };
enum class Presence : std::uint32_t { unknown, online, pause, wrap_up, offline, unreachable };
enum class ChannelKind : std::uint32_t { unknown, phone, trunk, local, system };
enum class Tri : std::uint32_t { unknown, no, yes };

// The word, or "" for what is not known or not told (value 0).
std::string_view word(Direction value);
std::string_view word(LegKind value);
std::string_view word(LegOutcome value);
std::string_view word(Outcome value);
std::string_view word(Reason value);
std::string_view word(By value);
std::string_view word(TransferKind value);
std::string_view word(CallType value);
std::string_view word(InquiryKind value);
std::string_view word(Quality value);
std::string_view word(TaskState value);
std::string_view word(Presence value);

// The value of a word; nothing for a word that is none of them. The empty
// text is value 0. Instantiated for the enums above.
template <typename Enum>
std::optional<Enum> from_word(std::string_view word);

// The nearest of `known` to a misspelled word, or "" when none is near: for
// "did you mean …?".
std::string_view nearest_word(std::string_view word, const std::string_view* known, std::size_t count);

}  // namespace hkl
