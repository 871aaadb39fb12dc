#include "endpoints/peer_list.h"
#include "endpoints/test_kit.h"

namespace hkl::test {
namespace {

using namespace std::chrono_literals;
using Poco::Net::IPAddress;
using Poco::Net::SocketAddress;
using Poco::Net::StreamSocket;
using testing::Contains;
using testing::HasSubstr;

std::uint32_t free_port() { return LoopbackPbx().port(); }

class TcpServerTest : public testing::Test {
 protected:
  TcpServerTest() : adapter_(std::make_unique<WordAdapter>()), seen_(adapter_->seen) {
    wish_.kind = HKL_ENDPOINT_TCP_SERVER;
    wish_.port = free_port();
  }
  Done begin() {
    adapter_->wishes = {wish_};
    runner_ = std::make_unique<SourceRunner>(setup_, std::move(adapter_), out_.outlet());
    return runner_->start();
  }
  void start() {
    const auto started = begin();
    ASSERT_TRUE(started) << started.error().text;
    ASSERT_TRUE(eventually([&] { return runner_->health().state == "live"; })) << runner_->health().text;
  }
  StreamSocket call() {
    StreamSocket socket(SocketAddress("127.0.0.1", static_cast<std::uint16_t>(wish_.port)));
    socket.setReceiveTimeout(Poco::Timespan(5, 0));
    return socket;
  }
  bool has_come(const std::string& id) {
    return eventually([&] { return testing::Value(out_.ids(), Contains(id)); });
  }
  void TearDown() override { out_.set_full(false); }

  EndpointWish wish_;
  Lines log_;
  SourceSetup setup_ = setup_of(log_);
  std::unique_ptr<WordAdapter> adapter_;
  std::shared_ptr<WordAdapter::Seen> seen_;
  Collected out_;
  std::unique_ptr<SourceRunner> runner_;
};

TEST_F(TcpServerTest, TakesWhatSeveralPbxsSayAtOnce) {
  start();
  auto one = call(), two = call();
  EXPECT_TRUE(hears(one, "hello\n"));
  EXPECT_TRUE(hears(two, "hello\n"));
  const auto now = std::to_string(ms_of(wall_now()));
  say(one, "e first " + now.substr(0, 4));
  say(two, "e second " + now + "\n");
  ASSERT_TRUE(has_come("second"));
  say(one, now.substr(4) + "\n");
  ASSERT_TRUE(has_come("first"));
  EXPECT_THAT(runner_->health().text, HasSubstr("2 are connected"));
}

TEST_F(TcpServerTest, AConnectionForEachRecordIsWelcome) {
  start();
  for (const auto* id : {"a", "b", "c"}) {
    auto socket = call();
    say(socket, fmt::format("e {} 1000\n", id));
    socket.close();
    ASSERT_TRUE(has_come(id));
  }
  EXPECT_TRUE(eventually([&] { return runner_->health().reconnects == 3; }));
  EXPECT_EQ(runner_->health().state, "live");
}

TEST_F(TcpServerTest, WhoeverIsNotOnTheListIsNotHeard) {
  wish_.peers = "10.0.0.0/8, ::1";
  start();
  auto stranger = call();
  say(stranger, "e forged 1000\n");
  char c = 0;
  bool is_closed = false;
  try {
    is_closed = stranger.receiveBytes(&c, 1) == 0;
  } catch (const Poco::Exception&) {
    is_closed = true;  // reset, as what it said was not read
  }
  EXPECT_TRUE(is_closed);
  EXPECT_TRUE(eventually([&] { return log_.has("127.0.0.1 may not connect: is not among the addresses"); }));
  EXPECT_TRUE(out_.ids().empty());
  EXPECT_TRUE(seen_->opened.empty());
}

TEST_F(TcpServerTest, MoreThanTheLimitAreTurnedAway) {
  start();
  std::vector<StreamSocket> callers;
  for (int i = 0; i < 16; ++i) callers.push_back(call());
  for (auto& caller : callers) ASSERT_TRUE(hears(caller, "hello\n"));
  auto one_more = call();
  EXPECT_TRUE(eventually([&] { return log_.has("16 are connected already"); }));
  callers.front().close();
  EXPECT_TRUE(eventually([&] { return runner_->health().reconnects == 1; }));
  auto next = call();
  EXPECT_TRUE(hears(next, "hello\n"));
}

TEST_F(TcpServerTest, ReadsNoFurtherWhileTheQueueIsFull) {
  start();
  auto socket = call();
  out_.set_full(true);
  say(socket, "e one 1000\n");
  ASSERT_TRUE(eventually([&] { return out_.takes() == 1; }));
  say(socket, "e two 1000\n");
  EXPECT_FALSE(testing::Value(out_.ids(), Contains("two")));
  out_.set_full(false);
  EXPECT_TRUE(has_come("two"));
}

TEST_F(TcpServerTest, ASilentOneIsClosedWhereTheAdapterAsksForIt) {
  wish_.idle = 50ms;
  start();
  auto socket = call();
  ASSERT_TRUE(hears(socket, "hello\n"));
  char c = 0;
  EXPECT_EQ(socket.receiveBytes(&c, 1), 0);
}

TEST_F(TcpServerTest, APortThatIsTakenIsToldAndTriedAgain) {
  LoopbackPbx other;
  wish_.port = other.port();
  ASSERT_TRUE(begin());
  EXPECT_TRUE(eventually([&] { return runner_->health().state == "waiting" && log_.has("Address already in use"); }));
}

TEST_F(TcpServerTest, OpenToEverybodyIsAMistake) {
  wish_.address = "0.0.0.0";
  const auto started = begin();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().status, HKL_BAD_SETTINGS);
  EXPECT_THAT(started.error().text, HasSubstr("would believe whoever connects"));
}

TEST_F(TcpServerTest, WhatIsNoAddressIsNamed) {
  wish_.peers = "10.0.0.0/33";
  const auto started = begin();
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error().text, HasSubstr("\"10.0.0.0/33\" is neither an address nor a network"));
}

TEST(PeerList, HasWhatItsNetworksHave) {
  const auto list = PeerList::parse("10.0.0.5, 192.168.4.0/22, fd00::/8");
  ASSERT_TRUE(list);
  for (const auto* peer : {"10.0.0.5", "192.168.7.255", "::ffff:10.0.0.5", "fd12::1"})
    EXPECT_TRUE(list->has(IPAddress(peer))) << peer;
  for (const auto* peer : {"10.0.0.6", "192.168.8.0", "::ffff:10.0.0.6", "fe80::1", "::1"})
    EXPECT_FALSE(list->has(IPAddress(peer))) << peer;
}

TEST(PeerList, OfEverybodyHasEverybodyOfItsKind) {
  const auto list = PeerList::parse("0.0.0.0/0");
  ASSERT_TRUE(list);
  EXPECT_TRUE(list->has(IPAddress("203.0.113.9")));
  EXPECT_FALSE(list->has(IPAddress("2001:db8::1")));
}

}  // namespace
}  // namespace hkl::test
