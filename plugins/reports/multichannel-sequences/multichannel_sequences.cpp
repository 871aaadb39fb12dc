// Which ways of visits led to calls (metrics §5.2).
#include <map>
#include <set>

#include "../paths/options.h"
#include "../paths/paths.h"
#include "hookline/sdk/plugin.h"
#include "hookline/sdk/report_defaults.h"

namespace {

constexpr std::string_view kConversions[] = {"target", "calls", "unique", "unique_target"};
struct Settings {
  std::int64_t window = 30;
  std::string_view conversions = "target";
  bool collapse = false;
  bool restart_after_conversion = false;
};

}  // namespace

HOOKLINE_SETTINGS(Settings, HOOKLINE_FIELD(window, "Days back from each call").range(1, 365),
                  HOOKLINE_FIELD(conversions, "Which inbound calls count").one_of(kConversions),
                  HOOKLINE_FIELD(collapse, "Equal neighbours are one step"),
                  HOOKLINE_FIELD(restart_after_conversion, "A conversion ends the path"))

namespace {

using paths::Conversion;

constexpr std::string_view kDefinition = R"json({
  "id": "multichannel-sequences",
  "title": {"ru": "Многоканальные последовательности", "en": "Multichannel sequences"},
  "rows": "calls",
  "scan": "contacts",
  "leaves_out": true,
  "options": [
    %OPTIONS%,
    {"id": "show", "type": "enum", "values": ["sequences", "assisted"], "default": "sequences", "title": {"ru": "Показать", "en": "Show"}},
    {"id": "contains", "type": "text", "title": {"ru": "Содержит", "en": "Contains"}, "help": {"ru": "Шаг, источник, канал или кампания", "en": "A step, source, medium or campaign"}},
    {"id": "begins", "type": "text", "title": {"ru": "Начинается с", "en": "Begins with"}},
    {"id": "ends", "type": "text", "title": {"ru": "Кончается на", "en": "Ends with"}}],
  "dimensions": [
    {"id": "sequence", "when": "option.show = 'sequences'", "empty": {"ru": "Нет данных", "en": "(none)"},
     "title": {"ru": "Последовательность", "en": "Sequence"},
     "definition": {"ru": "Посещения контакта в окне до звонка, по времени; одинаковые соседние – ×N", "en": "The contact's visits in the window before the call, in time order; equal neighbours are ×N"}},
    {"id": "step", "when": "option.show = 'assisted'", "empty": {"ru": "Нет данных", "en": "(none)"},
     "title": {"ru": "Шаг", "en": "Step"},
     "definition": {"ru": "Шаг последовательностей", "en": "A step of the sequences"}}],
  "measures": [
    {"id": "conversions", "type": "integer", "title": {"ru": "Конверсий", "en": "Conversions"},
     "definition": {"ru": "Звонки, к которым вёл этот путь (в путях которых есть этот шаг)", "en": "Calls that this way led to (whose ways have this step)"}, "formula": "count()"},
    {"id": "assisted", "when": "option.show = 'assisted'", "type": "integer", "title": {"ru": "Ассоциированных", "en": "Assisted"},
     "definition": {"ru": "Шаг есть в пути, но не последний", "en": "The step is in the way, but not its last"}, "formula": "count() where in path and not last"},
    {"id": "share", "type": "percent", "title": {"ru": "Доля", "en": "Share"},
     "definition": {"ru": "Доля всех конверсий", "en": "Share of all conversions"}, "formula": "count() / total(count())"},
    {"id": "contacts", "type": "integer", "title": {"ru": "Контактов", "en": "Contacts"},
     "definition": {"ru": "Разные контакты", "en": "Distinct contacts"}, "formula": "distinct(contact)"},
    {"id": "average_days", "type": "decimal", "title": {"ru": "Дней до звонка в среднем", "en": "Average days"},
     "definition": {"ru": "От первого шага до звонка", "en": "From the first step to the call"}, "formula": "avg(started_at - first step) / 1d"}]
})json";

struct Tally {
  std::int64_t conversions = 0, assisted = 0, contacts = 0, on_the_way_ms = 0, with_way = 0;

  void add(const Conversion& conversion, bool is_assisted, bool is_new_contact) {
    ++conversions;
    assisted += is_assisted ? 1 : 0;
    contacts += is_new_contact ? 1 : 0;
    if (conversion.steps.empty()) return;
    ++with_way;
    on_the_way_ms += conversion.at_ms - conversion.steps.front().at_ms;
  }
};

// A call behind the figures of some rows; kept only where they are asked for.
struct Behind {
  std::string call;
  bool has_way = false, is_in_row = false, is_assisted = false, is_new_contact = false;
};

class Sequences final : public hookline::Scan {
 public:
  explicit Sequences(hookline::ScanParams params)
      : params_(std::move(params)),
        rules_(paths::Rules::of(params_)),
        is_by_step_(params_.text("show") == "assisted") {}

  void contact(const hkl_timeline& timeline) override {
    std::set<std::string> seen;  // rows this contact is counted in
    for (const auto& conversion : paths::conversions_of(timeline, rules_))
      if (!conversion.is_left_out && params_.is_in_period(conversion.at_ms) && is_wanted(conversion))
        add(conversion, seen);
  }

