#include "endpoints/test_kit.h"

namespace hkl::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class SourceRunnerTest : public testing::Test {
 protected:
  SourceRunnerTest() : adapter_(std::make_unique<WordAdapter>()), seen_(adapter_->seen) {
    adapter_->wishes = {pbx_.wish()};
  }
  void start() {
    runner_ = std::make_unique<SourceRunner>(setup_, std::move(adapter_), out_.outlet());
    const auto started = runner_->start();
    ASSERT_TRUE(started) << started.error().text;
  }
  void TearDown() override { out_.set_full(false); }
  Done order(const std::string& request) { return runner_->place_order({request, "101", "+74951234567", "", 30s})(); }
  bool is_state(const std::string& state) {
    return eventually([&] { return runner_->health().state == state; });
  }
  bool has_come(const std::string& id) {
    return eventually([&] { return testing::Value(out_.ids(), testing::Contains(id)); });
  }

  LoopbackPbx pbx_;
  Lines log_;
  SourceSetup setup_ = setup_of(log_);
  std::unique_ptr<WordAdapter> adapter_;
  std::shared_ptr<WordAdapter::Seen> seen_;
  Collected out_;
  std::unique_ptr<SourceRunner> runner_;
};

TEST_F(SourceRunnerTest, ConnectsSaysWhatTheAdapterSaysAndHandsOnEvents) {
  start();
  auto line = pbx_.accept();
  EXPECT_TRUE(hears(line, "hello\n"));
  say(line, fmt::format("live\ne one {}\n", ms_of(wall_now())));
  ASSERT_TRUE(has_come("one"));
  const auto event = out_.events().front();
  EXPECT_EQ(event.source, "pbx1");
  EXPECT_EQ(event.pbx, "office");
  EXPECT_LT(wall_now() - event.received_at, 10s);
  const auto health = runner_->health();
  EXPECT_EQ(health.state, "live");
  EXPECT_EQ(health.events, 1u);
  EXPECT_TRUE(health.last_bytes_at && health.connected_at);
  EXPECT_TRUE(log_.has(fmt::format("pbx1: connected to 127.0.0.1:{}: logged in", pbx_.port())));
}

TEST_F(SourceRunnerTest, ALineThatIsLostAndStandsAgainIsAGap) {
  start();
  auto first = pbx_.accept();
  say(first, fmt::format("live\ne one {}\n", ms_of(wall_now())));
  ASSERT_TRUE(has_come("one"));
  ASSERT_TRUE(hears(first, "hello\n"));
  first.close();
  auto second = pbx_.accept();
  say(second, fmt::format("live\ne two {}\n", ms_of(wall_now())));
  ASSERT_TRUE(has_come("two"));
  const auto events = out_.events();
  ASSERT_EQ(events.size(), 3u) << "no gap before the first connection";
  const auto& gap = events[1];
  EXPECT_EQ(gap.kind, HKL_EVENT_SOURCE_GAP);
  EXPECT_EQ(gap.event_id, fmt::format("gap:{}:{}", ms_of(gap.at), ms_of(*gap.ended_at)));
  EXPECT_EQ(gap.at, events[0].at + 1ms);
  EXPECT_EQ(*gap.ended_at, events[2].at);
  EXPECT_EQ(gap.source, "pbx1");
  EXPECT_EQ(runner_->health().reconnects, 1u);
  EXPECT_TRUE(log_.has("closed the connection; next try in 1 s"));
}

TEST_F(SourceRunnerTest, WhatAnEarlierProcessHeardBeginsTheGap) {
  setup_.heard_until = instant_of(1000);
  start();
  auto line = pbx_.accept();
  say(line, fmt::format("live\ne one {}\n", ms_of(wall_now())));
  ASSERT_TRUE(has_come("one"));
  EXPECT_EQ(out_.events()[0].at, instant_of(1001));
}

