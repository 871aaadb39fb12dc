#include "ami_message.h"

#include <gtest/gtest.h>

namespace pbx_sim {
namespace {

TEST(AmiMessage, AKeyIsFoundInAnyCaseAndItsValueIsTrimmed) {
  const AmiMessage message("Event: Hangup\r\nCause-txt:  Normal Clearing \r\nCause: 16\r\n\r\n");
  EXPECT_EQ(message["event"], "Hangup");
  EXPECT_EQ(message["CAUSE"], "16");
  EXPECT_EQ(message["Cause-txt"], "Normal Clearing");
}

TEST(AmiMessage, AValueIsNotTakenForAKey) {
  const AmiMessage message("Event: VarSet\r\nVariable: Cause: 16\r\n\r\n");
  EXPECT_EQ(message["Cause"], "");
  EXPECT_EQ(message["Variable"], "Cause: 16");
}

TEST(AmiMessage, ATimestampKeepsItsMicroseconds) {
  EXPECT_EQ(micros_of("1795415750.028470"), 1795415750028470);
  EXPECT_EQ(micros_of("1795415750.5"), 1795415750500000);
  EXPECT_EQ(micros_of("1795415750"), 1795415750000000);
  EXPECT_EQ(micros_of("soon"), 0);
}

}  // namespace
}  // namespace pbx_sim