  void finish(hookline::RowSink& sink) override {
    if (!params_.drill_key.empty()) return give_behind(sink);
    std::vector<std::pair<std::string, Tally>> rows(rows_.begin(), rows_.end());
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto& a, const auto& b) { return a.second.conversions > b.second.conversions; });
    for (const auto& [text, tally] : rows) {
      const bool is_none = text == paths::kNone;
      give(sink, hookline::row_key({text}), is_none ? hookline::null_cell() : hookline::text_cell(text), tally);
    }
    give(sink, "total", hookline::null_cell(), total_);
  }

 private:
  bool is_wanted(const Conversion& conversion) const {
    const auto& steps = conversion.steps;
    const auto& contains = params_.text("contains");
    const auto& begins = params_.text("begins");
    const auto& ends = params_.text("ends");
    const auto has = [](const paths::Step& step, const std::string& wanted) { return paths::is_step(step, wanted); };
    if (!contains.empty() && std::none_of(steps.begin(), steps.end(), [&](const auto& s) { return has(s, contains); }))
      return false;
    if (!begins.empty() && (steps.empty() || !has(steps.front(), begins))) return false;
    return ends.empty() || (!steps.empty() && has(steps.back(), ends));
  }

  std::set<std::string> rows_of(const Conversion& conversion) const {
    if (!is_by_step_ || conversion.steps.empty()) return {paths::text_of(conversion.steps)};
    std::set<std::string> rows;
    for (const auto& step : conversion.steps) rows.insert(step.text);
    return rows;
  }

  void add(const Conversion& conversion, std::set<std::string>& seen) {
    const auto is_new = [&](const std::string& row) { return !conversion.contact.empty() && seen.insert(row).second; };
    const auto rows = rows_of(conversion);
    const bool has_way = !conversion.steps.empty();
    Behind behind{conversion.call, has_way};
    for (const auto& row : rows) {
      const bool is_assisted = !conversion.steps.empty() && conversion.steps.back().text != row;
      const bool is_new_contact = is_new(row);
      rows_[row].add(conversion, is_assisted, is_new_contact);
      if (hookline::row_key({row}) == params_.drill_key)
        behind = {conversion.call, has_way, true, is_assisted, is_new_contact};
    }
    const bool is_assisted = rows.size() > 1, is_new_contact = is_new("");
    total_.add(conversion, is_assisted, is_new_contact);
    if (params_.drill_key == "total") behind = {conversion.call, has_way, true, is_assisted, is_new_contact};
    if (!params_.drill_key.empty()) behind_.push_back(std::move(behind));
  }

  void give(hookline::RowSink& sink, std::string_view key, hkl_cell name, const Tally& tally) const {
    std::vector<hkl_cell> cells = {name, hookline::integer_cell(tally.conversions)};
    if (is_by_step_) cells.push_back(hookline::integer_cell(tally.assisted));
    cells.push_back(hookline::ratio_cell(tally.conversions, total_.conversions));
    cells.push_back(hookline::integer_cell(tally.contacts));
    const auto days = static_cast<double>(tally.on_the_way_ms) / paths::kDayMs;
    cells.push_back(tally.with_way == 0 ? hookline::null_cell()
                                        : hookline::decimal_cell(days / static_cast<double>(tally.with_way)));
    sink.row(key, cells);
  }

  void give_behind(hookline::RowSink& sink) const {
    const auto& measure = params_.drill_measure;
    for (const auto& one : behind_) {
      if (measure == "share") {
        sink.behind(params_.drill_key, measure, one.call, one.is_in_row);
        continue;
      }
      const bool is_behind = one.is_in_row && (measure == "assisted"       ? one.is_assisted
                                               : measure == "contacts"     ? one.is_new_contact
                                               : measure == "average_days" ? one.has_way
                                                                           : true);
      if (is_behind) sink.behind(params_.drill_key, measure, one.call);
    }
  }

  hookline::ScanParams params_;
  paths::Rules rules_;
  bool is_by_step_;
  std::map<std::string, Tally> rows_;
  Tally total_;
  std::vector<Behind> behind_;
};

class MultichannelSequences final : public hookline::Report<Settings>, public hookline::ScansRecords {
 public:
  std::string definition() override {
    return hookline::ReportDefaults(hookline::filled(kDefinition, {{"%OPTIONS%", paths::kOptions}}))
        .number("window", static_cast<double>(settings().window))
        .word("conversions", settings().conversions)
        .yes("collapse", settings().collapse)
        .yes("restart_after_conversion", settings().restart_after_conversion)
        .text();
  }
  std::unique_ptr<hookline::Scan> begin_scan(hookline::ScanParams params) override {
    return std::make_unique<Sequences>(std::move(params));
  }
};

}  // namespace

HOOKLINE_PLUGIN(MultichannelSequences,
                {"multichannel-sequences", "1.0.0", "Hookline", "Apache-2.0", "Ways of visits that led to calls"})
