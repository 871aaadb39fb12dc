#include <gmock/gmock.h>

#include "plugins/instances.h"
#include "plugins/test_plugins/heard.h"

namespace hkl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// The test plugin's definition is its settings.
Result<std::string> defined_by(const std::string& plugin, const std::string& settings, Heard& heard) {
  return instance_of(plugin, heard.entry(settings), report_definition);
}

TEST(Report, GivesItsDefinitionWithoutBeingStarted) {
  Heard heard;
  const auto definition = defined_by("good", R"({"measures": []})", heard);
  ASSERT_TRUE(definition) << error_of(definition);
  EXPECT_EQ(*definition, R"({"measures": []})");
  EXPECT_THAT(heard.lines, ElementsAre("destroy"));
}

TEST(Report, AnEmptyOrUnreadableDefinitionIsAFaultOfThePlugin) {
  Heard heard;
  EXPECT_EQ(error_of(defined_by("good", "", heard)),
            "entry (test-plugin): fault of the plugin: its definition is empty");
  EXPECT_EQ(error_of(defined_by("good", "\xff", heard)),
            "entry (test-plugin): fault of the plugin: its definition is no valid UTF-8");
}

TEST(Report, ADefinitionWithoutEndIsNotTaken) {
  Heard heard;
  EXPECT_EQ(error_of(defined_by("good", std::string((4 << 20) + 1, ' '), heard)),
            "entry (test-plugin): fault of the plugin: its definition is longer than 4 MiB");
}

TEST(Report, ThatThrowsGivesNoDefinition) {
  Heard heard;
  EXPECT_THAT(error_of(defined_by("throws-in-work", "{}", heard)), HasSubstr("an exception came out of definition"));
}

}  // namespace
}  // namespace hkl
