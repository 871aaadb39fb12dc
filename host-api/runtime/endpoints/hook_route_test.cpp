// Requests from the server's threads to a source's adapter, and the answers back.
#include "endpoints/hook_door.h"
#include "endpoints/test_kit.h"

namespace hkl::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Hooks : public testing::Test {
 protected:
  void start() {
    auto hook = std::make_unique<WordHook>();
    EndpointWish wish;
    wish.kind = HKL_ENDPOINT_HTTP_ROUTE;
    hook->wishes = {wish};
    setup_ = setup_of(log_);
    setup_.is_served = true;
    setup_.refusals_per_minute = 3;
    setup_.record_folder = record_;
    runner_ = std::make_unique<SourceRunner>(setup_, std::move(hook), out_.outlet());
    ASSERT_TRUE(runner_->start());
    door_ = runner_->door();
  }
  HttpReply ask(const std::string& path, const std::string& body) {
    HttpRequest request;
    request.method = "POST";
    request.target = "/hooks/pbx1" + path;
    request.body = body;
    request.peer = "203.0.113.5";
    request.received_at = instant_of(1'000'000);
    return door_->ask(std::move(request), path);
  }
  std::optional<HttpReply> admit(const std::string& peer) {
    HttpRequest head;
    head.peer = peer;
    return door_->admit(head, instant_of(1'000'000));
  }

  Lines log_;
  Collected out_;
  TempFolder folder_;
  std::string record_;
  SourceSetup setup_;
  std::unique_ptr<SourceRunner> runner_;
  std::shared_ptr<HookDoor> door_;
};

TEST_F(Hooks, AreAnsweredWhenWhatTheyTellIsOnDisk) {
  start();
  const auto reply = ask("/call", "e one 1000\n");
  EXPECT_EQ(reply.status, 200u);
  EXPECT_EQ(reply.body, "ok");
  EXPECT_THAT(out_.ids(), ElementsAre("one"));
  EXPECT_GE(out_.durable(), 1);
  EXPECT_EQ(ask("/call", "e one 1000\n").status, 200u) << "a repeated one is answered as the first time";
  EXPECT_THAT(out_.ids(), ElementsAre("one"));
  const auto counted = runner_->health().requests;
  EXPECT_EQ(counted.at("accept"), 1u);
  EXPECT_EQ(counted.at("duplicate"), 1u);
}

TEST_F(Hooks, FromManyThreadsLoseNothing) {
  start();
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([this, t] {
      for (int i = 0; i < 20; ++i) EXPECT_EQ(ask("/call", fmt::format("e {}-{} 1000\n", t, i)).status, 200u);
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(out_.events().size(), 160u);
}

TEST_F(Hooks, ThatCannotBeStoredAreToBeSentAgain) {
  start();
  out_.set_refusing(true);
  const auto refused = ask("/call", "e one 1000\n");
  EXPECT_EQ(refused.status, 503u);
  ASSERT_FALSE(refused.headers.empty());
  EXPECT_EQ(refused.headers[0].first, "Retry-After");
  out_.set_refusing(false);
  EXPECT_EQ(ask("/call", "e one 1000\n").status, 200u);
  EXPECT_THAT(out_.ids(), ElementsAre("one"));
}

TEST_F(Hooks, OfAnUnknownSenderLeaveNothingButACount) {
  record_ = folder_.path("records");
  start();
  EXPECT_EQ(ask("/no", "e one 1000\n").status, 401u);
  EXPECT_THAT(out_.ids(), IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(record_));
  EXPECT_EQ(runner_->health().requests.at("reject bad_credential"), 1u);
  EXPECT_TRUE(log_.has("refused a request from 203.0.113.5 with 401: bad_credential"));
}

TEST_F(Hooks, OfASenderWhoIsRefusedAgainAndAgainAreNotLookedAt) {
  start();
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(admit("203.0.113.5"));
    EXPECT_EQ(ask("/no", "").status, 401u);
  }
  ASSERT_TRUE(admit("203.0.113.5"));
  EXPECT_EQ(admit("203.0.113.5")->status, 429u);
  EXPECT_FALSE(admit("203.0.113.6")) << "others are not concerned";
}

TEST_F(Hooks, AreRecordedSoThatImportTakesThemBack) {
  record_ = folder_.path("records");
  start();
  EXPECT_EQ(ask("/call", "e one 1000\n").status, 200u);
  EXPECT_EQ(ask("/call", "e two 2000\n").status, 200u);
  runner_->stop();
  std::vector<std::filesystem::path> files(std::filesystem::directory_iterator(record_), {});
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(files[0].extension(), ".http");
  WordHook again;
  Collected out;
  ASSERT_TRUE(feed_capture(setup_, again, {{files[0].string()}}, out.outlet(), {}));
  EXPECT_THAT(out.ids(), ElementsAre("one", "two", "silent:2000"));
}

TEST_F(Hooks, AreToldToComeAgainWhenTheSourceHasStopped) {
  start();
  runner_.reset();
  EXPECT_EQ(admit("203.0.113.5")->status, 503u);
  EXPECT_EQ(ask("/call", "e one 1000\n").status, 503u);
}

}  // namespace
}  // namespace hkl::test
