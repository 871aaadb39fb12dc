// One child: spawned, its output captured, killed as a group, reaped. It is
// never forked off: what a CRM's threads hold must not live on in a copy.
//
// Used by one thread at a time.
#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <string>

#include "values/result.h"

namespace hkl::isolation {

class ChildProcess {
 public:
  // `program` gets the plugin's bytes as a descriptor, the socket, and nothing
  // else of this process but its environment's LANG, TZ and sanitizer options.
  static Result<std::unique_ptr<ChildProcess>> spawn(const std::string& program, const std::string& plugin_file,
                                                     const std::string& plugin_image);
  ~ChildProcess();  // kills
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  int socket() const { return socket_; }
  pid_t pid() const { return pid_; }
  // Lines it printed since the last time.
  void take_lines(const std::function<void(const std::string&)>& line);
  bool has_ended();
  void kill();
  // Kills, reaps: "died of SIGSEGV (Segmentation fault)", "ended with exit code 3".
  std::string end();

 private:
  ChildProcess(pid_t pid, int socket, int output) : pid_(pid), socket_(socket), output_(output) {}

  pid_t pid_;
  int socket_, output_;
  int status_ = 0;
  bool is_reaped_ = false, is_status_known_ = true;
  std::string line_;  // begun and not ended
};

}  // namespace hkl::isolation
