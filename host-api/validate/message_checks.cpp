// P03: the messages of a recording once more, in another order, torn, and with
// unknown ones among them.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "hookline/events.h"
#include "judging.h"
#include "plugins/texts.h"
#include "recording.h"

namespace hkl::validate {
namespace {

// What the adapter makes of bytes in a life of their own; nothing: it does not start.
class Reader {
 public:
  Reader(const Candidate& candidate, std::shared_ptr<PluginFile> file)
      : candidate_(candidate), file_(std::move(file)) {}

  std::vector<std::string> read(const std::vector<std::string>& connections) const {
    Bench bench(candidate_, file_);
    std::vector<std::string> all;
    if (!bench.begin() || bench.endpoints() != HKL_OK) return all;
    std::uint64_t connection = 0;
    for (const auto& bytes : connections) {
      auto events = events_of(bench, bytes, ++connection, kMondayMs);
      std::move(events.begin(), events.end(), std::back_inserter(all));
    }
    return all;
  }

 private:
  const Candidate& candidate_;
  std::shared_ptr<PluginFile> file_;
};

// The messages that events came of, by their place.
std::vector<std::size_t> telling(Bench& bench, const std::vector<std::string_view>& messages) {
  std::vector<std::size_t> places;
  if (bench.opened(1, true, kMondayMs) != HKL_OK) return places;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const auto before = bench.asked().event_count;
    if (hear(bench, 1, messages[i], kMondayMs) != HKL_OK) break;
    if (bench.asked().event_count > before) places.push_back(i);
  }
  return places;
}

// What an event says, as far as it must be the same under the same id.
struct Said {
  std::string what, call, event;
  bool is_end = false;
};
using Facts = std::map<std::string, Said>;  // by event id

Facts facts_in(const std::vector<std::string>& events) {
  Facts facts;
  for (const auto& event : events) {
    const auto ids = ids_in({event});
    if (ids.empty()) continue;
    const auto json = nlohmann::json::parse(event.substr(event.find(" {") + 1));
    const auto kind = json.at("kind").get<std::uint32_t>();
    if (kind == HKL_EVENT_CHANNEL_SEEN) continue;  // belongs to a list, as after a stretch without news
    Said said{fmt::format("{} {} {}", kind, json.value("call_ref", ""), json.value("leg_ref", "")),
              json.value("call_ref", json.value("leg_ref", "")), one_line(event, 300),
              kind == HKL_EVENT_CALL_ENDED || kind == HKL_EVENT_CALL_SUMMARY || kind == HKL_EVENT_CHANNEL_ENDED};
    facts.emplace(*ids.begin(), std::move(said));
  }
  return facts;
}

std::string changed(const Facts& now, const Facts& known) {
  for (const auto& [id, said] : now) {
    const auto before = known.find(id);
    if (before != known.end() && before->second.what != said.what)
      return fmt::format("the id of [{}] is that of [{}]", before->second.event, said.event);
  }
  return {};
}

std::string missing(const Facts& now, const Facts& known) {
  for (const auto& [id, said] : known)
    if (now.count(id) == 0) return fmt::format("[{}] is missing", said.event);
  return {};
}

std::string invented(const Facts& now, const Facts& known) {
  for (const auto& [id, said] : now)
    if (known.count(id) == 0) return fmt::format("[{}] is told, which nobody said", said.event);
  return {};
}

// Another message may be the first to tell a fact; but of no other call, and
// what was over is over.
std::string calls_changed(const Facts& now, const Facts& known) {
  std::set<std::string> calls, ended, ended_now;
  for (const auto& [id, said] : known) {
    calls.insert(said.call);
    if (said.is_end) ended.insert(said.call);
  }
  for (const auto& [id, said] : now) {
    if (calls.count(said.call) == 0) return fmt::format("[{}] is told, of a call that nobody spoke of", said.event);
    if (said.is_end) ended_now.insert(said.call);
  }
  for (const auto& call : ended)
    if (ended_now.count(call) == 0) return fmt::format("the end of the call {} is missing", call);
  return {};
}

using Judge = std::string (*)(const Facts& now, const Facts& known);

std::string judged(const Facts& now, const Facts& known, const char* when, std::initializer_list<Judge> judges) {
  for (const auto judge : judges)
    if (const auto fault = judge(now, known); !fault.empty()) return fmt::format("{}, {}", when, fault);
  return {};
}

std::string joined(const std::vector<std::string_view>& messages) {
  std::string all;
  for (const auto message : messages) all += message;
  return all;
}

std::string each_twice(const std::vector<std::string_view>& messages, const std::vector<std::size_t>& places) {
  std::string all;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    all += messages[i];
    if (std::binary_search(places.begin(), places.end(), i)) all += messages[i];
  }
  return all;
}

