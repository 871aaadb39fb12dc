#include "cdr_route.h"

#include <algorithm>

#include "hookline/sdk/text.h"

namespace freeswitch {
namespace {

using hookline::str;

constexpr std::size_t kProfilesAtMost = 200, kApplicationsAtMost = 1000;

std::string base64(std::string_view text) {
  static constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    std::uint32_t bits = 0;
    const auto count = std::min<std::size_t>(3, text.size() - i);
    for (std::size_t k = 0; k < 3; ++k) bits = (bits << 8) | (k < count ? static_cast<unsigned char>(text[i + k]) : 0);
    for (std::size_t k = 0; k < 4; ++k) out += k <= count ? kLetters[(bits >> (18 - 6 * k)) & 63] : '=';
  }
  return out;
}

// In a time that does not tell how much of it was right.
bool same_secret(std::string_view a, std::string_view b) {
  unsigned char differs = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < a.size(); ++i)
    differs |= static_cast<unsigned char>(a[i] ^ (b.empty() ? 0 : b[i % b.size()]));
  return differs == 0;
}

// What belongs to the record's own text rather than to one of its channels'
// facts: told under ids made from it.
class Record {
 public:
  Record(const CdrRecord& record, const Settings& settings, const Emit& emit)
      : record_(record), settings_(settings), numbering_(settings), teller_(numbering_, room_, emit) {}

  bool tell() {
    read_leg();
    if (leg_.uuid.empty() || leg_.created == 0) return false;
    teller_.begun(leg_);
    teller_.up(leg_);
    tell_profiles();
    tell_queue();
    tell_holds();
    tell_applications();
    teller_.ended(leg_);
    return true;
  }

 private:
  std::string_view variable(std::string_view name) const { return record_["variables/" + std::string(name)]; }
  std::string_view variable(std::initializer_list<std::string_view> names) const {
    for (const auto name : names)
      if (const auto value = variable(name); !value.empty()) return value;
    return {};
  }
  // Of the i-th profile; the newest is the first.
  std::string_view profile(std::size_t i, std::string_view member) const {
    return record_["callflow/" + std::to_string(i) + "/" + std::string(member)];
  }
  Micros time_of(std::size_t i, std::string_view name) const {
    return micros_of(profile(i, "times/" + std::string(name)));
  }

  void read_leg() {
    while (profile_count_ < kProfilesAtMost && record_.has("callflow/" + std::to_string(profile_count_) + "/"))
      ++profile_count_;
    const auto oldest = profile_count_ == 0 ? 0 : profile_count_ - 1;
    leg_.uuid = variable("uuid");
    leg_.name = variable("channel_name");
    leg_.call = variable("call_uuid");
    leg_.is_dialled = variable("direction") == "outbound";
    leg_.originator = variable({"originating_leg_uuid", "originator"});
    leg_.profile = variable("sofia_profile_name");
    leg_.gateway = variable({"sip_gateway_name", "sip_gateway"});
    leg_.presence = variable("presence_id");
    if (!leg_.is_dialled) leg_.user = variable({"user_name", "sip_auth_username"});
    leg_.caller = profile(oldest, "caller_profile/caller_id_number");
    leg_.caller_name = profile(oldest, "caller_profile/caller_id_name");
    leg_.destination = profile(oldest, "caller_profile/destination_number");
    leg_.requested = variable("sip_req_user");
    leg_.sent_to = variable("sip_to_user");
    leg_.sent_from = variable("sip_from_user");
    leg_.is_first_word = !leg_.destination.empty();
    leg_.pair = variable("other_loopback_leg_uuid");
    if (variable("cc_side") == "agent") {
      leg_.queue_caller = variable("cc_member_session_uuid");
      leg_.queue = user_of(variable("cc_queue"));
    }
    for (const auto name : settings_.request_variables)
      if (leg_.request.empty()) leg_.request = variable(name);
    leg_.cause = variable("hangup_cause");
    leg_.ended = variable("sip_hangup_disposition");
    leg_.hides_number = variable("privacy") == "full" || variable("sip_Privacy").find("id") != std::string_view::npos;
    leg_.created = micros_of(variable("start_uepoch"));
    leg_.answered = micros_of(variable("answer_uepoch"));
    leg_.hung_up = micros_of(variable("end_uepoch"));
    place(leg_, numbering_);
  }

  void tell_profiles() const {
    // Each word of the history begins the profile after it.
    const auto history = parts_of(variable("transfer_history"));
    for (std::size_t i = profile_count_; i-- > 0;) {
      Profile now;
      now.begun = time_of(i, "profile_created_time");
      now.bridged = time_of(i, "bridged_time");
      now.left = time_of(i, "transfer_time");
      if (i + 1 < profile_count_ && i < history.size()) now.transfer_source = history[history.size() - 1 - i];
      const bool is_rung = !profile(i, "caller_profile/originator/originator_caller_profiles/0/uuid").empty();
      // The newest is the first: who answered is put before all that were rung.
      const std::string other = is_rung ? "caller_profile/originator/originator_caller_profiles/0/"
                                        : "caller_profile/originatee/originatee_caller_profiles/0/";
      now.other = profile(i, other + "uuid");
      now.other_name = profile(i, other + "chan_name");
      now.other_number = profile(i, other + (is_rung ? "caller_id_number" : "destination_number"));
      if (now.other.empty() && i == 0) now.other = variable({"bridge_uuid", "last_bridge_to"});
      if (now.other_name.empty() && i == 0) now.other_name = variable("bridge_channel");
      teller_.transferred(leg_, now);
      teller_.bridged(leg_, now);
    }
  }

