// A changed config or plugin file is taken up while calls go on (DESIGN
// section 5): everything new is made and judged before anything old ends, what
// has not changed is left alone, and what has is handed over.
#include <fmt/format.h>
#include <xxhash.h>

#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "api/runtime.h"

namespace hkl {
namespace {

// How long the old connection of a changed source is kept for the new one to
// come up beside it.
constexpr std::chrono::seconds kPatienceForTheNew{10};
constexpr const char* kCanonical = "canonical";

bool is_live(const RunningSource& source) { return source->health().state == "live"; }

}  // namespace

// What of the sources ends, begins, or is handed over from one connection to
// the next.
struct Runtime::SourcePlan {
  std::vector<std::string> ended, begun, changed;
  std::vector<std::pair<RunningSource, std::string>> handed_over;  // the old one, by its name
  // Ended already; begun again when the new config fails.
  std::vector<std::pair<std::shared_ptr<Loaded>, SourceEntry>> stopped;
  std::vector<std::string> reached;  // of begun and changed: no longer what they were

  bool is_empty() const { return ended.empty() && begun.empty() && changed.empty(); }
  std::string str() const {
    std::string text;
    const auto tell = [&](const char* what, const std::vector<std::string>& names) {
      if (!names.empty()) text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", what, fmt::join(names, ", "));
    };
    tell("sources begun", begun);
    tell("changed", changed);
    tell("ended", ended);
    return text.empty() ? "no source has changed" : text;
  }
};

Result<std::string> Loaded::identity_of(const SourceEntry& entry) const {
  const auto plugin = catalogue->read(entry.plugin);
  if (!plugin) return fail(plugin.error());
  const auto hash = XXH3_128bits(plugin->image.data(), plugin->image.size());
  const nlohmann::ordered_json all = {entry.plugin,        hash.high64,
                                      hash.low64,          entry.pbx,
                                      entry.isolated,      entry.memory_mib,
                                      entry.history,       entry.clock_receipt,
                                      entry.timezone,      entry.region,
                                      entry.record,        entry.public_url,
                                      entry.settings_json, entry.call_limit.count()};
  return all.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

Done Runtime::reload(const hkl_writer* told) {
  if (auto writes = needs_writer(); !writes) return writes;
  const std::lock_guard one_at_a_time(reload_mutex_);
  std::string text;
  auto done = reload_now(text);
  note_reload(done, text);
  if (told == nullptr || text.empty()) return done;
  if (auto written = write_text(*told, text); !written) return written;
  return done;
}

// For `hookline reload`, which asks from another process, and for the log.
void Runtime::note_reload(const Done& done, const std::string& told) {
  const auto text = done ? told : done.error().text + "; the old config stays in use";
  log(done ? HKL_LOG_INFO : HKL_LOG_ERROR, "reload: " + text);
  const nlohmann::ordered_json outcome = {
      {"at", iso_utc(std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now()))},
      {"is_done", done.has_value()},
      {"text", done           ? told
               : told.empty() ? text
                              : told}};
  writer_->post([this, body = outcome.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace)](Sql&) {
    store_->set_meta(kReload, body);
  });
  (void)writer_->flush();
}

Done Runtime::reload_now(std::string& told) {
  std::vector<std::string> complaints;
  auto read = Loaded::read(options_, tools(), complaints);
  for (const auto& complaint : complaints) told += complaint + "\n";
  if (!read) return fail(read.error());
  const auto next = *read;
  if (next->config.store_url != config_.store_url)
    return fail(HKL_BAD_SETTINGS,
                fmt::format("{}: store.url is another one; stop the host and start it again", config_.path));
  const auto& listen = next->config.http.settings.listen;
  if (listen != config_.http.settings.listen || next->config.http.is_set != config_.http.is_set)
    log(HKL_LOG_WARNING, "http: what is listened on changes when the host is started again");
  const auto& before = config_.crm.webhook;
  const auto& after = next->config.crm.webhook;
  if (before.has_value() != after.has_value() || (after && (before->url != after->url || before->keys != after->keys)))
    log(HKL_LOG_WARNING, "crm.webhook: where deliveries go changes when the host is started again");
  for (const auto& refusal : next->catalogue->refusals()) log(HKL_LOG_WARNING, refusal);
  if (auto made = next->make_reports(); !made) return made;
  if (auto made = next->make_rules(); !made) return made;

  auto plan = plan_sources(next);
  if (!plan) return fail(plan.error());
  if (auto swapped = swap_sources(next, *plan); !swapped) return swapped;
  hand_over(*plan);
  renew_schedules();
  told = plan->str();
  return {};
}

// Judges the new sources by making each adapter once; it is not used.
Result<Runtime::SourcePlan> Runtime::plan_sources(const std::shared_ptr<Loaded>& next) {
  SourcePlan plan;
  const std::lock_guard lock(life_mutex_);
  if (!is_started_) return plan;
  std::set<std::string> named;
  for (const auto& entry : next->config.sources) {
    if (entry.plugin == kCanonical) continue;
    named.insert(entry.name);
    const auto running = sources_.find(entry.name);
    const auto identity = next->identity_of(entry);
    if (!identity) return fail(identity.error().in(entry.name));
    if (running != sources_.end() && running->second.identity == *identity) continue;
    auto adapter = next->adapter_of(entry, std::make_shared<IsolationCounters>());
    if (!adapter) return fail(adapter.error());
    if (const auto wanted = (*adapter)->endpoints(); !wanted) return fail(wanted.error().in(entry.name));
    (running == sources_.end() ? plan.begun : plan.changed).push_back(entry.name);
  }
  for (const auto& [name, running] : sources_)
    if (named.count(name) == 0) plan.ended.push_back(name);
  return plan;
}

