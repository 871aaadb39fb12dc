#include "session.h"

#include <algorithm>

#include "json_text.h"

namespace freeswitch {
namespace {

using hookline::str;

// A switch that is alive greets, lets in and subscribes within this.
constexpr std::int64_t kPatienceMs = 10000;
// A refused log-in is a person's work to mend; knocking on fast would lock us out.
constexpr std::int64_t kRefusedPauseMs = 60000;
// Beyond these a switch is asked no more, and channels are taken for new again.
constexpr std::size_t kDumpsAtMost = 2000, kChannelsAtMost = 200000;

// A value that goes onto the wire must not end its line.
std::string one_line(std::string_view text) {
  std::string line(text);
  line.erase(std::remove_if(line.begin(), line.end(), [](char c) { return c == '\r' || c == '\n'; }), line.end());
  return line;
}

// A value among the {variables} of a dial string.
std::string variable(std::string_view text) {
  std::string value;
  for (const char c : text)
    if (std::string_view("{}[]<>,'\\ ").find(c) == std::string_view::npos) value += c;
  return one_line(value);
}

}  // namespace

void Session::send(std::string_view text, hookline::Output& out) {
  if (!is_capture_) out.send(connection_, std::string(text) + "\n\n");
}

void Session::ask(Asked what, std::string_view command, hookline::Output& out) {
  if (is_capture_) return;
  asked_.push_back(what);
  send("api " + std::string(command), out);
}

void Session::opened(std::int64_t now_ms, hookline::Output& out) {
  is_fresh_ = true;
  has_ghosts_ = clock_.heard_ms != HKL_UNKNOWN_MS;
  if (is_capture_) {
    state_ = State::live;
    return;
  }
  deadline_ms_ = now_ms + kPatienceMs;
  out.state(connection_, HKL_SOURCE_CONNECTING, "connected, waiting for the request to log in");
  out.tick_at(deadline_ms_);
}

// What the reader finds in the bytes of one moment.
class Session::Taking final : public Reader::Handler {
 public:
  Taking(Session& session, std::int64_t now_ms, hookline::Output& out)
      : session_(session), now_ms_(now_ms), out_(out) {}
  void frame(const Frame& frame) override { session_.take(frame, now_ms_, out_); }
  void skipped(std::uint64_t count, std::string_view why) override {
    session_.lost_since_ms_ = session_.last_event_ms_;
    session_.has_ghosts_ = true;
    out_.skipped(session_.connection_, count, why);
  }

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
  if (!is_capture_ && state_ == State::waiting_for_request && reader_.rest() > 4096)
    throw hookline::Failure(HKL_PROTOCOL,
                            "this is no Event Socket: there was no request to log in in its first 4096 bytes");
}

void Session::take(const Frame& frame, std::int64_t now_ms, hookline::Output& out) {
  const auto type = frame.content_type;
  if (type.substr(0, 11) == "text/event-") return take_event(type, frame.body, now_ms, out);
  if (type == "auth/request") return greeted(now_ms, out);
  if (type == "command/reply") return replied(frame.reply_text, now_ms, out);
  if (type == "api/response") return take_answer(frame.body, now_ms, out);
  if (type == "text/rude-rejection") return refused("this address is not in its access list (apply-inbound-acl)", out);
}

void Session::greeted(std::int64_t now_ms, hookline::Output& out) {
  alive_.clear();
  if (is_capture_) {
    // In mid-stream: a recorder put a new connection behind the old.
    is_fresh_ = true;
    has_ghosts_ = clock_.heard_ms != HKL_UNKNOWN_MS;
    return;
  }
  state_ = State::logging_in;
  deadline_ms_ = now_ms + kPatienceMs;
  out.tick_at(deadline_ms_);
  send("auth " + one_line(settings_.password), out);
}

void Session::refused(std::string_view why, hookline::Output& out) {
  if (is_capture_) return;
  state_ = State::refused;
  const auto text = "refused the log-in: " + std::string(why) + "; see event_socket.conf.xml";
  out.state(connection_, HKL_SOURCE_REFUSED, text);
  out.close(connection_, kRefusedPauseMs, text);
}

void Session::replied(std::string_view text, std::int64_t now_ms, hookline::Output& out) {
  if (is_capture_) return;
  const bool is_good = text.substr(0, 3) == "+OK";
  if (state_ == State::logging_in) {
    if (!is_good) return refused("the password is wrong (" + std::string(text) + ")", out);
    state_ = State::subscribing;
    send("event " + std::string(settings_.format) + " " + Facts::subscription(), out);
  } else if (state_ == State::subscribing) {
    if (!is_good) return refused("it gives no events (" + std::string(text) + ")", out);
    state_ = State::live;
    out.state(connection_, HKL_SOURCE_LIVE, "logged in");
    deadline_ms_ = now_ms + settings_.ping.ms;
    out.tick_at(deadline_ms_);
    // What began or ended while nobody listened.
    ask(Asked::list, "show calls as json", out);
  } else if (!is_good) {
    host_.warning("a command was refused: " + std::string(text));
  }
}

void Session::take_answer(std::string_view body, std::int64_t now_ms, hookline::Output& out) {
  std::optional<Asked> asked;
  if (!is_capture_ && !asked_.empty()) {
    asked = asked_.front();
    asked_.pop_front();
  }
  const bool is_empty_list = asked == Asked::list && body.substr(0, 12) == "{\"row_count\"";
  if (asked == Asked::list && !is_channel_list(body) && !is_empty_list)
    host_.warning("the list of calls was refused: " + std::string(body.substr(0, 200)) +
                  "; calls that ended while nobody listened stay open until their time is up");
  if (is_channel_list(body) || is_empty_list) {
    if (knows_the_time()) {
      listed(body, time(now_ms), out);
    } else {
      kept_list_ = body;
    }
    if (asked == Asked::list) ask_about(body, out);
  } else if (body.substr(0, 16) == "{\"Event-Name\":\"C") {
    take_event("text/event-json", body, now_ms, out);  // uuid_dump UUID json
  } else if (body.substr(0, 13) == "Event-Name: [") {
    take_event("text/event-bracketed", body, now_ms, out);  // uuid_dump UUID
  }
}

// A channel's own word has all its times, which the list has not.
void Session::ask_about(std::string_view list, hookline::Output& out) {
  std::size_t count = 0;
  for (const std::string_view key : {"\"uuid\":\"", "\"b_uuid\":\""})
    for (auto at = list.find(key); at != std::string_view::npos && count < kDumpsAtMost; at = list.find(key, at + 1)) {
      const auto begin = at + key.size();
      const auto uuid = list.substr(begin, std::min(list.find('"', begin), list.size()) - begin);
      if (uuid.empty()) continue;
      ask(Asked::dump, "uuid_dump " + one_line(uuid) + " json", out);
      ++count;
    }
}

// By the switch's clock. A capture's lists are as old as what came before them.
bool Session::knows_the_time() const {
  return is_capture_ ? !is_fresh_ && last_event_ms_ != HKL_UNKNOWN_MS : clock_.is_known;
}
std::int64_t Session::time(std::int64_t now_ms) const {
  return is_capture_ ? last_event_ms_ : now_ms + clock_.ahead_ms;
}

void Session::listed(std::string_view text, std::int64_t at_ms, hookline::Output& out) {
  if (tell_channels(text, std::to_string(at_ms), at_ms, numbering_,
                    [&](const hkl_call_event& event) { out.event(event); }))
    has_ghosts_ = false;
  else
    out.skipped(connection_, text.size(), "a list of calls that breaks off");
}

// Whether this is the first that this connection tells of the event's channel.
bool Session::is_new_channel(const Event& event) {
  const auto uuid = event["Unique-ID"];
  if (uuid.empty()) return false;
  const auto kind = event["Event-Name"];
  if (kind == "CHANNEL_DESTROY") return !alive_.remove(uuid);
  // The queue has its say after a channel has ended.
  if (micros_of(event["Caller-Channel-Hangup-Time"]) > 0) return !alive_.has(uuid);
  if (alive_.size() >= kChannelsAtMost) alive_.clear();
  return alive_.add(uuid);
}

void Session::take_event(std::string_view type, std::string_view body, std::int64_t now_ms, hookline::Output& out) {
  const auto kind = Event::name_of(type, body);
  const bool is_dump = kind == "CHANNEL_DATA";
  if (!is_dump && !Facts::is_wanted(kind)) return;
  if (!event_.parse(type, body)) return out.skipped(connection_, body.size(), "an event that cannot be read");
  const auto at_ms = micros_of(event_["Event-Date-Timestamp"]) / 1000;
  if (at_ms <= 0) return out.skipped(connection_, body.size(), "an event without a time");
  heard(event_, at_ms, now_ms, out);
  const auto emit = [&](const hkl_call_event& event) { out.event(event); };
  const bool is_new = is_new_channel(event_);
  facts_.of(event_, is_new || is_dump, emit);
  if (kind == "HEARTBEAT") beat(event_, at_ms, out);
  if (kind == "SHUTDOWN") tell_restart("end of " + std::string(event_["Core-UUID"]), at_ms, emit);
}

void Session::heard(const Event& event, std::int64_t at_ms, std::int64_t now_ms, hookline::Output& out) {
  const auto emit = [&](const hkl_call_event& told) { out.event(told); };
  const auto core = event["Core-UUID"];
  if (!core.empty() && core != clock_.core) {
    if (!clock_.core.empty()) {
      // Of its first word the earliest moment that it tells of the new core.
      auto since_ms = at_ms - micros_of(event["Uptime-msec"]);
      if (const auto created = micros_of(event["Caller-Channel-Created-Time"]); created > 0)
        since_ms = std::min(since_ms, created / 1000);
      tell_restart(core, since_ms, emit);
    }
    clock_.core = core;
    alive_.clear();
  }
  if (is_fresh_ && is_capture_ && clock_.heard_ms != HKL_UNKNOWN_MS && clock_.heard_ms + 1 < at_ms)
    tell_gap(clock_.heard_ms + 1, at_ms, emit);  // live it is the host who knows that nobody listened
  if (is_fresh_) has_ghosts_ = has_ghosts_ && clock_.heard_ms < at_ms;
  is_fresh_ = false;
  if (!kept_list_.empty()) {
    listed(kept_list_, at_ms - 1, out);
    kept_list_.clear();
  }
  if (lost_since_ms_ != HKL_UNKNOWN_MS && lost_since_ms_ <= at_ms) {
    tell_gap(lost_since_ms_, at_ms, emit);
    lost_since_ms_ = HKL_UNKNOWN_MS;
  }
  last_event_ms_ = std::max(last_event_ms_, at_ms);
  clock_.heard_ms = std::max(clock_.heard_ms, at_ms);
  if (is_capture_) return;
  clock_.ahead_ms = at_ms - now_ms;
  clock_.is_known = true;
}

// A heartbeat counts the channels that live. Where they are as many as were
// heard of since the gap, all others are gone.
void Session::beat(const Event& event, std::int64_t at_ms, hookline::Output& out) {
  const auto count = event["Session-Count"];
  if (!has_ghosts_ || count.empty() || count != std::to_string(alive_.size())) return;
  const auto emit = [&](const hkl_call_event& told) { out.event(told); };
  const auto list = "beat:" + std::string(event["Core-UUID"]) + ":" + std::string(event["Event-Sequence"]);
  for (const auto& uuid : alive_) tell_alive(uuid, list, at_ms, emit);
  tell_listed(list, at_ms, emit);
  has_ghosts_ = false;
}

void Session::closed(std::int64_t now_ms, hookline::Output& out) {
  const auto emit = [&](const hkl_call_event& event) { out.event(event); };
  Taking taking(*this, now_ms, out);
  reader_.end(taking);
  if (is_capture_ && !kept_list_.empty() && clock_.heard_ms != HKL_UNKNOWN_MS) listed(kept_list_, clock_.heard_ms, out);
  const auto rest = reader_.rest();
  if (rest == 0) return;
  out.skipped(connection_, rest, "half a frame at the end of the connection");
  // Live, the host marks the gap until it hears again; in a capture the frame
  // that was cut is all there is of it.
  if (!is_capture_) return;
  const auto at_ms = last_event_ms_ == HKL_UNKNOWN_MS ? now_ms : last_event_ms_;
  tell_gap(at_ms, at_ms, emit);
}

void Session::tick(std::int64_t now_ms, hookline::Output& out) {
  if (is_capture_ || state_ == State::refused) return;
  if (now_ms < deadline_ms_) return out.tick_at(deadline_ms_);
  if (state_ != State::live)
    return out.close(connection_, 0,
                     state_ == State::waiting_for_request ? "no request to log in within 10 s; is this an Event Socket?"
                                                          : "no answer to the log-in within 10 s");
  if (!kept_list_.empty()) {
    // Nothing with a time came so far: the host's clock is all there is.
    listed(kept_list_, now_ms, out);
    kept_list_.clear();
  }
  // Silence, though there is a heartbeat every 20 s: any answer proves the
  // switch alive, none makes the host dial anew.
  ask(Asked::ping, "uptime", out);
  deadline_ms_ = now_ms + settings_.ping.ms;
  out.tick_at(deadline_ms_);
}

void Session::order(const hookline::Order& order, hookline::Output& out) {
  const auto name =
      settings_.request_variables.empty() ? std::string_view("hookline_request") : settings_.request_variables[0];
  std::string variables = std::string(name) + "=" + variable(order.request);
  variables += ",origination_caller_id_number=" + variable(order.number);
  variables += ",originate_timeout=" + std::to_string(std::max<std::int64_t>(1, order.ring_ms / 1000));
  if (!order.line.empty()) variables += ",hookline_line=" + variable(order.line);
  std::string phone = std::string(settings_.dial_phone) + variable(order.extension);
  if (!settings_.dial_domain.empty()) phone += "@" + std::string(settings_.dial_domain);
  const auto number = std::string(settings_.outside_prefix) + variable(order.number);
  send("bgapi originate {" + variables + "}" + phone + " " + number + " XML " + one_line(settings_.dial_context), out);
}

}  // namespace freeswitch
