// V: what a report declares, and what it answers over rows.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "judging.h"
#include "reports/definition.h"
#include "reports/plan.h"
#include "sample_store.h"

namespace hkl::validate {
namespace {

using nlohmann::json;

bool is_report(const Candidate& candidate) { return kind_of(note_of(candidate)) == HKL_REPORT_V1; }

// The definition as the runtime takes it; its fault is the whole error.
Result<Definition> defined(const Candidate& candidate) {
  const auto text = report_definition(opened(candidate), entry_for(candidate, sample_settings(candidate)));
  if (!text) return fail(text.error());
  return read_definition(note_of(candidate).id, *text);
}

std::string untitled(const Definition& definition) {
  const auto lacks = [](const LocalText& title) { return title.ru.empty() || title.en.empty(); };
  if (lacks(definition.title)) return "the report";
  for (const auto& one : definition.dimensions)
    if (!one.is_hidden && lacks(one.title)) return "dimension " + one.id;
  for (const auto& one : definition.measures)
    if (lacks(one.title)) return "measure " + one.id;
  for (const auto& one : definition.filters)
    if (lacks(one.title)) return "filter " + one.id;
  for (const auto& one : definition.options)
    if (lacks(one.title)) return "option " + one.id;
  return {};
}

std::string twin(const Definition& definition) {
  std::set<std::string> columns;
  for (const auto& one : definition.measures)
    if (!columns.insert(one.id).second) return one.id;
  for (const auto& one : definition.dimensions)
    if (columns.count(one.id) != 0) return one.id;
  return {};
}

Outcome definition_is_legal(const Candidate& candidate) {
  if (!is_report(candidate)) return skips("not a report");
  const auto definition = defined(candidate);
  if (!definition) return fails(definition.error().text);
  if (const auto name = twin(*definition); !name.empty())
    return fails(fmt::format("two columns have the id \"{}\"", name));
  if (const auto name = untitled(*definition); !name.empty())
    return fails(fmt::format("{} has no title in Russian or in English", name));
  return pass();
}

// --- V02 ---

// Settings of a query at the ends of what an option allows.
std::vector<std::pair<std::string, std::string>> option_values(const Definition& definition) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& option : definition.options) {
    if (!option.values.empty()) {
      for (const auto& value : option.values) out.emplace_back(option.id, value);
    } else if (option.type == Type::boolean) {
      out.emplace_back(option.id, "true");
      out.emplace_back(option.id, "false");
    } else if (option.is_list) {
      out.emplace_back(option.id, "1,20,3600");
    } else if (option.type == Type::decimal) {
      out.emplace_back(option.id, "0");
      out.emplace_back(option.id, "1000000");
    } else {
      out.emplace_back(option.id, "nobody");
    }
  }
  return out;
}

