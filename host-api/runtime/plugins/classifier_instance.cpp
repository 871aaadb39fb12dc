#include <fmt/format.h>

#include <cmath>

#include "plugins/instance.h"
#include "plugins/texts.h"

namespace hkl {
namespace {

constexpr std::uint64_t kMostTags = 1000;

struct VerdictText {
  const char* name;
  hkl_str hkl_verdict::*given;
  std::string Verdict::*taken;
};
constexpr VerdictText kTexts[] = {{"its verdict's rule", &hkl_verdict::rule, &Verdict::rule},
                                  {"its verdict's why", &hkl_verdict::why, &Verdict::why},
                                  {"its verdict's type", &hkl_verdict::type, &Verdict::type},
                                  {"its verdict's ad_source", &hkl_verdict::ad_source, &Verdict::ad_source},
                                  {"its verdict's visit", &hkl_verdict::visit, &Verdict::visit}};

Result<std::vector<std::string>> take_texts(hkl_strs texts, const char* name) {
  std::vector<std::string> out;
  if (texts.count == 0) return out;
  if (texts.items == nullptr || texts.count > kMostTags) {
    return fail(HKL_INVALID, fmt::format("{} are no list: {} of them", name, texts.count));
  }
  for (std::uint64_t i = 0; i < texts.count; ++i) {
    auto text = take_text(texts.items[i], name);
    if (!text) return fail(text.error());
    out.push_back(std::move(*text));
  }
  return out;
}

// Filled where it will lie: it is large to be handed on.
Done take_verdict(const hkl_verdict& given, Verdict& out) {
  if (given.quality > HKL_QUALITY_UNSORTED) {
    return fail(HKL_INVALID, fmt::format("its verdict has the quality {}, which is none", given.quality));
  }
  if (given.is_advertising > HKL_TRI_YES) {
    return fail(HKL_INVALID,
                fmt::format("its verdict has is_advertising {}, neither yes, no nor unknown", given.is_advertising));
  }
  if (!std::isfinite(given.score) || given.score < 0 || given.score > 1) {
    return fail(HKL_INVALID, fmt::format("its verdict has the score {}, not one from 0 to 1", given.score));
  }
  out.quality = static_cast<Quality>(given.quality);
  out.advertising = static_cast<Tri>(given.is_advertising);
  out.score = given.score;
  for (const auto& one : kTexts) {
    const auto& text = given.*one.given;
    if (text.len == 0) continue;
    if (auto done = take_text(text, one.name, out.*one.taken); !done) return fail(std::move(done.error()));
  }
  if (given.tags.count == 0) return {};
  auto tags = take_texts(given.tags, "its verdict's tags");
  if (!tags) return fail(tags.error());
  out.tags = std::move(*tags);
  return {};
}

class ClassifierInstance final : public Classifier {
 public:
  explicit ClassifierInstance(std::unique_ptr<Instance> instance)
      : instance_(std::move(instance)), table_(instance_->find<hkl_lead_classifier>(HKL_LEAD_CLASSIFIER_V1)) {}

  const std::string& id() const override { return instance_->id(); }

  Result<Verdict> classify(const hkl_inquiry& inquiry) override {
    Result<Verdict> verdict(tl::in_place);  // the one thing returned, so that it is never moved
    hkl_verdict given = blank_;
    const auto done = instance_->call(
        "classify", [&](hkl_instance* self, hkl_error* err) { return table_->classify(self, &inquiry, &given, err); });
    if (!done)
      verdict = fail(done.error());
    else if (const auto taken = take_verdict(given, *verdict); !taken)
      verdict = instance_->fault(taken.error().text);
    return verdict;
  }

 private:
  std::unique_ptr<Instance> instance_;
  const hkl_lead_classifier* table_;
  // Copied for each call: to clear as many bytes takes g++ an instruction that needs some ns to begin.
  const hkl_verdict blank_{sizeof(hkl_verdict)};
};

}  // namespace

Result<std::unique_ptr<Classifier>> make_classifier(std::shared_ptr<PluginFile> file, InstanceEntry entry) {
  auto instance = Instance::begin(std::move(file), std::move(entry), HKL_LEAD_CLASSIFIER_V1, Instance::Until::started);
  if (!instance) return fail(instance.error());
  return std::make_unique<ClassifierInstance>(std::move(*instance));
}

}  // namespace hkl
