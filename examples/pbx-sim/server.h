// The switch on its port: takes clients, answers them, says each event when it
// is due to all who are logged in. One thread; clients may come, go and break
// off at any time.
#pragma once

#include <Poco/Net/PollSet.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "playback.h"
#include "session.h"

namespace pbx_sim {

struct ServerSettings {
  std::uint16_t port = 0;  // on 127.0.0.1; 0: a free one
  Account account;
  std::string greeting;
  bool waits_for_client = false;  // the stream begins at the first log-in
  std::chrono::milliseconds linger{0};
  std::function<void(const std::string& line)> log;
};

class Server {
 public:
  // Binds; throws Poco::Net::NetException where the port is taken.
  Server(ServerSettings settings, Playback playback);

  std::uint16_t port() const { return listener_.address().port(); }
  // Returns when the last event is said and the linger is over.
  void run();

 private:
  struct Client {
    Poco::Net::StreamSocket socket;
    Session session;
    std::string out;  // not yet taken by the socket
    bool is_gone;
  };
  void accept();
  void read(Client& client);
  void send(Client& client);
  void say(const AmiMessage& event);
  void tend(const Poco::Net::Socket& socket, int mode);
  void sweep();
  std::chrono::milliseconds wait_time(Clock::time_point now) const;
  bool is_done(Clock::time_point now) const;

  ServerSettings settings_;
  Playback playback_;
  SwitchState state_;
  Poco::Net::ServerSocket listener_;
  Poco::Net::PollSet polls_;
  std::map<poco_socket_t, std::unique_ptr<Client>> clients_;
};

}  // namespace pbx_sim