TEST_F(SourceRunnerTest, AConnectionThatWasNeverLiveMakesNoGap) {
  start();
  pbx_.accept().close();
  auto second = pbx_.accept();
  say(second, fmt::format("live\ne one {}\n", ms_of(wall_now())));
  ASSERT_TRUE(has_come("one"));
  EXPECT_THAT(out_.ids(), ElementsAre("one"));
}

TEST_F(SourceRunnerTest, TicksComeWhenAskedFor) {
  adapter_->tick_every = 20ms;
  start();
  auto line = pbx_.accept();
  EXPECT_TRUE(hears(line, "ping\nping\n"));
}

TEST_F(SourceRunnerTest, ARefusedLoginIsToldAndItsPauseKept) {
  start();
  auto line = pbx_.accept();
  say(line, "refuse 300 refused the login of \"crm\": Authentication failed\n");
  ASSERT_TRUE(is_state("refused"));
  EXPECT_TRUE(eventually([&] {
    return log_.has(fmt::format(
        "pbx1: 127.0.0.1:{} refused the login of \"crm\": Authentication failed; next try in 1 s", pbx_.port()));
  }));
  EXPECT_FALSE(pbx_.is_called_within(200ms)) << "knocking on would lock us out";
  EXPECT_TRUE(pbx_.is_called_within(2000ms));
}

TEST_F(SourceRunnerTest, BytesThatMakeNoSenseCloseTheLineAndTheReasonIsLogged) {
  start();
  auto line = pbx_.accept();
  say(line, "bad\n");
  auto again = pbx_.accept();
  EXPECT_TRUE(log_.has(fmt::format("pbx1: 127.0.0.1:{}: this makes no sense; next try", pbx_.port())));
}

TEST_F(SourceRunnerTest, APbxThatSaysNothingForTooLongIsDialledAnew) {
  adapter_->wishes[0].idle = 30ms;
  start();
  auto line = pbx_.accept();
  auto again = pbx_.accept();
  EXPECT_TRUE(log_.has("nothing was heard for 0.03 s"));
}

TEST_F(SourceRunnerTest, NobodyListeningIsToldWithTheSystemsWords) {
  {
    LoopbackPbx closed;
    adapter_->wishes = {closed.wish()};
  }
  start();
  ASSERT_TRUE(is_state("waiting"));
  EXPECT_THAT(runner_->health().text, HasSubstr(": Connection refused; next try in 1 s"));
}

TEST_F(SourceRunnerTest, ANameWithoutAnAddressIsTold) {
  adapter_->wishes[0].address = "no-such-pbx.invalid";
  start();
  EXPECT_TRUE(eventually([&] { return log_.has("no address is known for \"no-such-pbx.invalid\""); }));
}

TEST_F(SourceRunnerTest, ANameIsDialledAtEachOfItsAddresses) {
  adapter_->wishes[0].address = "localhost";
  start();
  auto line = pbx_.accept();
  EXPECT_TRUE(hears(line, "hello\n"));
}

TEST_F(SourceRunnerTest, StopReturnsAtOnceWhileThePbxIsSilentAndStoresWhatCame) {
  start();
  auto line = pbx_.accept();
  say(line, fmt::format("live\ne one {}\nhal", ms_of(wall_now())));
  ASSERT_TRUE(has_come("one"));
  ASSERT_TRUE(eventually([&] { return runner_->health().bytes > 20; }));
  const auto began = std::chrono::steady_clock::now();
  runner_->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - began, 500ms);
  EXPECT_EQ(out_.durable(), 1);
  EXPECT_EQ(runner_->health().state, "off");
  EXPECT_THAT(seen_->closed, ElementsAre("hal"));
  EXPECT_EQ(runner_->health().skipped_bytes, 3u);
}

TEST_F(SourceRunnerTest, StopReturnsAtOnceDuringAPause) {
  setup_.first_pause = 30s;
  {
    LoopbackPbx closed;
    adapter_->wishes = {closed.wish()};
  }
  start();
  ASSERT_TRUE(is_state("waiting"));
  const auto began = std::chrono::steady_clock::now();
  runner_->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - began, 500ms);
}

