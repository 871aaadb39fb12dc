#include "server.h"

#include <Poco/Net/SocketAddress.h>
#include <gtest/gtest.h>

#include <thread>

namespace pbx_sim {
namespace {

constexpr const char* kLogIn = "Action: Login\r\nUsername: crm\r\nSecret: sesame\r\n\r\n";

Capture capture_of(int count, std::chrono::milliseconds apart) {
  Capture capture;
  for (int i = 0; i < count; ++i)
    capture.events.push_back({apart * i, AmiMessage("Event: E" + std::to_string(i) + "\r\n\r\n")});
  return capture;
}

class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(Poco::Net::SocketAddress("127.0.0.1", port)) {
    socket_.setReceiveTimeout(Poco::Timespan(10, 0));
  }
  void send(const std::string& text) { socket_.sendBytes(text.data(), static_cast<int>(text.size())); }
  // All that comes until `part` is in it or the other side hangs up.
  std::string read_until(const std::string& part) {
    std::string text;
    char byte = 0;
    while (text.find(part) == std::string::npos && socket_.receiveBytes(&byte, 1) == 1) text += byte;
    return text;
  }

 private:
  Poco::Net::StreamSocket socket_;
};

class Running {
 public:
  Running(Playback playback, bool waits_for_client, std::chrono::milliseconds linger = {})
      : server_(
            {0, {"crm", "sesame"}, "Asterisk Call Manager/9.0.0", waits_for_client, linger, [](const std::string&) {}},
            std::move(playback)),
        thread_([this] { server_.run(); }) {}
  ~Running() { thread_.join(); }
  std::uint16_t port() const { return server_.port(); }

 private:
  Server server_;
  std::thread thread_;
};

TEST(Server, TheStreamWaitsForTheFirstLogInAndIsHeardWhole) {
  Running running(Playback({capture_of(3, {})}, 1), true);
  Client client(running.port());
  EXPECT_EQ(client.read_until("\r\n"), "Asterisk Call Manager/9.0.0\r\n");
  client.send(kLogIn);
  const auto heard = client.read_until("Event: E2\r\n\r\n");
  EXPECT_LT(heard.find("Event: E0\r\n\r\nEvent: E1\r\n\r\n"), heard.find("Event: E2"));
  EXPECT_EQ(client.read_until("more"), "");  // it hangs up after the last
}

TEST(Server, AClientThatBreaksOffDoesNotStopTheStreamForTheNext) {
  Running running(Playback({capture_of(40, std::chrono::milliseconds(10))}, 1), true);
  {
    Client first(running.port());
    first.send(kLogIn);
    first.read_until("Event: E0\r\n");
  }
  Client second(running.port());
  second.send(kLogIn);
  EXPECT_NE(second.read_until("Event: E39\r\n").find("Event: E39"), std::string::npos);
}

TEST(Server, WhoHasNotLoggedInHearsNothing) {
  Running running(Playback({capture_of(2, std::chrono::milliseconds(10))}, 1), true);
  Client silent(running.port());
  Client client(running.port());
  client.send(kLogIn);
  client.read_until("Event: E1\r\n");
  EXPECT_EQ(silent.read_until("Event"), "Asterisk Call Manager/9.0.0\r\n");
}

TEST(Server, ItStaysForItsLinger) {
  const auto start = Clock::now();
  { Running running(Playback({capture_of(1, {})}, 1), false, std::chrono::milliseconds(80)); }
  EXPECT_GE(Clock::now() - start, std::chrono::milliseconds(80));
}

}  // namespace
}  // namespace pbx_sim
