#include "pipeline/condensed_call.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "canonical/canonical.h"

namespace hkl {
namespace {

using CallJson = nlohmann::ordered_json;

void add_unique(std::vector<std::string>& list, const std::string& text) {
  if (!text.empty() && std::find(list.begin(), list.end(), text) == list.end()) list.push_back(text);
}

}  // namespace

JournalNote note_of(const CondensedCall& condensed) {
  CallJson body = {{"pbx", condensed.pbx},
                   {"refs", condensed.refs},
                   {"why", condensed.why},
                   {"at_ms", ms_of(condensed.at)},
                   {"call", CallJson::parse(call_to_stored_json(condensed.call))}};
  return {.source = condensed.pbx,
          .event_id = fmt::format("condensed:{}", condensed.refs.front()),
          .kind = CondensedCall::kKind,
          .at = condensed.call.started_at.value_or(condensed.at),
          .received_at = condensed.at,
          .is_history = condensed.call.is_history,
          .body = body.dump(),
          .pbx = condensed.pbx,
          .ref = condensed.refs.front()};
}

CondensedCall condensed_of(const std::string& body) {
  try {
    const auto json = CallJson::parse(body);
    CondensedCall condensed;
    condensed.pbx = json.at("pbx");
    condensed.refs = json.at("refs").get<std::vector<std::string>>();
    condensed.why = json.at("why");
    condensed.at = instant_of(json.at("at_ms").get<std::int64_t>());
    auto call = call_from_stored_json(json.at("call").dump());
    if (!call) throw SqlError(0, "journal: " + call.error().text);
    condensed.call = std::move(*call);
    return condensed;
  } catch (const nlohmann::json::exception& error) {
    throw SqlError(0, fmt::format("journal: a condensed call cannot be read: {}", error.what()));
  }
}

void add_late(CondensedCall& condensed, std::vector<const Event*> events) {
  std::sort(events.begin(), events.end(), [](const Event* a, const Event* b) { return folds_before(*a, *b); });
  auto& call = condensed.call;
  for (const auto* event : events) {
    if (event->kind == HKL_EVENT_RATED && event->rating != 0) call.rating = event->rating;
    if (condensed.why == CondensedCall::kErased) continue;
    if (event->kind == HKL_EVENT_RECORDING) add_unique(call.recordings, event->recording);
    if (event->kind == HKL_EVENT_TAGGED)
      for (const auto& tag : event->tags) add_unique(call.tags, tag);
  }
}

}  // namespace hkl
