// The adapter on the SDK's terms: bytes in, events out, no runtime.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "counted_new.h"
#include "order_text.h"
#include "session.h"

namespace {

using freeswitch::Session;

struct Heard {
  std::vector<std::string> events;  // kind:event_id
  std::map<std::uint32_t, std::vector<std::string>> legs;
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
      auto& to = *static_cast<Heard*>(user);
      to.events.push_back(std::to_string(e->kind) + ":" + std::string(hookline::view(e->event_id)));
      to.legs[e->kind].emplace_back(hookline::view(e->leg_ref));
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

std::string frame(const std::string& type, const std::string& body) {
  return "Content-Length: " + std::to_string(body.size()) + "\nContent-Type: " + type + "\n\n" + body;
}
// An event of one channel; times are seconds since 1970.
std::string channel(const std::string& kind, const std::string& uuid, int at_s, int sequence, const std::string& more) {
  return frame("text/event-plain", "Event-Name: " + kind + "\nCore-UUID: c1\nEvent-Date-Timestamp: " +
                                       std::to_string(at_s) + "000000\nEvent-Sequence: " + std::to_string(sequence) +
                                       "\nUnique-ID: " + uuid + "\nChannel-Call-UUID: " + uuid + "\n" + more + "\n");
}
constexpr char kInbound[] =
    "Channel-Name: sofia/external/%2B33639980011%40198.51.100.20\nCall-Direction: inbound\n"
    "Caller-Caller-ID-Number: %2B33639980011\nCaller-Destination-Number: %2B33199001011\n"
    "Caller-Channel-Created-Time: 100000000\n";
std::string heartbeat(const std::string& core, int at_s, int sessions) {
  return frame("text/event-plain", "Event-Name: HEARTBEAT\nCore-UUID: " + core + "\nEvent-Date-Timestamp: " +
                                       std::to_string(at_s) + "000000\nEvent-Sequence: 9\nUptime-msec: 5000\n" +
                                       "Session-Count: " + std::to_string(sessions) + "\n\n");
}

class Esl : public testing::Test {
 protected:
  Esl() {
    settings_.password = "ClueCon";
    settings_.extensions = {kExtensions, 1};
  }
  static constexpr std::string_view kExtensions[] = {"1XX"};
  freeswitch::Settings settings_;
  hookline::Host host_;

