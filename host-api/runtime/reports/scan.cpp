#include "reports/scan.h"

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "canonical/json_text.h"
#include "reports/access_rows.h"
#include "reports/compile.h"
#include "reports/drill.h"
#include "reports/names.h"
#include "reports/shown.h"
#include "values/words.h"

namespace hkl {
namespace {

OrderedJson option_json(const Value& value) {
  if (const auto* yes = std::get_if<bool>(&value)) return *yes;
  if (const auto* number = std::get_if<Rational>(&value)) return number_json(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return nullptr;
}

std::string params_of(const Plan& plan, const DrillAddress* drill) {
  const auto bound = [](const std::optional<Instant>& at) { return at ? OrderedJson(ms_of(*at)) : OrderedJson(); };
  auto options = OrderedJson::object();
  for (const auto& [id, value] : plan.settings.options) options[id] = option_json(value);
  for (const auto& [id, text] : plan.settings.hours.texts()) options[id] = text;
  return dumped(
      {{"from_ms", bound(plan.from)},
       {"to_ms", bound(plan.to)},
       {"now_ms", ms_of(plan.now)},
       {"timezone", plan.zone},
       {"language", plan.language},
       {"options", std::move(options)},
       {"drill", drill == nullptr ? OrderedJson() : OrderedJson{{"key", drill->key}, {"measure", drill->measure}}}});
}

// Ids of the calls that a condition and a role leave. An employee's time is made
// of talks that are in no other report too: internal ones, and those that began before.
SqlText calls_that_count(const Plan& plan) {
  const auto rows = plan.rows(false);
  const auto ids = "SELECT " + SqlText(plan.entity->id);
  if (plan.definition->scan == ScanOver::contacts) return ids + rows.from;
  std::vector<SqlText> all = {"c.is_over = 1", rows_within(plan.access, *plan.entity, plan.directory, plan.now)};
  if (plan.to) all.push_back("c.started_ms < " + SqlText::value(ms_of(*plan.to)));
  if (plan.where) all.push_back(RowCompiler(rows.surroundings).condition(*plan.where));
  return ids + " FROM " + SqlText(plan.entity->from) + " WHERE " + all_of(std::move(all));
}

// Whom it sees, and which calls count.
Result<ScanRange> range_of(const Plan& plan, Reading& reading) {
  ScanRange range;
  range.over = plan.definition->scan;
  range.from = plan.from;
  range.to = plan.to;
  range.now = plan.now;
  range.access = plan.access;
  // Hours of the day choose calls, but only cut employees' time.
  const bool is_whole = plan.settings.hours.are_all() || range.over == ScanOver::employees;
  if (!plan.where && sees_all(plan.access) && is_whole) return range;
  auto& counted = range.counted.emplace();
  const auto take = [&](const RowTexts& row) -> Done {
    counted.insert(row.front().value_or(""));
    return {};
  };
  if (auto done = reading.each(calls_that_count(plan), 1, take); !done) return fail(done.error());
  return range;
}

// Feeds a fresh scan of the report with the contacts or employees of the store.
Result<std::unique_ptr<ReportScan>> fed(const Plan& plan, const ReportSurroundings& with, Reading& reading,
                                        const DrillAddress* drill) {
  if (with.scan == nullptr) return fail(HKL_UNSUPPORTED, "there is no plugin to scan for this report");
  auto range = range_of(plan, reading);
  if (!range) return fail(range.error());
  auto scan = with.scan->begin(params_of(plan, drill));
  if (!scan) return fail(scan.error());
  if (auto done = with.scan->feed(*range, reading.session(), **scan); !done) return fail(done.error());
  return std::move(*scan);
}

// To fifteen digits or so, which is what a double has.
std::optional<Rational> rational_of(double number) {
  constexpr double kMost = 9e15;
  std::int64_t den = 1;
  while (den < 1'000'000'000'000'000 && std::abs(number) * static_cast<double>(den) * 10 < kMost) den *= 10;
  if (std::abs(number) >= kMost) return std::nullopt;
  return fraction(std::llround(number * static_cast<double>(den)), den);
}

Result<Figure> figure_of(const ScanCell& cell, const PlannedMeasure& planned) {
  Figure figure;
  const bool is_text = planned.measure->display == Display::text;
  if (cell.type == HKL_CELL_NULL) return figure;
  if (is_text != (cell.type == HKL_CELL_TEXT))
    return fail(HKL_INTERNAL,
                fmt::format("the report's plugin gave {} for {}, which is of type {}", is_text ? "a number" : "a text",
                            planned.measure->id, word(planned.measure->display)));
  if (is_text) {
    figure.text = cell.text;
  } else if (cell.type == HKL_CELL_RATIO) {
    const Rational above{cell.integer, 1}, below{static_cast<std::int64_t>(cell.decimal), 1};
    figure.parts = {above, below};
    figure.value = divide(above, below);
  } else {
    figure.value = cell.type == HKL_CELL_INTEGER ? Rational{cell.integer, 1} : rational_of(cell.decimal);
    if (planned.measure->display == Display::money) figure.currency = cell.text;
  }
  return figure;
}

class RowMaker {
 public:
  explicit RowMaker(const Plan& plan) : plan_(plan) {}

  Done take(const std::string& key, const std::vector<ScanCell>& cells) {
    const auto dimensions = plan_.dimensions.size();
    if (cells.size() != dimensions + plan_.measures.size())
      return fail(HKL_INTERNAL, fmt::format("a row has {} cells, the definition {} columns", cells.size(),
                                            dimensions + plan_.measures.size()));
    ReportRow row;
    row.key = key;
    for (std::size_t i = 0; i < plan_.measures.size(); ++i) {
      auto figure = figure_of(cells[dimensions + i], plan_.measures[i]);
      if (!figure) return fail(figure.error());
      row.figures.push_back(std::move(*figure));
    }
    if (key == kTotalKey) {
      row.ids.resize(dimensions);
      made_.total = std::move(row);
      has_total_ = true;
      return {};
    }
    auto ids = ids_of_key(key, dimensions);
    if (!ids) return fail(HKL_INTERNAL, fmt::format("the row key \"{}\" does not fit the dimensions", key));
    row.ids = std::move(*ids);
    for (std::size_t i = 0; i < dimensions; ++i) row.shown.push_back(shown(*plan_.dimensions[i], cells[i], row.ids[i]));
    made_.rows.push_back(std::move(row));
    return {};
  }

  Result<ReportRows> made() {
    if (!has_total_) return fail(HKL_INTERNAL, "the report's plugin gave no row \"total\"");
    return std::move(made_);
  }

 private:
  std::string shown(const Dimension& dimension, const ScanCell& cell, const std::optional<std::string>& id) const {
    if (dimension.name_of != NameOf::nobody && id) return shown_name(dimension.name_of, *id, plan_.directory);
    if (cell.type == HKL_CELL_TEXT && !cell.text.empty()) return cell.text;
    if (cell.type == HKL_CELL_INTEGER) return std::to_string(cell.integer);
    return dimension.empty.in(plan_.language);
  }

  const Plan& plan_;
  ReportRows made_;
  bool has_total_ = false;
};

Done no_rows_asked(const std::string&, std::vector<ScanCell>) { return {}; }  // NOLINT: as Rows::row has it

Done check_scan_measure(const Plan& plan, const std::string& measure) {
  if (plan.measure(measure) != nullptr) return {};
  std::vector<std::string_view> known;
  for (const auto& planned : plan.measures) known.emplace_back(planned.measure->id);
  const auto nearest = nearest_word(measure, known.data(), known.size());
  return fail(HKL_NOT_FOUND, fmt::format("drill: this report shows no measure \"{}\"{}", measure,
                                         nearest.empty() ? fmt::format("; it shows {}", fmt::join(known, ", "))
                                                         : fmt::format("; did you mean \"{}\"?", nearest)));
}

}  // namespace

Done check_scan(const Plan& plan) {
  const auto hours = plan.settings.hours.texts();
  if (!hours.empty() && !takes_hours(*plan.definition))
    return fail(HKL_UNSUPPORTED, fmt::format("{}: the report {} {}", hours.front().first, plan.definition->id,
                                             plan.definition->scan == ScanOver::employees
                                                 ? "parts people's time by itself and its definition does not "
                                                   "say takes_hours; take its options"
                                                 : "looks at whole contacts and its definition does not say "
                                                   "leaves_out; take its options"));
  if (plan.definition->leaves_out) return {};
  if (plan.where)
    return fail(HKL_UNSUPPORTED, fmt::format("where: the report {} looks at whole contacts and its definition does not "
                                             "say leaves_out, so its rows cannot be chosen by a condition; take its "
                                             "options",
                                             plan.definition->id));
  if (sees_all(plan.access)) return {};
  return fail(HKL_AUTH, fmt::format("{}: it counts over everybody's contacts and its definition does not say "
                                    "leaves_out; the role \"{}\" sees only some of them",
                                    plan.definition->id, plan.access->role_name));
}

Result<ReportRows> scan_rows(const Plan& plan, const ReportSurroundings& with, Reading& reading) {
  auto scan = fed(plan, with, reading, nullptr);
  if (!scan) return fail(scan.error());
  RowMaker rows(plan);
  const ReportScan::Rows sink = {
      [&](const std::string& key, const std::vector<ScanCell>& cells) { return rows.take(key, cells); },
      [](const std::string&, const std::string&, const std::string&, bool) -> Done {
        return fail(HKL_INTERNAL, "behind() was called although nothing was asked for");
      }};
  if (auto done = (*scan)->finish(sink); !done) return fail(done.error());
  return rows.made();
}

Result<DrillRows> scan_drill(const Plan& plan, const DrillAddress& address, const std::vector<SqlText>& columns,
                             const ReportSurroundings& with, Reading& reading) {
  if (auto known = check_scan_measure(plan, address.measure); !known) return fail(known.error());
  auto scan = fed(plan, with, reading, &address);
  if (!scan) return fail(scan.error());
  auto ids = OrderedJson::object();
  DrillRows drill;
  drill.is_rate = plan.measure(address.measure)->measure->display == Display::percent;
  const ReportScan::Rows sink = {
      no_rows_asked, [&](const std::string& key, const std::string& measure, std::string id, bool counts) -> Done {
        if (key != address.key || measure != address.measure) return {};
        ids[std::move(id)] = counts ? 1 : 0;
        drill.is_rate |= !counts;
        return {};
      }};
  if (auto done = (*scan)->finish(sink); !done) return fail(done.error());
  auto selected = columns;
  selected.emplace_back("j.value");
  drill.columns = selected.size();
  const auto from = " FROM " + SqlText(plan.entity->from) + " JOIN json_each(" + SqlText::value(dumped(ids)) +
                    ") j ON j.key = " + plan.entity->id;
  drill.rows = named_rows(*plan.entity, selected, {}, from);
  return drill;
}

Done check_scan_key(const Plan& plan, const std::string& key, const ReportSurroundings& with, Reading& reading) {
  if (key == kTotalKey) return {};
  const auto all = scan_rows(plan, with, reading);
  if (!all) return fail(all.error());
  std::vector<std::string_view> known;
  for (const auto& row : all->rows) {
    if (row.key == key) return {};
    known.emplace_back(row.key);
  }
  const auto nearest = nearest_word(key, known.data(), known.size());
  return fail(HKL_NOT_FOUND, fmt::format("drill: this report has no row \"{}\"{}", key,
                                         nearest.empty() ? "; keys are those of --format json, or total"
                                                         : fmt::format("; did you mean \"{}\"?", nearest)));
}

}  // namespace hkl
