#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test_layout.h"

namespace smdr {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// "date time ext line number seconds [TR]"
const std::string kLines = R"x({"lines": [{"match": "(\\S+ \\S+) (\\d+) (\\d+) (\\d+) (\\d+) ?(TR)?",
  "names": ["moment", "ext", "co", "number", "seconds", "code"]}],
  "values": [{"stamp": "moment > time:%Y-%m-%d %H:%M"}, {"start": "$before.until | stamp"},
             {"until": {"plus": ["start", "seconds"]}}],)x";
const std::string kEmits =
    R"x("kinds": [{"emit": [{"is": "summary", "client": "number > phone", "extension": "ext", "start": "start", "end": "until"}]}]})x";
const std::string kChained =
    kLines +
    R"x("chain": {"key": {"join": ["co", "number"]}, "at": "stamp", "until": "until", "more": {"code": "TR"}},)x" +
    kEmits;

constexpr std::int64_t kTenOClock = 1789380000000;  // 2026-09-14 10:00 UTC

TEST(Layout, TellsWhatALineSays) {
  TestLayout layout(kLines + kEmits);
  layout.line("2026-09-14 10:00 101 01 79000000801 60");
  ASSERT_THAT(layout.events, SizeIs(1));
  EXPECT_EQ(layout.events[0].client, "+79000000801");
  EXPECT_EQ(layout.events[0].extension, "101");
  EXPECT_EQ(layout.events[0].started, kTenOClock);
  EXPECT_EQ(layout.events[0].ended, kTenOClock + 60000);
}

TEST(Layout, JoinsTheRecordsOfOneCall) {
  TestLayout layout(kChained);
  layout.line("2026-09-14 10:00 101 01 79000000801 40 TR");
  layout.line("2026-09-14 10:00 102 02 79000000802 10");  // another call between them
  layout.line("2026-09-14 10:00 103 01 79000000801 90");
  ASSERT_THAT(layout.events, SizeIs(3));
  EXPECT_EQ(layout.events[0].call, layout.events[2].call);
  EXPECT_NE(layout.events[0].call, layout.events[1].call);
  EXPECT_EQ(layout.events[2].started, kTenOClock + 40000);
  EXPECT_EQ(layout.events[2].ended, kTenOClock + 130000);
}

TEST(Layout, DoesNotJoinTheNextCallOfTheSameClient) {
  TestLayout layout(kChained);
  layout.line("2026-09-14 10:00 101 01 79000000801 40 TR");
  layout.line("2026-09-14 10:30 103 01 79000000801 90");
  EXPECT_NE(layout.events[0].call, layout.events[1].call);
}

TEST(Layout, TakesEqualLinesForTwoCallsAndAFileReadAgainForTheSame) {
  TestLayout layout(kLines + kEmits);
  const auto* line = "2026-09-14 10:00 101 01 79000000801 60";
  layout.line(line);
  layout.line(line);
  EXPECT_NE(layout.events[0].call, layout.events[1].call);
  layout.begin_anew();
  layout.line(line);
  layout.line(line);
  EXPECT_EQ(layout.events[2].id, layout.events[0].id);
  EXPECT_EQ(layout.events[3].id, layout.events[1].id);
}

TEST(Layout, TakesEqualLinesWithTheNameOfACallForOnePrintedTwice) {
  TestLayout layout(kLines + R"x("call": "number",)x" + kChained.substr(kLines.size()));
  for (const auto* line : {"2026-09-14 10:00 101 01 79000000801 40 TR", "2026-09-14 10:00 103 01 79000000801 90"}) {
    layout.line(line);
    layout.line(line);
  }
  ASSERT_THAT(layout.events, SizeIs(2));
  EXPECT_EQ(layout.events[1].started, kTenOClock + 40000) << "the second part goes on from the first";
}

TEST(Layout, CountsWhatItDoesNotKnow) {
  TestLayout layout(kLines + kEmits);
  layout.line("SYSTEM RESTART");
  EXPECT_THAT(layout.events, IsEmpty());
  EXPECT_THAT(layout.skipped, ElementsAre("a line of no shape that the layout knows"));
}

std::int64_t at(const std::string& format, const std::string& text, std::int64_t received_ms = kTenOClock) {
  const Json layout{{"lines", {{{"match", "(.*)"}, {"names", {"text"}}}}},
                    {"kinds", {{{"emit", {{{"is", "summary"}, {"start", "text > time:" + format}}}}}}}};
  TestLayout tested(layout.dump());
  tested.line(text, received_ms);
  return tested.events.at(0).started;
}

TEST(Times, OfATwelveHourClockKnowNoonAndMidnight) {
  EXPECT_EQ(at("%m/%d/%y %I:%M%p", "09/14/26 10:00AM"), kTenOClock);
  EXPECT_EQ(at("%m/%d/%y %I:%M%p", "09/14/26 12:00PM"), kTenOClock + 2 * 3600000);
  EXPECT_EQ(at("%m/%d/%y %I:%M%p", "09/14/26 12:30 am"), kTenOClock - 10 * 3600000 + 1800000);
  EXPECT_EQ(at("%m/%d/%y %I:%M%p", "09/14/26 13:00PM"), HKL_UNKNOWN_MS);
  EXPECT_EQ(at("%m/%d/%y %I:%M%p", "14/09/26 10:00AM"), HKL_UNKNOWN_MS) << "there is no fourteenth month";
}

TEST(Times, WithoutAYearAreTheLatestBeforeTheirReceipt) {
  EXPECT_EQ(at("%m/%d %H:%M", "09/14 10:00", kTenOClock + 1000), kTenOClock);
  const auto january = kTenOClock + std::int64_t{110} * 86400000;  // 2027-01-02
  EXPECT_EQ(at("%m/%d %H:%M", "12/31 23:59", january), 1798761540000) << "of last year";
  // A clock that is a little fast tells of tomorrow, not of a year ago.
  EXPECT_EQ(at("%m/%d %H:%M", "09/14 10:05", kTenOClock), kTenOClock + 300000);
}

std::string fault_of(const std::string& layout) {
  try {
    TestLayout tested(layout);
  } catch (const hookline::Failure& failure) {
    return failure.what();
  }
  return {};
}

TEST(Faults, NameThePlaceAndTheWayOut) {
  EXPECT_THAT(fault_of(R"({"lines": []})"), HasSubstr("layout: kinds: say which kinds of records there are"));
  EXPECT_THAT(fault_of(R"({"lines": [], "kinds": [{}]})"), HasSubstr("kinds[0]: it neither emits facts nor says why"));
  EXPECT_THAT(fault_of(R"({"lines": [], "kinds": [], "text": {"skip": ["("]}})"),
              HasSubstr("text.skip: \"(\" is no regular"));
  EXPECT_THAT(fault_of(R"({"lines": [], "kinds": [{"emit": [{"is": "summary", "client": "$path"}]}]})"),
              HasSubstr("there is no setting or word \"path\""));
}

}  // namespace
}  // namespace smdr
