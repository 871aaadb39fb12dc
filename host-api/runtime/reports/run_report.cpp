// A report from question to answer, and the rows behind one of its figures.
#include <fmt/format.h>

#include "canonical/json_text.h"
#include "reports/drill.h"
#include "reports/figures.h"
#include "reports/list_writer.h"
#include "services/zone.h"
#include "values/output.h"
#include "values/words.h"

namespace hkl {
namespace {

OrderedJson value_json(const Value& value) {
  if (const auto* yes = std::get_if<bool>(&value)) return *yes;
  if (const auto* number = std::get_if<Rational>(&value)) return number_json(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return nullptr;
}

OrderedJson options_json(const Plan& plan) {
  OrderedJson options = OrderedJson::object();
  if (!plan.definition->credits.empty()) options["credit"] = word(plan.settings.credit);
  for (const auto& option : plan.definition->options)
    options[option.id] = value_json(plan.settings.options.at(option.id));
  for (const auto& chosen : plan.settings.filters) options[chosen.filter->id] = chosen.texts;
  if (plan.settings.show_empty) options["show_empty"] = true;
  if (!plan.where_text.empty()) options["where"] = plan.where_text;
  return options;
}

OrderedJson period_json(const Plan& plan) {
  const auto bound = [&](const std::optional<Instant>& at) { return at ? OrderedJson(iso_utc(*at)) : OrderedJson(); };
  return {{"from", bound(plan.from)}, {"to", bound(plan.to)}, {"timezone", plan.zone}};
}

bool is_number(Display display) { return display != Display::text && display != Display::time; }

bool is_whole(const Dimension& dimension) { return dimension.expr->type == Type::integer; }

OrderedJson columns_json(const Plan& plan) {
  auto columns = OrderedJson::array();
  const auto text = [&](const LocalText& local) { return text_json(local.in(plan.language)); };
  for (const auto* dimension : plan.dimensions)
    if (!dimension->is_hidden)
      columns.push_back({{"id", dimension->id},
                         {"title", text(dimension->title)},
                         {"kind", "dimension"},
                         {"type", word(is_whole(*dimension) ? Display::integer : Display::text)},
                         {"definition", text(dimension->definition)},
                         {"formula", text_json(dimension->formula)}});
  for (const auto& planned : plan.measures)
    columns.push_back({{"id", planned.measure->id},
                       {"title", text(planned.measure->title)},
                       {"kind", "measure"},
                       {"type", word(planned.measure->display)},
                       {"definition", text(planned.way->definition)},
                       {"formula", text_json(planned.way->formula)}});
  return columns;
}

void put_cells(const Plan& plan, const ReportRow& row, OrderedJson& cells, OrderedJson& parts) {
  for (std::size_t i = 0; i < plan.dimensions.size() && i < row.shown.size(); ++i)
    if (!plan.dimensions[i]->is_hidden)
      cells[plan.dimensions[i]->id] =
          is_whole(*plan.dimensions[i]) && row.ids[i] ? OrderedJson(std::stoll(*row.ids[i])) : text_json(row.shown[i]);
  for (std::size_t i = 0; i < plan.measures.size(); ++i) {
    const auto& figure = row.figures[i];
    const auto& measure = *plan.measures[i].measure;
    cells[measure.id] = figure_json(figure, measure.display);
    if (figure.parts) parts[measure.id] = {number_json(figure.parts->first), number_json(figure.parts->second)};
  }
}

OrderedJson row_json(const Plan& plan, const ReportRow& row) {
  auto cells = OrderedJson::object(), parts = OrderedJson::object();
  put_cells(plan, row, cells, parts);
  return {{"key", row.key}, {"cells", std::move(cells)}, {"parts", std::move(parts)}};
}

std::string report_json(const Plan& plan, const ReportRows& report) {
  auto rows = OrderedJson::array();
  for (const auto& row : report.rows) rows.push_back(row_json(plan, row));
  auto total = OrderedJson::object(), total_parts = OrderedJson::object();
  put_cells(plan, report.total, total, total_parts);
  return dumped({{"report", plan.definition->id},
                 {"title", plan.definition->title.in(plan.language)},
                 {"period", period_json(plan)},
                 {"options", options_json(plan)},
                 {"columns", columns_json(plan)},
                 {"rows", std::move(rows)},
                 {"total", std::move(total)},
                 {"total_parts", std::move(total_parts)},
                 {"as_of", iso_utc(plan.now)}}) +
         "\n";
}

Sheet report_sheet(const Plan& plan, const ReportRows& report, bool is_for_people) {
  Sheet sheet;
  std::size_t visible = 0;
  for (const auto* dimension : plan.dimensions) {
    if (dimension->is_hidden) continue;
    ++visible;
    sheet.heads.push_back({dimension->title.in(plan.language), is_whole(*dimension)});
  }
  for (const auto& planned : plan.measures)
    sheet.heads.push_back({planned.measure->title.in(plan.language), is_number(planned.measure->display)});
  const auto cells = [&](const ReportRow& row, std::vector<SheetCell> first) {
    for (std::size_t i = 0; i < plan.measures.size(); ++i) {
      const auto display = plan.measures[i].measure->display;
      first.push_back(is_for_people ? shown_figure(row.figures[i], display, plan.zone)
                                    : exported_figure(row.figures[i], display, plan.zone));
    }
    return first;
  };
  for (const auto& row : report.rows) {
    std::vector<SheetCell> names;
    for (std::size_t i = 0; i < row.shown.size(); ++i)
      if (!plan.dimensions[i]->is_hidden)
        names.push_back({row.shown[i], is_whole(*plan.dimensions[i]) && row.ids[i].has_value()});
    sheet.rows.push_back(cells(row, std::move(names)));
  }
  sheet.total = cells(report.total, std::vector<SheetCell>(visible));
  // In a list the first column is nobody's total, so the word has its place there.
  const bool has_place = visible > 0 || (!plan.dimensions.empty() && !sheet.heads[0].is_number);
  if (has_place) sheet.total[0] = {plan.language == "ru" ? "Итого" : "Total", false};
  return sheet;
}

std::string headline(const Plan& plan) {
  const auto bound = [&](const std::optional<Instant>& at) {
    return at ? iso_local(*at, plan.zone) : std::string("…");
  };
  return fmt::format("{}\n{} – {}, {}\n\n", plan.definition->title.in(plan.language), bound(plan.from), bound(plan.to),
                     plan.zone);
}

Done write_report(const Plan& plan, const ReportRows& report, const std::string& format, const hkl_writer& writer) {
  if (format == "json") return write_text(writer, report_json(plan, report));
  if (format == "ndjson") {
    for (const auto& row : report.rows)
      if (auto put = write_text(writer, dumped(row_json(plan, row)) + "\n"); !put) return put;
    return write_text(writer, dumped(row_json(plan, report.total)) + "\n");
  }
  const auto sheet = report_sheet(plan, report, format == "table");
  if (format == "table") return write_text(writer, headline(plan) + aligned(sheet));
  if (auto put = write_text(writer, csv_line(sheet.heads)); !put) return put;
  for (const auto& row : sheet.rows)
    if (auto put = write_text(writer, csv_line(row)); !put) return put;
  return write_text(writer, csv_line(sheet.total));
}

// No row behind a key is right for a cell that is empty, wrong for a key that
// no row has.
Done check_key(const Plan& plan, const std::string& key, Reading& reading) {
  if (key == kTotalKey) return {};
  const auto ids = ids_of_key(key, plan.dimensions.size());
  if (!ids) return fail(ids.error());
  const auto keys = row_keys(plan, reading);
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

Done write_drill(const Plan& plan, const ReportQuery& query, const ReportSurroundings& with, Reading& reading,
                 const hkl_writer& writer) {
  const auto address = parse_drill(query.drill);
  if (!address) return fail(address.error());
  auto surroundings = with;
  surroundings.timezone = plan.zone;
  const auto& entity = *plan.definition->rows;
  const auto rows = plan.rows(address->key != kTotalKey);
  std::vector<SqlText> columns = {entity.body};
  for (const auto* field : list_fields(entity, query.format)) columns.push_back(column_sql(*field, rows.surroundings));
  const auto drill = drill_rows(plan, *address, columns);
  if (!drill) return fail(drill.error());

  ListWriter list(entity, query.format, surroundings, writer, drill->is_rate);
  bool has_rows = false;
  const auto done = reading.each(drill->sql, columns.size() + 1, [&](const RowTexts& row) {
    has_rows = true;
    return list.row(row);
  });
  if (!done) return done;
  if (!has_rows)
    if (auto known = check_key(plan, address->key, reading); !known) return known;
  return list.end();
}

}  // namespace

Done run_report(const Report& report, const ReportQuery& query, const ReportSurroundings& with,
                Poco::Data::Session& session, const hkl_writer& writer) {
  if (auto known = check_format(query.format); !known) return known;
  const auto plan = make_plan(report.definition(), query, with);
  if (!plan) return fail(plan.error());
  auto reading = Reading::begin(session);
  if (!reading) return fail(reading.error());
  if (auto known = check_people(plan->settings, with.directory, *reading); !known) return known;
  if (!query.drill.empty()) return write_drill(*plan, query, with, *reading, writer);
  const auto rows = compute(*plan, *reading);
  if (!rows) return fail(rows.error());
  return write_report(*plan, *rows, query.format, writer);
}

}  // namespace hkl
