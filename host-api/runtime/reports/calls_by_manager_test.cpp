// The declaration of the plugin calls-by-manager, read by the language it is
// written in.
#include <gtest/gtest.h>

#include "../../../plugins/reports/calls-by-manager/definition.h"
#include "reports/definition.h"

namespace hkl {
namespace {

using calls_by_manager::kDefinition;

Definition declared() {
  auto definition = read_definition("calls-by-manager", std::string(kDefinition));
  if (!definition) throw std::runtime_error(definition.error().text);
  return std::move(*definition);
}

template <typename List>
std::vector<std::string> ids(const List& list) {
  std::vector<std::string> found;
  for (const auto& one : list) found.push_back(one.id);
  return found;
}

TEST(CallsByManager, ParsesAndChecks) {
  const auto report = parse_report("calls-by-manager", std::string(kDefinition));
  EXPECT_TRUE(report) << report.error().text;
}

TEST(CallsByManager, HasTheColumnsOfTheDesignInTheirOrder) {
  const auto report = declared();
  EXPECT_EQ(ids(report.dimensions), (std::vector<std::string>{"manager", "extension"}));
  EXPECT_EQ(ids(report.measures),
            (std::vector<std::string>{"minutes", "calls", "out", "in", "target", "target_out", "target_in",
                                      "first_unique_target", "target_missed", "target_called_back", "called_back",
                                      "leads", "leads_by_missed", "leads_in_work"}));
}

TEST(CallsByManager, HasTheOptionsAndFiltersOfTheDesign) {
  const auto report = declared();
  EXPECT_EQ(ids(report.options),
            (std::vector<std::string>{"hide_missed", "by_extension", "first_call", "first_gap_days", "first_counts",
                                      "callback_within", "minutes"}));
  EXPECT_EQ(ids(report.filters), std::vector<std::string>{"manager"});
  EXPECT_EQ(report.credits.size(), 3u);
}

TEST(CallsByManager, EveryFigureIsAWholeNumberAndSaysHowItIsMade) {
  for (const auto& measure : declared().measures) {
    EXPECT_EQ(measure.display, Display::integer) << measure.id;
    for (const auto& way : measure.ways) EXPECT_FALSE(way.formula.empty()) << measure.id;
  }
}

}  // namespace
}  // namespace hkl
