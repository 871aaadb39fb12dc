// Credits a call to the advertising source that the dialled line belongs to.
#include <map>
#include <string>

#include "hookline/sdk/plugin.h"

namespace {

using hookline::Opinion;
using hookline::view;

struct Settings {
  hookline::TextMap sources;
  std::string_view other;
};

}  // namespace

HOOKLINE_SETTINGS(Settings,
                  HOOKLINE_FIELD(sources,
                                 "Advertising sources with the lines of each, where `lines` of the config does "
                                 "not say it: {cian: [\"+74950000001\"]}"),
                  HOOKLINE_FIELD(other, "The source of calls on every other line; empty: none"))

namespace {

class SourceByLine final : public hookline::LeadClassifier<Settings> {
 public:
  void configured() override {
    for (const auto& source : settings().sources)
      for (const auto& line : source.texts) {
        const auto [before, is_new] = source_of_line_.emplace(normal(line), source.name);
        if (!is_new && before->second != source.name)
          throw hookline::Failure(HKL_BAD_SETTINGS, "sources: the line " + std::string(line) + " belongs to both " +
                                                        before->second + " and " + std::string(source.name));
      }
  }

  Opinion classify(const hkl_inquiry& inquiry) override {
    const auto& touch = *inquiry.touch;
    // The line of a call of ours is what we showed, which nobody advertised.
    if (touch.direction != HKL_DIRECTION_IN || view(touch.line).empty()) return Opinion::none();
    Opinion opinion;
    opinion.rule = "line";
    opinion.ad_source = source_of(touch);
    if (!opinion.ad_source.empty())
      opinion.why = "the line " + std::string(view(touch.line)) + " belongs to " + opinion.ad_source;
    return opinion;
  }

 private:
  std::string source_of(const hkl_touch& touch) const {
    const auto found = source_of_line_.find(normal(view(touch.line)));
    if (found != source_of_line_.end()) return found->second;
    if (!view(touch.line_ad_source).empty()) return std::string(view(touch.line_ad_source));
    return std::string(settings().other);
  }

  // One number in all its spellings.
  std::string normal(std::string_view line) const { return host().e164(line).value_or(std::string(line)); }

  std::map<std::string, std::string> source_of_line_;
};

}  // namespace

HOOKLINE_PLUGIN(SourceByLine, {"source-by-line", "1.0.0", "Hookline", "Apache-2.0",
                               "Credits a call to the advertising source of the dialled line"})
