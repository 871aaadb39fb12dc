#include "assembly/event_script.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <random>
#include <sstream>
#include <stdexcept>

#include "canonical/canonical.h"

namespace hkl {
namespace {

const std::map<std::string, std::uint32_t, std::less<>> kKinds = {{"call", HKL_EVENT_CALL_BEGUN},
                                                                  {"rings", HKL_EVENT_LEG_RINGING},
                                                                  {"answers", HKL_EVENT_LEG_ANSWERED},
                                                                  {"ends", HKL_EVENT_LEG_ENDED},
                                                                  {"queue", HKL_EVENT_QUEUE_ENTERED},
                                                                  {"unqueue", HKL_EVENT_QUEUE_LEFT},
                                                                  {"hold", HKL_EVENT_HELD},
                                                                  {"unhold", HKL_EVENT_UNHELD},
                                                                  {"transfer", HKL_EVENT_TRANSFERRED},
                                                                  {"recording", HKL_EVENT_RECORDING},
                                                                  {"tagged", HKL_EVENT_TAGGED},
                                                                  {"rated", HKL_EVENT_RATED},
                                                                  {"over", HKL_EVENT_CALL_ENDED},
                                                                  {"summary", HKL_EVENT_CALL_SUMMARY},
                                                                  {"leg", HKL_EVENT_LEG_SUMMARY},
                                                                  {"joined", HKL_EVENT_REFS_JOINED},
                                                                  {"requested", HKL_EVENT_CALL_REQUESTED},
                                                                  {"gap", HKL_EVENT_SOURCE_GAP},
                                                                  {"listed", HKL_EVENT_SOURCE_LISTED},
                                                                  {"restarted", HKL_EVENT_SOURCE_RESTARTED},
                                                                  {"silent", HKL_EVENT_SOURCE_SILENT},
                                                                  {"begun", HKL_EVENT_CHANNEL_BEGUN},
                                                                  {"changed", HKL_EVENT_CHANNEL_CHANGED},
                                                                  {"dial", HKL_EVENT_DIAL_BEGUN},
                                                                  {"dialled", HKL_EVENT_DIAL_ENDED},
                                                                  {"up", HKL_EVENT_CHANNEL_UP},
                                                                  {"enter", HKL_EVENT_BRIDGE_ENTERED},
                                                                  {"leave", HKL_EVENT_BRIDGE_LEFT},
                                                                  {"merge", HKL_EVENT_BRIDGE_MERGED},
                                                                  {"pair", HKL_EVENT_CHANNEL_PAIRED},
                                                                  {"app", HKL_EVENT_APP_ENTERED},
                                                                  {"asks", HKL_EVENT_HANGUP_ASKED},
                                                                  {"ended", HKL_EVENT_CHANNEL_ENDED},
                                                                  {"parked", HKL_EVENT_CHANNEL_PARKED},
                                                                  {"unparked", HKL_EVENT_CHANNEL_UNPARKED},
                                                                  {"offer", HKL_EVENT_MEMBER_RINGING},
                                                                  {"refused", HKL_EVENT_MEMBER_LEFT},
                                                                  {"connected", HKL_EVENT_MEMBER_CONNECTED},
                                                                  {"seen", HKL_EVENT_CHANNEL_SEEN}};

Instant at_second(std::string_view text) {
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size())
    throw std::invalid_argument("no seconds: " + std::string(text));
  return script_start() + Millis(static_cast<std::int64_t>(seconds * 1000 + 0.5));
}

// A word without "=" is a word of the trade.
bool take_word(Event& e, const std::string& word) {
  static const std::map<std::string, ChannelKind> kChannels = {{"phone", ChannelKind::phone},
                                                               {"trunk", ChannelKind::trunk},
                                                               {"local", ChannelKind::local},
                                                               {"system", ChannelKind::system}};
  if (const auto kind = kChannels.find(word); kind != kChannels.end()) return e.channel_kind = kind->second, true;
  if (const auto way = from_word<Direction>(word)) return e.direction = *way, true;
  if (const auto kind = from_word<LegKind>(word)) return e.leg_kind = *kind, true;
  if (const auto outcome = from_word<LegOutcome>(word)) return e.leg_outcome = *outcome, true;
  if (const auto kind = from_word<TransferKind>(word)) return e.transfer_kind = *kind, true;
  if (word == "withheld") return e.is_withheld = Tri::yes, true;
  if (word == "talked") return e.talked = Tri::yes, true;
  if (word == "untalked") return e.talked = Tri::no, true;
  if (word == "isup") return e.is_up = Tri::yes, true;
  return false;
}

void take_pair(Event& e, const std::string& name, const std::string& value) {
  const std::map<std::string_view, std::string*> texts = {
      {"conv", &e.call_ref},  {"client", &e.client}, {"cname", &e.client_name}, {"line", &e.line},
      {"ext", &e.extension},  {"name", &e.name},     {"queue", &e.queue},       {"dials", &e.dialled},
      {"from", &e.from},      {"to", &e.to},         {"keys", &e.keys},         {"cause", &e.cause},
      {"result", &e.result},  {"list", &e.list_ref}, {"bridge", &e.bridge_ref}, {"request", &e.request},
      {"file", &e.recording}, {"src", &e.source}};
  if (const auto text = texts.find(name); text != texts.end()) {
    *text->second = value;
  } else if (name == "reason") {
    e.reason = from_word<Reason>(value).value();
  } else if (name == "by") {
    e.hung_up_by = from_word<By>(value).value();
  } else if (name == "until") {
    e.ended_at = at_second(value);
  } else if (name == "since") {
    e.started_at = at_second(value);
  } else if (name == "answered") {
    e.answered_at = at_second(value);
  } else if (name == "talk") {
    e.talk = at_second(value) - script_start();
  } else if (name == "rating") {
    e.rating = std::stoi(value);
  } else {
    throw std::invalid_argument("no such field: " + name);
  }
}

Event event_of_line(const std::string& line, std::size_t number) {
  std::istringstream words(line);
  std::string at, kind, word;
  words >> at >> kind;
  const auto known = kKinds.find(kind);
  if (known == kKinds.end()) throw std::invalid_argument("no such kind: " + line);
  Event e;
  e.source = e.pbx = "pbx";
  e.call_ref = "call";
  e.kind = known->second;
  e.at = e.received_at = at_second(at);
  e.seq = number;  // lines of one moment keep their order
  e.event_id = std::to_string(number);
  const bool is_of_source = e.kind >= HKL_EVENT_SOURCE_GAP && e.kind <= HKL_EVENT_SOURCE_SILENT;
  if (is_of_source) e.call_ref.clear();
  bool is_first = !is_of_source;
  while (words >> word) {
    const auto equals = word.find('=');
    if (equals != std::string::npos) {
      take_pair(e, word.substr(0, equals), word.substr(equals + 1));
    } else if (is_first) {
      is_first = false;
      const auto arrow = word.find('>');
      e.leg_ref = word.substr(0, arrow);
      if (arrow != std::string::npos) e.other_ref = word.substr(arrow + 1);
    } else if (e.bridge_ref.empty() && (e.kind == HKL_EVENT_BRIDGE_ENTERED || e.kind == HKL_EVENT_BRIDGE_LEFT)) {
      e.bridge_ref = word;
    } else if (!take_word(e, word)) {
      throw std::invalid_argument("no such word: " + word + " in " + line);
    }
  }
  return e;
}

std::string second(std::optional<Instant> at) {
  return at ? fmt::format("{:.1f}", static_cast<double>((*at - script_start()).count()) / 1000) : "?";
}
std::string seconds(std::optional<Millis> span) {
  return span ? fmt::format("{:.1f}", static_cast<double>(span->count()) / 1000) : "?";
}

}  // namespace

