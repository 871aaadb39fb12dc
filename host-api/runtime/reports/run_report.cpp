// A report from question to answer, and the rows behind one of its figures.
#include <fmt/format.h>

#include <algorithm>

#include "reports/access_rows.h"
#include "reports/compare.h"
#include "reports/drill.h"
#include "reports/engine.h"
#include "reports/figures.h"
#include "reports/kept_plans.h"
#include "reports/long_list.h"
#include "reports/mask.h"
#include "reports/paged_rows.h"
#include "reports/report_answer.h"
#include "reports/scan.h"
#include "values/words.h"

namespace hkl {
namespace {

// No row behind a key is right for a cell that is empty, wrong for a key that
// no row has.
Done check_key(const Plan& plan, const std::string& key, const Answering& with) {
  if (key == kTotalKey) return {};
  const auto ids = ids_of_key(key, plan.dimensions.size());
  if (!ids) return fail(ids.error());
  const auto keys = row_keys(plan, with);
  if (!keys) return fail(keys.error());
  if (std::find(keys->begin(), keys->end(), row_key(*ids)) != keys->end()) return {};
  const bool is_shown_empty = plan.settings.show_empty && plan.directory != nullptr && ids->front() &&
                              plan.directory->employee(*ids->front()) != nullptr;
  if (is_shown_empty) return {};
  const std::vector<std::string_view> known(keys->begin(), keys->end());
  const auto nearest = nearest_word(key, known.data(), known.size());
  return fail(HKL_NOT_FOUND, fmt::format("drill: this report has no row \"{}\"{}", key,
                                         nearest.empty() ? "; keys are those of --format json, or total"
                                                         : fmt::format("; did you mean \"{}\"?", nearest)));
}

// How many rows there are on all pages; nothing where nobody is told.
Result<std::optional<std::int64_t>> counted(const DrillRows& drill, const Page& page, Reading& reading) {
  if (!page.is_enveloped) return std::optional<std::int64_t>();
  const auto rows = reading.all(drill.count(), 1);
  if (!rows) return fail(rows.error());
  return integer_of(rows->front().front());
}

std::vector<std::pair<std::string, std::string>> drill_texts(const Plan& plan, const std::string& drill) {
  auto texts = asked_texts(plan);
  // The zone and the moment are told of every list.
  texts.erase(texts.begin() + 1, texts.begin() + 3);
  const bool is_ru = plan.language == "ru";
  texts.insert(texts.begin(), {{is_ru ? "Отчёт" : "Report", plan.title}, {is_ru ? "Показатель" : "Figure", drill}});
  return texts;
}

// Whose rows they are is known to SQL alone.
Engine* engine_of(const ReportSurroundings& with) { return sees_all(with.access) ? with.engine : nullptr; }

// Has the engine find the rows of the page, where it can; how many there are on
// all pages then needs no counting.
std::optional<std::int64_t> found_sooner(const Plan& plan, DrillRows& drill, const Page& page,
                                         const std::optional<PageMark>& mark, Reading& reading,
                                         const ReportSurroundings& with) {
  auto* engine = engine_of(with);
  if (engine == nullptr || !drill.request || page.limit == 0 || (mark && !mark->ms)) return std::nullopt;
  auto& request = *drill.request;
  request.limit = page.limit + 1;  // one more tells whether it goes on
  request.is_counted = page.is_enveloped;
  if (mark) request.not_after_ms = mark->ms;
  PathTaken unasked;
  const auto found = engine->rows_behind(plan, request, reading, with.taken != nullptr ? *with.taken : unasked);
  if (!found) return std::nullopt;
  drill.narrow(found->rows);
  return static_cast<std::int64_t>(found->count);
}

bool is_scan(const Plan& plan) { return plan.definition->scan != ScanOver::nothing; }

Done write_drill(const Plan& plan, const ReportQuery& query, const ReportSurroundings& with, Reading& reading,
                 const hkl_writer& writer) {
  const auto address = parse_drill(query.drill);
  if (!address) return fail(address.error());
  auto surroundings = with;
  surroundings.timezone = plan.zone;
  if (query.format == "svg") return no_chart_of_rows();
  if (query.format == "xlsx" || query.format == "html") surroundings.asked = drill_texts(plan, query.drill);
  const auto& entity = *plan.entity;
  const auto rows = plan.rows(address->key != kTotalKey);
  std::vector<SqlText> columns = {entity.body};
  for (const auto* field : list_fields(entity, query.format)) columns.push_back(column_sql(*field, rows.surroundings));
  auto drill = is_scan(plan) ? scan_drill(plan, *address, columns, with, reading) : drill_rows(plan, *address, columns);
  if (!drill) return fail(drill.error());

  std::optional<PageMark> mark;
  if (!query.page.after.empty()) {
    auto read = PageMark::of(query.page.after);
    if (!read) return fail(read.error());
    mark = std::move(*read);
  }
  const auto known_total = found_sooner(plan, *drill, query.page, mark, reading, with);
  const auto total =
      known_total ? Result<std::optional<std::int64_t>>(known_total) : counted(*drill, query.page, reading);
  if (!total) return fail(total.error());

  ListWriter list(entity, query.format, surroundings, writer, drill->is_rate);
  PagedRows paged(query.page, list);
  if (auto done = paged.write(reading, drill->sql(mark), drill->columns); !done) return done;
  if (paged.count() == 0)
    if (auto known = is_scan(plan) ? check_scan_key(plan, address->key, with, reading)
                                   : check_key(plan, address->key, {reading, engine_of(with)});
        !known)
      return known;
  return paged.end(*total);
}

// A list shows its rows, so it is asked for as rows are. A row that is told by a
// number cannot be shown to who may not see that.
Done check_report(const Plan& plan, const ReportQuery& query) {
  const auto& rows = *plan.definition->rows;
  const bool is_list =
      std::any_of(plan.dimensions.begin(), plan.dimensions.end(), [](const auto* d) { return is_single(*d); });
  if (auto may = check_right(plan.access, "reports.view"); !may) return may;
  for (const auto* dimension : plan.dimensions)
    if (auto shown = check_hidden(plan.access, *dimension->expr); !shown) return shown;
  if (is_list && !query.compare.empty()) return fail(HKL_INVALID, "compare: a list of single rows has none before");
  const bool are_rows = is_list || !query.drill.empty();
  return check_asked(plan.access, rows, are_rows ? Asked::rows : Asked::figures, query.format);
}

// Texts of figures are those of single records.
class HiddenFigures {
 public:
  explicit HiddenFigures(const Plan& plan) {
    if (plan.access == nullptr) return;
    const bool hears = plan.access->may("recordings.hear");
    for (std::size_t i = 0; i < plan.measures.size(); ++i) {
      const Node& asked = *plan.measures[i].way->expr;
      const bool is_hidden = !hears && asks_of_recordings(asked);
      if (is_hidden || (is_masked(plan.access) && quotes_people(asked))) of_.emplace_back(i, is_hidden);
    }
  }