  // Each connection in pieces.
  Heard captures(const std::vector<std::vector<std::string>>& connections) {
    Sink sink;
    hookline::Output out(sink.abi);
    freeswitch::Clock clock;
    std::uint64_t id = 0;
    for (const auto& pieces : connections) {
      Session session(settings_, host_, clock, ++id, true);
      session.opened(0, out);
      for (const auto& piece : pieces) session.feed(piece, 0, out);
      session.closed(0, out);
    }
    return sink.heard;
  }
  Heard capture(const std::vector<std::string>& pieces) { return captures({pieces}); }
};

std::string read(const std::string& path) {
  std::ifstream file(std::string(HKL_SOURCE_DIR) + "/tests/fixtures/freeswitch/" + path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}
std::set<std::string> set_of(const std::vector<std::string>& list) { return {list.begin(), list.end()}; }

TEST_F(Esl, ByteByByteTellsTheSame) {
  for (const char* path : {"01-inbound-answered/esl-plain.raw", "02-inbound-missed/esl-json.raw"}) {
    const auto bytes = read(path);
    ASSERT_GT(bytes.size(), 1000u) << path;
    const auto whole = capture({bytes});
    std::vector<std::string> single;
    for (const char c : bytes) single.emplace_back(1, c);
    EXPECT_EQ(capture(single).events, whole.events) << path;
    EXPECT_GT(whole.events.size(), 5u) << path;
    EXPECT_TRUE(whole.skipped.empty()) << whole.skipped[0];
  }
}

TEST_F(Esl, PlainAndJsonTellTheSameUnderTheSameIds) {
  const auto plain = capture({read("12-queue-second-agent/esl-plain.raw")});
  const auto json = capture({read("12-queue-second-agent/esl-json.raw")});
  ASSERT_GT(plain.events.size(), 10u);
  EXPECT_EQ(plain.events, json.events);
}

TEST_F(Esl, XmlTellsTheSameAsPlain) {
  const std::string plain =
      "Event-Name: CHANNEL_CREATE\nCore-UUID: c1\nEvent-Date-Timestamp: 100000000\nEvent-Sequence: 1\nUnique-ID: a\n"
      "Channel-Name: sofia/internal/101%40pbx\nCall-Direction: inbound\nCaller-Channel-Created-Time: 100000000\n\n";
  std::string xml = "<event>\n  <headers>\n";
  for (std::size_t at = 0; plain[at] != '\n'; at = plain.find('\n', at) + 1) {
    const auto colon = plain.find(": ", at), end = plain.find('\n', at);
    const auto name = plain.substr(at, colon - at);
    xml += "    <" + name + ">" + plain.substr(colon + 2, end - colon - 2) + "</" + name + ">\n";
  }
  xml += "  </headers>\n</event>";
  const auto told = capture({frame("text/event-plain", plain)}).events;
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(capture({frame("text/event-xml", xml)}).events, told);
}

// Once its buffers have grown to what this switch sends.
TEST_F(Esl, AnEventTakesNoMemory) {
  for (const std::string format : {"plain", "json"}) {
    hkl_pbx_sink sink{};
    sink.struct_size = sizeof sink;
    std::size_t count = 0;
    sink.user = &count;
    sink.event = [](void* user, const hkl_call_event*, hkl_error*) -> hkl_status {
      ++*static_cast<std::size_t*>(user);
      return HKL_OK;
    };
    hookline::Output out(sink);
    freeswitch::Clock clock;
    Session session(settings_, host_, clock, 1, true);
    session.opened(0, out);
    const auto bytes = read("12-queue-second-agent/esl-" + format + ".raw");
    // What the connection begins with is no event of a call.
    const auto first = bytes.find("Content-Type: text/event-" + format);
    const auto events = std::string_view(bytes).substr(bytes.rfind("Content-Length", first));
    const auto feed = [&] {
      for (std::size_t at = 0; at < events.size(); at += 1000) session.feed(events.substr(at, 1000), 0, out);
    };
    feed();
    const auto told = count, taken = count_of_news();
    feed();
    EXPECT_EQ(count_of_news(), taken) << format;
    EXPECT_GT(told, 20u) << format;
    EXPECT_EQ(count, 2 * told) << format;
  }
}

TEST_F(Esl, TheSameEventHasTheSameIdOnAnyConnection) {
  const auto bytes = read("09-blind-transfer/esl-json.raw");
  const auto once = capture({bytes}).events;
  ASSERT_GT(once.size(), 10u);
  EXPECT_EQ(set_of(captures({{bytes}, {bytes}}).events), set_of(once));
}

TEST_F(Esl, WhatTheSwitchSaysToCommandsIsNoEventAndNoFault) {
  for (const char* file : {"commands", "bad-password", "no-auth", "sendevent-plain", "sendevent-json"}) {
    const auto bytes = read("00-protocol/" + std::string(file) + ".raw");
    ASSERT_GT(bytes.size(), 100u) << file;
    const auto heard = capture({bytes});
    EXPECT_TRUE(heard.events.empty()) << file << " " << heard.events[0];
    EXPECT_TRUE(heard.skipped.empty()) << file << " " << heard.skipped[0];
  }
}

TEST_F(Esl, AFrameOverFourMebibytesIsLeftOutAndSaidSo) {
  const std::string flood = "Content-Length: 10485760\nContent-Type: text/event-plain\n\n" + std::string(10485760, 'x');
  const auto heard =
      capture({flood.substr(0, 5000), flood.substr(5000), channel("CHANNEL_CREATE", "a", 100, 1, kInbound)});
  ASSERT_EQ(heard.skipped.size(), 1u);
  EXPECT_EQ(heard.skipped[0], std::to_string(flood.size()) + " a frame longer than 4 MiB");
  EXPECT_EQ(heard.legs.at(HKL_EVENT_CHANNEL_BEGUN), std::vector<std::string>{"a"});
}

TEST_F(Esl, TenMegabytesWithoutALineEndStayOutOfMemory) {
  freeswitch::Reader reader;
  std::uint64_t skipped = 0;
  class Counting final : public freeswitch::Reader::Handler {
   public:
    explicit Counting(std::uint64_t& count) : count_(count) {}
    void frame(const freeswitch::Frame&) override {}
    void skipped(std::uint64_t count, std::string_view) override { count_ += count; }

   private:
    std::uint64_t& count_;
  } handler(skipped);
  const std::string piece(65536, 'x');
  for (int i = 0; i < 160; ++i) reader.feed(piece, handler);
  EXPECT_EQ(reader.rest(), 160u * 65536u);
  reader.feed("\n\n", handler);
  EXPECT_EQ(skipped, 160u * 65536u + 2u);
  EXPECT_EQ(reader.rest(), 0u);
}

TEST_F(Esl, AStreamThatBeginsInMidFrameIsPickedUpAtTheNextFrame) {
  const auto whole = channel("CHANNEL_CREATE", "a", 100, 1, kInbound);
  const auto heard = capture(
      {whole.substr(whole.size() - 60), whole, R"(ame":"x"})" + channel("CHANNEL_HOLD", "a", 101, 2, kInbound)});
  EXPECT_EQ(heard.skipped.size(), 2u);
  EXPECT_EQ(heard.legs.at(HKL_EVENT_CHANNEL_BEGUN), std::vector<std::string>{"a"});
  EXPECT_EQ(heard.legs.at(HKL_EVENT_HELD), std::vector<std::string>{"a"});
}

TEST_F(Esl, AGreetingWithinAnEventEndsItAndTheNextIsWhole) {
  const auto whole = channel("CHANNEL_CREATE", "a", 100, 1, kInbound);
  for (const std::size_t missing : {1u, 3u, 12u, 40u}) {
    const auto cut = whole.substr(0, whole.size() - missing);
    const auto bytes = cut + "Content-Type: auth/request\n\n" + channel("CHANNEL_HOLD", "b", 101, 2, kInbound);
    std::vector<std::string> single;
    for (const char c : bytes) single.emplace_back(1, c);
    for (const auto& heard : {capture({bytes}), capture(single)}) {
      ASSERT_EQ(heard.skipped.size(), 1u);
      EXPECT_EQ(heard.skipped[0], std::to_string(cut.size()) + " half an event before a new connection");
      EXPECT_EQ(heard.legs.at(HKL_EVENT_CHANNEL_BEGUN), std::vector<std::string>{"b"});
      EXPECT_EQ(heard.legs.at(HKL_EVENT_HELD), std::vector<std::string>{"b"});
    }
  }
}

TEST_F(Esl, ABodyThatEndsAsAGreetingBeginsIsToldWithTheNextFrameOrAtTheEnd) {
  // A body of its own stands behind the event's lines, so nothing tells whether it is whole.
  const auto event = [](const std::string& uuid, int sequence) {
    return frame("text/event-plain",
                 "Event-Name: CHANNEL_CREATE\nCore-UUID: c1\nEvent-Date-Timestamp: 100000000\n"
                 "Event-Sequence: " +
                     std::to_string(sequence) + "\nUnique-ID: " + uuid + "\nChannel-Call-UUID: " + uuid + "\n" +
                     kInbound + "Content-Length: 4\n\nABBC");
  };
  const auto bytes = event("a", 1) + event("b", 2);
  std::vector<std::string> single;
  for (const char c : bytes) single.emplace_back(1, c);
  for (const auto& heard : {capture({bytes}), capture(single)}) {
    EXPECT_TRUE(heard.skipped.empty()) << heard.skipped[0];
    EXPECT_EQ(heard.legs.at(HKL_EVENT_CHANNEL_BEGUN), (std::vector<std::string>{"a", "b"}));
  }
}

TEST_F(Esl, HalfAFrameAtTheEndIsReportedAndMarksAGap) {
  const auto heard = capture({channel("CHANNEL_CREATE", "a", 100, 1, kInbound) + "Content-Length: 900\nContent-Ty"});
  ASSERT_EQ(heard.skipped.size(), 1u);
  EXPECT_EQ(heard.skipped[0], "30 half a frame at the end of the connection");
  EXPECT_EQ(heard.events.back(), std::to_string(HKL_EVENT_SOURCE_GAP) + ":gap:100000:100000");
}

TEST_F(Esl, LogsInAsksForItsEventsAndForTheLivingCalls) {
  Sink sink;
  hookline::Output out(sink.abi);
  freeswitch::Clock clock;
  Session session(settings_, host_, clock, 1, false);
  session.opened(1000, out);
  EXPECT_TRUE(sink.heard.sent.empty());
  session.feed("Content-Type: auth/request\n\n", 1000, out);
  ASSERT_EQ(sink.heard.sent.size(), 1u);
  EXPECT_EQ(sink.heard.sent[0], "auth ClueCon\n\n");
  session.feed("Content-Type: command/reply\nReply-Text: +OK accepted\n\n", 1000, out);
  ASSERT_EQ(sink.heard.sent.size(), 2u);
  EXPECT_EQ(sink.heard.sent[1].substr(0, 26), "event json CHANNEL_CREATE ");
  EXPECT_NE(sink.heard.sent[1].find(" CUSTOM callcenter::info"), std::string::npos);
  EXPECT_FALSE(session.is_live());
  session.feed("Content-Type: command/reply\nReply-Text: +OK event listener enabled json\n\n", 1001, out);
  EXPECT_TRUE(session.is_live());
  EXPECT_EQ(sink.heard.sent.back(), "api show calls as json\n\n");
}

TEST_F(Esl, AfterAReconnectEachLivingChannelIsAskedForItsTimes) {
  Sink sink;
  hookline::Output out(sink.abi);
  freeswitch::Clock clock;
  Session session(settings_, host_, clock, 1, false);
  session.opened(0, out);
  session.feed(
      "Content-Type: auth/request\n\nContent-Type: command/reply\nReply-Text: +OK accepted\n\n"
      "Content-Type: command/reply\nReply-Text: +OK event listener enabled json\n\n",
      0, out);
  session.feed(frame("api/response",
                     R"({"row_count":1,"rows":[{"uuid":"a","direction":"inbound","name":"sofia/external/+336@c",)"
                     R"("callstate":"ACTIVE","b_uuid":"b","b_direction":"outbound","b_name":"sofia/internal/101@p",)"
                     R"("b_callstate":"ACTIVE"}]})"),
               0, out);
  ASSERT_GE(sink.heard.sent.size(), 2u);
  EXPECT_EQ(sink.heard.sent[sink.heard.sent.size() - 2], "api uuid_dump a json\n\n");
  EXPECT_EQ(sink.heard.sent.back(), "api uuid_dump b json\n\n");
  EXPECT_TRUE(sink.heard.events.empty());  // nothing has told the switch's time yet
  session.feed(
      frame("api/response", R"({"Event-Name":"CHANNEL_DATA","Core-UUID":"c1","Event-Date-Timestamp":"160000000",)"
                            R"("Event-Sequence":"5","Unique-ID":"a","Channel-Name":"sofia/external/+336@c",)"
                            R"("Call-Direction":"inbound","Caller-Channel-Created-Time":"100000000",)"
                            R"("Caller-Channel-Answered-Time":"110000000","Caller-Channel-Bridged-Time":"111000000",)"
                            R"("Other-Type":"originatee","Other-Leg-Unique-ID":"b"})"),
      200000, out);
  const auto& legs = sink.heard.legs;
  EXPECT_EQ(legs.at(HKL_EVENT_CHANNEL_SEEN), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(legs.at(HKL_EVENT_SOURCE_LISTED).size(), 1u);
  EXPECT_EQ(legs.at(HKL_EVENT_CHANNEL_BEGUN), std::vector<std::string>{"a"});
  EXPECT_EQ(legs.at(HKL_EVENT_CHANNEL_UP), std::vector<std::string>{"a"});
  EXPECT_EQ(legs.at(HKL_EVENT_BRIDGE_ENTERED), (std::vector<std::string>{"a", "b"}));
}

TEST_F(Esl, AWrongPasswordSaysWhatToCheckAndDoesNotKnockOnFast) {
  Sink sink;
  hookline::Output out(sink.abi);
  freeswitch::Clock clock;
  Session session(settings_, host_, clock, 1, false);
  session.opened(0, out);
  session.feed(read("00-protocol/bad-password.raw"), 0, out);
  ASSERT_EQ(sink.heard.closes.size(), 1u);
  EXPECT_EQ(sink.heard.closes[0],
            "60000 refused the log-in: the password is wrong (-ERR invalid); see event_socket.conf.xml");
}

TEST_F(Esl, WhoIsNotInTheAccessListIsToldSo) {
  Sink sink;
  hookline::Output out(sink.abi);
  freeswitch::Clock clock;
  Session session(settings_, host_, clock, 1, false);
  session.opened(0, out);
  session.feed(frame("text/rude-rejection", "Access Denied, go away.\n"), 0, out);
  ASSERT_EQ(sink.heard.closes.size(), 1u);
  EXPECT_NE(sink.heard.closes[0].find("access list (apply-inbound-acl)"), std::string::npos) << sink.heard.closes[0];
}

TEST_F(Esl, AnotherPortIsNoEventSocket) {
  Sink sink;
  hookline::Output out(sink.abi);
  freeswitch::Clock clock;
  Session session(settings_, host_, clock, 1, false);
  session.opened(0, out);
  EXPECT_THROW(session.feed(std::string(5000, 'x'), 0, out), hookline::Failure);
}

TEST_F(Esl, SilenceIsTriedWithAQuestion) {
  Sink sink;
  hookline::Output out(sink.abi);
  freeswitch::Clock clock;
  Session session(settings_, host_, clock, 1, false);
  session.opened(0, out);
  session.feed(
      "Content-Type: auth/request\n\nContent-Type: command/reply\nReply-Text: +OK accepted\n\n"
      "Content-Type: command/reply\nReply-Text: +OK event listener enabled json\n\n",
      0, out);
  sink.heard.sent.clear();
  session.tick(settings_.ping.ms - 1, out);
  EXPECT_TRUE(sink.heard.sent.empty());
  session.tick(settings_.ping.ms, out);
  EXPECT_EQ(sink.heard.sent, std::vector<std::string>{"api uptime\n\n"});
}

TEST_F(Esl, AnOrderCarriesItsIdAndCannotCarryMore) {
  Sink sink;
  hookline::Output out(sink.abi);
  freeswitch::Clock clock;
  Session session(settings_, host_, clock, 1, false);
  session.order({"req}1\nexit", "102", "+33639980050", "", 20000}, out);
  EXPECT_EQ(sink.heard.sent, std::vector<std::string>{
                                 "bgapi originate {hookline_request=req1exit,origination_caller_id_number=+33639980050,"
                                 "originate_timeout=20}user/102 +33639980050 XML default\n\n"});
}

TEST_F(Esl, AnOrdersTextTellsWhomItWasFor) {
  const freeswitch::OrderText order("{a=1,b='x, y',crm_request_id=r7}user/101@pbx 0639980050 XML default");
  EXPECT_EQ(order.variable("crm_request_id"), "r7");
  EXPECT_EQ(order.variable("b"), "x, y");
  EXPECT_EQ(order.dial_string(), "user/101@pbx");
  EXPECT_EQ(order.destination(), "0639980050");
  EXPECT_EQ(freeswitch::OrderText("{a='x").variable("a"), "x");
}

TEST_F(Esl, ANewCoreEndsWhatTheOldOneHad) {
  const auto heard = capture({heartbeat("c1", 100, 1), heartbeat("c2", 200, 0)});
  EXPECT_EQ(
      std::count(heard.events.begin(), heard.events.end(), std::to_string(HKL_EVENT_SOURCE_RESTARTED) + ":core:c2"), 1);
  EXPECT_EQ(heard.legs.at(HKL_EVENT_SOURCE_RESTARTED).size(), 1u);
}

TEST_F(Esl, ARecordedReconnectMarksTheGapAndAHeartbeatTellsWhoIsGone) {
  const auto before =
      channel("CHANNEL_CREATE", "a", 100, 1, kInbound) + channel("CHANNEL_CREATE", "b", 100, 2, kInbound);
  const std::string after = "Content-Type: auth/request\n\n" + channel("CHANNEL_HOLD", "b", 150, 30, kInbound);
  const auto heard = capture({before, after + heartbeat("c1", 160, 1)});
  const auto gap = std::to_string(HKL_EVENT_SOURCE_GAP) + ":gap:100001:150000";
  EXPECT_EQ(std::count(heard.events.begin(), heard.events.end(), gap), 1);
  EXPECT_EQ(heard.legs.at(HKL_EVENT_CHANNEL_SEEN), std::vector<std::string>{"b"});
  EXPECT_EQ(heard.legs.at(HKL_EVENT_SOURCE_LISTED).size(), 1u);
  // Two live and one was heard of: it does not tell which the other is.
  EXPECT_FALSE(capture({before, after + heartbeat("c1", 160, 2)}).legs.contains(HKL_EVENT_SOURCE_LISTED));
}

TEST_F(Esl, AChannelMetInMidCallTellsItsPast) {
  const auto heard =
      capture({channel("CHANNEL_UNHOLD", "a", 150, 7,
                       std::string(kInbound) + "Caller-Channel-Answered-Time: 110000000\nCaller-Channel-Bridged-Time: "
                                               "111000000\nOther-Type: originatee\nOther-Leg-Unique-ID: b\n"
                                               "Other-Leg-Channel-Name: sofia/internal/101%40pbx\n")});
  EXPECT_EQ(heard.legs.at(HKL_EVENT_CHANNEL_BEGUN), std::vector<std::string>{"a"});
  EXPECT_EQ(heard.legs.at(HKL_EVENT_CHANNEL_UP), std::vector<std::string>{"a"});
  EXPECT_EQ(heard.legs.at(HKL_EVENT_BRIDGE_ENTERED), (std::vector<std::string>{"a", "b"}));
}

TEST_F(Esl, ChannelsAreKnownByGatewayNameAndNumbering) {
  const auto kind = [&](std::string_view name, std::string_view gateway, std::string_view presence) {
    freeswitch::Leg leg;
    leg.name = name;
    leg.gateway = gateway;
    leg.presence = presence;
    freeswitch::place(leg, freeswitch::Numbering(settings_));
    return std::pair(leg.kind, std::string(leg.extension));
  };
  using Placed = std::pair<std::uint32_t, std::string>;
  EXPECT_EQ(kind("sofia/internal/101@192.168.50.101:5060", "", ""), Placed(HKL_CHANNEL_KIND_PHONE, "101"));
  EXPECT_EQ(kind("sofia/internal/q8f2@192.168.50.101:5060", "", "102@pbx"), Placed(HKL_CHANNEL_KIND_PHONE, "102"));
  EXPECT_EQ(kind("sofia/external/+33639980050", "", ""), Placed(HKL_CHANNEL_KIND_TRUNK, ""));
  EXPECT_EQ(kind("sofia/external/101", "carrier", ""), Placed(HKL_CHANNEL_KIND_TRUNK, ""));
  EXPECT_EQ(kind("loopback/101-a", "", ""), Placed(HKL_CHANNEL_KIND_LOCAL, ""));
}

}  // namespace
