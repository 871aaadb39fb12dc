// Who may connect: addresses and networks of IPv4 and IPv6.
#pragma once

#include <Poco/Net/IPAddress.h>

#include <string>
#include <string_view>
#include <vector>

#include "values/result.h"

namespace hkl {

class PeerList {
 public:
  // "10.0.0.5, 10.1.0.0/16, fd00::/8"; HKL_BAD_SETTINGS names what is neither.
  static Result<PeerList> parse(std::string_view text);
  // An IPv4 address is the same written as ::ffff:a.b.c.d.
  bool has(const Poco::Net::IPAddress& address) const;
  bool is_empty() const { return networks_.empty(); }

 private:
  struct Network {
    Poco::Net::IPAddress base;
    unsigned bits;
  };
  std::vector<Network> networks_;
};

// The IPv4 address within a ::ffff:a.b.c.d, else the address itself.
Poco::Net::IPAddress plain_address(const Poco::Net::IPAddress& address);

}  // namespace hkl