  void hide(ReportRow& row) const {
    for (const auto& [measure, is_hidden] : of_)
      for (auto* figures : {&row.figures, &row.before}) {
        if (measure >= figures->size()) continue;
        auto& text = (*figures)[measure].text;
        if (text) text = is_hidden ? std::nullopt : std::optional(masked(*text));
      }
  }

 private:
  std::vector<std::pair<std::size_t, bool>> of_;  // the measure; whether nothing of it is shown, or stars
};

// The same question over the period before.
Done compare(Plan& plan, const ReportQuery& query, const std::function<Result<ReportRows>()>& answered,
             ReportRows& rows) {
  if (query.compare.empty()) return {};
  if (query.compare != "previous")
    return fail(HKL_INVALID, fmt::format("compare={}: take previous, the period before", query.compare));
  const auto before = period_before(plan);
  if (!before) return fail(before.error());
  const auto asked = Bounds{std::exchange(plan.from, before->from), std::exchange(plan.to, before->to)};
  const auto was = answered();
  plan.from = asked.from;
  plan.to = asked.to;
  if (!was) return fail(was.error());
  plan.compared_with = *before;
  put_before(*was, rows);
  return {};
}

// As it was made for an earlier question, where there is one.
Result<std::unique_ptr<KeptPlan>> planned(const Report& report, const ReportQuery& query,
                                          const ReportSurroundings& with) {
  auto key = kept_key(query, with);
  auto kept = key.empty() ? nullptr : report.kept_plans().take(key);
  if (kept) {
    if (auto renewed = renew(kept->plan, query, with); !renewed) return fail(renewed.error());
    return kept;
  }
  auto plan = make_plan(report.definition(), query, with);
  if (!plan) return fail(plan.error());
  return std::make_unique<KeptPlan>(KeptPlan{std::move(key), std::move(*plan), nullptr, nullptr});
}

// Each row when it is made. Nothing is written before it is known that there is an answer.
Done write_as_made(Plan& plan, const std::vector<Bounds>& parts, const Answering& with, const std::string& format,
                   const hkl_writer& writer) {
  const HiddenFigures hidden(plan);
  const auto written = ReportWriter::of(plan, format, writer);
  bool is_begun = false;
  const auto begin = [&] { return std::exchange(is_begun, true) ? Done() : written->begin(); };
  const auto take = [&](ReportRow& row) {
    if (auto begun = begin(); !begun) return begun;
    hidden.hide(row);
    return written->row(row);
  };
  ReportRow total;
  if (auto done = parts.size() > 1 ? compute_parts(plan, parts, with, take, total) : compute(plan, with, take, total);
      !done)
    return done;
  if (auto begun = begin(); !begun) return begun;
  hidden.hide(total);
  return written->end(total);
}

}  // namespace

Done run_report(const Report& report, const ReportQuery& query, const ReportSurroundings& with, StoreReader& reader,
                const hkl_writer& writer) {
  if (auto known = check_format(query.format); !known) return known;
  auto kept = planned(report, query, with);
  if (!kept) return fail(kept.error());
  auto* plan = &(*kept)->plan;
  if (auto may = check_report(*plan, query); !may) return may;
  auto reading = Reading::begin(reader);
  if (!reading) return fail(reading.error());
  if (auto known = check_people(plan->settings, with.directory, *reading); !known) return known;
  if (is_scan(*plan))
    if (auto may = check_scan(*plan); !may) return may;
  if (!query.drill.empty()) return write_drill(*plan, query, with, *reading, writer);
  if (is_scan(*plan) && with.taken != nullptr)
    *with.taken = {.path = "scan", .why = "its plugin makes the rows itself"};
  if (!is_scan(*plan)) {
    const auto parts = parts_of_list(*plan, *reading);
    if (!parts) return fail(parts.error());
    if (query.compare.empty()) {
      auto done =
          write_as_made(*plan, *parts, {*reading, engine_of(with), with.taken, kept->get()}, query.format, writer);
      report.kept_plans().give_back(std::move(*kept));
      return done;
    }
  }
  const auto answered = [&](PathTaken* taken) {
    return is_scan(*plan) ? scan_rows(*plan, with, *reading) : compute(*plan, {*reading, engine_of(with), taken});
  };
  auto rows = answered(with.taken);
  if (!rows) return fail(rows.error());
  if (auto done = compare(
          *plan, query, [&] { return answered(nullptr); }, *rows);
      !done)
    return done;
  const HiddenFigures hidden(*plan);
  for (auto& row : rows->rows) hidden.hide(row);
  hidden.hide(rows->total);
  return write_report(*plan, std::move(*rows), query.format, writer);
}

}  // namespace hkl
