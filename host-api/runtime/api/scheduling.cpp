// Saved reports, and those that are sent by themselves.
#include <fmt/format.h>

#include "api/runtime.h"
#include "reports/definition.h"
#include "rest/rest.h"
#include "rest/text_writer.h"
#include "schedules/period.h"

namespace hkl {
namespace {

constexpr const char* kRemembered = "schedule:";

}  // namespace

Result<std::string> Runtime::unfold(const std::string& name, ReportQuery& query, Instant at) const {
  const auto found = config_.schedules.saved.find(name);
  if (found == config_.schedules.saved.end()) return name;
  const auto& saved = found->second;
  if (query.from.empty() && query.to.empty()) {
    query.from = saved.from;
    query.to = saved.to;
    if (!saved.period.empty()) {
      const auto named = period_named(saved.period, at, config_.timezone);
      if (!named) return fail(named.error());
      query.from = named->from;
      query.to = named->to;
    }
  }
  query.settings.insert(saved.settings.begin(), saved.settings.end());  // what is asked stands above it
  const auto put = [](std::string& asked, const std::string& kept) {
    if (asked.empty()) asked = kept;
  };
  put(query.where, saved.where);
  put(query.sort, saved.sort);
  if (query.drill.empty()) put(query.compare, saved.compare);
  put(query.title, saved.title);
  return saved.report;
}

// With life_mutex_ held.
void Runtime::start_schedules() {
  ScheduleParts parts;
  parts.config = config_.schedules;
  parts.timezone = config_.timezone;
  parts.language = config_.language;
  parts.make = [this](const Schedule& schedule, Instant due) { return make_scheduled(schedule, due); };
  // The store is the writer's.
  parts.recall = [this](const std::string& id) -> Result<std::string> {
    std::string text;
    if (auto ran = writer_->run([&](Deriver&, Sql&) { text = store_->meta((kRemembered + id).c_str()); }); !ran)
      return fail(ran.error());
    return text;
  };
  parts.remember = [this](const std::string& id, const std::string& text) {
    return writer_->run([&](Deriver&, Sql&) { store_->set_meta((kRemembered + id).c_str(), text); });
  };
  parts.now = [this] { return now(); };
  parts.log = [this](std::uint32_t level, const std::string& line) { log(level, line); };
  schedules_ = std::make_unique<ScheduleRunner>(std::move(parts));
  schedules_->start();
}

// After a reload. What is being made is finished first, with no lock held that it needs.
void Runtime::renew_schedules() {
  std::unique_ptr<ScheduleRunner> before;
  std::unique_ptr<DailyWork> retention;
  {
    const std::lock_guard lock(life_mutex_);
    before = std::move(schedules_);
    retention = std::move(retention_);
  }
  before.reset();
  retention.reset();
  const std::lock_guard lock(life_mutex_);
  if (!is_started_) return;
  start_schedules();
  start_retention();
}

// A period is that of the moment for which it is due, however late it is made.
Result<MadeReport> Runtime::make_scheduled(const Schedule& schedule, Instant due) {
  const std::shared_lock inside(gate_);
  auto asker = asker_of(schedule.user, schedule.language);
  if (!asker) return fail(asker.error());
  ReportQuery query;
  query.format = schedule.format;
  const auto id = unfold(schedule.saved, query, due);
  if (!id) return fail(id.error());
  MadeReport made;
  made.from = query.from;
  made.to = query.to;
  made.content_type = content_type_of_report(schedule.format);
  const auto found = report(*id);
  if (!found) return fail(found.error());
  const auto language = asker->language.empty() ? config_.language : asker->language;
  made.title = query.title.empty() ? (*found)->definition().title.in(language) : query.title;
  TextWriter bytes;
  if (auto done = run_report(*id, query, *asker, bytes.writer()); !done) return fail(done.error());
  made.bytes = std::move(bytes.text);
  return made;
}

}  // namespace hkl