TEST_F(SourceRunnerTest, AFullQueueStopsTheReading) {
  start();
  auto line = pbx_.accept();
  out_.set_full(true);
  // Far more than both sides' buffers hold.
  const std::string chunk = [] {
    std::string text;
    while (text.size() < 64 * 1024) text += fmt::format("e one {}\n", ms_of(wall_now()));
    return text;
  }();
  say(line, "live\ne one 1\n");
  ASSERT_TRUE(eventually([&] { return out_.takes() == 1; }));
  line.setBlocking(false);
  bool is_stuck = false;
  for (int i = 0; i < 2000 && !is_stuck; ++i) {
    try {
      is_stuck = line.sendBytes(chunk.data(), static_cast<int>(chunk.size())) <= 0;
    } catch (const Poco::IOException& error) {
      is_stuck = error.code() == EAGAIN;
    }
  }
  EXPECT_TRUE(is_stuck) << "the PBX could send on and on";
  EXPECT_EQ(out_.takes(), 1u);
  EXPECT_LT(runner_->health().bytes, 100u);
  out_.set_full(false);
  EXPECT_TRUE(eventually([&] { return out_.takes() > 1; }));
}

TEST_F(SourceRunnerTest, WhatDoesNotFitIntoTheLineGoesOutAsItIsRead) {
  start();
  auto line = pbx_.accept();
  say(line, "flood 900000\n");
  std::vector<char> buffer(10000);
  std::size_t count = 0;
  while (count < 6 + 900000u) {
    const int got = line.receiveBytes(buffer.data(), static_cast<int>(buffer.size()));
    ASSERT_GT(got, 0);
    count += static_cast<std::size_t>(got);
  }
  EXPECT_EQ(count, 6 + 900000u) << "hello and the flood";
}

TEST_F(SourceRunnerTest, APbxThatReadsNothingIsGivenUp) {
  start();
  auto line = pbx_.accept();
  for (int i = 0; i < 20; ++i) say(line, "flood 900000\n");
  EXPECT_TRUE(eventually([&] { return log_.has("takes nothing of what is sent to it; a megabyte waits"); }));
}

TEST_F(SourceRunnerTest, EventsThatCannotBeStoredBecomeAGap) {
  start();
  auto line = pbx_.accept();
  const auto at = ms_of(wall_now());
  say(line, fmt::format("live\ne one {}\n", at));
  ASSERT_TRUE(has_come("one"));
  out_.set_refusing(true);
  say(line, fmt::format("e lost {}\n", at + 10));
  ASSERT_TRUE(eventually([&] { return log_.has("1 events could not be stored: the disk is full"); }));
  out_.set_refusing(false);
  auto again = pbx_.accept();
  say(again, fmt::format("live\ne two {}\n", at + 20));
  ASSERT_TRUE(has_come("two"));
  EXPECT_THAT(out_.ids(), ElementsAre("one", fmt::format("gap:{}:{}", at + 1, at + 20), "two"));
}

TEST_F(SourceRunnerTest, OrdersGoOutOnTheRunnersThread) {
  start();
  auto line = pbx_.accept();
  ASSERT_TRUE(hears(line, "hello\n"));
  const auto ordered = order("r1");
  ASSERT_TRUE(ordered) << ordered.error().text;
  EXPECT_TRUE(hears(line, "dial +74951234567\n"));
  runner_->stop();
  EXPECT_THAT(seen_->orders, ElementsAre("r1"));
  for (const auto& thread : seen_->threads) {
    EXPECT_EQ(thread, seen_->threads.front());
    EXPECT_NE(thread, std::this_thread::get_id());
  }
  EXPECT_EQ(order("r2").error().status, HKL_UNAVAILABLE);
}

