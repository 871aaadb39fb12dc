#include "http/senders.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hkl {
namespace {

using testing::HasSubstr;

Networks networks(const std::vector<std::string>& texts) { return Networks::of(texts).value(); }

TEST(Networks, HoldTheirAddressesAndNoOthers) {
  const auto some = networks({"10.0.0.0/8", "192.0.2.7", "2001:db8::/32"});
  for (const auto* address : {"10.1.2.3", "::ffff:10.1.2.3", "192.0.2.7", "2001:db8:1::5"})
    EXPECT_TRUE(some.holds(address)) << address;
  for (const auto* address : {"11.0.0.1", "192.0.2.8", "2001:db9::1", "", "10.1.2"})
    EXPECT_FALSE(some.holds(address)) << address;
  EXPECT_TRUE(networks({"0.0.0.0/0"}).holds("203.0.113.9"));
}

TEST(Networks, NameTheTextThatIsNone) {
  for (const auto* text : {"10.0.0.0/33", "10.0.0.0/", "proxy", "10.0.0.0/8x", ""}) {
    const auto read = Networks::of({text});
    ASSERT_FALSE(read) << text;
    EXPECT_THAT(read.error().text, HasSubstr(text));
  }
}

std::string sender(const std::string& forwarded, const std::string& connected = "127.0.0.1") {
  HttpRequest request;
  request.headers = {{"x-forwarded-for", forwarded}};
  find_sender(request, connected, networks({"127.0.0.1", "10.0.0.0/8"}));
  return request.peer;
}

TEST(Sender, IsTheOneWhomTheLastTrustedProxyNames) {
  EXPECT_EQ(sender("203.0.113.5"), "203.0.113.5");
  EXPECT_EQ(sender("6.6.6.6, 203.0.113.5, 10.0.0.2"), "203.0.113.5") << "what stands before is the sender's own word";
  EXPECT_EQ(sender("203.0.113.5:4711"), "203.0.113.5");
  EXPECT_EQ(sender("[2001:db8::1]:4711"), "2001:db8::1");
  EXPECT_EQ(sender("10.0.0.1, 10.0.0.2"), "10.0.0.1");
  EXPECT_EQ(sender("nonsense"), "127.0.0.1");
  EXPECT_EQ(sender("203.0.113.5", "198.51.100.1"), "198.51.100.1") << "not through a proxy of ours";
}

TEST(Sender, IsBehindTlsWhereATrustedProxySaysSo) {
  HttpRequest request;
  request.headers = {{"X-Forwarded-Proto", "https"}};
  find_sender(request, "198.51.100.1", networks({"127.0.0.1"}));
  EXPECT_FALSE(request.is_tls);
  find_sender(request, "127.0.0.1", networks({"127.0.0.1"}));
  EXPECT_TRUE(request.is_tls);
}

TEST(RefusalLimit, LetsAWrongSenderWaitAndNobodyElse) {
  RefusalLimit limit(3);
  const auto now = instant_of(1'000'000);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(limit.wait_s("203.0.113.5", now), 0U);
    limit.note("203.0.113.5", now + std::chrono::seconds(i));
  }
  EXPECT_EQ(limit.wait_s("203.0.113.5", now + std::chrono::seconds(10)), 50U);
  EXPECT_EQ(limit.wait_s("203.0.113.6", now), 0U);
  EXPECT_EQ(limit.wait_s("203.0.113.5", now + std::chrono::seconds(60)), 0U);
}

TEST(RefusalLimit, CountsANetworkOfIpV6AsOne) {
  RefusalLimit limit(2);
  const auto now = instant_of(1'000'000);
  limit.note("2001:db8::1", now);
  limit.note("2001:db8::2", now);
  EXPECT_GT(limit.wait_s("2001:db8::3", now), 0U);
  EXPECT_EQ(limit.wait_s("2001:db8:0:1::3", now), 0U);
}

}  // namespace
}  // namespace hkl
