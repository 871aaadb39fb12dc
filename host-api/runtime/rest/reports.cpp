// Reports: what there are, their figures, the rows behind a figure.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "canonical/json_text.h"
#include "rest/rest.h"
#include "rest/routes.h"

namespace hkl {
namespace {

constexpr std::uint64_t kUsual = 100, kMost = 1000;

Done list(RestCall& call) {
  if (auto done = call.query.no_others(); !done) return done;
  std::string text = "[";
  for (const auto& report : call.backend.reports()) {
    const auto one = call.backend.describe_report(*report, call.asker());
    if (!one) return fail(one.error());
    text += (text.size() > 1 ? ",\n" : "\n") + *one;
  }
  return call.reply.text(text + "\n]\n");
}

struct Format {
  const char *name, *content_type;
  bool is_file;  // to be kept, not shown in place
};
constexpr Format kFormats[] = {{"json", "application/json", false},
                               {"ndjson", "application/x-ndjson", true},
                               {"csv", "text/csv; charset=utf-8", true},
                               {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", true},
                               {"html", "text/html; charset=utf-8", false},
                               {"svg", "image/svg+xml", false}};

const Format* format_of(std::string_view name) {
  const auto* found =
      std::find_if(std::begin(kFormats), std::end(kFormats), [&](const Format& known) { return known.name == name; });
  return found == std::end(kFormats) ? nullptr : found;
}

// Fills in the head of an answer in that format; a wrong one is told by the
// report itself.
void put_format(RestCall& call, const std::string& report, const std::string& format) {
  const auto* known = format_of(format);
  if (known == nullptr) return;
  call.reply.head.content_type = known->content_type;
  if (known->is_file) call.reply.head.file_name = fmt::format("{}.{}", report, format);
}

// What is left of the query is an option or a filter of the report.
ReportQuery report_query(RestCall& call) {
  ReportQuery asked;
  asked.format = call.query.take("format");
  if (asked.format.empty()) asked.format = "json";
  asked.from = call.query.take("from");
  asked.to = call.query.take("to");
  asked.where = call.query.take("where");
  return asked;
}

// The report was found, so what is not found then is a word of the question.
Done as_a_question(Done done) {
  if (!done && done.error().status == HKL_NOT_FOUND) return fail(HKL_INVALID, done.error().text);
  return done;
}

Done run(RestCall& call, const ReportQuery& asked) {
  const auto& id = call.names.at("id");
  if (const auto report = call.backend.report(id); !report) return fail(report.error());
  put_format(call, id, asked.format);
  return as_a_question(call.backend.run_report(id, asked, call.asker(), call.reply.writer()));
}

Done figures(RestCall& call) {
  auto asked = report_query(call);
  asked.sort = call.query.take("sort");
  asked.compare = call.query.take("compare");
  asked.settings = call.query.rest();
  return run(call, asked);
}

Done take_page(RestCall& call, ReportQuery& asked) {
  // Of the report, and of no meaning for the rows behind its figures.
  (void)call.query.take("sort");
  (void)call.query.take("compare");
  asked.page.after = call.query.take("after");
  // A file holds all of them.
  const bool is_json = asked.format == "json";
  const auto limit = call.query.take_number("limit", is_json ? kUsual : 0, is_json ? kMost : UINT32_MAX);
  if (!limit) return fail(limit.error());
  asked.page.limit = *limit;
  asked.page.is_enveloped = is_json;
  return {};
}

Done rows(RestCall& call) {
  auto asked = report_query(call);
  asked.drill = call.query.take("drill");
  if (auto taken = take_page(call, asked); !taken) return taken;
  if (asked.drill.empty())
    return fail(HKL_INVALID, "drill: name the figure as row-key:measure, such as drill=ivanova:calls or total:calls");
  asked.settings = call.query.rest();
  return run(call, asked);
}

Done explain_question(RestCall& call) {
  const auto& id = call.names.at("id");
  if (const auto report = call.backend.report(id); !report) return fail(report.error());
  auto asked = report_query(call);
  asked.drill = call.query.take("drill");
  if (!asked.drill.empty())
    if (auto taken = take_page(call, asked); !taken) return taken;
  asked.format = "json";
  asked.settings = call.query.rest();
  return as_a_question(call.backend.explain_report(id, asked, call.asker(), call.reply.writer()));
}

std::vector<RestParameter> parameters() {
  return {{"from", "string", "a date, or a moment; included"},
          {"to", "string", "a date counts whole, a moment is excluded"},
          {"where", "string", "a condition in the language of reports, over the rows that are counted"},
          {"day_start", "string", "09:00: only what began at that time of day or later, in the report's zone"},
          {"day_end", "string", "18:00: only what began earlier; before day_start it goes over midnight"},
          {"week_days", "string", "mon-fri or sat,sun: only what began on these days"},
          {"timezone", "string", "of its days and hours, such as Europe/Moscow; the config's unless set"},
          {"time_group", "string", "parts each row by hour, day, week, month, quarter, year, weekday or hour_of_day"},
          {"show_empty", "boolean", "true: in a report by employee also those who have nothing"},
          {"format", "string", "json unless set; ndjson, csv, xlsx, html, and of figures svg"}};
}

std::vector<RestParameter> figure_parameters() {
  auto all = parameters();
  all.push_back({"sort", "string", "columns in order, those with - the largest first: -calls,manager"});
  all.push_back({"compare", "string", "previous: beside the figures of the period before"});
  return all;
}

std::vector<RestParameter> drill_parameters() {
  auto all = parameters();
  all.push_back({"drill", "string", "the figure: row-key:measure, or total:measure", true});
  all.push_back({"limit", "integer", "how many at most, 100 unless set, 1000 at most; a file has all of them"});
  all.push_back({"after", "string", "what `next` of the page before said"});
  return all;
}

std::vector<RestParameter> explain_parameters() {
  auto all = drill_parameters();
  for (auto& one : all)
    if (one.name == "drill") one.is_needed = false;
  return all;
}

}  // namespace

std::string_view content_type_of_report(std::string_view format) {
  const auto* known = format_of(format);
  return known == nullptr ? std::string_view() : known->content_type;
}

std::vector<RestRoute> report_routes() {
  return {
      {"GET", "/reports", "listReports", "The reports there are, with what they can be asked", "Reports", {}, "", list},
      {"GET", "/reports/{id}", "runReport",
       "Figures. Each option and filter of the report is a parameter too; several values with commas, !a for not "
       "that one, ~a for what holds it, 10..20 for numbers",
       "Report", figure_parameters(), "", figures},
      {"GET", "/reports/{id}/rows", "openFigure",
       "The records behind one figure, with the same parameters as the report", "RowsPage", drill_parameters(), "",
       rows},
      {"GET", "/reports/{id}/explain", "explainReport",
       "How the figures, or the rows behind `drill`, are found with these parameters: the way, why, rows and bytes "
       "read, "
       "and the time; the answer itself is dropped",
       "ReportExplained", explain_parameters(), "", explain_question}};
}

}  // namespace hkl
