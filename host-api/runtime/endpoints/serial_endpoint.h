// Reads a serial line of this machine, as a PBX prints its calls on one; opens
// the device again when it went away, with a pause that grows, and marks what
// was missed.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "endpoints/backoff.h"
#include "endpoints/desk.h"
#include "endpoints/serial_line.h"

namespace hkl {

class SerialEndpoint final : public Endpoint {
 public:
  // HKL_BAD_SETTINGS: no such speed or line.
  static Result<std::unique_ptr<Endpoint>> make(const EndpointWish& wish, SourceDesk& desk);
  ~SerialEndpoint() override;
  SerialEndpoint(const SerialEndpoint&) = delete;
  SerialEndpoint& operator=(const SerialEndpoint&) = delete;

  void plan(Waiting& waiting) override;
  void work(const Waiting& waiting) override;
  void end() override;
  void send(std::uint64_t connection, std::string_view bytes) override;
  void close_asked(std::uint64_t connection, Millis after, const std::string& why) override;
  void state_told(std::uint64_t connection, std::uint32_t state, const std::string& text) override;

 private:
  // Why the line is given up, and how long to leave it alone at least.
  struct Ending {
    std::string why;
    Millis after{0};
  };

  SerialEndpoint(const EndpointWish& wish, const SerialLine& line, SourceDesk& desk);
  bool is_open() const { return fd_ >= 0; }
  void open();
  void read();
  void flush();
  void hang_up();
  void rest(const std::string& sentence, Millis at_least);

  SourceDesk& desk_;
  EndpointWish wish_;
  SerialLine line_;
  std::size_t slot_;  // on the health board
  Backoff backoff_;
  Steady rest_until_;
  int fd_ = -1;
  std::uint64_t connection_ = 0;
  std::size_t place_ = 0;  // in this wait
  bool is_live_ = false;
  std::string unsent_;
  std::optional<Ending> ending_;
  std::array<char, 4096> buffer_{};
};

}  // namespace hkl
