#include "bench.h"

#include <fmt/format.h>

#include <algorithm>

#include "bench_step.h"
#include "plugins/guard.h"
#include "plugins/texts.h"
#include "recording.h"

namespace hkl::validate {
namespace {

HostSurroundings around(const Candidate& candidate, const BenchWishes& wishes) {
  auto out = entry_for(candidate, "", wishes.log).surroundings;
  out.timezone = wishes.timezone;
  // Whoever asks for history is shown the usual one, however much of it was told.
  out.touches = [](const std::string&, Instant before, std::uint64_t limit, const hkl_touch_sink& sink) {
    const auto story = usual_story();
    std::uint64_t given = 0;
    for (auto at = story.touches.rbegin(); at != story.touches.rend() && given < limit; ++at) {
      if (at->at_ms >= ms_of(before)) continue;
      Inputs into(Inputs::Place::together);
      const auto* touch = put_touch(into, *at);
      into.hand_over();
      ++given;
      if (sink.take(sink.user, touch) != HKL_OK) break;
    }
    return HKL_OK;
  };
  return out;
}

}  // namespace

Bench::Bench(const Candidate& candidate, std::shared_ptr<PluginFile> file, BenchWishes wishes)
    : candidate_(candidate),
      file_(std::move(file)),
      wishes_(std::move(wishes)),
      kind_(wishes_.kind.empty() ? kind_of(file_->note()) : wishes_.kind),
      settings_(wishes_.settings.empty() ? sample_settings(candidate) : wishes_.settings),
      host_(around(candidate, wishes_)),
      life_(find<hkl_life>(HKL_LIFE_V1)),
      hears_requests_(is_of_requests(candidate, file_->note())) {}

Bench::~Bench() {
  (void)guarded([&] { destroy(); });
}

hkl_status Bench::after_step(const char* name, hkl_status status, const hkl_error& err) {
  if (status != HKL_OK) text_ = std::string(err.text, std::min<std::size_t>(err.text_len, HKL_ERROR_TEXT_MAX - 1));
  tell(status == HKL_OK ? fmt::format("{}: ok", name) : fmt::format("{}: {} {}", name, status, text_));
  if (host_.open_visits() != 0 && jumped_.empty()) jumped_ = name;
  return status;
}

hkl_status Bench::create() { return create(kind_); }

hkl_status Bench::create(const std::string& kind) {
  Inputs inputs(wishes_.place);
  const auto id = inputs.text(kind);
  hkl_instance* made = nullptr;
  const auto status =
      step("create", inputs, [&](hkl_error* err) { return life_->create(id, host_.host(), &made, err); });
  touched_out_ = status != HKL_OK && made != nullptr ? "create failed and set *out_instance all the same" : "";
  if (status == HKL_OK) self_ = made;
  return status;
}

hkl_status Bench::configure(const std::string& settings) {
  Inputs inputs(wishes_.place);
  const auto json = inputs.text(settings);
  return step("configure", inputs, [&](hkl_error* err) { return life_->configure(self_, json, err); });
}

hkl_status Bench::start() {
  Inputs inputs(wishes_.place);
  return step("start", inputs, [&](hkl_error* err) { return life_->start(self_, err); });
}

hkl_status Bench::stop() {
  Inputs inputs(wishes_.place);
  const auto status = step("stop", inputs, [&](hkl_error* err) { return life_->stop(self_, err); });
  host_.has_stopped();
  return status;
}

void Bench::destroy() {
  if (self_ == nullptr) return;
  const Doing now("destroy");
  const HostDouble::Call standing(host_);
  life_->destroy(std::exchange(self_, nullptr));
}

bool Bench::begin() { return create() == HKL_OK && is_made() && configure() == HKL_OK && start() == HKL_OK; }

void Bench::live() {
  if (begin()) {
    (void)work();
    (void)stop();
  }
  destroy();
}

hkl_status Bench::work() {
  if (kind_ == HKL_PBX_ADAPTER_V1) return work_as_adapter();
  const auto story = usual_story();
  if (kind_ == HKL_TASK_RULE_V1) return review(story);
  if (kind_ == HKL_REPORT_V1) {
    const auto defined = define();
    return defined == HKL_OK && can_scan() ? scan({story}) : defined;
  }
  hkl_status last = HKL_OK;
  // The first has no history; that case is a check's own (Q02).
  for (std::size_t i = 1; i < story.touches.size() && last == HKL_OK; ++i) last = classify(story, i);
  return last;
}

std::string Bench::told_in_one() const { return fmt::format("{}", fmt::join(told_, "\n")); }

std::string Bench::fault_of_failure(const char* name, hkl_status status) const {
  if (status > HKL_PARTLY) return fmt::format("{} returned {}, which is no status", name, status);
  if (status == HKL_OK) return {};
  if (text_.empty()) return fmt::format("{} failed with status {} and does not say why", name, status);
  return is_utf8(text_) ? std::string() : fmt::format("the error text of {} is no UTF-8", name);
}

}  // namespace hkl::validate