  hkl_call_event draft(std::uint32_t kind, Micros at) const {
    hkl_call_event event;
    hkl_call_event_init(&event);
    event.kind = kind;
    event.at_ms = at / 1000;
    event.leg_ref = str(leg_.uuid);
    event.call_ref = leg_.call.empty() ? event.leg_ref : str(leg_.call);
    return event;
  }

  // mod_callcenter's own epochs are whole seconds.
  void tell_queue() const {
    if (variable("cc_side") != "member") return;
    const auto moment = [&](std::string_view name) { return micros_of(variable(name)) * 1000000; };
    const auto joined = moment("cc_queue_joined_epoch");
    if (joined == 0) return;
    auto entered = draft(HKL_EVENT_QUEUE_ENTERED, std::max(joined, leg_.created));
    entered.queue = str(user_of(variable("cc_queue")));
    teller_.tell(entered);
    const auto agent = variable("cc_agent_uuid");
    const auto answered = moment("cc_queue_answered_epoch");
    if (answered > 0 && !agent.empty()) {
      auto taken = draft(HKL_EVENT_MEMBER_CONNECTED, answered);
      taken.queue = entered.queue;
      taken.other_ref = str(agent);
      taken.name = str(user_of(variable("cc_agent")));
      teller_.tell(taken);
      return;
    }
    const auto left = std::max(moment("cc_queue_canceled_epoch"), moment("cc_queue_terminated_epoch"));
    auto gone = draft(HKL_EVENT_QUEUE_LEFT, left > 0 ? std::min(left + 999999, leg_.hung_up) : leg_.hung_up);
    gone.queue = entered.queue;
    const auto why = variable("cc_cancel_reason");
    gone.result = str(why);
    gone.leg_outcome = why == "TIMEOUT"            ? HKL_LEG_TIMED_OUT
                       : why == "NO_AGENT_TIMEOUT" ? HKL_LEG_NO_STAFF
                       : why == "EXIT_WITH_KEY"    ? HKL_LEG_MOVED
                       : why == "BREAK_OUT"        ? HKL_LEG_ABANDONED
                                                   : HKL_LEG_OUTCOME_UNKNOWN;
    teller_.tell(gone);
  }

  // "{{1795414865012345,1795414870012345},{…}}", or a list of such pairs.
  void tell_holds() const {
    auto rest = variable("hold_events");
    while (!rest.empty()) {
      const auto begin = rest.find_first_of("0123456789");
      if (begin == std::string_view::npos) return;
      const auto comma = rest.find(',', begin);
      if (comma == std::string_view::npos) return;
      const auto end = std::min(rest.find('}', comma), rest.size());
      const auto on = micros_of(rest.substr(begin)), off = micros_of(rest.substr(comma + 1));
      if (on > 0) teller_.tell(draft(HKL_EVENT_HELD, on));
      if (off > 0) teller_.tell(draft(HKL_EVENT_UNHELD, off));
      rest.remove_prefix(end);
    }
  }

  void tell_applications() const {
    constexpr std::string_view kRecord = "record_session ";
    const auto told = [&](std::string_view path) {
      auto event = draft(HKL_EVENT_RECORDING, leg_.hung_up);
      event.recording = str(path.substr(0, path.find(' ')));
      if (event.recording.len > 0) teller_.tell(event);
    };
    // Without its seconds nothing was recorded, whatever was asked for.
    if (const bool is_recorded = !variable("record_seconds").empty(); is_recorded)
      for (const auto app : parts_of(variable("execute_on_answer")))
        if (app.substr(0, kRecord.size()) == kRecord) told(app.substr(kRecord.size()));
    for (std::size_t i = 0; i < kApplicationsAtMost; ++i) {
      const auto member = "app_log/applications/" + std::to_string(i) + "/";
      const auto name = record_[member + "app_name"], data = record_[member + "app_data"];
      if (name.empty()) return;
      auto event = draft(HKL_EVENT_APP_ENTERED, micros_of(record_[member + "app_stamp"]));
      if (name == "record_session") told(data);
      if (event.at_ms <= 0 || !application_of(name, data, leg_.destination, event)) continue;
      teller_.tell(event);
    }
  }

  const CdrRecord& record_;
  const Settings& settings_;
  Numbering numbering_;
  TextRoom room_;
  Teller teller_;
  Leg leg_;
  std::size_t profile_count_ = 0;
};

}  // namespace

bool tell_record(const CdrRecord& record, const Settings& settings, const Emit& emit) {
  return Record(record, settings, emit).tell();
}

void take_record(const hookline::HttpRequest& request, const Settings& settings, hookline::HttpOutput& out) {
  // Nothing may be believed of whom nobody knows.
  const auto expected =
      "Basic " + base64(std::string(settings.cdr_username) + ":" + std::string(settings.cdr_password));
  if (settings.cdr_password.empty() || !same_secret(request.header("Authorization"), expected))
    return out.reject(401, "bad_credentials");
  if (request.method != "POST") return out.reject(405, "not_a_post");
  const auto text = record_text(request.header("Content-Type"), request.body);
  if (!text) return out.reject(400, "no_record_in_the_body");
  const auto record = read_record(*text);
  if (!record) return out.reject(400, "a_record_that_breaks_off");
  if (!tell_record(*record, settings, [&](const hkl_call_event& event) { out.event(event); }))
    return out.reject(400, "a_record_without_a_channel");
  out.accept();
}

}  // namespace freeswitch