TEST_F(SourceRunnerTest, AnAdaptersRefusalOfAnOrderComesBack) {
  setup_.first_pause = 30s;
  {
    LoopbackPbx closed;
    adapter_->wishes = {closed.wish()};
  }
  start();
  ASSERT_TRUE(is_state("waiting"));
  EXPECT_EQ(order("r1").error().text, "not connected");
}

TEST_F(SourceRunnerTest, WhatWasRecordedPlaysBackAsTheSameEvents) {
  TempFolder folder;
  setup_.record_folder = folder.path("deep/er");
  start();
  auto line = pbx_.accept();
  const auto at = ms_of(wall_now());
  const auto text = fmt::format("live\ne one {}\ne two {}\nhal", at, at + 1);
  for (std::size_t i = 0; i < text.size(); i += 7) say(line, text.substr(i, 7));
  ASSERT_TRUE(has_come("two"));
  ASSERT_TRUE(eventually([&] { return runner_->health().bytes == text.size(); }));
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(setup_.record_folder)) files.push_back(entry.path());
  ASSERT_EQ(files.size(), 1u);
  EXPECT_THAT(files[0].filename().string(), testing::MatchesRegex("pbx1-[0-9]+T[0-9]+\\.[0-9]+Z\\.raw"));
  EXPECT_EQ(content_of(files[0]), text) << "while the connection still stands";

  WordAdapter again;
  Collected played;
  ASSERT_TRUE(feed_capture(setup_, again, {{files[0].string()}}, played.outlet(), {}));
  EXPECT_THAT(played.ids(), ElementsAre("one", "two", fmt::format("silent:{}", at + 1)));
  for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(event_to_json(played.events()[i]), event_to_json(out_.events()[i]));
}

TEST_F(SourceRunnerTest, AFolderThatTakesNoRecordingDoesNotStopTheSource) {
  TempFolder folder;
  setup_.record_folder = folder.write("file", "in the way");
  start();
  for (const auto* id : {"one", "two"}) {
    auto line = pbx_.accept();
    say(line, fmt::format("e {} {}\n", id, ms_of(wall_now())));
    ASSERT_TRUE(has_come(id));
  }
  int told = 0;
  for (const auto& entry : log_.all()) told += entry.find("goes on without being recorded") != std::string::npos;
  EXPECT_EQ(told, 1);
}

TEST_F(SourceRunnerTest, AWrongClockIsToldInLogAndHealth) {
  start();
  auto line = pbx_.accept();
  say(line, fmt::format("live\ne one {}\n", ms_of(wall_now() - 1h)));
  ASSERT_TRUE(has_come("one"));
  EXPECT_TRUE(log_.has("the clock of the PBX is 1 h 0 min behind ours"));
  EXPECT_THAT(runner_->health().text, HasSubstr("clock: receipt"));
}

TEST_F(SourceRunnerTest, ChangesOfStateAreTold) {
  Lines states;
  setup_.changed = [&](const SourceHealth& health) { states.add(health.state); };
  start();
  auto line = pbx_.accept();
  say(line, "live\n");
  ASSERT_TRUE(is_state("live"));
  runner_->stop();
  EXPECT_THAT(states.all(), ElementsAre("connecting", "live", "off"));
}

TEST_F(SourceRunnerTest, AnAddressThatWouldTellAKeyToEverybodyIsRefused) {
  auto adapter = std::make_unique<WordAdapter>();
  adapter->wishes = {pbx_.wish()};
  adapter->wishes[0].kind = HKL_ENDPOINT_HTTP_POLL;
  adapter->wishes[0].address = "http://vendor.example/calls?key=secret";
  SourceRunner runner(setup_, std::move(adapter), out_.outlet());
  const auto started = runner.start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().status, HKL_BAD_SETTINGS);
  EXPECT_THAT(started.error().text, HasSubstr("http://vendor.example/calls: only this machine is asked without TLS"));
  EXPECT_THAT(started.error().text, Not(HasSubstr("secret")));
}

}  // namespace
}  // namespace hkl::test
