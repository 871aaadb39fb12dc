// Classification by an admin's own conditions, in the language of reports. What
// a condition means is the host's (hookline.host.condition/1), so that a rule
// and a report never disagree; here is only what follows where one holds.
#include <algorithm>
#include <string>
#include <vector>

#include "hookline/sdk/plugin.h"

namespace {

using hookline::Failure;
using hookline::Json;
using hookline::Opinion;

struct Settings {
  std::string_view rules;  // a tree: read by take_settings
};

}  // namespace

HOOKLINE_SETTINGS(Settings, HOOKLINE_FIELD(rules,
                                           "Rules, or a YAML file of them; each has a name, a condition `when`, "
                                           "and what follows: quality, advertising, ad_source, tags")
                                .file()
                                .required())

namespace {

struct Rule {
  std::string name, when;
  const hkl_condition* condition = nullptr;
  std::uint32_t quality = HKL_QUALITY_NO_OPINION, advertising = HKL_TRI_UNKNOWN;
  std::string ad_source;
  std::vector<std::string> tags;
};

constexpr std::pair<std::string_view, std::uint32_t> kQualities[] = {{"target", HKL_QUALITY_TARGET},
                                                                     {"non_target", HKL_QUALITY_NON_TARGET},
                                                                     {"repeat", HKL_QUALITY_REPEAT},
                                                                     {"unverified", HKL_QUALITY_UNVERIFIED},
                                                                     {"unsorted", HKL_QUALITY_UNSORTED}};

std::uint32_t quality_named(const std::string& word, const std::string& where) {
  for (const auto& [name, quality] : kQualities)
    if (word == name) return quality;
  throw Failure(HKL_BAD_SETTINGS, where + "there is no quality \"" + word +
                                      "\"; known: target, non_target, repeat, unverified, unsorted");
}

Rule rule_of(const Json& json, std::size_t n) {
  Rule rule;
  rule.name = json["name"].text();
  auto where = "rules[" + std::to_string(n) + "]: ";
  if (json.kind() != Json::Kind::object)
    throw Failure(HKL_BAD_SETTINGS, where +
                                        "expected a rule, such as {name: short, when: \"talk_s < 10\", quality: "
                                        "non_target}");
  if (!rule.name.empty()) where = "rule \"" + rule.name + "\": ";
  for (const auto& [key, value] : json.object()) {
    if (key == "name") continue;
    if (key == "when") {
      rule.when = value.text();
    } else if (key == "quality") {
      rule.quality = quality_named(value.text(), where);
    } else if (key == "advertising") {
      rule.advertising = value.boolean() ? HKL_TRI_YES : HKL_TRI_NO;
    } else if (key == "ad_source") {
      rule.ad_source = value.text();
    } else if (key == "tags") {
      for (const auto& tag : value.list()) rule.tags.push_back(tag.text());
    } else {
      throw Failure(HKL_BAD_SETTINGS, where + "there is no \"" + key +
                                          "\" here; known: name, when, quality, advertising, ad_source, tags");
    }
  }
  if (rule.name.empty()) throw Failure(HKL_BAD_SETTINGS, where + "a rule needs a name, by which it is explained");
  if (rule.when.empty()) throw Failure(HKL_BAD_SETTINGS, where + "a rule needs a condition: when: \"talk_s < 10\"");
  const bool says_nothing = rule.quality == HKL_QUALITY_NO_OPINION && rule.advertising == HKL_TRI_UNKNOWN &&
                            rule.ad_source.empty() && rule.tags.empty();
  if (says_nothing)
    throw Failure(HKL_BAD_SETTINGS, where + "nothing follows from it; add quality, advertising, ad_source or tags");
  return rule;
}

class Rules final : public hookline::LeadClassifier<Settings> {
 public:
  // In their order: the first that holds and has a quality (a flag, a source)
  // gives it; tags are given by all that hold.
  Opinion classify(const hkl_inquiry& inquiry) override {
    Opinion opinion;
    for (const auto& rule : rules_) {
      if (!holds(rule, inquiry)) continue;
      if (opinion.quality == HKL_QUALITY_NO_OPINION && rule.quality != HKL_QUALITY_NO_OPINION) {
        opinion.quality = rule.quality;
        opinion.rule = rule.name;
        opinion.why = "the rule \"" + rule.name + "\" holds: " + rule.when;
      }
      if (opinion.is_advertising == HKL_TRI_UNKNOWN) opinion.is_advertising = rule.advertising;
      if (opinion.ad_source.empty()) opinion.ad_source = rule.ad_source;
      opinion.tags.insert(opinion.tags.end(), rule.tags.begin(), rule.tags.end());
    }
    return opinion;
  }

 protected:
  // The rules are a tree, more than settings() can hold.
  void take_settings(std::string_view text) override {
    const auto json = Json::parse(text);
    const auto& given = json["rules"].kind() == Json::Kind::object ? json["rules"]["rules"] : json["rules"];
    if (given.kind() != Json::Kind::list || given.list().empty())
      throw Failure(HKL_BAD_SETTINGS, "rules: expected a list of rules, or a YAML file whose `rules` is one");
    const auto* conditions = host().find<hkl_host_condition>(HKL_HOST_CONDITION_V1);
    if (conditions == nullptr) throw Failure(HKL_UNSUPPORTED, "this host has no conditions");
    for (std::size_t n = 0; n < given.list().size(); ++n) {
      auto rule = rule_of(given.list()[n], n);
      if (std::any_of(rules_.begin(), rules_.end(), [&](const Rule& other) { return other.name == rule.name; }))
        throw Failure(HKL_BAD_SETTINGS, "there are two rules \"" + rule.name + "\"; rename one");
      hkl_error error{};
      error.struct_size = sizeof error;
      if (conditions->compile(host().get(), hookline::str(rule.when), &rule.condition, &error) != HKL_OK)
        throw Failure(HKL_BAD_SETTINGS, "rule \"" + rule.name + "\": " + std::string(error.text, error.text_len));
      rules_.push_back(std::move(rule));
    }
  }

 private:
  bool holds(const Rule& rule, const hkl_inquiry& inquiry) const {
    const auto* conditions = host().find<hkl_host_condition>(HKL_HOST_CONDITION_V1);
    std::uint32_t holds = 0;
    const auto status =
        conditions->holds(host().get(), rule.condition, inquiry.touch, inquiry.contact, inquiry.earlier_count, &holds);
    if (status != HKL_OK) throw Failure(status, "the rule \"" + rule.name + "\" cannot be asked");
    return holds != 0;
  }

  std::vector<Rule> rules_;
};

}  // namespace

HOOKLINE_PLUGIN(Rules, {"rules", "1.0.0", "Hookline", "Apache-2.0", "Classifies inquiries by conditions of your own"})
