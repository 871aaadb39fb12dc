#include "endpoints/lookup.h"

#include <Poco/Net/IPAddress.h>
#include <fmt/format.h>
#include <netdb.h>

#include <algorithm>
#include <cstring>
#include <mutex>

namespace hkl {

struct Lookup::Request {
  explicit Request(std::string name) : host(std::move(name)) {
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_ADDRCONFIG;
    item.ar_name = host.c_str();
    item.ar_request = &hints;
  }
  ~Request() {
    if (item.ar_result != nullptr) ::freeaddrinfo(item.ar_result);
  }
  Request(const Request&) = delete;
  Request& operator=(const Request&) = delete;

  std::string host;
  addrinfo hints{};
  gaicb item{};
};

Lookup::Lookup(const std::string& host, std::uint16_t port) : port_(port) {
  Poco::Net::IPAddress address;
  if (Poco::Net::IPAddress::tryParse(host, address)) {
    known_ = Addresses{Poco::Net::SocketAddress(address, port)};
    return;
  }
  request_ = std::make_unique<Request>(host);
  gaicb* list[] = {&request_->item};
  if (::getaddrinfo_a(GAI_NOWAIT, list, 1, nullptr) != 0) {
    known_ = Addresses{};
    request_.reset();
  }
}

Lookup::~Lookup() {
  if (!request_ || ::gai_error(&request_->item) != EAI_INPROGRESS) return;
  if (::gai_cancel(&request_->item) == EAI_CANCELED) return;
  // The C library is at it and will write into the request: it is put aside,
  // and freed by a later look-up that finds it done.
  static std::mutex mutex;
  static std::vector<std::unique_ptr<Request>> abandoned;  // guarded by mutex
  const std::lock_guard lock(mutex);
  abandoned.erase(std::remove_if(abandoned.begin(), abandoned.end(),
                                 [](const auto& old) { return ::gai_error(&old->item) != EAI_INPROGRESS; }),
                  abandoned.end());
  abandoned.push_back(std::move(request_));
}

std::optional<Result<Lookup::Addresses>> Lookup::result() {
  if (known_ && !known_->empty()) return *known_;
  if (!request_) return fail(HKL_RESOURCE, "its name could not be looked up: no memory");
  const int state = ::gai_error(&request_->item);
  if (state == EAI_INPROGRESS) return {};
  if (state != 0)
    return fail(HKL_UNAVAILABLE, fmt::format("no address is known for \"{}\": {}", request_->host,
                                             state == EAI_SYSTEM ? "the system refused" : ::gai_strerror(state)));
  Addresses found;
  for (const auto* info = request_->item.ar_result; info != nullptr; info = info->ai_next) {
    if (info->ai_family != AF_INET && info->ai_family != AF_INET6) continue;
    const Poco::Net::SocketAddress bare(info->ai_addr, info->ai_addrlen);
    found.emplace_back(bare.host(), port_);
  }
  if (found.empty()) return fail(HKL_UNAVAILABLE, fmt::format("no address is known for \"{}\"", request_->host));
  return found;
}

}  // namespace hkl
