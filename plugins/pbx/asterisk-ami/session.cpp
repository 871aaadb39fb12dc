#include "session.h"

#include <algorithm>
#include <utility>

namespace asterisk {
namespace {

// A switch that is alive greets, challenges and lets in within this.
constexpr std::int64_t kPatienceMs = 10000;
// A refused log-in is a person's work to mend; knocking on fast would lock us out.
constexpr std::int64_t kRefusedPauseMs = 60000;

// A value that goes onto the wire must not end its line.
std::string one_line(std::string_view text) {
  std::string line(text);
  line.erase(std::remove_if(line.begin(), line.end(), [](char c) { return c == '\r' || c == '\n'; }), line.end());
  return line;
}

}  // namespace

void Session::send(hookline::Output& out, std::initializer_list<std::pair<std::string_view, std::string>> fields) {
  if (is_capture_) return;
  std::string text;
  for (const auto& [key, value] : fields) text += std::string(key) + ": " + one_line(value) + "\r\n";
  out.send(connection_, text + "\r\n");
}

void Session::opened(std::int64_t now_ms, hookline::Output& out) {
  if (is_capture_) {
    state_ = State::live;
    return;
  }
  is_fresh_ = true;
  deadline_ms_ = now_ms + kPatienceMs;
  out.state(connection_, HKL_SOURCE_CONNECTING, "connected, waiting for the greeting");
  out.tick_at(deadline_ms_);
}

// What the reader finds in the bytes of one moment.
class Session::Taking final : public Reader::Handler {
 public:
  Taking(Session& session, std::int64_t now_ms, hookline::Output& out)
      : session_(session), now_ms_(now_ms), out_(out) {}
  void greeting(std::string_view line) override { session_.greeted(line, now_ms_, out_); }
  void message(const Message& message) override {
    // Some events name a response too: what came of an order.
    const auto kind = message["Event"];
    if (kind.empty()) {
      session_.answered(message, now_ms_, out_);
    } else {
      session_.take_event(kind, message, now_ms_, out_);
    }
  }
  void skipped(std::uint64_t count, std::string_view why) override { session_.skipped(count, why, out_); }

