// One Event Socket connection: log-in, subscription, pings, and after a
// (re)connect the list of what lives. In a capture the answers are another
// client's: nothing is waited for.
#pragma once

#include <deque>
#include <string>

#include "channel_list.h"
#include "channels.h"
#include "esl_facts.h"
#include "esl_reader.h"
#include "hookline/sdk/host.h"
#include "hookline/sdk/pbx_adapter.h"

namespace freeswitch {

// What outlives a connection: the switch's own clock and core as last heard.
struct Clock {
  std::int64_t heard_ms = HKL_UNKNOWN_MS;  // of the latest event, by the switch
  std::int64_t ahead_ms = 0;               // of the host's clock; live only
  bool is_known = false;                   // ahead_ms is: something with a time was heard live
  std::string core;                        // Core-UUID
};

class Session {
 public:
  // `clock` is the adapter's and outlives the session.
  Session(const Settings& settings, const hookline::Host& host, Clock& clock, std::uint64_t connection, bool is_capture)
      : settings_(settings),
        host_(host),
        clock_(clock),
        facts_(settings),
        numbering_(settings),
        event_(variables_of(settings.request_variables)),
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
  enum class State { waiting_for_request, logging_in, subscribing, live, refused };
  enum class Asked { list, dump, ping };
  class Taking;
  void take(const Frame& frame, std::int64_t now_ms, hookline::Output& out);
  void take_event(std::string_view type, std::string_view body, std::int64_t now_ms, hookline::Output& out);
  void take_answer(std::string_view body, std::int64_t now_ms, hookline::Output& out);
  void replied(std::string_view text, std::int64_t now_ms, hookline::Output& out);
  void refused(std::string_view why, hookline::Output& out);
  void greeted(std::int64_t now_ms, hookline::Output& out);
  void heard(const Event& event, std::int64_t at_ms, std::int64_t now_ms, hookline::Output& out);
  bool is_new_channel(const Event& event);
  void beat(const Event& event, std::int64_t at_ms, hookline::Output& out);
  void listed(std::string_view text, std::int64_t at_ms, hookline::Output& out);
  void ask_about(std::string_view list, hookline::Output& out);
  bool knows_the_time() const;
  std::int64_t time(std::int64_t now_ms) const;
  void send(std::string_view text, hookline::Output& out);
  void ask(Asked what, std::string_view command, hookline::Output& out);

  const Settings& settings_;
  const hookline::Host& host_;
  Clock& clock_;
  Facts facts_;
  Numbering numbering_;
  Reader reader_;
  Event event_;
  std::uint64_t connection_;
  bool is_capture_;
  State state_ = State::waiting_for_request;
  bool is_fresh_ = false;                        // nothing with a time came on this connection yet
  bool has_ghosts_ = false;                      // of what was known before it is not clear what still lives
  std::int64_t last_event_ms_ = HKL_UNKNOWN_MS;  // by the switch's clock
  std::int64_t lost_since_ms_ = HKL_UNKNOWN_MS;  // something was left out after this
  std::int64_t deadline_ms_ = 0;                 // of the log-in or a ping
  std::string kept_list_;                        // waits for a time
  std::deque<Asked> asked_;                      // answers come in the order of the questions
  Channels alive_;                               // heard of here
};

}  // namespace freeswitch
