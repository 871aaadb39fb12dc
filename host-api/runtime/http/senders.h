// Who sent a request: the other end of the connection or, behind proxies that
// are trusted, whom the last of them names. And how often a sender may be
// refused.
#pragma once

#include <Poco/Net/IPAddress.h>

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"
#include "values/result.h"

namespace hkl {

// "10.0.0.0/8", "2001:db8::1". An IPv4 address within IPv6 is that IPv4 address.
class Networks {
 public:
  // HKL_BAD_SETTINGS names the text that is none.
  static Result<Networks> of(const std::vector<std::string>& texts);
  bool holds(std::string_view address) const;

 private:
  struct Network {
    Poco::Net::IPAddress address;
    unsigned prefix;
  };
  std::vector<Network> networks_;
};

// Fills in who sent it and whether that was by TLS. `connected` is the other
// end of the connection; only of a trusted one X-Forwarded-For and
// X-Forwarded-Proto are believed.
void find_sender(HttpRequest& request, const std::string& connected, const Networks& trusted);

// An address as text in its one form.
std::string address_text(const Poco::Net::IPAddress& address);

// Counts refusals by the sender's network (an IPv6 one is a /64), so that a
// key cannot be guessed at speed. Thread-safe; memory is bounded.
class RefusalLimit {
 public:
  explicit RefusalLimit(std::size_t per_minute) : per_minute_(per_minute) {}
  // Seconds to wait before the next request is looked at; 0: none.
  std::uint32_t wait_s(const std::string& peer, Instant now);
  void note(const std::string& peer, Instant now);

 private:
  struct Count {
    Instant begun;
    std::size_t refusals = 0;
  };
  std::size_t per_minute_;
  std::mutex mutex_;  // guards counts_
  std::map<std::string, Count> counts_;
};

}  // namespace hkl
