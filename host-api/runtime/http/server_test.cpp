#include "http/server.h"

#include <Poco/Net/NetException.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

namespace hkl {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// A server on a free loopback port that answers /echo with what it was sent.
class Served : public testing::Test {
 protected:
  void start(HttpSettings settings = {}) {
    settings.listen = "127.0.0.1:0";
    HttpRoutes routes;
    routes.add({"/echo",
                {"GET", "POST"},
                1000,
                [this](const HttpCall& call) -> std::optional<HttpReply> {
                  if (call.request.header("X-Refuse").empty()) return std::nullopt;
                  return http_error(429, "wait");
                },
                [this](HttpCall& call) -> HttpReply {
                  ++answered_;
                  return {200, "text/plain", call.request.peer + " " + call.request.body, {}};
                }});
    routes.add({"/broken", {"GET"}, 0, {}, [](HttpCall&) -> HttpReply { throw std::runtime_error("secret"); }});
    HttpRoute parts;
    parts.pattern = "/parts";
    parts.stream = [](HttpCall&, HttpOutlet& outlet) -> std::optional<HttpReply> {
      outlet.begin({200, "text/plain", "", {}});
      for (const auto* part : {"one ", "", "two "}) outlet.write(part);
      return std::nullopt;
    };
    routes.add(parts);
    parts.pattern = "/torn";
    parts.stream = [](HttpCall&, HttpOutlet& outlet) -> std::optional<HttpReply> {
      outlet.begin({200, "text/plain", "", {}});
      outlet.write("half");
      throw std::runtime_error("secret");
    };
    routes.add(parts);
    auto started = HttpServer::start(
        std::move(settings), std::move(routes), [] { return instant_of(1'000'000); },
        [](std::uint32_t, const std::string&) {});
    ASSERT_TRUE(started) << started.error().text;
    server_ = std::move(*started);
    const auto& url = server_->url();
    client_ = Poco::Net::StreamSocket(Poco::Net::SocketAddress(url.substr(url.find("//") + 2)));
    client_.setReceiveTimeout(Poco::Timespan(10, 0));
  }
  void say(const std::string& text) { client_.sendBytes(text.data(), static_cast<int>(text.size())); }
  // All until the server closes.
  std::string all() {
    std::string text;
    char piece[4096];
    for (int got = 0; (got = client_.receiveBytes(piece, sizeof piece)) > 0;)
      text.append(piece, static_cast<std::size_t>(got));
    return text;
  }
  // Until `end` has come.
  std::string until(const std::string& end) {
    std::string text;
    char c = 0;
    while (text.find(end) == std::string::npos && client_.receiveBytes(&c, 1) > 0) text += c;
    return text;
  }

  std::atomic<int> answered_{0};
  std::unique_ptr<HttpServer> server_;
  Poco::Net::StreamSocket client_;
};

TEST_F(Served, AnswersOneRequestAfterTheOtherOnOneConnection) {
  start();
  say("POST /echo HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc");
  EXPECT_THAT(until("abc"), StartsWith("HTTP/1.1 200 OK\r\n"));
  say("GET /echo HTTP/1.1\r\nConnection: close\r\n\r\n");
  const auto last = all();
  EXPECT_THAT(last, HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(last, testing::EndsWith("127.0.0.1 "));
}

TEST_F(Served, RefusesATooLargeBodyBeforeItIsSent) {
  start();
  say("POST /echo HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n");
  EXPECT_THAT(until("allowed here"), StartsWith("HTTP/1.1 413 "));
  EXPECT_EQ(answered_, 0);
}

TEST_F(Served, SaysToGoOnWhereTheBodyIsWelcome) {
  start();
  say("POST /echo HTTP/1.1\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  say("ok");
  EXPECT_THAT(all(), HasSubstr("127.0.0.1 ok"));
}

TEST_F(Served, RefusesTooLargeHeaders) {
  HttpSettings settings;
  settings.limits.header_bytes = 500;
  start(settings);
  say("GET /echo HTTP/1.1\r\nX: " + std::string(5000, 'a') + "\r\n\r\n");
  EXPECT_THAT(all(), StartsWith("HTTP/1.1 431 "));
}

TEST_F(Served, AsksTheRouteBeforeItReadsTheBody) {
  start();
  say("POST /echo HTTP/1.1\r\nX-Refuse: 1\r\nContent-Length: 900\r\n\r\nonly a part of it");
  EXPECT_THAT(until("wait"), StartsWith("HTTP/1.1 429 "));
}

TEST_F(Served, GivesUpOnARequestThatDoesNotComeToItsEnd) {
  HttpSettings settings;
  settings.head_time = Millis(50);
  settings.body_time = Millis(50);
  start(settings);
  say("POST /echo HTTP/1.1\r\nContent-Length: 900\r\n\r\nslow");
  EXPECT_THAT(all(), StartsWith("HTTP/1.1 408 "));
}

TEST_F(Served, TellsNothingOfWhatFailedInside) {
  start();
  say("GET /broken HTTP/1.1\r\nConnection: close\r\n\r\n");
  const auto answer = all();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 500 "));
  EXPECT_THAT(answer, testing::Not(HasSubstr("secret")));
}

TEST_F(Served, SendsWhatIsMadeInPartsAsChunksAndGoesOn) {
  start();
  say("GET /parts HTTP/1.1\r\n\r\n");
  const auto first = until("0\r\n\r\n");
  EXPECT_THAT(first, HasSubstr("Transfer-Encoding: chunked\r\n"));
  EXPECT_THAT(first, testing::EndsWith("\r\n\r\n4\r\none \r\n4\r\ntwo \r\n0\r\n\r\n"));
  say("HEAD /parts HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(all(), testing::EndsWith("Connection: close\r\n\r\n"));
}

TEST_F(Served, AnOldClientGetsPartsUntilTheEndOfTheConnection) {
  start();
  say("GET /parts HTTP/1.0\r\n\r\n");
  const auto answer = all();
  EXPECT_THAT(answer, testing::Not(HasSubstr("chunked")));
  EXPECT_THAT(answer, testing::EndsWith("\r\n\r\none two "));
}

TEST_F(Served, WhatBreaksOffHasNoEnd) {
  start();
  say("GET /torn HTTP/1.1\r\n\r\n");
  EXPECT_THAT(all(), testing::EndsWith("4\r\nhalf\r\n"));
}

TEST_F(Served, ClosesIdleConnectionsWhenItEnds) {
  start();
  say("GET /echo HTTP/1.1\r\n\r\n");
  until("127.0.0.1 ");
  server_.reset();
  EXPECT_EQ(all(), "");
}

TEST(HttpServer, NamesAnAddressThatIsNone) {
  for (const auto* text : {"8080", "localhost", "10.0.0.1:99999", "::1:80", "host.example:80"}) {
    const auto address = listen_address(text);
    ASSERT_FALSE(address) << text;
    EXPECT_THAT(address.error().text, HasSubstr("127.0.0.1:8080"));
  }
  EXPECT_EQ(listen_address("[::1]:0")->host, "::1");
}

}  // namespace
}  // namespace hkl
