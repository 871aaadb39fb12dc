// The addresses of a host name, found in the background: a name server that
// does not answer must not keep a runner from stopping.
#pragma once

#include <Poco/Net/SocketAddress.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "values/result.h"

namespace hkl {

class Lookup {
 public:
  using Addresses = std::vector<Poco::Net::SocketAddress>;
  Lookup(const std::string& host, std::uint16_t port);
  ~Lookup();  // gives up, at once
  Lookup(const Lookup&) = delete;
  Lookup& operator=(const Lookup&) = delete;

  // Nothing while it goes on. Nobody is woken when it is done: ask again.
  std::optional<Result<Addresses>> result();

 private:
  struct Question;
  std::shared_ptr<Question> question_;
};

}  // namespace hkl
