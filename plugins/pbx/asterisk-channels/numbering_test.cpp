#include "numbering.h"

#include <gtest/gtest.h>

#include "hangup.h"
#include "hookline/events.h"

namespace {

using asterisk::Numbering;
using asterisk::NumberPlan;

constexpr std::string_view kExtensions[] = {"1XX"};
constexpr std::string_view kOwn[] = {"74950001010", "404"};

TEST(Numbering, AChannelsNameSaysWhatItLeadsTo) {
  NumberPlan plan;
  plan.extensions = {kExtensions, 1};
  const Numbering numbering(plan);
  EXPECT_EQ(numbering.name("PJSIP/101-0000001d").kind, HKL_CHANNEL_KIND_PHONE);
  EXPECT_EQ(numbering.name("PJSIP/trunk-a-0000001d").kind, HKL_CHANNEL_KIND_TRUNK);
  EXPECT_EQ(numbering.name("PJSIP/trunk-a-0000001d").peer, "trunk-a");
  EXPECT_EQ(numbering.name("Local/101@ext-queue-00000003;2").kind, HKL_CHANNEL_KIND_LOCAL);
  EXPECT_EQ(numbering.name("DAHDI/i1/84951234567-5").kind, HKL_CHANNEL_KIND_TRUNK);
  EXPECT_EQ(numbering.name("ConfBridgeRecorder/x-1").kind, HKL_CHANNEL_KIND_SYSTEM);
  EXPECT_EQ(numbering.name("no slash").kind, HKL_CHANNEL_KIND_UNKNOWN);
  EXPECT_EQ(numbering.extension_of("Local/101@ext-queue-00000003;2"), "101");
  EXPECT_EQ(numbering.extension_of("PJSIP/trunk-a-0000001d"), "");
}

TEST(Numbering, WithoutAPlanShortFiguresArePhonesButOwnNumbersAreNot) {
  NumberPlan plan;
  plan.own_numbers = {kOwn, 2};
  const Numbering numbering(plan);
  EXPECT_TRUE(numbering.is_extension("101"));
  EXPECT_FALSE(numbering.is_extension("404"));
  EXPECT_FALSE(numbering.is_extension("74951234567"));
  EXPECT_TRUE(numbering.is_own_number("+74950001010"));
}

TEST(Numbering, TheOutsidePrefixIsTakenOffWhatIsLongEnough) {
  NumberPlan plan;
  plan.outside_prefix = "9";
  const Numbering numbering(plan);
  EXPECT_EQ(numbering.without_prefix("912125550177"), "12125550177");
  EXPECT_EQ(numbering.without_prefix("911"), "911");
}

TEST(Numbering, ADialStringNamesTheNumberForTheCarrier) {
  EXPECT_EQ(asterisk::dialled_number("PJSIP/12125550177@trunk-a,30,TK"), "12125550177");
  EXPECT_EQ(asterisk::dialled_number("SIP/trunk-a/12125550177"), "12125550177");
}

TEST(Numbering, WordsForAWithheldNumberAreNoNumbers) {
  for (const char* word : {"Anonymous", "unknown", "<unknown>", "", "s"}) EXPECT_TRUE(asterisk::is_withheld(word));
  EXPECT_FALSE(asterisk::is_withheld("+74951234567"));
}

TEST(Hangup, ACauseOrAWordSaysHowALegEnded) {
  EXPECT_EQ(asterisk::leg_outcome_of_cause("17"), HKL_LEG_BUSY);
  EXPECT_EQ(asterisk::leg_outcome_of_cause("16"), HKL_LEG_OUTCOME_UNKNOWN);
  EXPECT_EQ(asterisk::leg_outcome_of_word("NO ANSWER"), HKL_LEG_NO_ANSWER);
  EXPECT_EQ(asterisk::leg_outcome_of_word("NOANSWER"), HKL_LEG_NO_ANSWER);
}

}  // namespace
