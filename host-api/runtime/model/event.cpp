#include "model/event.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <tuple>

#include "values/json_writer.h"

namespace hkl {
namespace {

// Longer texts are no names, numbers or causes any more (plugin contract, R6).
constexpr std::uint64_t kLongestText = 64 * 1024;
constexpr std::uint64_t kMostTags = 1000;
constexpr std::size_t kBaseline = 528;  // the 1.0 members (tests/contract/layout_1_0.c); never moves

bool is_known_kind(std::uint32_t kind) {
  return (kind >= HKL_EVENT_CALL_BEGUN && kind <= HKL_EVENT_CALL_REQUESTED) ||
         (kind >= HKL_EVENT_SOURCE_GAP && kind <= HKL_EVENT_SOURCE_SILENT) ||
         (kind >= HKL_EVENT_CHANNEL_BEGUN && kind <= HKL_EVENT_CHANNEL_SEEN);
}

// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing past U+10FFFF.
bool is_utf8(std::string_view text) {
  const auto* p = reinterpret_cast<const unsigned char*>(text.data());
  const auto* end = p + text.size();
  while (p < end) {
    if (*p < 0x80) {
      ++p;
      continue;
    }
    int more = 0;
    unsigned low = 0x80, high = 0xBF;
    if (*p >= 0xC2 && *p <= 0xDF) {
      more = 1;
    } else if (*p >= 0xE0 && *p <= 0xEF) {
      more = 2;
      if (*p == 0xE0) low = 0xA0;
      if (*p == 0xED) high = 0x9F;
    } else if (*p >= 0xF0 && *p <= 0xF4) {
      more = 3;
      if (*p == 0xF0) low = 0x90;
      if (*p == 0xF4) high = 0x8F;
    } else {
      return false;
    }
    for (++p; more > 0; --more, ++p) {
      if (p >= end || *p < low || *p > high) return false;
      low = 0x80;
      high = 0xBF;
    }
  }
  return true;
}

// The members of an event that are texts, with their names: one list for the
// copy, the check and both ways of the JSON.
struct TextMember {
  const char* name;
  hkl_str hkl_call_event::*abi;
  std::string Event::*own;
};
constexpr TextMember kTexts[] = {
    {"event_id", &hkl_call_event::event_id, &Event::event_id},
    {"call_ref", &hkl_call_event::call_ref, &Event::call_ref},
    {"leg_ref", &hkl_call_event::leg_ref, &Event::leg_ref},
    {"other_ref", &hkl_call_event::other_ref, &Event::other_ref},
    {"bridge_ref", &hkl_call_event::bridge_ref, &Event::bridge_ref},
    {"list_ref", &hkl_call_event::list_ref, &Event::list_ref},
    {"client", &hkl_call_event::client, &Event::client},
    {"client_name", &hkl_call_event::client_name, &Event::client_name},
    {"line", &hkl_call_event::line, &Event::line},
    {"extension", &hkl_call_event::extension, &Event::extension},
    {"employee", &hkl_call_event::employee, &Event::employee},
    {"name", &hkl_call_event::name, &Event::name},
    {"queue", &hkl_call_event::queue, &Event::queue},
    {"dialled", &hkl_call_event::dialled, &Event::dialled},
    {"from", &hkl_call_event::from, &Event::from},
    {"to", &hkl_call_event::to, &Event::to},
    {"keys", &hkl_call_event::keys, &Event::keys},
    {"cause", &hkl_call_event::cause, &Event::cause},
    {"result", &hkl_call_event::result, &Event::result},
    {"reason_text", &hkl_call_event::reason_text, &Event::reason_text},
    {"recording", &hkl_call_event::recording, &Event::recording},
    {"request", &hkl_call_event::request, &Event::request},
    {"extra", &hkl_call_event::extra, &Event::extra},
};

struct TimeMember {
  const char* name;
  int64_t hkl_call_event::*abi;
  std::optional<Instant> Event::*own;
};
constexpr TimeMember kTimes[] = {
    {"started_at_ms", &hkl_call_event::started_at_ms, &Event::started_at},
    {"offered_at_ms", &hkl_call_event::offered_at_ms, &Event::offered_at},
    {"answered_at_ms", &hkl_call_event::answered_at_ms, &Event::answered_at},
    {"ended_at_ms", &hkl_call_event::ended_at_ms, &Event::ended_at},
};
struct SpanMember {
  const char* name;
  int64_t hkl_call_event::*abi;
  std::optional<Millis> Event::*own;
};
constexpr SpanMember kSpans[] = {
    {"wait_ms", &hkl_call_event::wait_ms, &Event::wait},
    {"talk_ms", &hkl_call_event::talk_ms, &Event::talk},
    {"hold_ms", &hkl_call_event::hold_ms, &Event::hold},
    {"acw_ms", &hkl_call_event::acw_ms, &Event::acw},
};

// Enumerations: the number of the ABI, and the highest one known.
template <typename Visit>
void each_word(Visit&& visit) {
  visit("direction", &hkl_call_event::direction, &Event::direction, Direction::internal);
  visit("channel_kind", &hkl_call_event::channel_kind, &Event::channel_kind, ChannelKind::system);
  visit("leg_kind", &hkl_call_event::leg_kind, &Event::leg_kind, LegKind::voicemail);
  visit("leg_outcome", &hkl_call_event::leg_outcome, &Event::leg_outcome, LegOutcome::moved);
  visit("reason", &hkl_call_event::reason, &Event::reason, Reason::unknown);
  visit("hung_up_by", &hkl_call_event::hung_up_by, &Event::hung_up_by, By::system);
  visit("transfer_kind", &hkl_call_event::transfer_kind, &Event::transfer_kind, TransferKind::park);
  visit("call_type", &hkl_call_event::call_type, &Event::call_type, CallType::unknown);
  visit("presence", &hkl_call_event::presence, &Event::presence, Presence::unreachable);
  visit("is_up", &hkl_call_event::is_up, &Event::is_up, Tri::yes);
  visit("talked", &hkl_call_event::talked, &Event::talked, Tri::yes);
  visit("is_withheld", &hkl_call_event::is_withheld, &Event::is_withheld, Tri::yes);
}

std::string_view view(const hkl_str& text) {
  return text.ptr == nullptr ? std::string_view() : std::string_view(text.ptr, text.len);
}

// Times before telephones or after the year 2200 are somebody's fault.
bool is_sane(std::int64_t ms) { return ms >= 0 && ms < 7258118400000; }

std::optional<std::string> fault_of(const hkl_call_event& abi) {
  for (const auto& member : kTexts) {
    const auto& text = abi.*member.abi;
    if (text.len > kLongestText) return fmt::format("{} has {} bytes; 65536 is the most", member.name, text.len);
    if (text.len > 0 && text.ptr == nullptr) return fmt::format("{} has a length and no text", member.name);
    if (!is_utf8(view(text))) return fmt::format("{} is not UTF-8", member.name);
  }
  if (abi.event_id.len == 0) return "event_id is empty; make one from the message's own text";
  if (!is_known_kind(abi.kind)) return fmt::format("kind {} is not one of HKL_EVENT_…", abi.kind);
  if (!is_sane(abi.at_ms)) return fmt::format("at_ms {} is not a moment between 1970 and 2200", abi.at_ms);
  for (const auto& member : kTimes)
    if (abi.*member.abi != HKL_UNKNOWN_MS && !is_sane(abi.*member.abi))
      return fmt::format("{} {} is not a moment between 1970 and 2200", member.name, abi.*member.abi);
  if (abi.tags.count > kMostTags) return fmt::format("{} tags; 1000 is the most", abi.tags.count);
  for (std::uint64_t i = 0; i < abi.tags.count; ++i)
    if (abi.tags.items[i].len > kLongestText || !is_utf8(view(abi.tags.items[i])))
      return fmt::format("tag {} is no text", i);
  const bool is_of_source = abi.kind >= HKL_EVENT_SOURCE_GAP && abi.kind <= HKL_EVENT_SOURCE_SILENT;
  if (!is_of_source && abi.kind != HKL_EVENT_PRESENCE && abi.call_ref.len == 0 && abi.leg_ref.len == 0)
    return "it names neither call_ref nor leg_ref, so it belongs to no call";
  return std::nullopt;
}

}  // namespace

bool folds_before(const Event& a, const Event& b) {
  return std::tie(a.at, a.seq, a.source, a.event_id) < std::tie(b.at, b.seq, b.source, b.event_id);
}

Result<Event> event_of_abi(const hkl_call_event& given) {
  if (given.struct_size < kBaseline || given.struct_size > HKL_STRUCT_SIZE_MAX || given.struct_size % 8 != 0)
    return fail(HKL_INVALID,
                fmt::format("hkl_call_event.struct_size is {}; {} is the least", given.struct_size, kBaseline));
  hkl_call_event abi{};
  std::memcpy(&abi, &given, std::min<std::size_t>(given.struct_size, sizeof abi));
  if (const auto fault = fault_of(abi)) return fail(HKL_INVALID, fmt::format("event of kind {}: {}", abi.kind, *fault));

  Event event;
  event.kind = abi.kind;
  event.flags = abi.flags;
  event.at = instant_of(abi.at_ms);
  event.seq = abi.seq;
  event.rating = abi.rating;
  for (const auto& member : kTexts) event.*member.own = view(abi.*member.abi);
  for (const auto& member : kTimes) event.*member.own = instant_of_abi(abi.*member.abi);
  for (const auto& member : kSpans) event.*member.own = millis_of_abi(abi.*member.abi);
  each_word([&](const char*, auto in, auto out, auto highest) {
    const auto number = abi.*in;
    if (number <= static_cast<std::uint32_t>(highest)) event.*out = static_cast<decltype(highest)>(number);
  });
  for (std::uint64_t i = 0; i < abi.tags.count; ++i) event.tags.emplace_back(view(abi.tags.items[i]));
  return event;
}

std::string event_to_json(const Event& event) {
  JsonWriter json;
  const auto number = [&](const char* name, std::int64_t value) { json.key(name).number(value); };
  json.begin_object();
  number("kind", event.kind);
  number("at_ms", ms_of(event.at));
  if (event.seq != 0) json.key("seq").raw(std::to_string(event.seq));
  if (event.flags != 0) number("flags", event.flags);
  for (const auto& member : kTexts)
    if (!(event.*member.own).empty()) json.key(member.name).text(event.*member.own);
  each_word([&](const char* name, auto, auto out, auto) {
    if (const auto value = static_cast<std::uint32_t>(event.*out); value != 0) number(name, value);
  });
  for (const auto& member : kTimes)
    if (event.*member.own) number(member.name, ms_of(*(event.*member.own)));
  for (const auto& member : kSpans)
    if (event.*member.own) number(member.name, (event.*member.own)->count());
  if (event.rating != 0) number("rating", event.rating);
  if (!event.tags.empty()) json.texts("tags", event.tags);
  return json.end_object().take();
}

Result<Event> event_from_json(std::string_view text) {
  try {
    const auto json = nlohmann::json::parse(text);
    Event event;
    event.kind = json.at("kind").get<std::uint32_t>();
    event.at = instant_of(json.at("at_ms").get<std::int64_t>());
    event.seq = json.value("seq", std::uint64_t{0});
    event.flags = json.value("flags", std::uint32_t{0});
    event.rating = json.value("rating", 0);
    for (const auto& member : kTexts) event.*member.own = json.value(member.name, std::string());
    each_word([&](const char* name, auto, auto out, auto highest) {
      event.*out = static_cast<decltype(highest)>(json.value(name, std::uint32_t{0}));
    });
    for (const auto& member : kTimes)
      if (json.contains(member.name)) event.*member.own = instant_of(json[member.name].get<std::int64_t>());
    for (const auto& member : kSpans)
      if (json.contains(member.name)) event.*member.own = Millis(json[member.name].get<std::int64_t>());
    if (json.contains("tags")) event.tags = json["tags"].get<std::vector<std::string>>();
    return event;
  } catch (const nlohmann::json::exception& error) {
    return fail(HKL_INVALID, fmt::format("no event: {}", error.what()));
  }
}

}  // namespace hkl
