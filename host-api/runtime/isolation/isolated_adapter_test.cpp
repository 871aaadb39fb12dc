#include <signal.h>

#include "isolation/test_kit.h"

namespace hkl::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// All that came out of an adapter, as text.
std::string printed(const AdapterOutput& out, const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& event : out.events) text += event_to_json(event) + "\n";
  for (const auto& refused : out.refused_events) text += "refused " + refused + "\n";
  for (const auto& send : out.sends) text += fmt::format("send {} {}\n", send.connection, send.bytes);
  for (const auto& close : out.closes)
    text += fmt::format("close {} {} {}\n", close.connection, close.after.count(), close.why);
  for (const auto& state : out.states)
    text += fmt::format("state {} {} {}\n", state.connection, state.state, state.text);
  for (const auto& skipped : out.skipped)
    text += fmt::format("skipped {} {} {}\n", skipped.connection, skipped.byte_count, skipped.why);
  if (out.tick_at) text += fmt::format("tick {}\n", ms_of(*out.tick_at));
  for (const auto& line : lines) text += "log " + line + "\n";
  return text;
}

const std::string kScript =
    "2 e1 c1 1772442900123\n"
    "9999 e1 c1 1772442900123\n2 - c1 1772442900123\n2 e2 c1 -5\n2 e\xff c1 1772442900123\n"
    "send 7 hello\nclose 7 1500 greeted wrongly\nstate 7 3 refused the login\nskip 7 120 too long\n"
    "tick 5000\ntick 4000\nsend 8 hello\nclose 8 0 why\nstate 7 9 nobody knows\nskip 7 3 \xff\x01\xd0\n2 e9";

std::string play(Adapter& adapter, const std::vector<std::string>& lines) {
  AdapterOutput out;
  const auto now = instant_of(1772442900000);
  EXPECT_TRUE(adapter.opened(7, false, "", "10.0.0.5:5038", now, out));
  EXPECT_TRUE(adapter.feed(7, kScript, now, out));
  EXPECT_TRUE(adapter.opened(1, true, "x", "y", now, out));
  EXPECT_TRUE(adapter.originate({"r1", "101", "+74951234567", "", Millis(20000)}, now, out));
  EXPECT_TRUE(adapter.tick(now, out));
  EXPECT_TRUE(adapter.closed(7, now, out));
  const auto late = adapter.feed(7, "send 7 late\n", now, out);
  return printed(out, lines);
}

TEST(IsolatedAdapter, SaysWhatItSaysInProcess) {
  Heard here;
  auto in_process = instance_of("good", here.entry(), make_adapter);
  ASSERT_TRUE(in_process);
  const auto expected = play(**in_process, here.lines);
  EXPECT_THAT(expected, HasSubstr("refused")) << "the script has illegal events";
  Isolated there;
  auto isolated = there.make(test_plugin("good"), make_adapter);
  ASSERT_TRUE(isolated) << isolated.error().text;
  EXPECT_EQ(play(**isolated, there.lines), expected);
  in_process->reset();
  isolated->reset();
  EXPECT_EQ(there.lines, here.lines) << "until its end";
}

TEST(IsolatedAdapter, GivesItsEndpointsAndTheirFaults) {
  for (const auto* settings : {"1 5038 60000 pbx.example.com", "9 5038 0 pbx", "1 0 0 pbx", "{}"}) {
    Heard here;
    Isolated there;
    auto in_process = instance_of("good", here.entry(settings), make_adapter);
    auto isolated = there.make(test_plugin("good"), make_adapter, settings);
    ASSERT_TRUE(in_process && isolated);
    const auto expected = (*in_process)->endpoints(), got = (*isolated)->endpoints();
    EXPECT_EQ(error_of(got), error_of(expected));
    if (!got) continue;
    ASSERT_EQ(got->size(), expected->size());
    if (!got->empty()) {
      EXPECT_EQ(got->front().address, expected->front().address);
      EXPECT_EQ(got->front().idle, expected->front().idle);
    }
  }
}

TEST(IsolatedAdapter, FailuresOfAPluginAreTheSame) {
  for (const auto* plugin : {"no-error-text", "odd-status", "short-event"}) {
    Heard here;
    Isolated there;
    auto in_process = instance_of(plugin, here.entry(), make_adapter);
    auto isolated = there.make(test_plugin(plugin), make_adapter);
    ASSERT_TRUE(in_process && isolated);
    AdapterOutput expected, got;
    const auto now = instant_of(1772442900000);
    const auto failed = (*in_process)->feed(7, "2 e1 c1 1772442900123\n", now, expected);
    const auto failed_too = (*isolated)->feed(7, "2 e1 c1 1772442900123\n", now, got);
    EXPECT_EQ(failed_too ? "" : failed_too.error().text, failed ? "" : failed.error().text);
    EXPECT_EQ(printed(got, there.lines), printed(expected, here.lines));
  }
}