// Each with its neighbour that events come of too.
std::string reordered(std::vector<std::string_view> messages, const std::vector<std::size_t>& places,
                      std::size_t from) {
  for (auto i = from; i + 1 < places.size(); i += 2) std::swap(messages[places[i]], messages[places[i + 1]]);
  return joined(messages);
}

std::string with_unknown(const std::vector<std::string_view>& messages, const std::vector<std::size_t>& places,
                         const std::string& unknown) {
  std::string all;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (std::binary_search(places.begin(), places.end(), i)) all += unknown;
    all += messages[i];
  }
  return all + unknown;
}

// Two equal messages of a PBX that numbers nothing may be two calls, so that
// of one that comes twice only what it said before is looked for.
std::string fault_of_order(const Reader& reader, const std::vector<std::string_view>& messages,
                           const std::vector<std::size_t>& places, const Facts& known) {
  auto fault = judged(facts_in(reader.read({each_twice(messages, places)})), known, "when each message comes twice",
                      {changed, missing});
  for (std::size_t from = 0; from < 2 && fault.empty(); ++from)
    fault = judged(facts_in(reader.read({reordered(messages, places, from)})), known, "when neighbours change places",
                   {changed, calls_changed});
  return fault;
}

// Torn within a message; then the other side is heard anew, from the start.
std::string fault_of_torn(const Reader& reader, const std::string& capture,
                          const std::vector<std::string_view>& messages, const std::vector<std::size_t>& places,
                          const Facts& known) {
  constexpr std::size_t kMostTears = 8;
  const auto step = std::max<std::size_t>(1, places.size() / kMostTears);
  for (std::size_t i = 0; i < places.size(); i += step) {
    const auto message = messages[places[i]];
    const auto begin = static_cast<std::size_t>(message.data() - messages.front().data());
    const auto torn = capture.substr(0, begin + message.size() / 2);
    auto fault = judged(facts_in(reader.read({torn, capture})), known,
                        "after a connection that broke off within a message", {changed, missing, invented});
    if (!fault.empty()) return fault;
  }
  return {};
}

}  // namespace

Outcome messages_in_disorder(const Candidate& candidate) {
  if (!is_adapter(candidate)) return skips("not a PBX adapter");
  if (candidate.capture.empty()) return skips(kNoRecording);
  return without_exceptions([&]() -> Outcome {
    const auto file = opened(candidate);
    Bench bench(candidate, file);
    if (!bench.begin() || bench.endpoints() != HKL_OK) return does_not_start(bench);
    const auto first = events_of(bench, candidate.capture, 1, kMondayMs);
    const auto second = events_of(bench, candidate.capture, 2, kMondayMs);
    if (const auto fault = first_difference(first, second, "at first", "when the recording comes again");
        !fault.empty())
      return fails(fault);

    const Reader reader(candidate, file);
    const auto known = facts_in(first);
    const auto messages = messages_of(candidate.capture);
    Bench listening(candidate, file);
    if (!listening.begin() || listening.endpoints() != HKL_OK) return does_not_start(listening);
    const auto places = telling(listening, messages);
    if (auto fault = fault_of_order(reader, messages, places, known); !fault.empty()) return fails(fault);
    const auto unknown = unknown_message(candidate.capture);
    if (auto fault = judged(facts_in(reader.read({with_unknown(messages, places, unknown)})), known,
                            "with unknown messages among them", {changed, missing, invented});
        !fault.empty())
      return fails(std::move(fault));
    auto fault = fault_of_torn(reader, candidate.capture, messages, places, known);
    return fault.empty() ? pass() : fails(std::move(fault));
  });
}

}  // namespace hkl::validate
