// Calls into a plugin: an inquiry is shown to a classifier, by a call through
// the plugin's own pointer, by the host with all that it does around it (a
// status and an error taken, exceptions caught, time watched, the verdict
// judged and copied), in a process of the plugin's own, and as JSON there and
// back, which is how a process that knows no contract would be asked.
#include <benchmark/benchmark.h>

#include <nlohmann/json.hpp>

#include "bench_plugins.h"
#include "hookline/lead_classifier.h"
#include "plugins/host_services.h"
#include "plugins/texts.h"

namespace hkl {
namespace {

constexpr const char* kNoSettings = "{}";
constexpr const char* kSpamSettings = R"({"min_talk_s":5,"numbers":[],"allowed":[],"calls":0,"within":"1h"})";

// A talk of three seconds, which spam-guard has an opinion of.
struct Asked {
  hkl_touch touch{};
  hkl_contact contact{};
  hkl_inquiry inquiry{};

  Asked() {
    touch.struct_size = sizeof touch;
    touch.inquiry_kind = HKL_INQUIRY_CALL;
    touch.inquiry = touch.call = str_of("pbx1:1718000000.12");
    touch.direction = HKL_DIRECTION_IN;
    touch.outcome = HKL_OUTCOME_ANSWERED;
    touch.is_over = 1;
    touch.at_ms = 1772442900000;
    touch.answered_at_ms = touch.at_ms + 4000;
    touch.ended_at_ms = touch.at_ms + 7000;
    touch.talk_ms = 3000;
    touch.number = str_of("+74951234567");
    touch.line = str_of("+74950000001");
    touch.extension = str_of("101");
    contact.struct_size = sizeof contact;
    contact.id = str_of("c1");
    inquiry.struct_size = sizeof inquiry;
    inquiry.now_ms = touch.ended_at_ms;
    inquiry.touch = &touch;
    inquiry.contact = &contact;
  }
  Asked(const Asked&) = delete;
  Asked& operator=(const Asked&) = delete;
};

// The same, made and driven without the host's wrapper.
class Bare {
 public:
  Bare(const char* path, const char* settings) : file_(bench_plugin(path, false)), services_(surroundings()) {
    life_ = static_cast<const hkl_life*>(file_->find_interface(HKL_LIFE_V1));
    hkl_error err{};
    err.struct_size = sizeof err;
    const auto is_begun = file_->create(str_of(HKL_LEAD_CLASSIFIER_V1), services_.host(), &self_, &err) == HKL_OK &&
                          life_->configure(self_, str_of(settings), &err) == HKL_OK &&
                          life_->start(self_, &err) == HKL_OK;
    if (!is_begun) give_up(std::string(err.text, err.text_len));
    table_ = static_cast<const hkl_lead_classifier*>(file_->find_interface(HKL_LEAD_CLASSIFIER_V1));
  }
  ~Bare() { life_->destroy(self_); }
  Bare(const Bare&) = delete;
  Bare& operator=(const Bare&) = delete;

  hkl_status classify(const hkl_inquiry& inquiry, hkl_verdict& out) {
    return table_->classify(self_, &inquiry, &out, nullptr);
  }

 private:
  static HostSurroundings surroundings() { return bench_entry("{}", false).surroundings; }

  std::shared_ptr<PluginFile> file_;
  HostServices services_;
  const hkl_life* life_ = nullptr;
  const hkl_lead_classifier* table_ = nullptr;
  hkl_instance* self_ = nullptr;
};

void direct(benchmark::State& state, const char* path, const char* settings) {
  const Asked asked;
  Bare bare(path, settings);
  const hkl_verdict blank{sizeof(hkl_verdict)};  // copied, as the host does: to clear it would take longer
  for (auto _ : state) {
    auto verdict = blank;
    if (bare.classify(asked.inquiry, verdict) != HKL_OK) state.SkipWithError("no verdict");
    benchmark::DoNotOptimize(verdict);
  }
  state.SetItemsProcessed(state.iterations());
}

void through_the_host(benchmark::State& state, const char* path, const char* settings, bool is_isolated) {
  const Asked asked;
  auto classifier = make_classifier(bench_plugin(path, is_isolated), bench_entry(settings, is_isolated));
  if (!classifier) give_up(classifier.error().text);
  const Waits waits;
  for (auto _ : state) {
    auto verdict = (*classifier)->classify(asked.inquiry);
    if (!verdict) state.SkipWithError(verdict.error().text.c_str());
    benchmark::DoNotOptimize(verdict);
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["waits"] = benchmark::Counter(waits.since(), benchmark::Counter::kAvgIterations);
}

// The fields of that inquiry that are set, and of its verdict.
void as_json(benchmark::State& state) {
  const Asked asked;
  const auto& touch = asked.touch;
  const auto text = [](hkl_str one) { return std::string(one.ptr, one.len); };
  for (auto _ : state) {
    const nlohmann::ordered_json question = {{"kind", touch.inquiry_kind},
                                             {"inquiry", text(touch.inquiry)},
                                             {"call", text(touch.call)},
                                             {"direction", touch.direction},
                                             {"outcome", touch.outcome},
                                             {"is_over", touch.is_over},
                                             {"at_ms", touch.at_ms},
                                             {"answered_at_ms", touch.answered_at_ms},
                                             {"ended_at_ms", touch.ended_at_ms},
                                             {"talk_ms", touch.talk_ms},
                                             {"number", text(touch.number)},
                                             {"line", text(touch.line)},
                                             {"extension", text(touch.extension)},
                                             {"contact", text(asked.contact.id)}};
    const auto heard = nlohmann::json::parse(question.dump());
    const nlohmann::ordered_json answer = {{"quality", heard.at("talk_ms") < 5000 ? 2 : 0}, {"rule", "too_short"}};
    auto verdict = nlohmann::json::parse(answer.dump()).at("quality").get<std::uint32_t>();
    benchmark::DoNotOptimize(verdict);
  }
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK_CAPTURE(direct, least, HKL_LEAST, kNoSettings);
BENCHMARK_CAPTURE(through_the_host, least, HKL_LEAST, kNoSettings, false);
BENCHMARK_CAPTURE(direct, spam_guard, HKL_SPAM_GUARD, kSpamSettings);
BENCHMARK_CAPTURE(through_the_host, spam_guard, HKL_SPAM_GUARD, kSpamSettings, false);
BENCHMARK_CAPTURE(through_the_host, spam_guard_isolated, HKL_SPAM_GUARD, kSpamSettings, true)->UseRealTime();
BENCHMARK(as_json);

}  // namespace
}  // namespace hkl
