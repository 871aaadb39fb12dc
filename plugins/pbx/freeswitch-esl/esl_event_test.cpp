#include "esl_event.h"

#include <gtest/gtest.h>

namespace {

TEST(EslEvent, HasABodyInsideItsBody) {
  freeswitch::Event event({"Note", "List"});
  ASSERT_TRUE(
      event.parse("text/event-plain", "Event-Name: CUSTOM\nNote: caf%C3%A9,%20100%25\nContent-Length: 4\n\na: b"));
  EXPECT_EQ(event.more(0), "café, 100%");
  EXPECT_EQ(event.body(), "a: b");
  ASSERT_TRUE(event.parse("text/event-json", R"({"Note":"caf\u00e9 \"x\"","List":["a","b"],"_body":"a\nb"})"));
  EXPECT_EQ(event.more(0), "café \"x\"");
  EXPECT_EQ(event.body(), "a\nb");
  EXPECT_EQ(freeswitch::parts_of(event.more(1)), (std::vector<std::string_view>{"a", "b"}));
}

TEST(EslEvent, TheFirstOfFieldsOfOneNameCountsHoweverManyThereAre) {
  std::string text = "Event-Name: CUSTOM\nvariable_x: first\n";
  for (int i = 0; i < 3000; ++i) text += "variable_" + std::to_string(i) + ": " + std::to_string(i) + "\n";
  text += "variable_x: second\n\n";  // the event's values are views into it
  freeswitch::Event event({"variable_x", "variable_2999", "variable_3000"});
  ASSERT_TRUE(event.parse("text/event-plain", text));
  EXPECT_EQ(event["Event-Name"], "CUSTOM");
  EXPECT_EQ(event.more(0), "first");
  EXPECT_EQ(event.more(1), "2999");
  EXPECT_EQ(event.more(2), "");
  ASSERT_TRUE(event.parse("text/event-plain", "Event-Name: CUSTOM\n\n"));
  EXPECT_EQ(event.more(0), "");
}

}  // namespace
