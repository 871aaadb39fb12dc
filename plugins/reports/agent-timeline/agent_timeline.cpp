// What employees' time went to: load, occupancy, Erlangs (metrics §8.7).
#include <map>
#include <set>

#include "buckets.h"
#include "hookline/sdk/plugin.h"
#include "hours.h"

namespace {

using agent_timeline::Buckets;
using agent_timeline::Hours;
using agent_timeline::Span;
using agent_timeline::Zone;

constexpr std::string_view kDefinition = R"json({
  "id": "agent-timeline",
  "title": {"ru": "Загрузка сотрудников", "en": "Agent timeline"},
  "rows": "calls",
  "scan": "employees",
  "takes_hours": true,
  "options": [
    {"id": "by", "type": "enum", "values": ["employee", "employee_day", "employee_hour", "day", "hour"], "default": "employee", "title": {"ru": "Группировать", "en": "Group by"}}],
  "dimensions": [
    {"id": "employee", "names": "employee", "when": "option.by in ('employee', 'employee_day', 'employee_hour')",
     "title": {"ru": "Сотрудник", "en": "Employee"}, "empty": {"ru": "Не назначен", "en": "Not assigned"},
     "definition": {"ru": "Чей внутренний номер говорил", "en": "Whose extension talked"}},
    {"id": "day", "when": "option.by in ('employee_day', 'day')", "title": {"ru": "День", "en": "Day"},
     "definition": {"ru": "Разговоры режутся в полночь", "en": "Talks are cut at midnight"}},
    {"id": "hour", "when": "option.by in ('employee_hour', 'hour')", "title": {"ru": "Час", "en": "Hour"},
     "definition": {"ru": "Разговоры режутся на границах часов", "en": "Talks are cut at the hour"}}],
  "measures": [
    {"id": "talk_s", "type": "seconds", "title": {"ru": "Разговоры, с", "en": "Talk, s"}, "definition": {"ru": "Внешние звонки, с удержаниями", "en": "External calls, holds included"}},
    {"id": "internal_s", "type": "seconds", "title": {"ru": "Внутренние, с", "en": "Internal, s"}, "definition": {"ru": "Разговоры с коллегами", "en": "Talks with colleagues"}},
    {"id": "acw_s", "type": "seconds", "title": {"ru": "После звонка, с", "en": "After-call work, s"}, "definition": {"ru": "Как сказала АТС, не больше 600 с", "en": "As the PBX told, 600 s at most"}},
    {"id": "busy_s", "type": "seconds", "title": {"ru": "Занят, с", "en": "Busy, s"}, "definition": {"ru": "Разговоры внешние и внутренние", "en": "External and internal talks"}, "formula": "talk_s + internal_s"},
    {"id": "erlangs", "type": "decimal", "title": {"ru": "Эрланги", "en": "Erlangs"}, "definition": {"ru": "Занятое время ÷ длина отрезка", "en": "Busy time ÷ length of the stretch"}, "formula": "busy_s / 3600 of an hour"},
    {"id": "peak", "type": "integer", "title": {"ru": "Одновременно", "en": "Peak"}, "definition": {"ru": "Больше всего звонков сразу", "en": "Most calls at once"}},
    {"id": "logged_in_s", "type": "seconds", "title": {"ru": "В системе, с", "en": "Logged in, s"}, "definition": {"ru": "По присутствию, а без него – по календарю смен", "en": "By presence, without it by the shift calendar"}},
    {"id": "paused_s", "type": "seconds", "title": {"ru": "Паузы, с", "en": "Paused, s"}, "definition": {"ru": "Паузы в это время, наложенные – один раз", "en": "Pauses in that time, overlapping ones once"}},
    {"id": "occupancy", "type": "percent", "title": {"ru": "Занятость", "en": "Occupancy"}, "definition": {"ru": "(Разговоры + работа после них, пока в системе) ÷ (в системе − паузы)", "en": "(Talks + after-call work while logged in) ÷ (logged in − pauses)"}, "formula": "(busy_s + acw_s) / (logged_in_s - paused_s)"},
    {"id": "utilisation", "type": "percent", "title": {"ru": "Использование", "en": "Utilisation"}, "definition": {"ru": "То же ÷ время в системе", "en": "The same ÷ logged-in time"}, "formula": "(busy_s + acw_s) / logged_in_s"},
    {"id": "basis", "type": "text", "title": {"ru": "Основа", "en": "Basis"}, "definition": {"ru": "По чему известно время в системе", "en": "What the logged-in time is known by"}}]
})json";

struct Tally {
  std::int64_t talk = 0, internal = 0, acw = 0, at_work = 0, logged_in = 0, paused = 0, length = 0;
  bool has_presence = false, has_schedule = false;
  agent_timeline::Peak peak;