TEST(IsolatedAdapter, RefusedSettingsAndAFailedStartAreTold) {
  Isolated refused;
  EXPECT_EQ(error_of(refused.make(test_plugin("refuses-settings"), make_adapter)),
            "entry (test-plugin): cannot live with {}");
  Isolated throwing;
  EXPECT_THAT(error_of(throwing.make(test_plugin("throws-in-start"), make_adapter)),
              HasSubstr("its process was ended: an exception came out of start, which the plugin contract forbids"));
}

TEST(IsolatedAdapter, AnswersRequestsAndLooksUpNumbers) {
  IsolatedAdapter pbx;
  pbx.begin();
  HttpRequest http;
  http.method = "POST";
  http.body = "event e1";
  const LookUp look_up = [](const std::string& number) -> std::optional<KnownNumber> {
    return KnownNumber{"contact of " + number, "", "", "", ""};
  };
  ASSERT_TRUE(pbx.adapter->request({http, "http://crm/hooks/pbx1", "", false}, pbx.now, look_up, pbx.out));
  EXPECT_EQ(pbx.out.reply->body, "contact of +74951234567");
  EXPECT_THAT(pbx.ids(), ElementsAre("e1"));
}

TEST(IsolatedAdapter, OrdersCallsOfAVendor) {
  IsolatedAdapter pbx;
  pbx.begin();
  EXPECT_TRUE(pbx.adapter->orders_by_http());
  const CallOrder order{"r1", "101", "+74951234567", "+74950000101", Millis(30000)};
  ASSERT_TRUE(pbx.adapter->order(order, pbx.now, pbx.out));
  ASSERT_THAT(pbx.out.asks, SizeIs(1));
  EXPECT_EQ(pbx.out.asks[0].url, "https://vendor.example/call");
  EXPECT_EQ(pbx.out.asks[0].body, "r1 101 +74951234567 +74950000101 30000");
  ASSERT_TRUE(pbx.adapter->ordered(order, 200, "c7", pbx.now, pbx.out));
  EXPECT_THAT(pbx.ids(), ElementsAre("order:r1"));
  EXPECT_EQ(pbx.out.events[0].call_ref, "c7");
  EXPECT_EQ(pbx.out.events[0].request, "r1");
  const auto refused = pbx.adapter->ordered(order, 403, "no such phone", pbx.now, pbx.out);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, HKL_INVALID);
  EXPECT_THAT(refused.error().text, HasSubstr("the vendor says: no such phone"));
}

TEST(IsolatedAdapter, AnOrderThatKillsIsNotSentAndTheNextOneIs) {
  IsolatedAdapter pbx;
  pbx.begin();
  EXPECT_FALSE(pbx.adapter->order({"r1", "101", "segv", "", Millis(30000)}, pbx.now, pbx.out));
  EXPECT_THAT(pbx.out.asks, IsEmpty());
  ASSERT_THAT(pbx.poison, SizeIs(1));
  EXPECT_EQ(pbx.poison[0].subject, "order r1");
  ASSERT_TRUE(pbx.adapter->order({"r2", "101", "+74951234567", "", Millis(30000)}, pbx.now, pbx.out));
  EXPECT_THAT(pbx.out.asks, SizeIs(1));
}

TEST(IsolatedAdapter, WhatItPrintsIsLogged) {
  IsolatedAdapter pbx;
  pbx.begin();
  ASSERT_TRUE(pbx.feed("print good morning\n"));
  ASSERT_TRUE(pbx.feed("event e1\n"));
  EXPECT_THAT(pbx.lines, Contains("printed: good morning"));
}

TEST(IsolatedAdapter, KilledFromOutsideItGoesOnWhereItWas) {
  IsolatedAdapter pbx;
  pbx.begin();
  ASSERT_TRUE(pbx.feed("event e1\nevent e2\nev"));
  pbx.kill();
  ASSERT_TRUE(pbx.feed("ent e3\ncount\n"));
  EXPECT_THAT(pbx.ids(), ElementsAre("e1", "e2", "e3", "count-4"));
  EXPECT_THAT(pbx.out.sends, SizeIs(1)) << "the greeting is not sent again";
  EXPECT_THAT(pbx.poison, IsEmpty());
  EXPECT_EQ(pbx.deaths(), 1u);
  EXPECT_TRUE(pbx.heard("its process died of SIGKILL (Killed); another one is started"));
}

