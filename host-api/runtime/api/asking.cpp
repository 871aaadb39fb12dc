// What goes out through the C API: lists, look-ups, reports, exports.
#include <Poco/Data/Session.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "api/runtime.h"
#include "canonical/canonical.h"
#include "canonical/json_text.h"
#include "pipeline/ids.h"
#include "pipeline/record_shelf.h"
#include "pipeline/tables.h"
#include "reports/description.h"
#include "reports/engine.h"
#include "reports/fields.h"
#include "reports/mask.h"
#include "rest/text_writer.h"

namespace hkl {
namespace {

using Json = nlohmann::ordered_json;

std::string nearest_of(const std::string& word, const std::vector<std::string>& known) {
  std::vector<std::string_view> views(known.begin(), known.end());
  const auto near = nearest_word(word, views.data(), views.size());
  return near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near);
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace

// The directory of the moment; a reader makes its own from config and records.
Result<std::shared_ptr<const Directory>> Runtime::directory() {
  const std::lock_guard lock(directory_mutex_);
  try {
    if (writer_) {
      // Then the last commit has told it. To ask the writer's thread takes a commit and two changes of threads.
      if (writer_->is_quiet()) return cards_->directory();
      std::shared_ptr<const Directory> now;
      if (auto ran = writer_->run([&](Deriver& deriver, Sql&) { now = deriver.directory(); }); !ran)
        return fail(ran.error());
      return now;
    }
    if (!directory_) {
      Deriver deriver(*store_, loaded_->deriver_parts());
      directory_ = deriver.directory();
    }
    return directory_;
  } catch (const SqlError& error) {
    return fail(error.error().in(store_->path()));
  }
}

Done Runtime::list(const ListQuery& query, const Asker& asker, const hkl_writer& writer) {
  auto session = reader();
  if (!session) return fail(session.error());
  auto people = directory();
  if (!people) return fail(people.error());
  auto asked = query;
  if (!asked.id.empty()) {
    Sql sql(**session);
    if (asked.entity == HKL_ENTITY_CALL) {
      const auto id = Tables(sql).call_of_name(asked.id);
      if (!id.empty()) asked.id = id;
    } else {
      const char* entity = asked.entity == HKL_ENTITY_LEAD      ? "lead"
                           : asked.entity == HKL_ENTITY_TASK    ? "task"
                           : asked.entity == HKL_ENTITY_CONTACT ? "contact"
                                                                : "inquiry";
      asked.id = Ids(sql).inside(entity, asked.id);
    }
  }
  return run_list(asked, report_surroundings(**people, asker), **session, writer);
}

Done Runtime::check_sees(std::uint32_t entity, const std::string& id, const Asker& asker) {
  if (asker.access == nullptr) return {};
  ListQuery query;
  query.entity = entity;
  query.id = id;
  query.format = "json";
  TextWriter ignored;
  return list(query, asker, ignored.writer());
}

ReportSurroundings Runtime::report_surroundings(const Directory& people, const Asker& asker) const {
  ReportSurroundings with;
  with.directory = &people;
  with.timezone = config_.timezone;
  with.language = asker.language.empty() ? config_.language : asker.language;
  with.now = now();
  with.calendars = &config_.calendars;
  with.access = asker.access.get();
  return with;
}

std::vector<std::shared_ptr<const Report>> Runtime::reports() {
  std::vector<std::shared_ptr<const Report>> all;
  for (const auto& [id, report] : loaded_->reports) all.push_back(report);
  return all;
}

Result<std::string> Runtime::describe_report(const Report& report, const Asker& asker) {
  if (auto may = check_right(asker.access.get(), "reports.view"); !may) return fail(may.error());
  const auto people = directory();
  if (!people) return fail(people.error());
  auto json = described(report, report_surroundings(**people, asker));
  if (!json) return fail(json.error());
  return dumped(*json);
}

Result<std::shared_ptr<const Report>> Runtime::report(const std::string& id) {
  const auto saved = config_.schedules.saved.find(id);
  const auto found = loaded_->reports.find(saved == config_.schedules.saved.end() ? id : saved->second.report);
  if (found != loaded_->reports.end()) return found->second;
  std::vector<std::string> known;
  for (const auto& [name, report] : loaded_->reports) known.push_back(name);
  for (const auto& [name, report] : config_.schedules.saved) known.push_back(name);
  return fail(HKL_NOT_FOUND, fmt::format("{} has no report \"{}\"{}; it has: {}", config_.path, id,
                                         nearest_of(id, known), known.empty() ? "none" : joined(known)));
}

Done Runtime::run_report(const std::string& id, const ReportQuery& query, const Asker& asker,
                         const hkl_writer& writer) {
  return answer_report(id, query, asker, writer, nullptr);
}

// To open a session takes longer than many a report.
Done Runtime::answer_report(const std::string& id, const ReportQuery& query, const Asker& asker,
                            const hkl_writer& writer, PathTaken* taken) {
  auto found = report(id);
  if (!found) return fail(found.error());
  auto people = directory();
  if (!people) return fail(people.error());
  IdleReader reads;
  {
    const std::lock_guard lock(readers_mutex_);
    if (!idle_readers_.empty()) {
      reads = std::move(idle_readers_.back());
      idle_readers_.pop_back();
    }
  }
  if (!reads.session) {
    auto opened = reader();
    if (!opened) return fail(opened.error());
    reads.session = std::move(*opened);
    reads.reader = std::make_unique<StoreReader>(*reads.session);
  }
  auto surroundings = report_surroundings(**people, asker);
  surroundings.engine = columns_ ? &columns_->engine() : nullptr;
  surroundings.taken = taken;
  auto unfolded = query;
  const auto plain = unfold(id, unfolded, surroundings.now);
  if (!plain) return fail(plain.error());
  const auto scan = scan_parts(*plain);
  surroundings.scan = scan.begin ? &scan : nullptr;
  auto done = hkl::run_report(**found, unfolded, surroundings, *reads.reader, writer);
  constexpr std::size_t kIdleAtMost = 4;
  const std::lock_guard lock(readers_mutex_);
  if (idle_readers_.size() < kIdleAtMost) idle_readers_.push_back(std::move(reads));
  return done;
}

Done Runtime::explain_report(const std::string& id, const ReportQuery& query, const Asker& asker,
                             const hkl_writer& writer) {
  if (query.format != "table" && query.format != "json")
    return fail(HKL_INVALID,
                fmt::format("format \"{}\": how a report is answered is told as table or json", query.format));
  auto asked = query;
  asked.format = "json";
  PathTaken taken;
  const auto drop = [](void*, hkl_bytes) -> hkl_status { return HKL_OK; };
  const hkl_writer nowhere = {sizeof(hkl_writer), 0, nullptr, drop};
  const auto begun = std::chrono::steady_clock::now();
  if (auto done = answer_report(id, asked, asker, nowhere, &taken); !done) return done;
  const auto ms = [](auto span) { return std::chrono::duration<double, std::milli>(span).count(); };
  const auto took_ms = ms(std::chrono::steady_clock::now() - begun), searched_ms = ms(taken.searched);
  const bool is_by_columns = taken.path != "sql" && taken.path != "scan";
  if (query.format == "json")
    return write_text(writer, dumped(Json{{"report", id},
                                          {"path", taken.path},
                                          {"why", taken.why},
                                          {"rows_total", taken.rows_total},
                                          {"rows_read", taken.rows_read},
                                          {"bytes_read", taken.bytes_read},
                                          {"took_ms", took_ms},
                                          {"columns_ms", is_by_columns ? Json(searched_ms) : Json()}}) +
                                  "\n");
  auto text = fmt::format("{}: answered by {}: {}\n", id, taken.path, taken.why);
  if (is_by_columns)
    text += fmt::format("{} of {} rows read, {} bytes; {:.2f} ms in the columns, ", taken.rows_read, taken.rows_total,
                        taken.bytes_read, searched_ms);
  text += fmt::format("{:.2f} ms in all\n", took_ms);
  return write_text(writer, text);
}

// Told records as they were told; what was made (calls from events, contacts,
// inquiries, leads, tasks) as records of the same shapes, so that an import
// elsewhere gives the same figures. Contacts and people first: less waits.
Done Runtime::export_records(const std::vector<std::string>& types, const Asker& asker, const hkl_writer& writer) {
  for (const auto* right : {"records.write", "numbers.full"})
    if (auto may = check_right(asker.access.get(), right); !may) return may;
  for (const auto& type : types) {
    const auto& known = canonical_types();
    if (std::find(known.begin(), known.end(), type) == known.end())
      return fail(HKL_INVALID, fmt::format("there is no record type \"{}\"{}", type, nearest_of(type, known)));
  }
  auto session = reader();
  if (!session) return fail(session.error());
  // What the YAML says by hand is not exported: an id lives in one of the two.
  static const std::map<std::string, std::string> kMade = {
      {"call", "SELECT body FROM calls ORDER BY started_ms, id"},
      {"contact", "SELECT " + shown_body("contact") + " FROM contacts c ORDER BY c.id"},
      {"inquiry", "SELECT body FROM inquiries ORDER BY at_ms, id"},
      {"lead", "SELECT " + shown_body("lead") + " FROM leads c ORDER BY c.created_ms, c.id"},
      {"task", "SELECT " + shown_body("task") + " FROM tasks c ORDER BY c.created_ms, c.id"}};
  try {
    Sql sql(**session);
    for (const auto& type : canonical_types()) {
      if (!types.empty() && std::find(types.begin(), types.end(), type) == types.end()) continue;
      const auto made = kMade.find(type);
      auto rows = made != kMade.end() ? sql.query(made->second.c_str())
                                      : sql.query(
                                            "SELECT body, id FROM records WHERE type = ? AND deleted_ms IS NULL "
                                            "ORDER BY id");
      if (made == kMade.end()) rows.bind(type);
      while (rows.step()) {
        if (auto written = write_text(writer, typed_json(type, rows.text(0)) + "\n"); !written) return written;
      }
    }
    return {};
  } catch (const SqlError& error) {
    return fail(error.error().in(store_->path()));
  }
}

}  // namespace hkl
