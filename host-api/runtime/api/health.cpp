// How the host does: sources, queues, plugins that were slow or died, the outbox.
#include <Poco/Data/Session.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "api/runtime.h"

namespace hkl {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

Done Runtime::health(const Asker& asker, const hkl_writer& writer) {
  if (auto may = check_right(asker.access.get(), "settings.view"); !may) return may;
  if (!store_) return fail(no_store_);
  Json found = {{"version", HKL_VERSION_TEXT}, {"store", store_->path()}, {"sources", Json::array()}};
  {
    const std::lock_guard lock(life_mutex_);
    found["http"] = http_ ? Json(http_->url()) : Json();
    for (const auto& entry : config_.sources) {
      const auto runner = sources_.find(entry.name);
      const auto health = runner == sources_.end() ? SourceHealth{.state = "off"} : runner->second->health();
      found["sources"].push_back(
          {{"name", entry.name},
           {"plugin", entry.plugin},
           {"state", health.state},
           {"text", health.text},
           {"events", health.events},
           {"refused", health.refused},
           {"skipped_bytes", health.skipped_bytes},
           {"reconnects", health.reconnects},
           {"requests", health.requests},
           {"last_bytes_at", health.last_bytes_at ? Json(iso_utc(*health.last_bytes_at)) : Json()}});
    }
  }
  {
    const std::lock_guard lock(loaded_->isolated_mutex);
    found["isolated"] = Json::array();
    for (const auto& [entry, counters] : loaded_->isolated)
      found["isolated"].push_back({{"entry", entry},
                                   {"pid", counters->pid == 0 ? Json() : Json(counters->pid.load())},
                                   {"deaths", counters->deaths.load()},
                                   {"set_aside", counters->set_aside.load()}});
  }
  found["slow_calls"] = Json::array();
  for (const auto& gauge : watch_->gauges())
    if (gauge->overruns() > 0)
      found["slow_calls"].push_back({{"entry", gauge->component()},
                                     {"count", gauge->overruns()},
                                     {"longest_s", seconds_of(gauge->longest())},
                                     {"limit_s", seconds_of(gauge->limit())}});
  const int owner = store_->owner();
  found["owner"] = owner == 0 ? Json() : Json(owner);
  if (writer_) {
    found["queued"] = writer_->queued();
    found["duplicates"] = writer_->duplicates();
    const auto trouble = writer_->trouble();
    found["trouble"] = trouble ? Json() : Json(trouble.error().text);
    const auto size = cards_->size();
    found["lookups"] = size ? Json{{"numbers", size->numbers}, {"bytes", size->bytes}} : Json();
  }
  auto session = reader();
  if (!session) return fail(session.error());
  try {
    Sql sql(**session);
    auto waiting = sql.query(
        "SELECT count(*), coalesce(sum(is_dead), 0) FROM outbox WHERE told_hash IS NULL OR told_hash <> hash");
    waiting.step();
    auto reload = sql.query("SELECT value FROM meta WHERE key = ?");
    found["reload"] = reload.bind(std::string_view(kReload)).step() ? Json::parse(reload.text(0)) : Json();
    found["outbox"] = {{"waiting", waiting.integer(0)}, {"set_aside", waiting.integer(1)}};
  } catch (const SqlError& error) {
    return fail(error.error().in(store_->path()));
  }
  return write_text(writer, found.dump() + "\n");
}

}  // namespace hkl