// 10 000 events, a SIGKILL after every 500: none is lost and none doubled.
TEST(IsolatedAdapter, KilledAgainAndAgainItLosesNothingAndDoublesNothing) {
  IsolatedAdapter pbx;
  pbx.begin();
  std::string bytes;
  std::vector<std::string> expected;
  for (int i = 0; i < 10000; ++i) {
    expected.push_back("e" + std::to_string(i));
    bytes += "event " + expected.back() + "\n";
  }
  std::size_t events_at_kill = 0;
  for (std::size_t at = 0; at < bytes.size(); at += 997) {
    ASSERT_TRUE(pbx.feed(bytes.substr(at, 997)));
    if (pbx.out.events.size() < events_at_kill + 500) continue;
    events_at_kill = pbx.out.events.size();
    pbx.kill();
  }
  EXPECT_EQ(pbx.ids(), expected);
  EXPECT_GE(pbx.deaths(), 15u);
  EXPECT_THAT(pbx.poison, IsEmpty());
}

// Each way to die costs the plugin restarts and its line, and nothing else.
class WayToDie : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(WayToDie, SetsAsideTheMessageThatKillsAndGoesOn) {
  const auto [how, reason] = GetParam();
  IsolatedAdapter pbx;
  pbx.setup.limits.call = std::chrono::milliseconds(std::string_view(how) == "hang" ? 300 : 20000);
  pbx.setup.limits.memory_bytes = 192u << 20;
  pbx.begin();
  ASSERT_TRUE(pbx.feed(fmt::format("event e1\nevent e2\n{}\nevent e3\ncount\n", how)));
  EXPECT_THAT(pbx.ids(), ElementsAre("e1", "e2", "e3", "count-4")) << "the line itself was never taken";
  ASSERT_THAT(pbx.poison, SizeIs(1));
  EXPECT_EQ(pbx.poison[0].bytes, fmt::format("{}\n", how));
  EXPECT_EQ(pbx.poison[0].function, "feed");
  EXPECT_EQ(pbx.poison[0].subject, "10.0.0.5:5038");
  EXPECT_EQ(pbx.poison[0].plugin, "mortal");
  EXPECT_THAT(pbx.poison[0].reason, HasSubstr(reason));
  EXPECT_EQ(pbx.deaths(), 3u);
  ASSERT_THAT(pbx.out.skipped, SizeIs(1));
  EXPECT_EQ(pbx.out.skipped[0].byte_count, std::string(how).size() + 1);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
INSTANTIATE_TEST_SUITE_P(All, WayToDie,
                         testing::Values(std::pair{"exit", "ended with exit code 7"},
                                         std::pair{"kill", "died of SIGKILL"},
                                         std::pair{"hang", "feed took more than 300 ms"}),
                         [](const auto& info) { return std::string(info.param.first); });
#else
INSTANTIATE_TEST_SUITE_P(
    All, WayToDie,
    testing::Values(std::pair{"segv", "died of SIGSEGV (Segmentation fault) in feed"},
                    std::pair{"overflow", "died of SIGSEGV"}, std::pair{"abort", "died of SIGABRT"},
                    std::pair{"exit", "ended with exit code 7"}, std::pair{"kill", "died of SIGKILL"},
                    std::pair{"hang", "feed took more than 300 ms"}, std::pair{"grow", "died of SIGSEGV"},
                    std::pair{"socket", "a system call"}, std::pair{"thread", "a system call"},
                    std::pair{"program", "a system call"}, std::pair{"fork", "a system call"}),
    [](const auto& info) { return std::string(info.param.first); });

TEST(IsolatedAdapter, ASystemCallThatItMayNotIsNamedAndAFileIsRefused) {
  IsolatedAdapter pbx;
  pbx.begin();
  ASSERT_TRUE(pbx.feed("file\nsocket\n"));
  EXPECT_THAT(pbx.ids(), ElementsAre("refused"));
  EXPECT_TRUE(pbx.heard("printed: made a system call that a confined plugin may not: number 41")) << "socket(2)";
}
#endif

// Its manifest says that it cannot live without; its process is confined all
// the same, and only then is it opened at all.
TEST(IsolatedAdapter, APluginThatIsActiveLivesInAProcessOfItsOwn) {
  const PluginFolder folder;
  const auto active = R"({"id": "test-plugin", "version": "1.0.0", "author": "Hookline", "licence": "Apache-2.0",
      "summary": "Does what its input says", "interfaces": ["hookline.pbx-adapter/1"], "flags": ["active"]})";
  const auto file = folder.write("x.so", with_manifest(bytes_of(test_plugin("good")), active));
  IsolatedAdapter pbx;
  pbx.begin(file, "{}");
  ASSERT_TRUE(pbx.feed("2 e1 c1 1772442900123\n"));
  EXPECT_THAT(pbx.ids(), ElementsAre("e1"));
}