Outcome answers_over_declared_rows(const Candidate& candidate) {
  const auto text = report_definition(opened(candidate), entry_for(candidate, sample_settings(candidate)));
  if (!text) return fails(text.error().text);
  const auto definition = defined(candidate);
  if (!definition) return fails(definition.error().text);
  SampleStore store;
  bool is_list = false;  // a row of the answer for each row of the store: there a tenth must do
  for (const std::int64_t most : {0, 1, 1000, 100'000}) {
    const auto rows = is_list ? most / 10 : most;
    store.fill(rows);
    const auto answer = store.report(*text, {});
    if (!answer) return fails(fmt::format("over {} rows: {}", rows, answer.error().text));
    if (rows != 1000) continue;
    is_list = json::parse(*answer)["rows"].size() >= 500;
    for (const auto& [option, value] : option_values(*definition)) {
      const auto other = store.report(*text, {{option, value}});
      // A name that is not there is refused for good reason.
      if (!other && other.error().status != HKL_NOT_FOUND && other.error().status != HKL_INVALID)
        return fails(fmt::format("with {}={}: {}", option, value, other.error().text));
    }
  }
  return pass();
}

Story long_story() {
  Story story;
  for (std::int64_t i = 0; i < 100; ++i)
    story.touches.push_back(answered_call(fmt::format("pbx2:{}", i), kMondayMs + i * 60'000, 3000));
  return story;
}

Outcome answers_over_any_rows(const Candidate& candidate) {
  if (!is_report(candidate)) return skips("not a report");
  return without_exceptions([&]() -> Outcome {
    const auto definition = defined(candidate);
    if (!definition) return fails(definition.error().text);
    if (definition->scan == ScanOver::nothing)
      if (auto outcome = answers_over_declared_rows(candidate); outcome.verdict != Verdict::pass) return outcome;
    Bench bench(candidate, opened(candidate));
    if (!bench.can_scan()) return pass();
    if (!bench.begin()) return does_not_start(bench);
    Story nobody;
    const std::vector<std::pair<const char*, std::vector<Story>>> cases = {
        {"no contact", {}},
        {"a contact without a history", {nobody}},
        {"one contact", {usual_story()}},
        {"a contact with a hundred calls", {long_story()}}};
    for (const auto& [words, contacts] : cases) {
      const auto status = bench.scan(contacts);
      if (status != HKL_OK) return fails(fmt::format("a scan over {} fails with {}: {}", words, status, bench.text()));
    }
    return pass();
  });
}

// --- V03, V04 ---

// The columns of a scan with all options as they are unless set.
Result<Plan> plan_of(const Definition& definition) {
  ReportSurroundings with;
  with.timezone = "Europe/Moscow";
  with.language = "ru";
  return make_plan(definition, {}, with);
}

std::size_t shown_dimensions(const Plan& plan) {
  return static_cast<std::size_t>(std::count_if(plan.dimensions.begin(), plan.dimensions.end(),
                                                [](const Dimension* one) { return !one->is_hidden; }));
}

// Ids of all that a scan is told of.
std::set<std::string> ids_of(const std::vector<Story>& contacts) {
  std::set<std::string> ids;
  for (const auto& story : contacts)
    for (const auto& touch : story.touches) ids.insert({touch.call, touch.inquiry, touch.lead});
  ids.erase("");
  return ids;
}

// Asks for what is behind one figure, as the host does. `counted`: the figure is a number of rows.
std::string fault_of_drill(Bench& bench, const std::vector<Story>& contacts, const Drill& figure,
                           const std::optional<std::int64_t>& counted) {
  const auto name = fmt::format("{}:{}", figure.key, figure.measure);
  if (const auto status = bench.scan(contacts, 0, &figure); status != HKL_OK)
    return fmt::format("{} does not open: {} {}", name, status, bench.text());
  const auto known = ids_of(contacts);
  std::set<std::string> ids, counting;
  for (const auto& one : bench.behind()) {
    if (one.figure.key != figure.key || one.figure.measure != figure.measure) continue;  // the host leaves them out
    if (known.count(one.id) == 0) return fmt::format("{} opens \"{}\", which nobody told it of", name, one.id);
    ids.insert(one.id);
    if (one.counts) counting.insert(one.id);
  }
  if (counted && *counted != static_cast<std::int64_t>(counting.size()))
    return fmt::format("{} is {} and opens {} rows", name, *counted, counting.size());
  return {};
}

// Which integers count is told by their name alone: "calls" of a report over calls.
std::optional<std::int64_t> counted_by(const Measure& measure, const hkl_cell& cell, const Definition& definition) {
  const bool is_count = measure.id == definition.rows->name && cell.type == HKL_CELL_INTEGER;
  return is_count ? std::optional(cell.integer) : std::nullopt;
}

Outcome scan_opens(Bench& bench, const Definition& definition) {
  const auto plan = plan_of(definition);
  if (!plan) return fails(plan.error().text);
  auto second = long_story();
  second.contact = "c2";
  const std::vector<Story> contacts = {usual_story(), second};
  if (const auto status = bench.scan(contacts); status != HKL_OK)
    return fails(fmt::format("a scan fails with {}: {}", status, bench.text()));
  const auto rows = bench.rows();
  const auto shown = shown_dimensions(*plan);
  constexpr std::size_t kMostRows = 40;  // the total comes last and is among them
  for (std::size_t i = rows.size() > kMostRows ? rows.size() - kMostRows : 0; i < rows.size(); ++i) {
    for (std::size_t column = 0; column < plan->measures.size(); ++column) {
      if (shown + column >= rows[i].cells.size()) continue;  // V04 names it
      const auto& measure = *plan->measures[column].measure;
      auto fault = fault_of_drill(bench, contacts, {rows[i].key, measure.id},
                                  counted_by(measure, rows[i].cells[shown + column], definition));
      if (!fault.empty()) return fails(std::move(fault));
    }
  }
  return pass();
}

bool counts_rows(const Measure& measure) {
  return measure.ways.size() == 1 && measure.ways.front().expr->kind == NodeKind::aggregate &&
         measure.ways.front().expr->text == "count" && measure.each.empty() && !measure.when;
}

// A count of a declared report and the rows that the host opens behind it.
Outcome declared_opens(const std::string& text, const Definition& definition) {
  SampleStore store;
  store.fill(1000);
  for (const auto& measure : definition.measures) {
    if (!counts_rows(measure)) continue;
    const auto answer = store.report(text, {});
    if (!answer) return fails(answer.error().text);
    const auto report = json::parse(*answer);
    for (const auto& row : report["rows"]) {
      if (!row["cells"].contains(measure.id) || !row["cells"][measure.id].is_number_integer()) continue;
      const auto key = row["key"].get<std::string>();
      const auto behind = store.rows_behind(text, key + ":" + measure.id);
      if (!behind) return fails(fmt::format("{}:{} does not open: {}", key, measure.id, behind.error().text));
      if (*behind != row["cells"][measure.id].get<std::uint64_t>())
        return fails(
            fmt::format("{}:{} is {} and opens {} rows", key, measure.id, row["cells"][measure.id].dump(), *behind));
    }
  }
  return pass();
}

Outcome figures_open(const Candidate& candidate) {
  if (!is_report(candidate)) return skips("not a report");
  return without_exceptions([&]() -> Outcome {
    const auto text = report_definition(opened(candidate), entry_for(candidate, sample_settings(candidate)));
    const auto definition = defined(candidate);
    if (!text || !definition) return fails(text ? definition.error().text : text.error().text);
    if (definition->scan == ScanOver::nothing)
      if (auto outcome = declared_opens(*text, *definition); outcome.verdict != Verdict::pass) return outcome;
    Bench bench(candidate, opened(candidate));
    if (!bench.can_scan()) return pass();
    return bench.begin() ? scan_opens(bench, *definition) : does_not_start(bench);
  });
}

std::string fault_of_row(const ScanRow& row, std::size_t number, const Plan& plan) {
  const auto shown = shown_dimensions(plan);
  const auto columns = shown + plan.measures.size();
  if (row.cells.size() != columns)
    return fmt::format("row {} has {} cells, the definition {} columns", number, row.cells.size(), columns);
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const auto type = row.cells[i].type;
    if (type > HKL_CELL_RATIO) return fmt::format("row {}, cell {}: {} is no type of a cell", number, i + 1, type);
    if (type == HKL_CELL_DECIMAL && !std::isfinite(row.cells[i].decimal))
      return fmt::format("row {}, cell {}: its number is not finite", number, i + 1);
    const bool is_text = i < shown || plan.measures[i - shown].measure->display == Display::text;
    if (type != HKL_CELL_NULL && is_text != (type == HKL_CELL_TEXT))
      return fmt::format("row {}, cell {}: {} in place of {}", number, i + 1, is_text ? "a number" : "a text",
                         is_text ? "a text" : "a number");
  }
  return {};
}

Outcome scans_in_order(const Candidate& candidate) {
  if (!is_report(candidate)) return skips("not a report");
  return without_exceptions([&]() -> Outcome {
    Bench bench(candidate, opened(candidate));
    if (!bench.can_scan()) return skips("it declares its rows and does not scan");
    const auto definition = defined(candidate);
    if (!definition) return fails(definition.error().text);
    const auto plan = plan_of(*definition);
    if (!plan) return fails(plan.error().text);
    if (!bench.begin()) return does_not_start(bench);
    auto second = usual_story();
    second.contact = "c2";
    for (auto& touch : second.touches) touch.line = "+74950000002";
    const std::vector<Story> contacts = {usual_story(), second};
    if (const auto status = bench.scan(contacts); status != HKL_OK)
      return fails(fmt::format("a scan fails with {}: {}", status, bench.text()));
    std::size_t number = 0;
    for (const auto& row : bench.rows())
      if (const auto fault = fault_of_row(row, ++number, *plan); !fault.empty()) return fails(fault);
    if (!bench.behind().empty()) return fails("told what is behind a figure, and was not asked for that");
    if (bench.told().back() == "row after the end") return fails("gave a row after finish had returned");
    for (std::uint64_t k = 1; k <= number; ++k) {
      const auto status = bench.scan(contacts, k);
      if (bench.rows().size() != k || status != HKL_CANCELLED)
        return fails(
            fmt::format("row {} was refused, and it went on to {} rows and answered {} in place of "
                        "\"cancelled\"",
                        k, bench.rows().size(), status));
    }
    return pass();
  });
}

}  // namespace

std::vector<Check> report_checks() {
  return {
      {"V01",
       Level::quick,
       "the definition has a meaning and names each thing once",
       "R14",
       {"I01"},
       definition_is_legal},
      {"V02",
       Level::standard,
       "answers over no rows, one and many, with each option",
       "R15",
       {"I01", "V01"},
       answers_over_any_rows,
       nullptr,
       6},
      {"V04",
       Level::standard,
       "a scan gives the declared columns and stops when told",
       "R7, R8",
       {"I01", "V01"},
       scans_in_order},
      {"V03", Level::standard, "a figure is the number of the rows behind it", "R7", {"I01", "V01"}, figures_open},
  };
}

}  // namespace hkl::validate