// With nobody else inside. Where a source cannot be begun, all is as it was.
Done Runtime::swap_sources(const std::shared_ptr<Loaded>& next, SourcePlan& plan) {
  const std::unique_lock alone(gate_);
  if (auto renewed = writer_->renew(next->deriver_parts()); !renewed) return renewed;
  const auto before = std::exchange(loaded_, next);
  config_ = next->config;
  auto asker_before = asker_;
  if (auto asker = asker_of(options_.user, options_.language)) {
    asker_ = std::move(*asker);
  } else {
    log(HKL_LOG_ERROR, asker.error().text + "; who this host asks for keeps its rights until it is started again");
  }
  const std::lock_guard lock(life_mutex_);
  for (const auto& [name, running] : sources_) {
    const auto& counters = running.loaded->isolated;
    const auto known = counters.find(name);
    if (running.loaded != next && known != counters.end()) next->isolated.emplace(name, known->second);
  }
  if (auto begun = begin_changed(next, plan); !begun) {
    loaded_ = before;
    config_ = before->config;
    asker_ = std::move(asker_before);
    take_back(plan);
    if (auto renewed = writer_->renew(before->deriver_parts()); !renewed) {
      log(HKL_LOG_ERROR, renewed.error().text + "; the new rules stay in use until the config is loaded again");
      rules_in_use_ = next;  // the writer asks its rules still
    }
    return begun;
  }
  // What they would be asked no more; a source that stays keeps the rest.
  before->classifiers.clear();
  before->rules.clear();
  rules_in_use_.reset();
  (void)writer_->run([this](Deriver&, Sql&) { warn_of_changed_config(); });
  return {};
}

// Ends what goes, and begins what is new or has changed, until one fails.
Done Runtime::begin_changed(const std::shared_ptr<Loaded>& next, SourcePlan& plan) {
  const auto end = [&](RunningSource& old) {
    plan.stopped.emplace_back(old.loaded, old.entry);
    old.runner.reset();  // stores what has come
  };
  for (const auto& name : plan.ended) {
    doors_->remove(name);
    auto old = sources_.extract(name);
    if (!old.empty()) end(old.mapped());
  }
  auto changing = plan.begun;
  changing.insert(changing.end(), plan.changed.begin(), plan.changed.end());
  for (const auto& name : changing) {
    plan.reached.push_back(name);
    auto old = sources_.extract(name);
    // A PBX that is dialled is heard on both lines for a moment, and what comes
    // twice has the same ids. A port or a file belongs to one at a time.
    const bool is_heir = !old.empty() && old.mapped()->dials() && is_live(old.mapped());
    if (is_heir) plan.handed_over.emplace_back(std::move(old.mapped()), name);
    if (!old.empty() && !is_heir) end(old.mapped());
    auto running = run_source(next, *source(name), is_heir);
    if (!running) return fail(running.error());
    doors_->set(name, (*running)->door());
    sources_[name] = std::move(*running);
  }
  return {};
}

// The sources as they were before begin_changed().
void Runtime::take_back(SourcePlan& plan) {
  for (const auto& name : plan.reached) {
    doors_->remove(name);
    sources_.erase(name);
  }
  for (auto& [old, name] : plan.handed_over) {
    doors_->set(name, old->door());
    sources_[name] = std::move(old);
  }
  plan.handed_over.clear();
  for (const auto& [loaded, entry] : plan.stopped) {
    auto running = run_source(loaded, entry, false);
    if (!running) {
      log(HKL_LOG_ERROR, running.error().text + "; it stays ended until the config is loaded again");
      continue;
    }
    doors_->set(entry.name, (*running)->door());
    sources_[entry.name] = std::move(*running);
  }
}

// The old line ends once the new one is live. One that does not come up gets
// the PBX to itself, and what passes meanwhile is marked.
void Runtime::hand_over(SourcePlan& plan) {
  const auto end = std::chrono::steady_clock::now() + kPatienceForTheNew;
  for (auto& [old, name] : plan.handed_over) {
    for (;;) {
      std::unique_lock lock(life_mutex_);
      const auto found = sources_.find(name);
      if (found == sources_.end()) break;  // stopped meanwhile
      if (is_live(found->second)) break;
      if (std::chrono::steady_clock::now() < end) {
        lock.unlock();
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        continue;
      }
      const auto loaded = found->second.loaded;
      const auto entry = found->second.entry;
      sources_.erase(found);
      old.runner.reset();
      auto running = run_source(loaded, entry, false);
      if (!running) {
        log(HKL_LOG_ERROR, running.error().text);
        break;
      }
      doors_->set(name, (*running)->door());
      sources_[name] = std::move(*running);
      break;
    }
    old.runner.reset();
  }
}

}  // namespace hkl
