// What employees say they are at: free, on a pause, signed off. The library
// keeps it as `presence` records and makes reports of them; what holds at the
// present moment it is not asked for, so this CRM, through which they come,
// remembers those that are not over.
//
// Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace crm {

class PresenceBook {
 public:
  using Json = nlohmann::ordered_json;

  // Canonical records, one JSON object a line; those of other types are passed
  // over. read: all that the library has. hear: what it took beside; false where
  // a line has no id, as the library gives it one.
  void read(std::string_view ndjson, std::int64_t now_ms);
  bool hear(std::string_view ndjson, std::int64_t now_ms);

  // {"ivanova": {"state": "pause", "reason": "lunch", "since": "…"}} of whom
  // something was ever told; who is not there is known by calls alone.
  Json at(std::int64_t now_ms) const;

  // What to tell the library so that `employee` is in `state` from now on: what
  // held ends. A pause is within the time one is online.
  std::vector<Json> change(const std::string& employee, const std::string& state, const std::string& reason,
                           std::int64_t now_ms) const;

 private:
  struct Stretch {
    Json record;
    std::int64_t from_ms = 0, to_ms = 0, updated_ms = 0;
    bool holds(std::int64_t at_ms) const { return from_ms <= at_ms && at_ms < to_ms; }
  };

  using Stretches = std::map<std::string, std::map<std::string, Stretch>>;  // by employee and id

  static bool take(Stretches& stretches, std::string_view ndjson, std::int64_t now_ms);

  mutable std::mutex mutex_;
  Stretches stretches_;  // guarded by mutex_
};

}  // namespace crm
