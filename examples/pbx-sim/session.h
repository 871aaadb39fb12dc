// One client of the manager interface: bytes in, bytes out. Owns no socket and
// knows no clock but what it is given.
// Protocol: docs.asterisk.org, "AMI v2 Specification".
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "switch_state.h"

namespace pbx_sim {

struct Account {
  std::string username, secret;
};

class Session {
 public:
  // `challenge`: what an MD5 log-in is reckoned from. `now_s`: Unix seconds.
  // Account and switch are the owner's and outlive the session.
  Session(const Account& account, const SwitchState& state, std::string challenge, std::function<std::int64_t()> now_s)
      : account_(account), state_(state), challenge_(std::move(challenge)), now_s_(std::move(now_s)) {}

  // Takes bytes, which may end anywhere; answers with what is to be sent.
  std::string feed(std::string_view bytes);

  bool is_logged_in() const { return is_logged_in_; }
  bool is_over() const { return is_over_; }  // hang up when all is sent
  // Whether this client is to hear the event: it is logged in and its mask
  // takes all classes of the event.
  bool hears(const AmiMessage& event) const;

 private:
  std::string answer(const AmiMessage& action);
  std::string log_in(const AmiMessage& action);
  void set_mask(std::string_view mask);

  const Account& account_;
  const SwitchState& state_;
  std::string challenge_;
  std::function<std::int64_t()> now_s_;
  std::string rest_;
  bool is_logged_in_ = false, is_over_ = false;
  bool hears_all_ = true;
  std::vector<std::string> classes_;  // where not all
};

}  // namespace pbx_sim