Instant script_start() { return parse_iso("2026-03-02T09:00:00Z").value(); }

std::vector<Event> events_of_script(std::string_view script) {
  std::vector<Event> events;
  std::istringstream lines{std::string(script)};
  std::string line;
  while (std::getline(lines, line))
    if (line.find_first_not_of(' ') != std::string::npos) events.push_back(event_of_line(line, events.size() + 1));
  return events;
}

Call call_of_script(std::string_view script) {
  SourceHistory history;
  std::vector<Event> events;
  for (auto& event : events_of_script(script))
    (refs_of(event).empty() ? history.events : events).push_back(std::move(event));
  const auto fold = [&](const std::vector<Event>& in_order) {
    return assemble(in_order, history, [](const std::string& raw) { return raw; });
  };
  const auto call = fold(events);
  auto other = events;
  std::reverse(other.begin(), other.end());
  std::mt19937 random(7);
  for (int i = 0; i < 8; ++i) {
    if (call_to_stored_json(fold(other)) != call_to_stored_json(call))
      throw std::logic_error("another order of the same events gives another call:\n" + told(fold(other)) +
                             "in place of\n" + told(call));
    if (i == 0) other.insert(other.end(), events.begin(), events.end());
    std::shuffle(other.begin(), other.end(), random);
  }
  return call;
}

std::string told(const Call& call) {
  auto text = fmt::format("{} {} {} {}", word(call.direction), call.is_over ? word(call.outcome) : "going-on",
                          word(call.finish_reason), call.hung_up_by == By::not_told ? "?" : word(call.hung_up_by));
  text += fmt::format(" {} {} {} wait {}", second(call.started_at), second(call.answered_at), second(call.ended_at),
                      seconds(call.wait));
  if (call.direction == Direction::in) text += fmt::format(" queue {}", seconds(call.queue_wait));
  text += fmt::format(" talk {} connected {} clean {}{}\n", seconds(call.talk), seconds(call.connected),
                      seconds(call.clean_talk), call.incomplete ? " incomplete" : "");
  for (const auto& leg : call.legs) {
    const auto who = !leg.extension.empty() ? leg.extension : !leg.number.empty() ? leg.number : leg.name;
    text += fmt::format("{} {} {} {} {} {} talk {}{}\n", word(leg.kind), who,
                        leg.outcome == LegOutcome::unknown ? "?" : word(leg.outcome), second(leg.started_at),
                        second(leg.answered_at), second(leg.ended_at), seconds(leg.talk),
                        leg.keys.empty() ? "" : " keys " + leg.keys);
  }
  for (const auto& t : call.transfers)
    text += fmt::format("{} {} to {} at {}\n", word(t.kind), t.from, t.to, second(t.at));
  return text;
}

std::string told_of(std::string_view script) { return told(call_of_script(script)); }

}  // namespace hkl
