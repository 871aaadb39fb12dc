// How many people each time of day needs, by Erlang C (metrics §8.8).
#include <algorithm>
#include <cstdio>
#include <map>

#include "erlang.h"
#include "hookline/sdk/plugin.h"
#include "hookline/sdk/report_defaults.h"

namespace {

struct Settings {
  double threshold_s = 20;
  double goal = 80;
  double acw_max_s = 600;
};

}  // namespace

HOOKLINE_SETTINGS(Settings, HOOKLINE_FIELD(threshold_s, "Answered so soon is in time, s"),
                  HOOKLINE_FIELD(goal, "Percent of calls to be in time"),
                  HOOKLINE_FIELD(acw_max_s, "Longer after-call work was not ended by its employee, s"))

namespace {

constexpr std::string_view kDefinition = R"json({
  "id": "staffing",
  "title": {"ru": "Сколько нужно людей", "en": "Staffing"},
  "rows": "calls",
  "scan": "contacts",
  "leaves_out": true,
  "options": [
    {"id": "interval_min", "type": "enum", "values": ["60", "30", "15"], "default": "30", "title": {"ru": "Отрезок, мин", "en": "Interval, min"}},
    {"id": "by_weekday", "type": "bool", "default": false, "title": {"ru": "Каждый день недели отдельно", "en": "Each weekday apart"}},
    {"id": "threshold_s", "type": "number", "default": 20, "title": {"ru": "Порог, с", "en": "Threshold, s"}},
    {"id": "goal", "type": "number", "default": 80, "title": {"ru": "Цель, %", "en": "Goal, %"}},
    {"id": "acw_max_s", "type": "number", "default": 600, "title": {"ru": "Работа после звонка не дольше, с", "en": "After-call work at most, s"}},
    {"id": "agents", "type": "number", "title": {"ru": "Сколько есть людей", "en": "People there are"}, "help": {"ru": "Если не задано – сколько нужно для цели", "en": "If not given, as many as the goal needs"}},
    {"id": "calls", "type": "number", "title": {"ru": "Звонков за отрезок", "en": "Calls in an interval"}, "help": {"ru": "Вместо того, что было", "en": "In place of what was"}},
    {"id": "aht_s", "type": "number", "title": {"ru": "Время на звонок, с", "en": "Handling time, s"}, "help": {"ru": "Вместо того, что было", "en": "In place of what was"}}],
  "dimensions": [
    {"id": "weekday", "type": "integer", "when": "option.by_weekday", "title": {"ru": "День недели", "en": "Weekday"}, "definition": {"ru": "Понедельник – 1", "en": "Monday is 1"}},
    {"id": "interval", "title": {"ru": "Время", "en": "Time of day"}, "definition": {"ru": "Начало отрезка в поясе отчёта", "en": "Beginning of the interval in the report's zone"}}],
  "measures": [
    {"id": "calls", "type": "integer", "title": {"ru": "Звонков", "en": "Calls"}, "definition": {"ru": "Входящие, дошедшие до людей, за весь период", "en": "Inbound calls offered to people, in the whole period"}},
    {"id": "calls_per_interval", "type": "decimal", "title": {"ru": "Звонков за отрезок", "en": "Calls per interval"}, "definition": {"ru": "На один такой день периода", "en": "Per such day of the period"}, "formula": "calls / days"},
    {"id": "aht_s", "type": "seconds", "title": {"ru": "AHT, с", "en": "AHT, s"}, "definition": {"ru": "Разговор и работа после него на отвеченный звонок; где никто не отвечал – среднее по отчёту", "en": "Talk and after-call work of an answered call; where none was, the report's mean"}},
    {"id": "erlangs", "type": "decimal", "title": {"ru": "Эрланги", "en": "Erlangs"}, "definition": {"ru": "Нагрузка", "en": "Load"}, "formula": "calls_per_interval * aht_s / interval"},
    {"id": "agents", "type": "integer", "title": {"ru": "Людей", "en": "Agents"}, "definition": {"ru": "Наименьшее число, при котором цель достигнута", "en": "The fewest that reach the goal"}},
    {"id": "wait_probability", "type": "percent", "title": {"ru": "Вероятность ожидания", "en": "Wait probability"}, "definition": {"ru": "Формула C Эрланга; пусто при перегрузке", "en": "Erlang C; empty when overloaded"}, "formula": "C(agents, erlangs)"},
    {"id": "service_level", "type": "percent", "title": {"ru": "Уровень сервиса", "en": "Service level"}, "definition": {"ru": "Ответ за порог", "en": "Answered within the threshold"}, "formula": "1 - wait_probability * e^(-(agents - erlangs) * threshold_s / aht_s)"},
    {"id": "asa_s", "type": "seconds", "title": {"ru": "ASA, с", "en": "ASA, s"}, "definition": {"ru": "Среднее ожидание", "en": "Mean wait"}, "formula": "wait_probability * aht_s / (agents - erlangs)"},
    {"id": "occupancy", "type": "percent", "title": {"ru": "Занятость", "en": "Occupancy"}, "definition": {"ru": "Какую часть времени люди говорят", "en": "The part of the time that people talk"}, "formula": "erlangs / agents"}]
})json";