  std::int64_t busy() const { return talk + internal; }
};

// One employee's time, put in order.
struct Day {
  std::vector<Span> logged_in, paused;
  bool is_by_schedule = false;
};

class Timeline final : public hookline::Scan {
 public:
  Timeline(hookline::ScanParams params, const hookline::Host& host)
      : params_(std::move(params)),
        by_(params_.text("by")),
        is_by_employee_(by_.starts_with("employee")),
        buckets_(Zone(host, params_.timezone), size_of(by_)),
        hours_(Zone(host, params_.timezone), params_.text("day_start"), params_.text("day_end"),
               params_.text("week_days")),
        hours_of_row_(hours_),
        period_{params_.from_ms.value_or(INT64_MIN), params_.to_ms.value_or(params_.now_ms)},
        asked_ms_(params_.from_ms ? hours_.within(period_) : 0) {}

  void employee(const hkl_employee_time& time) override {
    const std::string id(hookline::view(time.id));
    const auto day = day_of(time);
    for (const auto& span : day.logged_in)
      each_row(id, span, [&](Tally& row, Span piece) {
        row.logged_in += length(piece);
        (day.is_by_schedule ? row.has_schedule : row.has_presence) = true;
      });
    for (const auto& span : day.paused) each_row(id, span, [](Tally& row, Span piece) { row.paused += length(piece); });
    for (std::uint64_t i = 0; i < time.stretch_count; ++i) {
      const auto& stretch = *time.stretches[i];
      if (stretch.kind <= HKL_STRETCH_ACW) add_work(id, stretch, day);
    }
  }

  void finish(hookline::RowSink& sink) override {
    if (!params_.drill_key.empty()) return give_behind(sink);
    for (const auto& [row, tally] : rows_) {
      const auto& [employee, time] = row;
      std::vector<hkl_cell> cells;
      if (is_by_employee_) cells.push_back(hookline::text_cell(employee));
      if (by_ != "employee") cells.push_back(hookline::text_cell(time));
      give(sink, key_of(employee, time), std::move(cells), tally);
    }
    total_.length = asked_ms_;
    give(sink, "total", std::vector<hkl_cell>(by_ == "employee_day" || by_ == "employee_hour" ? 2 : 1), total_);
  }

 private:
  static Buckets::Size size_of(const std::string& by) {
    if (by == "employee") return Buckets::Size::none;
    return by.ends_with("hour") ? Buckets::Size::hour : Buckets::Size::day;
  }

  std::string key_of(const std::string& employee, const std::string& time) const {
    if (by_ == "employee") return hookline::row_key({employee});
    return is_by_employee_ ? hookline::row_key({employee, time}) : hookline::row_key({time});
  }

  // Presence, or where there is none the calendar; pauses outside it are none,
  // and one without an end runs to log-off or to the end of what is asked.
  Day day_of(const hkl_employee_time& time) {
    std::vector<Span> online, shift, pauses;
    for (std::uint64_t i = 0; i < time.stretch_count; ++i) {
      const auto& stretch = *time.stretches[i];
      const auto end = stretch.to_ms == HKL_UNKNOWN_MS ? std::min(period_.to, params_.now_ms) : stretch.to_ms;
      auto* spans = stretch.kind == HKL_STRETCH_ONLINE  ? &online
                    : stretch.kind == HKL_STRETCH_SHIFT ? &shift
                    : stretch.kind == HKL_STRETCH_PAUSE ? &pauses
                                                        : nullptr;
      if (spans != nullptr)
        hours_.each(common({stretch.from_ms, end}, period_), [&](Span piece) { spans->push_back(piece); });
    }
    Day day;
    day.logged_in = united(std::move(online));
    day.is_by_schedule = day.logged_in.empty() && !shift.empty();
    if (day.is_by_schedule) day.logged_in = united(std::move(shift));
    for (const auto& pause : united(std::move(pauses)))
      for (const auto& in : day.logged_in)
        if (length(common(pause, in)) > 0) day.paused.push_back(common(pause, in));
    return day;
  }

  void add_work(const std::string& employee, const hkl_stretch& stretch, const Day& day) {
    const std::string call(hookline::view(stretch.call));
    const auto end = stretch.to_ms == HKL_UNKNOWN_MS ? std::min(period_.to, params_.now_ms) : stretch.to_ms;
    hours_.each(common({stretch.from_ms, end}, period_), [&](Span asked) {
      each_row(employee, asked, [&](Tally& row, Span piece) {
        auto& sum = stretch.kind == HKL_STRETCH_TALK       ? row.talk
                    : stretch.kind == HKL_STRETCH_INTERNAL ? row.internal
                                                           : row.acw;
        sum += length(piece);
        row.at_work += within(piece, day.logged_in);
        if (stretch.kind != HKL_STRETCH_ACW) row.peak.add(piece, call);
      });
      note_behind(employee, asked, stretch.kind, call, day);
    });
  }

