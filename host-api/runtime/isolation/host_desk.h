// Answers what a child asks while a call goes on: the host interfaces of its
// instance (hookline/host.h), and of an HTTP request's sink what is known of a
// number. Used by the thread of the call.
#pragma once

#include <string>
#include <string_view>

#include "hookline/host.h"
#include "hookline/pbx_http.h"

namespace hkl::isolation {

class HostDesk {
 public:
  // Outlives the desk.
  explicit HostDesk(const hkl_host* host) : host_(host) {}

  // The interfaces this host offers to this instance, one a line.
  std::string offered() const;
  // `http`: of the call that goes on, or null.
  std::string answer(std::string_view question, const hkl_http_sink* http) const;
  // A line of the plugin's log.
  void log(std::string_view payload) const;

 private:
  const hkl_host* host_;
};

}  // namespace hkl::isolation
