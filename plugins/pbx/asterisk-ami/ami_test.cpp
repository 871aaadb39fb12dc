// The adapter on the SDK's terms: bytes in, events out, no runtime.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "counted_new.h"
#include "session.h"

namespace {

using asterisk::Session;

struct Heard {
  std::vector<std::string> events;  // kind:event_id
  std::vector<std::string> told;    // the same, with what it tells
  std::vector<std::string> presence;
  std::vector<std::string> sent, skipped, states, closes;
  std::int64_t tick_at = 0;
};

// A sink that writes down what the adapter says.
struct Sink {
  Heard heard;
  hkl_pbx_sink abi{};
  Sink() {
    abi.struct_size = sizeof abi;
    abi.user = &heard;
    abi.event = [](void* user, const hkl_call_event* e, hkl_error*) -> hkl_status {
      std::string told = std::to_string(e->kind) + ":" + std::string(hookline::view(e->event_id));
      static_cast<Heard*>(user)->events.push_back(told);
      for (const auto& text :
           {e->call_ref, e->leg_ref, e->other_ref, e->bridge_ref, e->client, e->client_name, e->line, e->extension,
            e->name, e->queue, e->dialled, e->to, e->cause, e->result, e->request, e->extra})
        told += "|" + std::string(hookline::view(text));
      told += "|" + std::to_string(e->at_ms) + "." + std::to_string(e->seq) + "|" + std::to_string(e->direction);
      static_cast<Heard*>(user)->told.push_back(std::move(told));
      if (e->kind == HKL_EVENT_PRESENCE)
        static_cast<Heard*>(user)->presence.push_back(
            std::string(hookline::view(e->extension)) + " " + std::string(hookline::view(e->queue)) + " " +
            std::to_string(e->presence) + " " + std::string(hookline::view(e->reason_text)) + " " +
            std::to_string(e->at_ms));
      return HKL_OK;
    };
    abi.send = [](void* user, std::uint64_t, hkl_bytes bytes) -> hkl_status {
      static_cast<Heard*>(user)->sent.emplace_back(hookline::view(bytes));
      return HKL_OK;
    };
    abi.close = [](void* user, std::uint64_t, std::int64_t after, hkl_str why) -> hkl_status {
      static_cast<Heard*>(user)->closes.push_back(std::to_string(after) + " " + std::string(hookline::view(why)));
      return HKL_OK;
    };
    abi.state = [](void* user, std::uint64_t, std::uint32_t, hkl_str text) -> hkl_status {
      static_cast<Heard*>(user)->states.emplace_back(hookline::view(text));
      return HKL_OK;
    };
    abi.skipped = [](void* user, std::uint64_t, std::uint64_t count, hkl_str why) -> hkl_status {
      static_cast<Heard*>(user)->skipped.push_back(std::to_string(count) + " " + std::string(hookline::view(why)));
      return HKL_OK;
    };
    abi.tick_at = [](void* user, std::int64_t at) -> hkl_status {
      static_cast<Heard*>(user)->tick_at = at;
      return HKL_OK;
    };
  }
};

class Ami : public testing::Test {
 protected:
  Ami() {
    settings_.username = "crm";
    settings_.secret = "hush";
    settings_.extensions = {kExtensions, 1};
  }
  static constexpr std::string_view kExtensions[] = {"1XX"};
  asterisk::Settings settings_;
  hookline::Host host_;

