// Asks a vendor again and again for what it did not send: the adapter says what
// to ask, page after page, and reads what comes back; here it is asked, tried
// again with growing pauses where nobody answers, and how far it came is kept
// with the events that it told.
#pragma once

#include <deque>

#include "endpoints/backoff.h"
#include "endpoints/desk.h"
#include "endpoints/http_asker.h"

namespace hkl {

class PollEndpoint final : public Endpoint {
 public:
  // HKL_BAD_SETTINGS: the address is none that may be asked.
  static Result<std::unique_ptr<Endpoint>> make(const EndpointWish& wish, SourceDesk& desk);

  void plan(Waiting& waiting) override;
  void work(const Waiting& waiting) override;
  void end() override;
  // A poll has no connection to say anything to.
  void send(std::uint64_t, std::string_view) override {}
  void close_asked(std::uint64_t, Millis, const std::string&) override {}
  void state_told(std::uint64_t, std::uint32_t, const std::string&) override {}

 private:
  PollEndpoint(const EndpointWish& wish, SourceDesk& desk, std::unique_ptr<TlsTrust> trust);
  void begin();
  void ask_next();
  void take(Result<HttpAnswer> answer);
  void go_on(std::vector<HookAsk> asks);
  // `is_refused`: by a vendor that was reached, so what is asked is made anew.
  void rest(const std::string& why, Millis at_least, bool is_refused);

  SourceDesk& desk_;
  EndpointWish wish_;
  std::string place_, mark_name_;
  Millis interval_;
  std::size_t slot_;
  Backoff backoff_;
  Steady next_, asked_at_;
  bool is_asked_ = false, is_live_ = false;
  std::deque<HookAsk> asks_;  // the first is asked, or will be
  std::unique_ptr<HttpAsker> asker_;
};

}  // namespace hkl
