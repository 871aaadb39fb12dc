#include "session.h"

#include <gtest/gtest.h>

namespace pbx_sim {
namespace {

class Ami : public testing::Test {
 protected:
  std::string ask(const std::string& text) { return session_.feed(text); }
  std::string log_in(const std::string& more = {}) {
    return ask("Action: Login\r\nActionID: 1\r\nUsername: crm\r\nSecret: sesame\r\n" + more + "\r\n");
  }

  Account account_{"crm", "sesame"};
  SwitchState state_{0};
  Session session_{account_, state_, "123456789", [] { return std::int64_t{0}; }};
};

TEST_F(Ami, ThePlainSecretLetsIn) {
  const auto answer = log_in();
  EXPECT_EQ(
      answer.find("Response: Success\r\nActionID: 1\r\nMessage: Authentication accepted\r\n\r\nEvent: FullyBooted\r\n"),
      0u);
  EXPECT_TRUE(session_.is_logged_in());
}

TEST_F(Ami, TheMd5OfChallengeAndSecretLetsIn) {
  EXPECT_EQ(ask("Action: Challenge\r\nAuthType: MD5\r\n\r\n"), "Response: Success\r\nChallenge: 123456789\r\n\r\n");
  // echo -n 123456789sesame | md5sum
  ask("Action: Login\r\nAuthType: MD5\r\nUsername: crm\r\nKey: b10a7568b0032c847cd50c22c4bb3fd4\r\n\r\n");
  EXPECT_TRUE(session_.is_logged_in());
}

TEST_F(Ami, AWrongSecretIsToldAndHungUpOn) {
  const auto answer = ask("Action: Login\r\nUsername: crm\r\nSecret: guess\r\n\r\n");
  EXPECT_EQ(answer, "Response: Error\r\nMessage: Authentication failed\r\n\r\n");
  EXPECT_FALSE(session_.is_logged_in());
  EXPECT_TRUE(session_.is_over());
}

TEST_F(Ami, NothingIsAnsweredBeforeTheLogIn) {
  EXPECT_EQ(ask("Action: CoreShowChannels\r\nActionID: 9\r\n\r\n"),
            "Response: Error\r\nActionID: 9\r\nMessage: Permission denied\r\n\r\n");
  EXPECT_FALSE(session_.is_over());
}

TEST_F(Ami, AnActionMayArriveByteByByte) {
  std::string answer;
  for (const char byte : std::string("Action: Ping\r\nActionID: 5\r\n\r\n")) {
    if (!session_.is_logged_in()) log_in();
    answer += ask(std::string(1, byte));
  }
  EXPECT_EQ(answer, "Response: Success\r\nActionID: 5\r\nPing: Pong\r\n\r\n");
}

TEST_F(Ami, TwoActionsAtOnceGetTwoAnswers) {
  log_in();
  EXPECT_EQ(ask("Action: Ping\n\nAction: Dance\r\n\r\n"),
            "Response: Success\r\nPing: Pong\r\n\r\nResponse: Error\r\nMessage: Invalid/unknown command\r\n\r\n");
}

TEST_F(Ami, LogoffSaysGoodbyeAndEnds) {
  log_in();
  EXPECT_EQ(ask("Action: Logoff\r\n\r\n"), "Response: Goodbye\r\nMessage: Thanks for all the fish.\r\n\r\n");
  EXPECT_TRUE(session_.is_over());
}

TEST_F(Ami, TheMaskTakesOnlyEventsAllOfWhoseClassesItNames) {
  const AmiMessage call("Event: Hangup\r\nPrivilege: call,all\r\n\r\n");
  const AmiMessage dialplan("Event: VarSet\r\nPrivilege: dialplan,all\r\n\r\n");
  EXPECT_FALSE(session_.hears(call));
  log_in("Events: call,agent\r\n");
  EXPECT_TRUE(session_.hears(call));
  EXPECT_FALSE(session_.hears(dialplan));
  ask("Action: Events\r\nEventMask: off\r\n\r\n");
  EXPECT_FALSE(session_.hears(call));
  ask("Action: Events\r\nEventMask: on\r\n\r\n");
  EXPECT_TRUE(session_.hears(dialplan));
}

TEST_F(Ami, ALineWithoutEndIsHungUpOn) {
  ask(std::string(70000, 'x'));
  EXPECT_TRUE(session_.is_over());
}

}  // namespace
}  // namespace pbx_sim