  Heard capture(const std::vector<std::string>& pieces) {
    Sink sink;
    hookline::Output out(sink.abi);
    asterisk::Clock clock;
    Session session(settings_, host_, clock, 1, true);
    session.opened(0, out);
    for (const auto& piece : pieces) session.feed(piece, 0, out);
    session.closed(0, out);
    return sink.heard;
  }
};

std::string read(const std::string& scenario) {
  std::ifstream file(std::string(HKL_SOURCE_DIR) + "/tests/fixtures/asterisk/" + scenario + "/ami.raw",
                     std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Every capture: the calls follow from the events alone, so what the same
// events make is tests/integration/asterisk_test.py's to show once.
TEST_F(Ami, ByteByByteTellsTheSame) {
  std::size_t scenarios = 0;
  for (const auto& folder :
       std::filesystem::directory_iterator(std::string(HKL_SOURCE_DIR) + "/tests/fixtures/asterisk")) {
    if (!exists(folder.path() / "ami.raw")) continue;
    const auto bytes = read(folder.path().filename());
    ASSERT_GT(bytes.size(), 1000u);
    const auto whole = capture({bytes});
    std::vector<std::string> single;
    for (const char c : bytes) single.emplace_back(1, c);
    EXPECT_EQ(capture(single).told, whole.told) << folder.path();
    EXPECT_GT(whole.events.size(), 10u) << folder.path();
    ++scenarios;
  }
  EXPECT_GE(scenarios, 13u);
}

// Once its buffers have grown to what this switch sends.
TEST_F(Ami, AnEventTakesNoMemory) {
  hkl_pbx_sink sink{};
  sink.struct_size = sizeof sink;
  std::size_t count = 0;
  sink.user = &count;
  sink.event = [](void* user, const hkl_call_event*, hkl_error*) -> hkl_status {
    ++*static_cast<std::size_t*>(user);
    return HKL_OK;
  };
  hookline::Output out(sink);
  asterisk::Clock clock;
  Session session(settings_, host_, clock, 1, true);
  session.opened(0, out);
  const auto bytes = read("13-attended-transfer");
  // What the connection begins with is no event of a call.
  const auto events = std::string_view(bytes).substr(bytes.find("Event: Newchannel"));
  const auto feed = [&] {
    for (std::size_t at = 0; at < events.size(); at += 1000) session.feed(events.substr(at, 1000), 0, out);
  };
  feed();
  const auto told = count, taken = count_of_news();
  feed();
  EXPECT_EQ(count_of_news(), taken);
  EXPECT_GT(told, 50u);
  EXPECT_EQ(count, 2 * told);
}

TEST_F(Ami, AMessageLongerThan256KiBIsLeftOutHoweverItsBytesCome) {
  std::string message = "Event: Hangup\r\nTimestamp: 1.5\r\nUniqueid: 1.1\r\nLinkedid: 1.1\r\n";
  while (message.size() <= 256 * 1024) message += "Note: one more line that nobody asked for\r\n";
  message += "\r\n";
  const std::vector<std::string> wanted{std::to_string(message.size()) +
                                        " a message longer than 256 KiB; is this an AMI port?"};
  for (const std::size_t piece : {message.size(), std::size_t{1000}, std::size_t{65536}}) {
    std::vector<std::string> pieces;
    for (std::size_t at = 0; at < message.size(); at += piece) pieces.push_back(message.substr(at, piece));
    const auto heard = capture(pieces);
    EXPECT_EQ(heard.skipped, wanted) << piece;
    EXPECT_TRUE(heard.events.empty()) << piece;
  }
}

// The lines of a long message are found window by window.
TEST_F(Ami, AKeyIsFoundHoweverFarItStandsFromTheBeginning) {
  std::string message = "Event: Hangup\r\nTimestamp: 1.5\r\n";
  for (int i = 0; i < 1000; ++i) message += "ConnectedLineNumberAndEvenLonger" + std::to_string(i) + ": \r\n\t\r\n";
  message += "Uniqueid: 1.1\r\nLinkedid:1.1\r\nCause: 16\r\n\r\n";
  for (const std::size_t piece : {message.size(), std::size_t{1}, std::size_t{777}}) {
    std::vector<std::string> pieces;
    for (std::size_t at = 0; at < message.size(); at += piece) pieces.push_back(message.substr(at, piece));
    const auto told = capture(pieces).told;
    ASSERT_EQ(told.size(), 1u) << piece;
    EXPECT_NE(told[0].find("|1.1|1.1|"), std::string::npos) << told[0];
    EXPECT_NE(told[0].find("|16|"), std::string::npos) << told[0];
  }
}

TEST_F(Ami, TheSameMessageHasTheSameIdOnAnyConnection) {
  const auto bytes = read("13-attended-transfer");
  const auto once = capture({bytes}).events;
  const auto twice = capture({bytes, bytes}).events;
  EXPECT_EQ(std::set<std::string>(once.begin(), once.end()), std::set<std::string>(twice.begin(), twice.end()));
}

TEST_F(Ami, TenMegabytesWithoutALineEndAreLeftOutAndSaidSo) {
  const std::string flood(10 << 20, 'x');
  const auto heard = capture({"Asterisk Call Manager/9.0.0\r\n", flood,
                              "\r\n\r\nEvent: Hangup\r\nTimestamp: 1.5\r\nUniqueid: 1.1\r\n"
                              "Linkedid: 1.1\r\nCause: 16\r\n\r\n"});
  ASSERT_EQ(heard.skipped.size(), 1u);
  EXPECT_NE(heard.skipped[0].find("longer than 256 KiB"), std::string::npos) << heard.skipped[0];
  EXPECT_GE(heard.events.size(), 1u);
}

TEST_F(Ami, AMalformedLineIsNamedAndTheRestOfTheEventCounts) {
  const auto heard =
      capture({"Event: Hangup\r\nTimestamp: 1.5\r\nrubbish\r\nUniqueid: 1.1\r\nLinkedid: 1.1\r\nCause: 16\r\n\r\n"});
  ASSERT_EQ(heard.skipped.size(), 1u);
  EXPECT_EQ(heard.skipped[0], "7 a line without \"Key: value\" in an event");
  EXPECT_EQ(heard.events.size(), 1u);
}

TEST_F(Ami, HalfAMessageAtTheEndIsReportedAndMarksAGap) {
  const auto heard =
      capture({"Event: Hangup\r\nTimestamp: 1.5\r\nUniqueid: 1.1\r\nLinkedid: 1.1\r\n\r\nEvent: Newchan"});
  ASSERT_EQ(heard.skipped.size(), 1u);
  EXPECT_EQ(heard.skipped[0], "14 half a message at the end of the connection");
  EXPECT_EQ(heard.events.back(), std::to_string(HKL_EVENT_SOURCE_GAP) + ":gap:1500:1500");
}

TEST_F(Ami, LogsInAndAsksForTheLivingChannels) {
  Sink sink;
  hookline::Output out(sink.abi);
  asterisk::Clock clock;
  Session session(settings_, host_, clock, 1, false);
  session.opened(1000, out);
  session.feed("Asterisk Call Manager/9.0.0\r\n", 1000, out);
  ASSERT_EQ(sink.heard.sent.size(), 1u);
  EXPECT_NE(sink.heard.sent[0].find("Action: Challenge"), std::string::npos);
  session.feed("Response: Error\r\nActionID: hookline-challenge\r\n\r\n", 1000, out);
  EXPECT_NE(sink.heard.sent.back().find("Secret: hush\r\n"), std::string::npos);
  session.feed("Response: Success\r\nActionID: hookline-login\r\n\r\n", 1001, out);
  EXPECT_TRUE(session.is_live());
  std::string all;
  for (const auto& text : sink.heard.sent) all += text;
  for (const char* action : {"CoreShowChannels", "Status", "QueueStatus"})
    EXPECT_NE(all.find(action), std::string::npos) << action;
}

TEST_F(Ami, ARefusedLoginSaysWhatToCheckAndDoesNotKnockOnFast) {
  Sink sink;
  hookline::Output out(sink.abi);
  asterisk::Clock clock;
  Session session(settings_, host_, clock, 1, false);
  session.opened(0, out);
  session.feed(
      "Asterisk Call Manager/9.0.0\r\nResponse: Error\r\nActionID: hookline-login\r\nMessage: Authentication "
      "failed\r\n\r\n",
      0, out);
  ASSERT_EQ(sink.heard.closes.size(), 1u);
  EXPECT_EQ(
      sink.heard.closes[0],
      "60000 refused the login of \"crm\": Authentication failed; check username, secret and permit in manager.conf");
}

TEST_F(Ami, SilenceIsTriedWithAPing) {
  Sink sink;
  hookline::Output out(sink.abi);
  asterisk::Clock clock;
  Session session(settings_, host_, clock, 1, false);
  session.opened(0, out);
  session.feed("Asterisk Call Manager/9.0.0\r\nResponse: Success\r\nActionID: hookline-login\r\n\r\n", 0, out);
  sink.heard.sent.clear();
  session.tick(settings_.ping.ms, out);
  ASSERT_EQ(sink.heard.sent.size(), 1u);
  EXPECT_NE(sink.heard.sent[0].find("Action: Ping"), std::string::npos);
}

TEST_F(Ami, AnEventWithoutATimeTakesThatOfReceipt) {
  Sink sink;
  hookline::Output out(sink.abi);
  asterisk::Clock clock;
  Session session(settings_, host_, clock, 1, true);
  session.opened(0, out);
  session.feed("Event: Hangup\r\nUniqueid: 1.1\r\nLinkedid: 1.1\r\n\r\n", 5000, out);
  session.feed("Event: Hangup\r\nUniqueid: 1.1\r\nLinkedid: 1.1\r\n\r\n", 6000, out);
  ASSERT_EQ(sink.heard.events.size(), 2u);
  EXPECT_NE(sink.heard.events[0], sink.heard.events[1]);
}

TEST_F(Ami, ARecordedReconnectMarksTheGapAndDatesItsListByTheNextEvent) {
  const std::string greeting = "Asterisk Call Manager/9.0.0\r\nResponse: Success\r\n\r\n";
  const auto heard = capture({"Event: Hangup\r\nTimestamp: 100.5\r\nUniqueid: 90.1\r\nLinkedid: 90.1\r\n\r\n", greeting,
                              "Event: FullyBooted\r\nUptime: 40\r\n\r\n"
                              "Event: CoreShowChannel\r\nActionID: x\r\nUniqueid: 95.2\r\nLinkedid: 95.2\r\n"
                              "Channel: PJSIP/101-01\r\nChannelState: 6\r\n\r\n"
                              "Event: CoreShowChannelsComplete\r\nActionID: x\r\n\r\n",
                              "Event: Hangup\r\nTimestamp: 120.0\r\nUniqueid: 95.2\r\nLinkedid: 95.2\r\n\r\n"});
  const std::vector<std::string> wanted = {
      std::to_string(HKL_EVENT_SOURCE_GAP) + ":gap:100501:120000",
      std::to_string(HKL_EVENT_SOURCE_RESTARTED) + ":boot:78",
      std::to_string(HKL_EVENT_CHANNEL_SEEN) + ":seen:list:119999:95.2:CoreShowChannel",
      std::to_string(HKL_EVENT_SOURCE_LISTED) + ":list:119999"};
  ASSERT_GE(heard.events.size(), 6u);
  for (const auto& event : wanted) EXPECT_EQ(std::count(heard.events.begin(), heard.events.end(), event), 1) << event;
}

TEST_F(Ami, AGreetingWithinAMessageEndsItAndTheNextIsWhole) {
  // A connection is lost between two bytes.
  for (const char* cut : {"\r\n", ""}) {
    const auto heard =
        capture({"Event: Newchannel\r\nTimestamp: 100.5\r\nUniq" + std::string(cut) + "Asterisk Call Manager/9.0.0\r\n",
                 "Event: Hangup\r\nTimestamp: 120.0\r\nUniqueid: 95.2\r\nLinkedid: 95.2\r\n\r\n"});
    ASSERT_EQ(heard.skipped.size(), 1u);
    EXPECT_EQ(heard.skipped[0],
              std::to_string(41 + std::string(cut).size()) + " half a message before a new connection");
    const auto ended = std::to_string(HKL_EVENT_CHANNEL_ENDED) + ":";
    EXPECT_EQ(std::count_if(heard.events.begin(), heard.events.end(),
                            [&](const std::string& event) { return event.substr(0, ended.size()) == ended; }),
              1);
  }
}

TEST_F(Ami, AnIdTellsWhenItsChannelBeganWithOrWithoutTheSystemsName) {
  EXPECT_EQ(asterisk::began_by_id("1795415572.12"), 1795415572000);
  EXPECT_EQ(asterisk::began_by_id("195176c06ab8-1529941338.663"), 1529941338000);
  EXPECT_EQ(asterisk::began_by_id("pbx.example-1529941338.663"), 1529941338000);
  EXPECT_EQ(asterisk::began_by_id("anything"), HKL_UNKNOWN_MS);
}

// What this source was asked for, and what another program was.
TEST_F(Ami, TheIdOfAnOrderIsToldByItsAnswerAndByItsVariable) {
  const auto told = [&](const std::string& message) {
    const auto heard = capture({message + "\r\n"}).told;
    return heard.empty() ? std::string() : heard[0];
  };
  const std::string channel = "Timestamp: 100.5\r\nUniqueid: 95.2\r\n";
  const auto answer = told("Event: OriginateResponse\r\nActionID: task-7\r\nResponse: Success\r\n" + channel);
  EXPECT_EQ(answer.substr(0, 3), std::to_string(HKL_EVENT_CALL_REQUESTED) + ":");
  EXPECT_NE(answer.find("|Success|task-7|"), std::string::npos) << answer;
  EXPECT_NE(told("Event: VarSet\r\n" + channel + "Variable: __HOOKLINE_REQUEST\r\nValue: task-7\r\n").find("|task-7|"),
            std::string::npos);
  // The phone could not be tried: there is no channel.
  EXPECT_EQ(told("Event: OriginateResponse\r\nActionID: task-7\r\nResponse: Failure\r\nTimestamp: 100.5\r\n"
                 "Uniqueid: <null>\r\n"),
            "");
}

TEST_F(Ami, ANameInAnotherAlphabetCostsItsLettersAndNotTheCall) {
  const auto heard =
      capture({"Event: Newchannel\r\nTimestamp: 100.5\r\nChannel: PJSIP/trunk-1\r\nChannelState: 4\r\nExten: "
               "200\r\nCallerIDNum: 100\r\n"
               "CallerIDName: \xD0\xEE\xEC\r\nUniqueid: 95.2\r\nLinkedid: 95.2\r\n\r\n"});
  ASSERT_EQ(heard.told.size(), 1u);
  EXPECT_NE(heard.told[0].find("|100|\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD|200|"), std::string::npos) << heard.told[0];
}

// What app_queue says of a member, in the words of Asterisk 20.
std::string agent(const std::string& event, const std::string& at, const std::string& more,
                  const std::string& membership = "dynamic") {
  return "Event: " + event + "\r\nTimestamp: " + at +
         "\r\nQueue: support\r\nMemberName: Ann\r\nInterface: PJSIP/101\r\nMembership: " + membership + "\r\n" + more +
         "\r\n";
}

TEST_F(Ami, AnAgentSignsInTakesABreakAndGoesHome) {
  const auto heard = capture({agent("QueueMemberAdded", "100.5", "Paused: 0\r\n"),
                              agent("QueueMemberPause", "200.5", "Paused: 1\r\nPausedReason: lunch\r\n"),
                              agent("QueueMemberPause", "300.5", "Paused: 0\r\n"),
                              agent("QueueMemberRemoved", "400.5", "Paused: 0\r\n")});
  EXPECT_EQ(heard.presence, (std::vector<std::string>{"101 support 1  100500", "101 support 2 lunch 200500",
                                                      "101 support 1  300500", "101 support 4  400500"}));
  EXPECT_EQ(std::set<std::string>(heard.events.begin(), heard.events.end()).size(), 4u);
}

TEST_F(Ami, OfAMemberOfTheConfigurationOnlyTheBreaksTellOfAPerson) {
  const auto heard = capture({agent("QueueMemberAdded", "100.5", "Paused: 0\r\n", "static"),
                              agent("QueueMemberPause", "200.5", "Paused: 1\r\n", "static"),
                              agent("QueueMemberRemoved", "400.5", "", "realtime")});
  EXPECT_EQ(heard.presence, std::vector<std::string>{"101 support 2  200500"});
}

TEST_F(Ami, WhoSignedInBeforeWeCameIsToldWithTheTimeItWas) {
  const std::string member =
      "Event: QueueMember\r\nQueue: support\r\nName: Ann\r\nLocation: Local/101@from-queue/n\r\n";
  const auto heard = capture({"Event: Hangup\r\nTimestamp: 100.5\r\nUniqueid: 90.1\r\nLinkedid: 90.1\r\n\r\n",
                              member + "Membership: dynamic\r\nLoginTime: 40\r\nPaused: 1\r\nLastPause: 0\r\n\r\n",
                              member + "Membership: static\r\nLoginTime: 40\r\nPaused: 0\r\n\r\n"});
  EXPECT_EQ(heard.presence, (std::vector<std::string>{"101 support 1  40000", "101 support 2  100500"}));
}

TEST_F(Ami, WhoStoodInAQueueBeforeWeCameIsToldWithTheTimeItWas) {
  const auto heard = capture({"Event: Hangup\r\nTimestamp: 100.5\r\nUniqueid: 90.1\r\nLinkedid: 90.1\r\n\r\n",
                              "Event: QueueEntry\r\nQueue: support\r\nUniqueid: 95.2\r\nWait: 30\r\n\r\n"});
  ASSERT_EQ(heard.told.size(), 2u);
  EXPECT_EQ(heard.told[1].substr(0, 2), std::to_string(HKL_EVENT_QUEUE_ENTERED) + ":");
  EXPECT_NE(heard.told[1].find("|support|"), std::string::npos) << heard.told[1];
  EXPECT_NE(heard.told[1].find("|69501.0|"), std::string::npos) << heard.told[1];
}

}  // namespace
