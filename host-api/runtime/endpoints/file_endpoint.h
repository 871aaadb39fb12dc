// Follows a file that grows: reads it as one connection from its beginning,
// waits for more, opens anew what was truncated or replaced (rotation).
#pragma once

#include <sys/types.h>

#include <array>
#include <optional>
#include <string>

#include "endpoints/desk.h"

namespace hkl {

class FileEndpoint final : public Endpoint {
 public:
  FileEndpoint(const EndpointWish& wish, SourceDesk& desk);
  ~FileEndpoint() override;
  FileEndpoint(const FileEndpoint&) = delete;
  FileEndpoint& operator=(const FileEndpoint&) = delete;

  void plan(Waiting& waiting) override { waiting.until(next_look_); }
  void work(const Waiting& waiting) override;
  void end() override;
  // Nobody listens behind a file; there is nothing to log in to.
  void send(std::uint64_t, std::string_view) override {}
  void close_asked(std::uint64_t connection, Millis after, const std::string& why) override;
  void state_told(std::uint64_t, std::uint32_t, const std::string&) override {}

 private:
  // How far which file was read: what a position kept across restarts will hold.
  struct Spot {
    dev_t device = 0;
    ino_t inode = 0;
    off_t offset = 0;
  };
  struct Reading {
    int fd = -1;
    std::uint64_t connection = 0;
    Spot spot;
  };

  bool open();
  void read();
  bool is_replaced() const;
  void close();
  void rest(const std::string& why, Millis pause);

  SourceDesk& desk_;
  EndpointWish wish_;
  Millis step_;
  std::size_t slot_;
  Steady next_look_;
  std::optional<Reading> reading_;
  std::optional<std::pair<Millis, std::string>> close_asked_;
  std::array<char, 65536> buffer_{};
};

}  // namespace hkl
