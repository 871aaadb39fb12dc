// How values of records are written in JSON: null for what is not known, times
// in ISO 8601 UTC, durations as seconds exact to the millisecond.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "values/instant.h"

namespace hkl {

using OrderedJson = nlohmann::ordered_json;

inline OrderedJson text_json(std::string_view text) { return text.empty() ? OrderedJson() : OrderedJson(text); }
inline OrderedJson time_json(std::optional<Instant> at) { return at ? OrderedJson(iso_utc(*at)) : OrderedJson(); }
inline OrderedJson seconds_json(std::optional<Millis> span) {
  if (!span) return {};
  if (span->count() % 1000 == 0) return OrderedJson(span->count() / 1000);
  return OrderedJson(seconds_of(*span));
}
// Raw text of the PBX may hold anything; what is no UTF-8 is replaced.
inline std::string dumped(const OrderedJson& json) {
  return json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

// A record's body as it is stored, with its type before the rest.
inline std::string typed_json(const std::string& type, const std::string& body) {
  if (body.starts_with(R"({"type")")) return body;
  return R"({"type":")" + type + (body == "{}" ? R"(")" : R"(",)") + body.substr(1);
}

}  // namespace hkl
