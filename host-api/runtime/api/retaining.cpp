// `retention`: what is kept for days goes when they have passed.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "api/old_files.h"
#include "api/runtime.h"

namespace hkl {
namespace {

using Json = nlohmann::ordered_json;

struct Gone {
  std::uint64_t captures = 0, poison = 0, recordings = 0, calls = 0;
  std::string trouble;  // the first file that would not go
};

void remove_old(const std::vector<std::string>& files, Instant until, std::uint64_t& count, std::string& trouble) {
  for (const auto& file : files) {
    if (!is_older(file, until)) continue;
    if (auto gone = remove_file(file); gone) {
      ++count;
    } else if (trouble.empty()) {
      trouble = gone.error().text;
    }
  }
}

}  // namespace

Done Runtime::apply_retention(const std::function<bool()>& goes_on, const std::string& format, const Asker& asker,
                              const hkl_writer* writer) {
  if (auto may = check_right(asker.access.get(), "contacts.erase"); !may) return may;
  if (!format.empty() && format != "table" && format != "json")
    return fail(HKL_INVALID, fmt::format("what went is told as table or json, not as \"{}\"", format));
  if (auto writes = needs_writer(); !writes) return writes;
  const auto& retention = config_.retention;
  if (!retention.is_any())
    return fail(HKL_NOT_FOUND, fmt::format("{}: retention says nothing, so all is kept; write for how long, such as "
                                           "retention: {{events: 400d, record: 14d}}",
                                           config_.path));
  const std::lock_guard one_at_a_time(privacy_mutex_);
  const auto at = now();
  Gone gone;
  if (retention.record) {
    for (const auto& source : config_.sources)
      if (!source.record.empty())
        remove_old(captures_of(source.record, source.name), at - *retention.record, gone.captures, gone.trouble);
    auto dropped = writer_->run([&](Deriver&, Sql& sql) {
      sql.query("DELETE FROM poison WHERE at_ms < ?").bind(ms_of(at - *retention.record)).run();
      gone.poison = static_cast<std::uint64_t>(sql.changes());
    });
    if (!dropped) return dropped;
  }
  if (retention.recordings)
    remove_old(files_below(config_.recordings_folder), at - *retention.recordings, gone.recordings, gone.trouble);
  if (retention.events) {
    // Many calls with one sync, and between two whoever waits has its turn.
    for (std::optional<std::int64_t> from = 0; from && goes_on();) {
      auto condensed = writer_->run(
          [&](Deriver& deriver, Sql&) { gone.calls += deriver.condense(at - *retention.events, at, from); });
      if (!condensed) return condensed;
    }
  }
  const auto text = fmt::format(
      "retention: {} calls took the place of their events, {} files of recorded bytes and {} recordings were removed, "
      "{} "
      "inputs set aside were dropped",
      gone.calls, gone.captures, gone.recordings, gone.poison);
  log(HKL_LOG_INFO, text);
  if (!gone.trouble.empty()) log(HKL_LOG_WARNING, "retention: " + gone.trouble);
  if (writer == nullptr) return {};
  const Json json = {{"calls", gone.calls},
                     {"capture_files", gone.captures},
                     {"recording_files", gone.recordings},
                     {"set_aside", gone.poison},
                     {"trouble", gone.trouble.empty() ? Json() : Json(gone.trouble)}};
  return write_text(*writer, format == "json" ? json.dump(2) + "\n" : text + "\n");
}

// With life_mutex_ held.
void Runtime::start_retention() {
  if (!config_.retention.is_any() || !config_.retention.cron) return;
  retention_ = std::make_unique<DailyWork>(
      *config_.retention.cron, config_.timezone, [this] { return now(); },
      [this](const std::function<bool()>& goes_on) {
        // While the store is busy it waits, so that calls come first.
        if (writer_->queued() > 0) return false;
        const std::shared_lock inside(gate_);
        if (auto done = apply_retention(goes_on, "", Asker{}, nullptr); !done)
          log(HKL_LOG_WARNING, "retention: " + done.error().text);
        return true;
      });
}

}  // namespace hkl