  template <typename Take>
  void each_row(const std::string& employee, Span span, const Take& take) {
    buckets_.each(span, [&](const std::string& time, Span piece) {
      auto& row = rows_[{is_by_employee_ ? employee : "", time}];
      row.length = by_ == "employee" ? asked_ms_ : hours_of_row_.within(common(buckets_.latest(), period_));
      take(row, piece);
      take(total_, piece);
    });
  }

  // The calls whose time a figure sums; of the peak, those that were on then.
  void note_behind(const std::string& employee, Span span, std::uint32_t kind, const std::string& call,
                   const Day& day) {
    if (params_.drill_key.empty() || call.empty()) return;
    const auto& measure = params_.drill_measure;
    const bool is_rate = measure == "occupancy" || measure == "utilisation";
    const bool is_wanted = measure == "talk_s"       ? kind == HKL_STRETCH_TALK
                           : measure == "internal_s" ? kind == HKL_STRETCH_INTERNAL
                           : measure == "acw_s"      ? kind == HKL_STRETCH_ACW
                           : is_rate                 ? within(span, day.logged_in) > 0
                                                     : kind != HKL_STRETCH_ACW;
    if (!is_wanted || measure == "logged_in_s" || measure == "paused_s" || measure == "basis") return;
    buckets_.each(span, [&](const std::string& time, Span piece) {
      const bool is_in_row = params_.drill_key == "total" || key_of(employee, time) == params_.drill_key;
      if (!is_in_row || (is_rate && within(piece, day.logged_in) == 0)) return;
      behind_.insert(call);
      if (measure == "peak") asked_peak_.add(piece, call);
    });
  }

  void give_behind(hookline::RowSink& sink) const {
    for (const auto& call : params_.drill_measure == "peak" ? asked_peak_.calls() : behind_)
      sink.behind(params_.drill_key, params_.drill_measure, call);
  }

  void give(hookline::RowSink& sink, const std::string& key, std::vector<hkl_cell> cells, const Tally& tally) const {
    const auto seconds = [](std::int64_t ms) { return hookline::decimal_cell(static_cast<double>(ms) / 1000); };
    for (const auto ms : {tally.talk, tally.internal, tally.acw, tally.busy()}) cells.push_back(seconds(ms));
    const auto length = static_cast<double>(tally.length);
    cells.push_back(tally.length == 0 ? hookline::null_cell()
                                      : hookline::decimal_cell(static_cast<double>(tally.busy()) / length));
    cells.push_back(hookline::integer_cell(static_cast<std::int64_t>(tally.peak.calls().size())));
    const bool is_known = tally.has_presence || tally.has_schedule;
    cells.push_back(is_known ? seconds(tally.logged_in) : hookline::null_cell());
    cells.push_back(is_known ? seconds(tally.paused) : hookline::null_cell());
    cells.push_back(hookline::ratio_cell(tally.at_work, tally.logged_in - tally.paused));
    cells.push_back(hookline::ratio_cell(tally.at_work, tally.logged_in));
    cells.push_back(is_known ? hookline::text_cell(basis(tally)) : hookline::null_cell());
    sink.row(key, cells);
  }

  std::string_view basis(const Tally& tally) const {
    const bool is_russian = params_.language == "ru";
    if (tally.has_presence && tally.has_schedule) return is_russian ? "отчасти по графику" : "partly by schedule";
    if (tally.has_schedule) return is_russian ? "по графику" : "by schedule";
    return is_russian ? "по присутствию" : "by presence";
  }

  hookline::ScanParams params_;
  std::string by_;
  bool is_by_employee_;
  Buckets buckets_;
  Hours hours_, hours_of_row_;  // of what is walked; of the row that a piece of it falls in
  Span period_;
  std::int64_t asked_ms_;  // of the period; 0: it has no beginning
  std::map<std::pair<std::string, std::string>, Tally> rows_;
  Tally total_;
  std::set<std::string> behind_;
  agent_timeline::Peak asked_peak_;
};

class AgentTimeline final : public hookline::Report<hookline::NoSettings>, public hookline::ScansRecords {
 public:
  std::string definition() override { return std::string(kDefinition); }
  std::unique_ptr<hookline::Scan> begin_scan(hookline::ScanParams params) override {
    return std::make_unique<Timeline>(std::move(params), host());
  }
};

}  // namespace

HOOKLINE_PLUGIN(AgentTimeline, {"agent-timeline", "1.0.0", "Hookline", "Apache-2.0",
                                "Load, occupancy and Erlangs of employees, by hour and day", "hookline.host.time/1"})
