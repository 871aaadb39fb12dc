// The host's conditions are stood in for: "yes" holds, "no" does not, the rest
// is refused as the host refuses it.
#include <gtest/gtest.h>

#include <cstring>

#include "hookline/sdk/plugin.h"

namespace {

using hookline::str;
using hookline::view;

const char kYes = 0, kNo = 0;

hkl_status compile(const hkl_host*, hkl_str text, const hkl_condition** out, hkl_error* err) {
  if (view(text) != "yes" && view(text) != "no")
    return hookline::tell(err, HKL_BAD_SETTINGS, "column 1: there is no field \"" + std::string(view(text)) + "\"");
  *out = reinterpret_cast<const hkl_condition*>(view(text) == "yes" ? &kYes : &kNo);
  return HKL_OK;
}
hkl_status holds(const hkl_host*, const hkl_condition* condition, const hkl_touch*, const hkl_contact*, std::uint64_t,
                 std::uint32_t* out) {
  *out = reinterpret_cast<const char*>(condition) == &kYes ? 1 : 0;
  return HKL_OK;
}

class Instance {
 public:
  explicit Instance(const std::string& settings) {
    host_.struct_size = sizeof host_;
    host_.get_interface = [](const hkl_host*, hkl_str id) -> const void* {
      static constexpr hkl_host_condition table{sizeof(hkl_host_condition), 0, compile, holds};
      return view(id) == HKL_HOST_CONDITION_V1 ? &table : nullptr;
    };
    error_.struct_size = sizeof error_;
    EXPECT_EQ(life_->create(str(HKL_LEAD_CLASSIFIER_V1), &host_, &self_, nullptr), HKL_OK);
    if (life_->configure(self_, str(settings), &error_) == HKL_OK) {
      EXPECT_EQ(life_->start(self_, nullptr), HKL_OK);
    }
  }
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;
  ~Instance() { life_->destroy(self_); }
  hkl_verdict ask() {
    hkl_touch touch{};
    hkl_inquiry inquiry{};
    inquiry.struct_size = sizeof inquiry;
    inquiry.touch = &touch;
    hkl_verdict verdict{};
    verdict.struct_size = sizeof verdict;
    const auto* table =
        static_cast<const hkl_lead_classifier*>(hookline_plugin_v1.get_interface(str(HKL_LEAD_CLASSIFIER_V1)));
    EXPECT_EQ(table->classify(self_, &inquiry, &verdict, nullptr), HKL_OK);
    return verdict;
  }
  std::string error() const { return error_.text; }

 private:
  const hkl_life* life_ = static_cast<const hkl_life*>(hookline_plugin_v1.get_interface(str(HKL_LIFE_V1)));
  hkl_host host_{};
  hkl_error error_{};
  hkl_instance* self_ = nullptr;
};

TEST(Rules, TheFirstThatHoldsDecidesAndIsNamed) {
  Instance rules(R"({"rules": [{"name": "a", "when": "no", "quality": "target"},
      {"name": "b", "when": "yes", "tags": ["vip"]},
      {"name": "c", "when": "yes", "quality": "non_target", "tags": ["night"]},
      {"name": "d", "when": "yes", "quality": "repeat", "ad_source": "site", "advertising": false}]})");
  const auto verdict = rules.ask();
  EXPECT_EQ(verdict.quality, HKL_QUALITY_NON_TARGET);
  EXPECT_EQ(view(verdict.rule), "c");
  EXPECT_EQ(view(verdict.why), "the rule \"c\" holds: yes");
  EXPECT_EQ(view(verdict.ad_source), "site");
  EXPECT_EQ(verdict.is_advertising, HKL_TRI_NO);
  ASSERT_EQ(verdict.tags.count, 2u);
  EXPECT_EQ(view(verdict.tags.items[1]), "night");
}

TEST(Rules, WithoutOneThatHoldsHaveNoOpinion) {
  EXPECT_EQ(Instance(R"({"rules": {"rules": [{"name": "a", "when": "no", "quality": "target"}]}})").ask().quality,
            HKL_QUALITY_NO_OPINION);
}

TEST(Rules, SayWhatIsWrongWithOne) {
  const auto error = [](const char* rules) { return Instance(std::string(R"({"rules": )") + rules + "}").error(); };
  EXPECT_EQ(error("[]"), "rules: expected a list of rules, or a YAML file whose `rules` is one");
  EXPECT_EQ(error(R"([{"when": "yes", "quality": "target"}])"),
            "rules[0]: a rule needs a name, by which it is explained");
  EXPECT_EQ(error(R"([{"name": "a", "quality": "target"}])"),
            "rule \"a\": a rule needs a condition: when: \"talk_s < 10\"");
  EXPECT_EQ(error(R"([{"name": "a", "when": "yes"}])"),
            "rule \"a\": nothing follows from it; add quality, advertising, ad_source or tags");
  EXPECT_EQ(error(R"([{"name": "a", "when": "wait", "quality": "target"}])"),
            "rule \"a\": column 1: there is no field \"wait\"");
  EXPECT_EQ(error(R"([{"name": "a", "when": "yes", "quality": "good"}])"),
            "rule \"a\": there is no quality \"good\"; known: target, non_target, repeat, unverified, unsorted");
  EXPECT_EQ(error(R"([{"name": "a", "wen": "yes"}])"),
            "rule \"a\": there is no \"wen\" here; known: name, when, quality, advertising, ad_source, tags");
  EXPECT_EQ(error(R"([{"name": "a", "when": "yes", "tags": ["x"]}, {"name": "a", "when": "no", "tags": ["y"]}])"),
            "there are two rules \"a\"; rename one");
}

}  // namespace
