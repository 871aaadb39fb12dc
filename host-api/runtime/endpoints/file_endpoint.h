// Follows a file that grows: reads it as one connection from where an earlier
// process stopped, waits for more, opens anew what was truncated or replaced
// (rotation), after the rest of what lay there before. Where it reads on, the
// adapter gets the file's first line again: it may name the columns.
//
// How far was read is kept behind what was read, up to the last whole line: a
// crash reads some lines twice, which their ids tell, and none never.
#pragma once

#include <sys/types.h>

#include <array>
#include <deque>
#include <optional>
#include <string>

#include "endpoints/capture_stream.h"
#include "endpoints/desk.h"
#include "endpoints/file_mark.h"

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
  struct Reading {
    std::string path;
    std::uint64_t connection = 0;
    int fd = -1;                       // of the file that is followed
    std::optional<CaptureStream> old;  // or one that lay there before
    dev_t device = 0;
    ino_t inode = 0;
    std::uint64_t offset = 0;
    bool was_at_end = false;
    FileHead head;
  };

  bool open();
  bool open_followed();
  bool open_older(const OlderFile& file);
  bool begin(Reading reading);
  void work_on();
  Result<std::size_t> read();
  void at_end();
  void feed(std::string_view bytes);
  void begin_anew(bool is_same_file);
  bool is_truncated() const;
  bool is_replaced() const;
  bool has_other_head() const;
  void close();
  void rest(const std::string& why, Millis pause);

  SourceDesk& desk_;
  EndpointWish wish_;
  std::string mark_name_;
  Millis step_;
  std::size_t slot_;
  Steady next_look_;
  std::deque<OlderFile> older_;  // to read before the followed one
  bool older_are_read_ = false;
  std::optional<Reading> reading_;
  std::optional<std::pair<Millis, std::string>> close_asked_;
  std::array<char, 65536> buffer_{};
};

}  // namespace hkl
