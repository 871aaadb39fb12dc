#include "endpoints/order_line.h"

#include "endpoints/test_kit.h"

namespace hkl::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kHanging = "+74950000000";

// A vendor on a loopback port: says `answer` to each request, but nothing, ever,
// to one of kHanging.
class OrderVendor {
 public:
  explicit OrderVendor(std::string answer)
      : socket_(Poco::Net::SocketAddress("127.0.0.1", 0)), answer_(std::move(answer)) {
    thread_ = std::thread([this] { serve(); });
  }
  ~OrderVendor() {
    is_over_ = true;
    thread_.join();
  }
  std::string url() const { return fmt::format("http://127.0.0.1:{}/call", socket_.address().port()); }
  std::vector<std::string> bodies() {
    const std::lock_guard lock(mutex_);
    return bodies_;
  }

 private:
  void serve() {
    std::vector<Poco::Net::StreamSocket> silent;
    while (!is_over_) {
      if (!socket_.poll(Poco::Timespan(0, 10000), Poco::Net::Socket::SELECT_READ)) continue;
      auto peer = socket_.acceptConnection();
      peer.setReceiveTimeout(Poco::Timespan(5, 0));
      std::string heard;
      char c = 0;
      while (heard.find("END") == std::string::npos && peer.receiveBytes(&c, 1) > 0) heard += c;
      {
        const std::lock_guard lock(mutex_);
        bodies_.push_back(heard.substr(heard.find("\r\n\r\n") + 4));
      }
      if (heard.find(kHanging) != std::string::npos) {
        silent.push_back(peer);
      } else {
        say(peer, fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", answer_.size(), answer_));
      }
    }
  }
  Poco::Net::ServerSocket socket_;
  std::string answer_;
  std::atomic<bool> is_over_{false};
  std::mutex mutex_;
  std::vector<std::string> bodies_;  // guarded by mutex_
  std::thread thread_;
};

// Orders with "call NUMBER END"; "taken REF" is the vendor's yes.
class Cloud final : public WordAdapter {
 public:
  std::string url;
  bool orders_by_http() const override { return true; }
  Done order(const CallOrder& order, Instant, AdapterOutput& out) override {
    if (order.extension == "999") return fail(HKL_UNSUPPORTED, "pbx1 (words): 999 is no phone");
    out.asks.push_back({"POST", url, "call " + order.number + " END", {}, {}});
    return {};
  }
  Done ordered(const CallOrder& order, std::uint32_t, std::string_view body, Instant now, AdapterOutput& out) override {
    constexpr std::string_view kYes = "taken ";
    if (body == "kill") return fail(HKL_INTERNAL, "pbx1 (words): its process was killed");
    if (!body.starts_with(kYes)) return fail(HKL_INVALID, "pbx1 (words): the vendor says: " + std::string(body));
    Event event;
    event.kind = HKL_EVENT_CALL_REQUESTED;
    event.event_id = "order:" + order.request;
    event.call_ref = body.substr(kYes.size());
    event.request = order.request;
    event.at = now;
    out.events.push_back(std::move(event));
    return {};
  }
};

class OrderLineTest : public testing::Test {
 protected:
  void start(const std::string& url) {
    auto adapter = std::make_unique<Cloud>();
    adapter->url = url;
    adapter->wishes = {pbx_.wish()};
    runner_ = std::make_unique<SourceRunner>(setup_, std::move(adapter), out_.outlet());
    ASSERT_TRUE(runner_->start());
  }
  std::function<Done()> place(const std::string& request, const std::string& extension, const std::string& number) {
    return runner_->place_order({request, extension, number, "", 30s});
  }
  Done order(const std::string& request, const std::string& extension = "101") {
    return place(request, extension, "+74951234567")();
  }
  LoopbackPbx pbx_;
  Lines log_;
  SourceSetup setup_ = setup_of(log_);
  Collected out_;
  std::unique_ptr<SourceRunner> runner_;
};

TEST_F(OrderLineTest, WhatTheVendorTookIsNotedWithTheNameOfItsCall) {
  OrderVendor vendor("taken c7");
  start(vendor.url());
  const auto ordered = order("r1");
  ASSERT_TRUE(ordered) << ordered.error().text;
  EXPECT_THAT(vendor.bodies(), ElementsAre("call +74951234567 END"));
  ASSERT_EQ(out_.events().size(), 1u);
  EXPECT_EQ(out_.events()[0].request, "r1");
  EXPECT_EQ(out_.events()[0].call_ref, "c7");
  EXPECT_EQ(out_.events()[0].source, "pbx1");
}

TEST_F(OrderLineTest, ARefusalComesBackInTheVendorsWords) {
  OrderVendor vendor("no such phone");
  start(vendor.url());
  const auto ordered = order("r1");
  ASSERT_FALSE(ordered);
  EXPECT_EQ(ordered.error().status, HKL_INVALID);
  EXPECT_EQ(ordered.error().text, "the vendor says: no such phone");
  EXPECT_THAT(out_.events(), IsEmpty());
}

TEST_F(OrderLineTest, AnAnswerThatTheAdapterCannotReadIsNoRefusal) {
  OrderVendor vendor("kill");
  start(vendor.url());
  const auto ordered = order("r1");
  ASSERT_FALSE(ordered);
  EXPECT_EQ(ordered.error().status, HKL_TIMEOUT);
  EXPECT_THAT(ordered.error().text, HasSubstr("its process was killed; whether it dials is not known"));
}

TEST_F(OrderLineTest, OneThatTheVendorThinksAboutHoldsUpNobodyElse) {
  OrderVendor vendor("taken c7");
  start(vendor.url());
  const auto hanging = place("r1", "101", kHanging);
  ASSERT_TRUE(eventually([&] { return vendor.bodies().size() == 1; }));
  for (const auto* request : {"r2", "r3", "r4", "r5", "r6"}) EXPECT_TRUE(order(request)) << request;
  EXPECT_EQ(vendor.bodies().size(), 6u);
  runner_->stop();
  EXPECT_EQ(hanging().error().status, HKL_TIMEOUT);
}

TEST_F(OrderLineTest, AVendorThatHangsIsNotWaitedForLongAndNotAskedAgain) {
  setup_.order_patience = 1s;
  OrderVendor vendor("taken c7");
  start(vendor.url());
  const auto ordered = place("r1", "101", kHanging)();
  ASSERT_FALSE(ordered);
  EXPECT_EQ(ordered.error().status, HKL_TIMEOUT);
  EXPECT_THAT(ordered.error().text, HasSubstr("whether it dials is not known, so the order is not sent again"));
  EXPECT_EQ(vendor.bodies().size(), 1u);
  EXPECT_TRUE(log_.has("pbx1: order r1: http://127.0.0.1"));
}

TEST_F(OrderLineTest, AVendorThatIsNotReachedWasSentNothing) {
  std::string url;
  {
    const OrderVendor gone("taken c7");
    url = gone.url();
  }
  start(url);
  const auto ordered = order("r1");
  ASSERT_FALSE(ordered);
  EXPECT_EQ(ordered.error().status, HKL_UNAVAILABLE);
  EXPECT_THAT(ordered.error().text, HasSubstr("nothing was sent"));
}

TEST_F(OrderLineTest, WithoutTlsOnlyThisMachineIsSentAKey) {
  start("http://vendor.example/call?key=secret");
  const auto ordered = order("r1");
  ASSERT_FALSE(ordered);
  EXPECT_EQ(ordered.error().status, HKL_BAD_SETTINGS);
  EXPECT_EQ(ordered.error().text.find("secret"), std::string::npos);
}

TEST_F(OrderLineTest, WhatTheAdapterRefusesIsNotSent) {
  OrderVendor vendor("taken c7");
  start(vendor.url());
  const auto ordered = order("r1", "999");
  ASSERT_FALSE(ordered);
  EXPECT_EQ(ordered.error().status, HKL_UNSUPPORTED);
  EXPECT_EQ(ordered.error().text, "999 is no phone");
  EXPECT_THAT(vendor.bodies(), IsEmpty());
}

TEST_F(OrderLineTest, WhoWaitsWhenTheSourceStopsIsToldSoAtOnce) {
  OrderVendor vendor("taken c7");
  start(vendor.url());
  const auto waiting = place("r1", "101", kHanging);
  ASSERT_TRUE(eventually([&] { return !vendor.bodies().empty(); }));
  const auto began = std::chrono::steady_clock::now();
  runner_->stop();
  runner_.reset();
  const auto ordered = waiting();
  EXPECT_LT(std::chrono::steady_clock::now() - began, 3s);
  ASSERT_FALSE(ordered);
  EXPECT_EQ(ordered.error().status, HKL_TIMEOUT);
  EXPECT_THAT(ordered.error().text, HasSubstr("the source is stopping"));
}

}  // namespace
}  // namespace hkl::test
