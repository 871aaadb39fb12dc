// The bench's work with classifiers, task rules and reports.
#include <fmt/format.h>

#include <cstring>
#include <nlohmann/json.hpp>

#include "bench_step.h"
#include "plugins/texts.h"

namespace hkl::validate {
namespace {

std::string shown(hkl_str text) { return text.ptr == nullptr ? std::string() : std::string(text.ptr, text.len); }

hkl_status take_task(void* user, const hkl_task* task, hkl_error*) noexcept {
  return BenchSinks::take(user, "sink.task", [&](Bench& bench) -> hkl_status {
    bench.tell(fmt::format("task {} {} {} {} created {} deadline {} done {} {} {}", shown(task->key), task->state,
                           shown(task->kind), shown(task->title), task->created_at_ms, task->deadline_at_ms,
                           task->done_at_ms, shown(task->assignee), shown(task->why)));
    return HKL_OK;
  });
}

hkl_status take_text_piece(void* user, hkl_bytes bytes) noexcept {
  return BenchSinks::take(user, "writer.write", [&](Bench& bench) -> hkl_status {
    BenchSinks::definition(bench).append(reinterpret_cast<const char*>(bytes.ptr), bytes.len);
    return HKL_OK;
  });
}

hkl_status take_row(void* user, hkl_str key, const hkl_cell* cells, std::uint64_t count) noexcept {
  return BenchSinks::take(user, "sink.row", [&](Bench& bench) -> hkl_status {
    auto& rows = BenchSinks::rows(bench);
    std::string line = "row " + shown(key);
    for (std::uint64_t i = 0; i < count; ++i)
      line += fmt::format(" | {} {} {} {}", cells[i].type, cells[i].integer, cells[i].decimal, shown(cells[i].text));
    bench.tell(std::move(line));
    rows.push_back({shown(key), {cells, cells + count}});
    return rows.size() == BenchSinks::refused_row(bench) ? HKL_RESOURCE : HKL_OK;
  });
}

hkl_status take_behind(void* user, hkl_str key, hkl_str measure, hkl_str id, std::uint32_t counts) noexcept {
  return BenchSinks::take(user, "sink.behind", [&](Bench& bench) -> hkl_status {
    bench.tell(fmt::format("behind {} {} {} {}", shown(key), shown(measure), shown(id), counts));
    BenchSinks::behind(bench).push_back({{shown(key), shown(measure)}, shown(id), counts != 0});
    return HKL_OK;
  });
}

// As the host gives them for March with all options as they are unless set.
std::string scan_params(const nlohmann::json& declared, const Drill* drill) {
  auto options = nlohmann::json::object();
  for (const auto& option : declared.value("options", nlohmann::json::array())) {
    const auto type = option.value("type", "");
    const nlohmann::json otherwise = type == "bool"     ? nlohmann::json(false)
                                     : type == "number" ? nlohmann::json(0)
                                     : type == "enum"   ? option["values"][0]
                                                        : nlohmann::json("");
    options[option.value("id", "")] = option.value("default", otherwise);
  }
  const nlohmann::json figure =
      drill == nullptr ? nlohmann::json() : nlohmann::json{{"key", drill->key}, {"measure", drill->measure}};
  constexpr std::int64_t kMarch = 1772312400000, kApril = 1774990800000;  // in Moscow
  return nlohmann::json{{"from_ms", kMarch}, {"to_ms", kApril},    {"now_ms", kApril}, {"timezone", "Europe/Moscow"},
                        {"language", "ru"},  {"options", options}, {"drill", figure}}
      .dump();
}

}  // namespace

hkl_status Bench::tell_verdict(const hkl_verdict& verdict) {
  std::string tags;
  for (std::uint64_t i = 0; i < verdict.tags.count; ++i) tags += " " + shown(verdict.tags.items[i]);
  tell(fmt::format("verdict {} {} {} [{}] [{}] [{}] [{}] [{}]{}", verdict.quality, verdict.is_advertising,
                   verdict.score, shown(verdict.rule), shown(verdict.why), shown(verdict.ad_source),
                   shown(verdict.type), shown(verdict.visit), tags));
  return HKL_OK;
}

hkl_status Bench::classify(const Story& story, std::size_t index) {
  const auto* table = find<hkl_lead_classifier>(HKL_LEAD_CLASSIFIER_V1);
  Inputs inputs(wishes_.place);
  const auto* inquiry = story.inquiry(inputs, index);
  hkl_verdict blank{};
  blank.struct_size = sizeof blank;
  auto* out = inputs.room(blank);
  const auto status =
      step("classify", inputs, [&](hkl_error* err) { return table->classify(self_, inquiry, out, err); });
  const hkl_verdict verdict = *out;
  // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison): its bytes are what must not be touched
  touched_out_ = status != HKL_OK && std::memcmp(&verdict, &blank, sizeof blank) != 0
                     ? "classify failed and wrote into *out_verdict all the same"
                     : "";
  // Its texts are the plugin's and outlive the inputs.
  inputs.take_away();
  return status == HKL_OK ? tell_verdict(verdict) : status;
}

hkl_status Bench::review(const Story& story) {
  const auto* table = find<hkl_task_rule>(HKL_TASK_RULE_V1);
  Inputs inputs(wishes_.place);
  const auto* timeline = story.timeline(inputs);
  const auto* sink = inputs.copy(hkl_task_sink{sizeof(hkl_task_sink), 0, this, take_task});
  return step("review", inputs, [&](hkl_error* err) { return table->review(self_, timeline, sink, err); });
}

hkl_status Bench::define() {
  const auto* table = find<hkl_report>(HKL_REPORT_V1);
  Inputs inputs(wishes_.place);
  const auto* writer = inputs.copy(hkl_writer{sizeof(hkl_writer), 0, this, take_text_piece});
  definition_.clear();
  const auto status = step("definition", inputs, [&](hkl_error* err) { return table->definition(self_, writer, err); });
  tell(definition_);
  return status;
}

bool Bench::can_scan() const { return find<hkl_report_scan>(HKL_REPORT_SCAN_V1) != nullptr; }

hkl_status Bench::scan(const std::vector<Story>& contacts, std::uint64_t refuse_row, const Drill* drill) {
  const auto* table = find<hkl_report_scan>(HKL_REPORT_SCAN_V1);
  refuse_row_ = refuse_row;
  rows_.clear();
  behind_.clear();
  if (const auto defined = define(); defined != HKL_OK) return defined;
  const auto declared = nlohmann::json::parse(definition_, nullptr, false);
  if (!declared.is_object()) return HKL_INVALID;
  // Employees' times are not told: a firm of nobody.
  const bool is_of_contacts = declared.value("scan", "contacts") == "contacts";
  hkl_scan* made = nullptr;
  hkl_status status = HKL_OK;
  {
    Inputs inputs(wishes_.place);
    const auto params = inputs.text(scan_params(declared, drill));
    status = step("begin", inputs, [&](hkl_error* err) { return table->begin(self_, params, &made, err); });
    touched_out_ = status != HKL_OK && made != nullptr ? "begin failed and set *out_scan all the same" : "";
  }
  if (status != HKL_OK) return status;
  for (const auto& story : contacts) {
    if (status != HKL_OK || !is_of_contacts) break;
    Inputs inputs(wishes_.place);
    const auto* timeline = story.timeline(inputs);
    status = step("contact", inputs, [&](hkl_error* err) { return table->contact(self_, made, timeline, err); });
  }
  Inputs inputs(wishes_.place);
  const auto* sink = inputs.copy(hkl_row_sink{sizeof(hkl_row_sink), 0, this, take_row, take_behind});
  if (status == HKL_OK)
    status = step("finish", inputs, [&](hkl_error* err) { return table->finish(self_, made, sink, err); });
  const Doing now("end");
  const auto row_count = rows_.size();
  {
    const HostDouble::Call standing(host_);
    table->end(self_, made);
  }
  if (rows_.size() != row_count) tell("row after the end");
  return status;
}

}  // namespace hkl::validate
