#include "reports/report_json.h"

#include <algorithm>

#include "reports/option_definition.h"
#include "reports/shown.h"

namespace hkl {
namespace {

void put_period(JsonWriter& json, const Bounds& period, const std::string& zone) {
  json.begin_object().time("from", period.from).time("to", period.to).key("timezone").text(zone).end_object();
}

void put_column(JsonWriter& json, const std::string& id, const std::string& title, const char* kind, Display type,
                const std::string& definition, const std::string& formula) {
  json.begin_object().key("id").text(id).text("title", title).key("kind").text(kind).key("type").text(word(type));
  json.text("definition", definition).text("formula", formula).end_object();
}

void put_columns(JsonWriter& json, const Plan& plan) {
  json.begin_array();
  for (const auto* dimension : plan.dimensions)
    if (!dimension->is_hidden)
      put_column(json, dimension->id, dimension->title.in(plan.language), "dimension",
                 is_whole(*dimension) ? Display::integer : Display::text, dimension->definition.in(plan.language),
                 dimension->formula);
  for (const auto& planned : plan.measures)
    put_column(json, planned.measure->id, planned.measure->title.in(plan.language), "measure", planned.measure->display,
               planned.way->definition.in(plan.language), planned.way->formula);
  json.end_array();
}

// As nlohmann::json writes them.
void put_number(JsonWriter& json, Rational number) {
  if (number.den == 1)
    json.number(number.num);
  else
    json.raw(dumped(to_double(number)));
}

void put_known(JsonWriter& json, std::optional<Rational> number) {
  if (number)
    put_number(json, *number);
  else
    json.null();
}

// Unrounded; percent is 0–100; a time is ISO 8601 UTC.
void put_figure(JsonWriter& json, const Figure& figure, Display display) {
  if (display == Display::text)
    figure.text ? json.text(*figure.text) : json.null();
  else if (display == Display::time && figure.value)
    json.text(iso_utc(moment_of(*figure.value)));
  else if (display == Display::percent && figure.value)
    put_known(json, multiply(*figure.value, {100, 1}));
  else
    put_known(json, figure.value);
}

}  // namespace

OrderedJson options_json(const Plan& plan) {
  OrderedJson options = OrderedJson::object();
  if (!plan.definition->credits.empty()) options["credit"] = word(plan.settings.credit);
  for (const auto& option : plan.definition->options)
    options[option.id] = option_json(option, plan.settings.options.at(option.id));
  for (const auto& chosen : plan.settings.filters) options[chosen.filter->id] = chosen.texts;
  if (plan.settings.show_empty) options["show_empty"] = true;
  if (!plan.settings.time_group.empty()) options["time_group"] = plan.settings.time_group;
  for (const auto& [name, text] : plan.settings.hours.texts()) options[name] = text;
  if (!plan.where_text.empty()) options["where"] = plan.where_text;
  return options;
}

bool is_whole(const Dimension& dimension) { return dimension.expr->type == Type::integer; }

ReportJson::ReportJson(const Plan& plan) : plan_(plan) {
  const auto is_later = [&](const std::string& id, std::size_t after) {
    for (auto i = after; i < plan.measures.size(); ++i)
      if (plan.measures[i].measure->id == id) return true;
    return false;
  };
  for (std::size_t i = 0; i < plan.dimensions.size(); ++i)
    if (!plan.dimensions[i]->is_hidden && !is_later(plan.dimensions[i]->id, 0)) dimensions_.push_back(i);
  for (std::size_t i = 0; i < plan.measures.size(); ++i)
    if (!is_later(plan.measures[i].measure->id, i + 1)) measures_.push_back(i);
}

void ReportJson::put_cells(JsonWriter& json, const ReportRow& row) const {
  json.begin_object();
  for (const auto i : dimensions_) {
    if (i >= row.shown.size()) break;
    const auto& dimension = *plan_.dimensions[i];
    if (is_whole(dimension) && row.ids[i])
      json.key(dimension.id).raw(*row.ids[i]);
    else
      json.text(dimension.id, row.shown[i]);
  }
  for (const auto i : measures_) {
    const auto& measure = *plan_.measures[i].measure;
    put_figure(json.key(measure.id), row.figures[i], measure.display);
  }
  json.end_object();
}

void ReportJson::put_parts(JsonWriter& json, const ReportRow& row) const {
  json.begin_object();
  for (const auto i : measures_) {
    const auto& parts = row.figures[i].parts;
    if (!parts) continue;
    json.key(plan_.measures[i].measure->id).begin_array();
    put_number(json, parts->first);
    put_number(json, parts->second);
    json.end_array();
  }
  json.end_object();
}

// Measures of the period before; null where there was no such row.
void ReportJson::put_before(JsonWriter& json, const ReportRow& row) const {
  if (row.before.empty()) return void(json.null());
  json.begin_object();
  for (const auto i : measures_) {
    const auto& measure = *plan_.measures[i].measure;
    put_figure(json.key(measure.id), row.before[i], measure.display);
  }
  json.end_object();
}

void ReportJson::put_row(std::string& behind, const ReportRow& row) const {
  JsonWriter json(std::move(behind));
  json.begin_object().key("key").text(row.key);
  put_cells(json.key("cells"), row);
  put_parts(json.key("parts"), row);
  if (plan_.compared_with) put_before(json.key("previous"), row);
  behind = json.end_object().take();
}

std::string ReportJson::head() const {
  JsonWriter json;
  json.begin_object().key("report").text(plan_.definition->id).key("title").text(plan_.title);
  put_period(json.key("period"), {plan_.from, plan_.to}, plan_.zone);
  if (plan_.told_json.empty()) {
    JsonWriter told;
    put_columns(told.key("options").raw(dumped(options_json(plan_))).key("columns"), plan_);
    plan_.told_json = told.take();
  }
  json.raw(plan_.told_json).key("rows").begin_array();
  return json.take();
}

std::string ReportJson::tail(const ReportRow& total) const {
  JsonWriter json;
  json.begin_object();
  put_cells(json.key("total"), total);
  put_parts(json.key("total_parts"), total);
  json.key("as_of").text(iso_utc(plan_.now));
  if (plan_.compared_with) {
    put_period(json.key("previous"), *plan_.compared_with, plan_.zone);
    put_before(json.key("total_previous"), total);
  }
  return "]," + json.end_object().str().substr(1) + "\n";
}

}  // namespace hkl
