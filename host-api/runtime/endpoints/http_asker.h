// Asks a vendor over HTTP, one request at a time. Poco's clients block, so they
// do it on a thread of the asker's own; whoever owns it is rung when an answer
// is there, and may take it back at any time.
//
// HTTPS alone but for this machine itself: requests carry keys. No redirect is
// followed and no proxy used, so a key goes where the settings say.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "endpoints/lookup.h"
#include "endpoints/tls_trust.h"
#include "plugins/instances.h"

namespace hkl {

struct HttpAnswer {
  std::uint32_t status = 0;
  std::string body;
  std::optional<Millis> retry_after;
};

// HKL_BAD_SETTINGS: not an address that may be asked.
Done judge_address(const std::string& url);
// Without query and user: what a log may show.
std::string shown_url(const std::string& url);

class HttpAsker {
 public:
  struct Limits {
    Millis connect{5000}, silence{30000};  // of the other side
    std::size_t body_bytes = 16 << 20;
  };
  // `ring` is called on the asker's thread.
  HttpAsker(std::function<void()> ring, std::unique_ptr<TlsTrust> trust, Limits limits);
  ~HttpAsker();  // cancels; takes at most as long as connecting may
  HttpAsker(const HttpAsker&) = delete;
  HttpAsker& operator=(const HttpAsker&) = delete;

  // Nothing must be under way.
  void ask(HookAsk ask);
  // Once for each ask; nothing while it is under way. HKL_TIMEOUT,
  // HKL_UNAVAILABLE: nobody answered; HKL_RESOURCE: with too much.
  std::optional<Result<HttpAnswer>> answer();
  // Whether the last request may have reached the other side, when there is no
  // answer to it.
  bool may_be_sent();
  // What is under way ends with HKL_CANCELLED, soon.
  void cancel();

 private:
  class Wire;
  void run();
  Result<HttpAnswer> perform(const HookAsk& ask);
  Result<HttpAnswer> perform(const HookAsk& ask, Wire& wire);
  Result<Lookup::Addresses> addresses_of(const std::string& host, std::uint16_t port);
  bool is_cancelled();
  std::function<void()> ring_;
  std::unique_ptr<TlsTrust> trust_;
  Limits limits_;
  std::mutex mutex_;  // guards the six below
  std::condition_variable wanted_;
  std::optional<HookAsk> ask_;
  std::optional<Result<HttpAnswer>> answer_;
  int wire_ = -1;  // the socket that is waited at
  bool is_cancelled_ = false, is_ending_ = false, may_be_sent_ = false;
  std::thread thread_;  // last: it begins when the rest stands
};

}  // namespace hkl
