#include "endpoints/lookup.h"

#include <Poco/Net/IPAddress.h>
#include <fmt/format.h>
#include <netdb.h>

#include <mutex>
#include <system_error>
#include <thread>

namespace hkl {

// Shared with the thread that asks, which may outlive the Lookup: nothing but
// the C library's own time limit ends a question that is on its way.
struct Lookup::Question {
  std::string host;
  std::uint16_t port;
  std::mutex mutex;
  std::optional<Result<Addresses>> answer;  // guarded by mutex
};

namespace {

struct FreeAddresses {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};

Result<Lookup::Addresses> ask(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* list = nullptr;
  const int state = ::getaddrinfo(host.c_str(), nullptr, &hints, &list);
  if (state != 0)
    return fail(HKL_UNAVAILABLE, fmt::format("no address is known for \"{}\": {}", host,
                                             state == EAI_SYSTEM ? "the system refused" : ::gai_strerror(state)));
  const std::unique_ptr<addrinfo, FreeAddresses> owned(list);
  Lookup::Addresses found;
  for (const auto* info = list; info != nullptr; info = info->ai_next) {
    if (info->ai_family != AF_INET && info->ai_family != AF_INET6) continue;
    const Poco::Net::SocketAddress bare(info->ai_addr, info->ai_addrlen);
    found.emplace_back(bare.host(), port);
  }
  if (found.empty()) return fail(HKL_UNAVAILABLE, fmt::format("no address is known for \"{}\"", host));
  return found;
}

}  // namespace

Lookup::Lookup(const std::string& host, std::uint16_t port) : question_(std::make_shared<Question>()) {
  question_->host = host;
  question_->port = port;
  Poco::Net::IPAddress address;
  if (Poco::Net::IPAddress::tryParse(host, address)) {
    question_->answer = Addresses{Poco::Net::SocketAddress(address, port)};
    return;
  }
  try {
    std::thread([question = question_] {
      auto answer = ask(question->host, question->port);
      const std::lock_guard lock(question->mutex);
      question->answer = std::move(answer);
    }).detach();
  } catch (const std::system_error&) {
    question_->answer = fail(HKL_RESOURCE, "its name could not be looked up: the system gives no more threads");
  }
}

Lookup::~Lookup() = default;

std::optional<Result<Lookup::Addresses>> Lookup::result() {
  const std::lock_guard lock(question_->mutex);
  return question_->answer;
}

}  // namespace hkl
