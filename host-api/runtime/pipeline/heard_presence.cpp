#include "pipeline/heard_presence.h"

#include "hookline/report.h"
#include "values/instant.h"
#include "values/words.h"

namespace hkl {
namespace {

using Stretches = std::map<std::string, std::vector<PresenceStretch>>;

// Rows lie by PBX and extension, so those of one agent are read in one go, and in the
// order that does not depend on when each came (model/event.h, folds_before).
// Of the names of PBXs there are few and of entries many: each name is looked
// for beyond the one before.
constexpr const char* kTold =
    "WITH RECURSIVE pbxs(pbx) AS (SELECT min(pbx) FROM journal UNION ALL SELECT (SELECT min(j.pbx) FROM journal j "
    "WHERE j.pbx > pbxs.pbx) FROM pbxs WHERE pbxs.pbx IS NOT NULL) "
    "SELECT j.pbx, json_extract(j.body, '$.extension'), coalesce(json_extract(j.body, '$.queue'), ''), "
    "json_extract(j.body, '$.presence'), j.at_ms FROM pbxs JOIN journal j ON j.pbx = pbxs.pbx "
    "AND j.ref >= 'presence:' AND j.ref < 'presence;' WHERE j.kind = 'event' AND j.at_ms < ? "
    "ORDER BY j.pbx, j.ref, j.at_ms, coalesce(json_extract(j.body, '$.seq'), 0), j.source, j.event_id";

// One extension in one queue.
class Agent {
 public:
  void told(Presence presence, std::int64_t at_ms) {
    switch (presence) {
      case Presence::online:
        if (!close(HKL_STRETCH_PAUSE, at_ms) && !close(HKL_STRETCH_ACW, at_ms)) open(HKL_STRETCH_ONLINE, at_ms);
        return;
      case Presence::pause:
        close(HKL_STRETCH_ACW, at_ms);
        return open(HKL_STRETCH_PAUSE, at_ms);
      case Presence::wrap_up:
        close(HKL_STRETCH_PAUSE, at_ms);
        return open(HKL_STRETCH_ACW, at_ms);
      case Presence::offline:
      case Presence::unreachable:
        return close_all(at_ms);
      case Presence::unknown:
        return;
    }
  }
  void close_all(std::int64_t at_ms) {
    for (const auto kind : {HKL_STRETCH_ONLINE, HKL_STRETCH_PAUSE, HKL_STRETCH_ACW}) close(kind, at_ms);
  }
  const std::vector<PresenceStretch>& stretches() const { return closed_; }

 private:
  void open(std::uint32_t kind, std::int64_t at_ms) { open_.try_emplace(kind, at_ms); }
  bool close(std::uint32_t kind, std::int64_t at_ms) {
    const auto found = open_.find(kind);
    if (found == open_.end()) return false;
    closed_.push_back({kind, found->second, at_ms});
    open_.erase(found);
    return true;
  }

  std::map<std::uint32_t, std::int64_t> open_;  // since when
  std::vector<PresenceStretch> closed_;
};

}  // namespace

Stretches heard_presence(Sql& sql, const Directory& directory, std::int64_t until_ms) {
  Stretches found;
  std::string pbx, extension;
  std::map<std::string, Agent> queues;
  const auto finish = [&] {
    for (auto& [queue, agent] : queues) {
      agent.close_all(HKL_UNKNOWN_MS);
      for (const auto& stretch : agent.stretches())
        if (const auto who = directory.employee_at(pbx, extension, instant_of(stretch.from_ms)); !who.empty())
          found[who].push_back(stretch);
    }
    queues.clear();
  };
  auto rows = sql.query(kTold);
  rows.bind(until_ms);
  while (rows.step()) {
    if (rows.text(0) != pbx || rows.text(1) != extension) {
      finish();
      pbx = rows.text(0);
      extension = rows.text(1);
    }
    queues[rows.text(2)].told(static_cast<Presence>(rows.integer(3)), rows.integer(4));
  }
  finish();
  return found;
}

}  // namespace hkl
