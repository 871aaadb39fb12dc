// One AMI connection: greeting, log-in, pings, the lists after a (re)connect.
// In a capture the answers are another client's: nothing is waited for.
#pragma once

#include <string>

#include "ami_facts.h"
#include "ami_lists.h"
#include "ami_reader.h"
#include "hookline/sdk/host.h"
#include "hookline/sdk/pbx_adapter.h"

namespace asterisk {

// What outlives a connection: the switch's own clock as last heard.
struct Clock {
  std::int64_t heard_ms = HKL_UNKNOWN_MS;  // of the latest event, by the switch
  std::int64_t ahead_ms = 0;               // of the host's clock; live only
  bool is_known = false;                   // ahead_ms is: something with a time was heard live
};

class Session {
 public:
  // `clock` is the adapter's and outlives the session.
  Session(const Settings& settings, const hookline::Host& host, Clock& clock, std::uint64_t connection, bool is_capture)
      : settings_(settings),
        host_(host),
        clock_(clock),
        facts_(settings),
        lists_(settings),
        connection_(connection),
        is_capture_(is_capture) {}

  void opened(std::int64_t now_ms, hookline::Output& out);
  void feed(std::string_view bytes, std::int64_t now_ms, hookline::Output& out);
  void closed(std::int64_t now_ms, hookline::Output& out);
  void tick(std::int64_t now_ms, hookline::Output& out);

  bool is_live() const { return state_ == State::live; }
  std::uint64_t connection() const { return connection_; }
  void order(const hookline::Order& order, hookline::Output& out);

 private:
  enum class State { waiting_for_greeting, waiting_for_challenge, logging_in, live, refused };
  class Taking;
  void greeted(std::string_view line, std::int64_t now_ms, hookline::Output& out);
  void answered(const Message& message, std::int64_t now_ms, hookline::Output& out);
  void logged_in(std::int64_t now_ms, hookline::Output& out);
  void refused(std::string_view why, hookline::Output& out);
  void take_event(std::string_view kind, const Message& message, std::int64_t now_ms, hookline::Output& out);
  void listed(const Message& message, std::int64_t now_ms, hookline::Output& out);
  void date_what_waits(std::int64_t at_ms, hookline::Output& out);
  bool knows_the_time() const;
  std::int64_t time(std::int64_t now_ms) const;
  void restarted(const Message& message, std::int64_t now_ms, hookline::Output& out);
  void skipped(std::uint64_t count, std::string_view why, hookline::Output& out);
  void lost_piece(hookline::Output& out, std::int64_t until_ms);
  void send(hookline::Output& out, std::initializer_list<std::pair<std::string_view, std::string>> fields);

  const Settings& settings_;
  const hookline::Host& host_;
  Clock& clock_;
  Facts facts_;
  Lists lists_;
  Reader reader_;
  std::uint64_t connection_;
  bool is_capture_;
  State state_ = State::waiting_for_greeting;
  // A new connection: what it tells without a time (lists, how long the switch
  // is up) waits for its first event that has one.
  bool is_fresh_ = false;
  std::string uptime_;
  std::int64_t last_event_ms_ = HKL_UNKNOWN_MS;  // by the switch's clock
  std::int64_t lost_since_ms_ = HKL_UNKNOWN_MS;  // something was left out after this
  std::int64_t deadline_ms_ = 0;                 // of the log-in or a ping
  std::string list_;                             // id of the lists asked for
  bool warned_of_time_ = false;
};

}  // namespace asterisk
