#include "presence_book.h"

#include <Poco/DateTimeFormatter.h>
#include <Poco/DateTimeParser.h>
#include <Poco/Timestamp.h>

#include <limits>
#include <optional>
#include <sstream>

namespace crm {
namespace {

using Json = PresenceBook::Json;

constexpr auto kNoEnd = std::numeric_limits<std::int64_t>::max();

std::string iso(std::int64_t ms) {
  return Poco::DateTimeFormatter::format(Poco::Timestamp(ms * 1000), "%Y-%m-%dT%H:%M:%S.%iZ");
}

std::optional<std::int64_t> ms_of(const Json& record, const char* name) {
  const auto member = record.find(name);
  if (member == record.end() || !member->is_string()) return std::nullopt;
  Poco::DateTime at;
  int zone_s = 0;
  if (!Poco::DateTimeParser::tryParse("%Y-%m-%dT%H:%M:%s%z", member->get<std::string>(), at, zone_s))
    return std::nullopt;
  at.makeUTC(zone_s);
  return at.timestamp().epochMicroseconds() / 1000;
}

std::string text(const Json& record, const char* name) {
  const auto member = record.find(name);
  return member != record.end() && member->is_string() ? member->get<std::string>() : "";
}

}  // namespace

bool PresenceBook::take(Stretches& stretches, std::string_view ndjson, std::int64_t now_ms) {
  bool have_ids = true;
  std::istringstream lines{std::string(ndjson)};
  for (std::string line; std::getline(lines, line);) {
    auto record = Json::parse(line, nullptr, false);
    if (!record.is_object() || text(record, "type") != "presence") continue;
    const auto from = ms_of(record, "from");
    const auto employee = text(record, "employee"), id = text(record, "id");
    have_ids &= !id.empty();
    if (!from || employee.empty()) continue;
    auto& own = stretches[employee];
    const Stretch heard{record, *from, ms_of(record, "to").value_or(kNoEnd), ms_of(record, "updated_at").value_or(0)};
    const auto known = own.find(id);
    if (known != own.end() && known->second.updated_ms > heard.updated_ms && heard.updated_ms > 0) continue;
    if (heard.to_ms <= now_ms || !text(record, "deleted_at").empty())
      own.erase(id);
    else
      own[id] = heard;
  }
  return have_ids;
}

void PresenceBook::read(std::string_view ndjson, std::int64_t now_ms) {
  Stretches found;
  take(found, ndjson, now_ms);
  const std::lock_guard lock(mutex_);
  stretches_ = std::move(found);
}

bool PresenceBook::hear(std::string_view ndjson, std::int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  return take(stretches_, ndjson, now_ms);
}

Json PresenceBook::at(std::int64_t now_ms) const {
  const std::lock_guard lock(mutex_);
  auto found = Json::object();
  for (const auto& [employee, own] : stretches_) {
    // A pause begins within the time online and ends before it: the later wins.
    const Stretch* latest = nullptr;
    for (const auto& [id, one] : own) {
      const bool is_within =
          latest != nullptr && latest->from_ms == one.from_ms && text(one.record, "state") == "online";
      if (one.holds(now_ms) && !is_within && (latest == nullptr || one.from_ms >= latest->from_ms)) latest = &one;
    }
    found[employee] = latest == nullptr ? Json{{"state", "offline"}, {"reason", nullptr}, {"since", nullptr}}
                                        : Json{{"state", latest->record["state"]},
                                               {"reason", latest->record.value("reason", Json())},
                                               {"since", iso(latest->from_ms)}};
  }
  return found;
}

std::vector<Json> PresenceBook::change(const std::string& employee, const std::string& state, const std::string& reason,
                                       std::int64_t now_ms) const {
  std::vector<Json> told;
  const auto begin = [&](const std::string& what, const std::string& why) {
    told.push_back({{"type", "presence"},
                    {"id", "presence:" + employee + ":" + std::to_string(now_ms) + ":" + what},
                    {"employee", employee},
                    {"state", what},
                    {"reason", why.empty() ? Json() : Json(why)},
                    {"from", iso(now_ms)},
                    {"to", nullptr},
                    {"updated_at", iso(now_ms)}});
  };
  bool is_online = false;
  const std::lock_guard lock(mutex_);
  if (const auto own = stretches_.find(employee); own != stretches_.end())
    for (const auto& [id, one] : own->second) {
      if (!one.holds(now_ms)) continue;
      if (!is_online && state != "offline" && text(one.record, "state") == "online") {
        is_online = true;
        continue;
      }
      auto ended = one.record;
      ended["to"] = ended["updated_at"] = iso(now_ms);
      told.push_back(std::move(ended));
    }
  if (state != "offline" && !is_online) begin("online", state == "online" ? reason : "");
  if (state != "online") begin(state, reason);
  return told;
}

}  // namespace crm
