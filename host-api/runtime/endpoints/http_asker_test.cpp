#include "endpoints/http_asker.h"

#include <Poco/Net/ServerSocket.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace hkl {
namespace {

using namespace std::chrono_literals;

// A vendor on a loopback port: takes one request, says `answer`, and hangs up
// only where it says so.
class Vendor {
 public:
  explicit Vendor(std::string answer, bool hangs_up = true)
      : socket_(Poco::Net::SocketAddress("127.0.0.1", 0)), answer_(std::move(answer)), hangs_up_(hangs_up) {
    thread_ = std::thread([this] { serve(); });
  }
  ~Vendor() {
    is_over_.set_value();
    thread_.join();
  }
  std::string url(const std::string& path = "/") const {
    return "http://127.0.0.1:" + std::to_string(socket_.address().port()) + path;
  }
  std::string heard() const {
    const std::lock_guard lock(mutex_);
    return heard_;
  }

 private:
  void serve() {
    if (!socket_.poll(Poco::Timespan(5, 0), Poco::Net::Socket::SELECT_READ)) return;
    auto peer = socket_.acceptConnection();
    char piece[4096];
    while (heard().find("\r\n\r\n") == std::string::npos) {
      const int got = peer.receiveBytes(piece, sizeof piece);
      if (got <= 0) return;
      const std::lock_guard lock(mutex_);
      heard_.append(piece, static_cast<std::size_t>(got));
    }
    peer.sendBytes(answer_.data(), static_cast<int>(answer_.size()));
    if (!hangs_up_) is_over_.get_future().wait_for(10s);
  }
  Poco::Net::ServerSocket socket_;
  std::string answer_;
  bool hangs_up_;
  mutable std::mutex mutex_;
  std::string heard_;  // guarded by mutex_
  std::promise<void> is_over_;
  std::thread thread_;
};

class Asker : public testing::Test {
 protected:
  Asker() { make({}); }
  void make(HttpAsker::Limits limits) {
    asker_.reset();
    asker_ = std::make_unique<HttpAsker>([this] { ++rings_; }, std::move(*TlsTrust::make("")), limits);
  }
  Result<HttpAnswer> ask(const std::string& url, const std::string& method = "GET", const std::string& body = "") {
    asker_->ask({method, url, body, {{"Auth-key", "k1"}}, {}});
    for (int i = 0; i < 1000; ++i) {
      if (auto answer = asker_->answer()) return *answer;
      std::this_thread::sleep_for(10ms);
    }
    return fail(HKL_INTERNAL, "the asker never came back");
  }
  std::atomic<int> rings_{0};
  std::unique_ptr<HttpAsker> asker_;
};

TEST_F(Asker, BringsStatusAndBodyAndRings) {
  const Vendor vendor("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]");
  const auto answer = ask(vendor.url("/calls?from=1"));
  ASSERT_TRUE(answer) << answer.error().text;
  EXPECT_EQ(answer->status, 200u);
  EXPECT_EQ(answer->body, "[]");
  EXPECT_EQ(vendor.heard().find("GET /calls?from=1 HTTP/1.1\r\n"), 0u) << vendor.heard();
  EXPECT_NE(vendor.heard().find("Auth-key: k1\r\n"), std::string::npos);
  EXPECT_EQ(rings_, 1);
}

TEST_F(Asker, TellsHowLongItIsToWait) {
  const Vendor vendor("HTTP/1.1 429 Too Many\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n");
  const auto answer = ask(vendor.url());
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 429u);
  EXPECT_EQ(answer->retry_after, Millis(7000));
}

TEST_F(Asker, FollowsNoRedirectSoNoKeyGoesElsewhere) {
  const Vendor elsewhere("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  const Vendor vendor("HTTP/1.1 302 Found\r\nLocation: " + elsewhere.url() + "\r\nContent-Length: 0\r\n\r\n");
  const auto answer = ask(vendor.url());
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 302u);
  EXPECT_EQ(elsewhere.heard(), "");
  (void)ask(elsewhere.url());  // lets it go
}

TEST_F(Asker, WaitsForASilentVendorNoLongerThanItMay) {
  make({5000ms, 100ms, 1000});
  const Vendor vendor("", false);
  const auto answer = ask(vendor.url());
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().status, HKL_TIMEOUT);
}

TEST_F(Asker, CanBeTakenBackWhileTheVendorIsSilent) {
  const Vendor vendor("", false);
  asker_->ask({"GET", vendor.url(), "", {}, {}});
  for (int i = 0; i < 1000 && vendor.heard().empty(); ++i) std::this_thread::sleep_for(5ms);
  const auto began = std::chrono::steady_clock::now();
  asker_.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - began, 3s);
}

TEST_F(Asker, TakesNoAnswerThatIsTooLargeOrHalf) {
  make({5000ms, 5000ms, 1000});
  const Vendor large("HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + std::string(2000, 'x'));
  const auto refused = ask(large.url());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, HKL_RESOURCE);
  const Vendor half("HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n[{\"id\": 1}");
  const auto broken = ask(half.url());
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().status, HKL_UNAVAILABLE);
}

TEST_F(Asker, NamesWhatCannotBeReached) {
  std::string url;
  {
    const Vendor gone("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    url = gone.url();
    (void)ask(url);
  }
  const auto answer = ask(url);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().status, HKL_UNAVAILABLE);
}

TEST(AskedAddress, HasTlsButOnThisMachineAndShowsNoKey) {
  EXPECT_TRUE(judge_address("https://api.example.com/v2"));
  EXPECT_TRUE(judge_address("http://127.0.0.1:8080/"));
  for (const auto* bad : {"http://api.example.com/", "ftp://api.example.com/", "api.example.com", "https:///x", ""})
    EXPECT_FALSE(judge_address(bad)) << bad;
  EXPECT_EQ(shown_url("https://u:p@api.example.com/calls?key=1#x"), "https://api.example.com/calls");
}

}  // namespace
}  // namespace hkl
