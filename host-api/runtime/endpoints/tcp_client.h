// The host dials a PBX and keeps at it: connects, feeds what comes, dials
// again when the line is lost, with a pause that grows; marks what was missed.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "endpoints/backoff.h"
#include "endpoints/desk.h"
#include "endpoints/dialler.h"

namespace hkl {

class TcpClient final : public Endpoint {
 public:
  static Result<std::unique_ptr<Endpoint>> make(const EndpointWish& wish, SourceDesk& desk);

  void plan(Waiting& waiting) override;
  void work(const Waiting& waiting) override;
  void end() override;
  void send(std::uint64_t connection, std::string_view bytes) override;
  void close_asked(std::uint64_t connection, Millis after, const std::string& why) override;
  void state_told(std::uint64_t connection, std::uint32_t state, const std::string& text) override;

 private:
  // Why a connection ends, and how long to keep away at least.
  struct Ending {
    std::string why;
    Millis after{0};
  };
  // A connection that stands.
  struct Talk {
    explicit Talk(TcpLine line) : line(std::move(line)) {}
    TcpLine line;
    std::uint64_t id = 0;
    std::size_t place = 0;  // in this wait
    Steady heard;
    std::optional<Steady> live_since;
    std::string refusal;  // the adapter's sentence, when the PBX does not let us in
    std::optional<Ending> ending;
  };

  TcpClient(const EndpointWish& wish, SourceDesk& desk, std::unique_ptr<TlsTrust> trust);
  void dial();
  void begin(TcpLine line);
  void converse(const Waiting& waiting);
  void read();
  void hang_up();
  void rest(const std::string& sentence, bool is_refused, Millis at_least);

  SourceDesk& desk_;
  EndpointWish wish_;
  std::string place_;  // "10.0.0.5:5038"
  std::unique_ptr<TlsTrust> trust_;
  std::size_t slot_;  // on the health board
  Backoff backoff_;
  Steady rest_until_;
  std::unique_ptr<Dialler> dialler_;
  std::unique_ptr<Talk> talk_;
  std::array<char, 65536> buffer_{};
};

}  // namespace hkl