// Days since 1970 of a civil date (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
std::int64_t serial_day(const hkl_local_time& day) {
  const std::int64_t year = day.month <= 2 ? day.year - 1 : day.year, era = year / 400, of_era = year - era * 400;
  const std::int64_t of_year = (153 * (day.month + (day.month > 2 ? -3 : 9)) + 2) / 5 + day.day - 1;
  return era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
}

struct Tally {
  std::int64_t calls = 0, answered = 0, handled_ms = 0;
  void add(const hkl_touch& touch, std::int64_t acw_max_ms) {
    ++calls;
    if (touch.outcome != HKL_OUTCOME_ANSWERED) return;
    ++answered;
    for (std::uint64_t i = 0; i < touch.leg_count; ++i) {
      const auto& leg = *touch.legs[i];
      const bool is_ours = leg.kind == HKL_LEG_KIND_EMPLOYEE || leg.employee.len > 0;
      if (!is_ours || leg.outcome != HKL_LEG_ANSWERED) continue;
      if (leg.talk_ms != HKL_UNKNOWN_MS) handled_ms += leg.talk_ms;
      if (leg.acw_ms != HKL_UNKNOWN_MS) handled_ms += std::min(leg.acw_ms, acw_max_ms);
    }
  }
};

class Staffing final : public hookline::Scan {
 public:
  Staffing(hookline::ScanParams params, const hookline::Host& host)
      : params_(std::move(params)),
        host_(host),
        interval_min_(std::stoi(params_.text("interval_min"))),
        acw_max_ms_(static_cast<std::int64_t>(params_.number("acw_max_s") * 1000)) {
    if (!params_.from_ms || !params_.to_ms)
      throw hookline::Failure(HKL_INVALID, "staffing needs --from and --to: calls are counted per day of the period");
    for (const char* name : {"threshold_s", "acw_max_s", "calls", "aht_s", "agents"})
      if (params_.has(name) && params_.number(name) < 0)
        throw hookline::Failure(HKL_INVALID, std::string(name) + ": take a number that is not below 0");
    if (params_.number("goal") <= 0 || params_.number("goal") >= 100)
      throw hookline::Failure(HKL_INVALID, "goal: take a percentage between 0 and 100");
    const auto first = serial_day(local(*params_.from_ms)), end = serial_day(local(*params_.to_ms - 1)) + 1;
    for (auto day = first; day < end; ++day) {
      const auto weekday = static_cast<int>((day + 3) % 7) + 1;  // 1970 began on a Thursday
      if (!is_asked_day(weekday)) continue;
      ++days_[weekday];
      ++days_[0];
    }
  }

  void contact(const hkl_timeline& timeline) override {
    for (std::uint64_t i = 0; i < timeline.touch_count; ++i) {
      const auto& touch = *timeline.touches[i];
      const bool is_offered = touch.direction == HKL_DIRECTION_IN && touch.offered_at_ms != HKL_UNKNOWN_MS;
      if (!is_offered || touch.is_left_out != 0 || !params_.is_in_period(touch.at_ms)) continue;
      const auto row = row_of(touch.at_ms);
      rows_[row].add(touch, acw_max_ms_);
      total_.add(touch, acw_max_ms_);
      if (params_.drill_key == "total" || params_.drill_key == key_of(row)) note_behind(touch);
    }
  }

  void finish(hookline::RowSink& sink) override {
    if (!params_.drill_key.empty()) {
      for (const auto& call : behind_) sink.behind(params_.drill_key, params_.drill_measure, call);
      return;
    }
    for (const auto& [row, tally] : rows_) {
      std::vector<hkl_cell> cells;
      if (params_.yes("by_weekday")) cells.push_back(hookline::integer_cell(row.first));
      const auto time = time_of(row.second);
      cells.push_back(hookline::text_cell(time));
      give(sink, key_of(row), std::move(cells), tally, static_cast<double>(days_.at(row.first)));
    }
    give_total(sink);
  }

 private:
  // Of `week_days`, which every report takes: "mon,tue", or all of them.
  bool is_asked_day(int weekday) const {
    constexpr std::string_view kDays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    return !params_.has("week_days") || params_.text("week_days").find(kDays[weekday - 1]) != std::string::npos;
  }

