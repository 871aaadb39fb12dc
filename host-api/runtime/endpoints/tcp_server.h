// The host listens, and PBXs connect: printers of call records. Several at
// once, within a limit; what one says is fed as it comes.
#pragma once

#include <Poco/Net/ServerSocket.h>

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "endpoints/desk.h"
#include "endpoints/peer_list.h"
#include "endpoints/tcp_line.h"

namespace hkl {

class TcpServer final : public Endpoint {
 public:
  // HKL_BAD_SETTINGS: no address of this machine's kind, a peer that is none, or
  // open to everybody.
  static Result<std::unique_ptr<Endpoint>> make(const EndpointWish& wish, SourceDesk& desk);

  void plan(Waiting& waiting) override;
  void work(const Waiting& waiting) override;
  void end() override;
  void send(std::uint64_t connection, std::string_view bytes) override;
  void close_asked(std::uint64_t connection, Millis after, const std::string& why) override;
  void state_told(std::uint64_t connection, std::uint32_t state, const std::string& text) override;

 private:
  struct Caller {
    explicit Caller(TcpLine line) : line(std::move(line)) {}
    TcpLine line;
    std::string name;
    Steady heard;
    std::optional<std::size_t> place;  // in this wait
    std::optional<std::string> ending;
  };

  TcpServer(const EndpointWish& wish, SourceDesk& desk, const Poco::Net::SocketAddress& address, PeerList peers);
  void listen();
  void accept();
  void take(Poco::Net::StreamSocket socket, const Poco::Net::SocketAddress& from);
  void refuse(const std::string& from, const std::string& why);
  void hear(std::uint64_t id, Caller& caller, short ready);
  void hang_up(std::uint64_t id);
  void tell_health();

  SourceDesk& desk_;
  EndpointWish wish_;
  Poco::Net::SocketAddress address_;
  PeerList peers_;
  std::size_t slot_;  // on the health board
  std::optional<Poco::Net::ServerSocket> listener_;
  std::optional<std::size_t> listener_place_;
  Steady listen_again_at_;
  std::map<std::uint64_t, Caller> callers_;
  std::array<char, 65536> buffer_{};
};

}  // namespace hkl