TEST(IsolatedAdapter, AMessageWhoseHeadCameBeforeIsSetAsideWhole) {
  IsolatedAdapter pbx;
  pbx.begin();
  ASSERT_TRUE(pbx.feed("event e1\nki"));
  ASSERT_TRUE(pbx.feed("ll\nevent e2\ncount\n"));
  EXPECT_THAT(pbx.ids(), ElementsAre("e1", "e2", "count-3"));
  ASSERT_THAT(pbx.poison, SizeIs(1));
  EXPECT_EQ(pbx.poison[0].bytes, "kill\n");
}

TEST(IsolatedAdapter, ARowThatKillsIsSetAsideAloneWithItsColumns) {
  IsolatedAdapter pbx;
  pbx.begin();
  const RowBatch batch{{"word", "note"}, {"event r1", "a", "kill", std::nullopt, "event r2", "b"}};
  ASSERT_TRUE(pbx.adapter->rows("cdr", batch, true, pbx.now, pbx.out));
  EXPECT_THAT(pbx.ids(), ElementsAre("r1", "r2"));
  ASSERT_THAT(pbx.poison, SizeIs(1));
  EXPECT_EQ(pbx.poison[0].bytes, R"({"word":"kill","note":null})");
  EXPECT_EQ(pbx.poison[0].subject, "a row of cdr");
}

// Its sender is not known: nothing of it may be kept.
TEST(IsolatedAdapter, ARequestThatKillsIsRefusedAndNotKept) {
  IsolatedAdapter pbx;
  pbx.begin();
  HttpRequest http;
  http.method = "POST";
  http.body = "kill";
  EXPECT_FALSE(pbx.adapter->request({http, "http://crm/hooks/pbx1", "/x", false}, pbx.now, {}, pbx.out));
  ASSERT_THAT(pbx.poison, SizeIs(1));
  EXPECT_EQ(pbx.poison[0].bytes, "");
  EXPECT_EQ(pbx.poison[0].subject, "POST /x");
  http.body = "event e1";
  ASSERT_TRUE(pbx.adapter->request({http, "http://crm/hooks/pbx1", "/x", false}, pbx.now, {}, pbx.out));
  EXPECT_THAT(pbx.ids(), ElementsAre("e1"));
}

TEST(IsolatedAdapter, WhatIsTooMuchToTellAgainIsConnectedAnew) {
  IsolatedAdapter pbx;
  pbx.setup.transcript_bytes = 1000;
  pbx.begin();
  ASSERT_TRUE(pbx.adapter->opened(8, false, "", "other", pbx.now, pbx.out));
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(pbx.feed("event e" + std::to_string(i) + "\n"));
  pbx.kill();
  const auto fed = pbx.feed("event late\n");
  ASSERT_FALSE(fed);
  EXPECT_EQ(fed.error().status, HKL_PROTOCOL) << "closes and dials again";
  ASSERT_THAT(pbx.out.closes, SizeIs(1));
  EXPECT_EQ(pbx.out.closes[0].connection, 7u) << "the other one is told again";
  ASSERT_TRUE(pbx.adapter->closed(7, pbx.now, pbx.out));
  ASSERT_TRUE(pbx.adapter->opened(9, false, "", "10.0.0.5:5038", pbx.now, pbx.out));
  ASSERT_TRUE(pbx.adapter->feed(9, "event anew\n", pbx.now, pbx.out));
  ASSERT_TRUE(pbx.adapter->feed(8, "event other\n", pbx.now, pbx.out));
  EXPECT_THAT(pbx.ids(), testing::IsSupersetOf({"anew", "other"}));
}

TEST(IsolatedAdapter, APluginThatDiesOfEverythingIsLeftAloneForAWhile) {
  IsolatedAdapter pbx;
  pbx.begin();
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(pbx.feed("kill\n"));
  const auto fed = pbx.feed("event e1\n");
  ASSERT_FALSE(fed) << "so that a file waits in place of being set aside line by line";
  EXPECT_EQ(fed.error().status, HKL_UNAVAILABLE);
  EXPECT_THAT(fed.error().text, HasSubstr("the next one is started in"));
}

TEST(IsolatedAdapter, LeavesNoProcessBehind) {
  IsolatedAdapter pbx;
  pbx.begin();
  const pid_t pid = pbx.setup.counters->pid;
  pbx.adapter.reset();
  EXPECT_EQ(::kill(pid, 0), -1);
  EXPECT_EQ(errno, ESRCH);
}

TEST(IsolatedAdapter, WithoutTheChildsProgramSaysWhatIsMissing) {
  Isolated pbx;
  pbx.setup.program = "/nowhere/hookline-child";
  EXPECT_THAT(error_of(pbx.make(mortal(), make_adapter)),
              HasSubstr("/nowhere/hookline-child: cannot be started: No such file or directory"));
}

}  // namespace
}  // namespace hkl::test