  using Row = std::pair<int, int>;  // weekday or 0, interval of the day

  hkl_local_time local(std::int64_t at_ms) const {
    const auto known = host_.to_local(at_ms, params_.timezone);
    if (!known) throw hookline::Failure(HKL_NOT_FOUND, "the host has no time zone " + params_.timezone);
    return *known;
  }

  Row row_of(std::int64_t at_ms) const {
    const auto at = local(at_ms);
    return {params_.yes("by_weekday") ? at.weekday : 0, (at.hour * 60 + at.minute) / interval_min_};
  }

  std::string time_of(int interval) const {
    char text[32];
    std::snprintf(text, sizeof text, "%02d:%02d", interval * interval_min_ / 60, interval * interval_min_ % 60);
    return text;
  }

  std::string key_of(const Row& row) const {
    const auto time = time_of(row.second), weekday = std::to_string(row.first);
    return params_.yes("by_weekday") ? hookline::row_key({weekday, time}) : hookline::row_key({time});
  }

  // Counts open their calls; what follows from them by the formula opens the same.
  void note_behind(const hkl_touch& touch) {
    if (params_.drill_measure == "aht_s" && touch.outcome != HKL_OUTCOME_ANSWERED) return;
    behind_.emplace_back(hookline::view(touch.call));
  }

  double aht_of(const Tally& tally) const {
    if (params_.has("aht_s")) return params_.number("aht_s");
    const auto& known = tally.answered > 0 ? tally : total_;
    return known.answered == 0 ? 0 : static_cast<double>(known.handled_ms) / 1000 / static_cast<double>(known.answered);
  }

  void give(hookline::RowSink& sink, const std::string& key, std::vector<hkl_cell> cells, const Tally& tally,
            double days) const {
    const bool is_what_if = params_.has("calls");
    const staffing::Load load{is_what_if ? params_.number("calls") : static_cast<double>(tally.calls) / days,
                              interval_min_ * 60.0, aht_of(tally)};
    cells.push_back(hookline::integer_cell(tally.calls));
    cells.push_back(hookline::decimal_cell(load.calls));
    cells.push_back(hookline::decimal_cell(load.aht_s));
    cells.push_back(hookline::decimal_cell(load.erlangs()));
    const double threshold_s = params_.number("threshold_s");
    const auto agents = params_.has("agents") ? std::optional(static_cast<int>(params_.number("agents")))
                                              : staffing::agents_for(load, threshold_s, params_.number("goal") / 100);
    cells.push_back(agents ? hookline::integer_cell(*agents) : hookline::null_cell());
    const auto service = agents ? staffing::service_of(load, *agents, threshold_s) : std::nullopt;
    const auto cell = [&](double value) { return service ? hookline::decimal_cell(value) : hookline::null_cell(); };
    const auto shown = service.value_or(staffing::Service{});
    for (const double value : {shown.wait_probability, shown.service_level, shown.asa_s, shown.occupancy})
      cells.push_back(cell(value));
    sink.row(key, cells);
  }

  // There is no one interval to be staffed for the whole day, unless its load is given.
  void give_total(hookline::RowSink& sink) const {
    std::vector<hkl_cell> cells(params_.yes("by_weekday") ? 2 : 1);
    if (params_.has("calls")) return give(sink, "total", std::move(cells), total_, 1);
    cells.push_back(hookline::integer_cell(total_.calls));
    cells.push_back(hookline::null_cell());
    cells.push_back(total_.answered == 0 ? hookline::null_cell() : hookline::decimal_cell(aht_of(total_)));
    cells.resize(cells.size() + 6);
    sink.row("total", cells);
  }

  hookline::ScanParams params_;
  const hookline::Host& host_;
  int interval_min_;
  std::int64_t acw_max_ms_;
  std::map<int, std::int64_t> days_;  // of each weekday in the period; 0: all
  std::map<Row, Tally> rows_;
  Tally total_;
  std::vector<std::string> behind_;
};

class StaffingReport final : public hookline::Report<Settings>, public hookline::ScansRecords {
 public:
  std::string definition() override {
    return hookline::ReportDefaults(kDefinition)
        .number("threshold_s", settings().threshold_s)
        .number("goal", settings().goal)
        .number("acw_max_s", settings().acw_max_s)
        .text();
  }
  std::unique_ptr<hookline::Scan> begin_scan(hookline::ScanParams params) override {
    return std::make_unique<Staffing>(std::move(params), host());
  }
};

}  // namespace

HOOKLINE_PLUGIN(StaffingReport, {"staffing", "1.0.0", "Hookline", "Apache-2.0",
                                 "How many people each time of day needs, by Erlang C", "hookline.host.time/1"})