 private:
  Session& session_;
  std::int64_t now_ms_;
  hookline::Output& out_;
};

void Session::feed(std::string_view bytes, std::int64_t now_ms, hookline::Output& out) {
  if (!is_capture_ && state_ == State::live) {
    deadline_ms_ = now_ms + settings_.ping.ms;
    out.tick_at(deadline_ms_);
  }
  Taking taking(*this, now_ms, out);
  reader_.feed(bytes, taking);
  if (!is_capture_ && state_ == State::waiting_for_greeting && reader_.rest() > 4096)
    throw hookline::Failure(HKL_PROTOCOL, "this is no AMI port: there was no greeting in its first 4096 bytes");
}

void Session::skipped(std::uint64_t count, std::string_view why, hookline::Output& out) {
  lost_since_ms_ = last_event_ms_;
  out.skipped(connection_, count, why);
}

void Session::greeted(std::string_view line, std::int64_t now_ms, hookline::Output& out) {
  if (is_capture_) {
    is_fresh_ = true;
    return;
  }
  host_.info("connected to " + std::string(line));
  state_ = State::waiting_for_challenge;
  deadline_ms_ = now_ms + kPatienceMs;
  out.tick_at(deadline_ms_);
  send(out, {{"Action", "Challenge"}, {"ActionID", "hookline-challenge"}, {"AuthType", "MD5"}});
}

void Session::refused(std::string_view why, hookline::Output& out) {
  state_ = State::refused;
  const auto text = "refused the login of \"" + std::string(settings_.username) + "\": " + std::string(why) +
                    "; check username, secret and permit in manager.conf";
  out.state(connection_, HKL_SOURCE_REFUSED, text);
  out.close(connection_, kRefusedPauseMs, text);
}

void Session::answered(const Message& m, std::int64_t now_ms, hookline::Output& out) {
  if (is_capture_) return;
  const auto id = m["ActionID"];
  const bool is_good = m["Response"] == "Success";
  if (id == "hookline-challenge") {
    state_ = State::logging_in;
    deadline_ms_ = now_ms + kPatienceMs;
    out.tick_at(deadline_ms_);
    const std::string mask(settings_.event_mask);
    const auto key = is_good
                         ? host_.hash_hex(HKL_DIGEST_MD5, std::string(m["Challenge"]) + std::string(settings_.secret))
                         : std::nullopt;
    if (key) {
      send(out, {{"Action", "Login"},
                 {"ActionID", "hookline-login"},
                 {"AuthType", "MD5"},
                 {"Username", std::string(settings_.username)},
                 {"Key", *key},
                 {"Events", mask}});
    } else {
      send(out, {{"Action", "Login"},
                 {"ActionID", "hookline-login"},
                 {"Username", std::string(settings_.username)},
                 {"Secret", std::string(settings_.secret)},
                 {"Events", mask}});
    }
  } else if (id == "hookline-login") {
    if (is_good) {
      logged_in(now_ms, out);
    } else {
      refused(m["Message"].empty() ? "no reason given" : m["Message"], out);
    }
  } else if (id.substr(0, 13) == "hookline-list" && !is_good) {
    host_.warning("the list of channels was refused: " + std::string(m["Message"]) +
                  "; calls that ended while nobody listened stay open until their time is up");
  }
}

void Session::logged_in(std::int64_t now_ms, hookline::Output& out) {
  state_ = State::live;
  out.state(connection_, HKL_SOURCE_LIVE, "logged in");
  deadline_ms_ = now_ms + settings_.ping.ms;
  out.tick_at(deadline_ms_);
  // What began or ended while nobody listened.
  list_ = "hookline-list-" + std::to_string(now_ms);
  send(out, {{"Action", "Status"}, {"ActionID", list_ + "-status"}});
  send(out, {{"Action", "QueueStatus"}, {"ActionID", list_ + "-queues"}});
  send(out, {{"Action", "CoreShowChannels"}, {"ActionID", list_}});
}

// By the switch's clock. A capture's lists are as old as what came before them.
bool Session::knows_the_time() const {
  return is_capture_ ? !is_fresh_ && last_event_ms_ != HKL_UNKNOWN_MS : clock_.is_known;
}
std::int64_t Session::time(std::int64_t now_ms) const {
  return is_capture_ ? last_event_ms_ : now_ms + clock_.ahead_ms;
}

void Session::listed(const Message& m, std::int64_t now_ms, hookline::Output& out) {
  if (!knows_the_time()) return lists_.keep(m);
  const auto at_ms = time(now_ms);
  lists_.take(m, is_capture_ ? std::to_string(at_ms) : std::string(m["ActionID"]), at_ms,
              [&](const hkl_call_event& event) { out.event(event); });
}

void Session::date_what_waits(std::int64_t at_ms, hookline::Output& out) {
  const auto emit = [&](const hkl_call_event& event) { out.event(event); };
  if (is_capture_ && is_fresh_ && !uptime_.empty() && clock_.heard_ms != HKL_UNKNOWN_MS && clock_.heard_ms + 1 < at_ms)
    tell_gap(clock_.heard_ms + 1, at_ms, emit);  // live it is the host who knows that nobody listened
  tell_boot(at_ms, uptime_, emit);
  uptime_.clear();
  is_fresh_ = false;
  lists_.take_kept(at_ms - 1, emit);
}

// The switch starts anew: whatever lived before is over.
void Session::restarted(const Message& m, std::int64_t now_ms, hookline::Output& out) {
  const auto emit = [&](const hkl_call_event& event) { out.event(event); };
  if (m["Event"] == "FullyBooted") {
    // It tells at every log-in how long the switch has been up, and no time.
    if (is_fresh_ && !knows_the_time()) {
      uptime_ = m["Uptime"];
    } else if (!is_capture_) {
      tell_boot(time(now_ms), m["Uptime"], emit);
    }
    return;
  }
  std::int64_t at_ms = time(now_ms);
  std::uint64_t micros = 0;
  parse_timestamp(m["Timestamp"], at_ms, micros);
  if (at_ms != HKL_UNKNOWN_MS) tell_restart(at_ms, emit);
}

void Session::lost_piece(hookline::Output& out, std::int64_t until_ms) {
  if (lost_since_ms_ == HKL_UNKNOWN_MS || until_ms < lost_since_ms_) return;
  tell_gap(lost_since_ms_, until_ms, [&](const hkl_call_event& event) { out.event(event); });
  lost_since_ms_ = HKL_UNKNOWN_MS;
}

void Session::take_event(std::string_view kind, const Message& m, std::int64_t now_ms, hookline::Output& out) {
  const auto* told = Facts::told_by(kind, m);
  if (told == nullptr) {
    if (Lists::is_of_list(kind)) return listed(m, now_ms, out);
    if (kind == "FullyBooted" || kind == "Shutdown") return restarted(m, now_ms, out);
  } else {
    // In what commands answer free lines are as they should be.
    if (const auto count = m.malformed_bytes(); count > 0)
      skipped(count, "a line without \"Key: value\" in an event", out);
    facts_.of(m, *told, now_ms, [&](const hkl_call_event& event) {
      if ((event.flags & HKL_EVENT_FLAG_RECEIPT_TIME) != 0 && !warned_of_time_) {
        warned_of_time_ = true;
        host_.warning(
            "events carry no time; set timestampevents = yes in manager.conf, else durations are those of receipt");
      }
      out.event(event);
    });
  }
  const auto at_ms = time_of(m);
  if (at_ms == HKL_UNKNOWN_MS) return;
  if (is_fresh_ || lists_.has_kept()) date_what_waits(at_ms, out);
  lost_piece(out, at_ms);
  last_event_ms_ = std::max(last_event_ms_, at_ms);
  clock_.heard_ms = std::max(clock_.heard_ms, at_ms);
  if (is_capture_) return;
  clock_.ahead_ms = at_ms - now_ms;
  clock_.is_known = true;
}

void Session::closed(std::int64_t now_ms, hookline::Output& out) {
  if (is_capture_ && clock_.heard_ms != HKL_UNKNOWN_MS)
    lists_.take_kept(clock_.heard_ms, [&](const hkl_call_event& event) { out.event(event); });
  if (const auto rest = reader_.rest(); rest > 0) {
    out.skipped(connection_, rest, "half a message at the end of the connection");
    lost_since_ms_ = last_event_ms_;
    // Live, the runner marks the gap until it hears again; in a capture the
    // message that was cut is all there is of it.
    if (is_capture_) lost_piece(out, last_event_ms_ == HKL_UNKNOWN_MS ? now_ms : last_event_ms_);
  }
}

void Session::tick(std::int64_t now_ms, hookline::Output& out) {
  if (is_capture_ || state_ == State::refused) return;
  if (now_ms < deadline_ms_) return out.tick_at(deadline_ms_);
  if (state_ != State::live)
    return out.close(connection_, 0,
                     state_ == State::waiting_for_greeting ? "no greeting within 10 s; is this an AMI port?"
                                                           : "no answer to the login within 10 s");
  // Nothing with a time came so far: the host's clock is all there is.
  if (is_fresh_) date_what_waits(now_ms, out);
  // Silence: any answer proves the switch alive, none makes the host dial anew.
  send(out, {{"Action", "Ping"}, {"ActionID", "hookline-ping"}});
  deadline_ms_ = now_ms + settings_.ping.ms;
  out.tick_at(deadline_ms_);
}

void Session::order(const hookline::Order& order, hookline::Output& out) {
  send(out, {{"Action", "Originate"},
             {"ActionID", std::string(order.request)},
             {"Channel", std::string(settings_.dial_phone) + std::string(order.extension)},
             {"Context", std::string(settings_.dial_context)},
             {"Exten",
              std::string(settings_.outside_prefix) + std::string(order.number.substr(order.number[0] == '+' ? 1 : 0))},
             {"Priority", "1"},
             {"CallerID", std::string(order.number)},
             {"Timeout", std::to_string(order.ring_ms)},
             {"Variable", "__HOOKLINE_REQUEST=" + std::string(order.request)},
             {"Async", "true"}});
}

}  // namespace asterisk
