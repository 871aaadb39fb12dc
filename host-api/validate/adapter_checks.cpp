// P: what a PBX adapter makes of bytes.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "hookline/pbx_adapter.h"
#include "judging.h"
#include "recording.h"
#include "surroundings.h"

namespace hkl::validate {
namespace {

constexpr Instant kNow{Millis(kMondayMs)};
Done ask_all(Adapter& adapter, std::string_view capture, AdapterOutput& out) {
  for (const auto& request : requests_of(capture)) {
    out.reply.reset();
    const auto nobody = [](const std::string&) { return std::optional<KnownNumber>(); };
    if (auto done = adapter.request(hook_request(request), instant_of(kRequestsMs), nobody, out); !done) return done;
  }
  return {};
}

Done feed_all(Adapter& adapter, std::string_view bytes, const std::vector<std::size_t>& cuts, AdapterOutput& out) {
  const auto endpoints = adapter.endpoints();
  if (!endpoints) return fail(endpoints.error());
  const auto name = endpoints->empty() ? std::string() : endpoints->front().name;
  if (auto done = adapter.opened(1, true, name, "capture", kNow, out); !done) return done;
  std::size_t begin = 0;
  for (const auto cut : cuts) {
    if (auto done = adapter.feed(1, bytes.substr(begin, cut - begin), kNow, out); !done) return done;
    begin = cut;
  }
  if (auto done = adapter.feed(1, bytes.substr(begin), kNow, out); !done) return done;
  return adapter.closed(1, kNow, out);
}

// The bytes fed in pieces that end at `cuts`; the events in order. Requests the
// host puts together, so of them there are no pieces.
Result<std::vector<Event>> events_in_pieces(const Candidate& candidate, const std::shared_ptr<PluginFile>& file,
                                            const std::vector<std::size_t>& cuts) {
  auto adapter = make_adapter(file, entry_for(candidate, sample_settings(candidate)));
  if (!adapter) return fail(adapter.error());
  AdapterOutput out;
  auto done = is_of_requests(candidate, file->note()) ? ask_all(**adapter, candidate.capture, out)
                                                      : feed_all(**adapter, candidate.capture, cuts, out);
  if (!done) return fail(done.error());
  if (!out.refused_events.empty()) return fail(HKL_INVALID, "an event is illegal: " + out.refused_events.front());
  return std::move(out.events);
}

Result<std::vector<std::string>> ids_of(const Candidate& candidate, const std::shared_ptr<PluginFile>& file,
                                        const std::vector<std::size_t>& cuts) {
  const auto events = events_in_pieces(candidate, file, cuts);
  if (!events) return fail(events.error());
  std::vector<std::string> ids;
  for (const auto& event : *events) ids.push_back(event.event_id);
  return ids;
}

std::string compared(const std::vector<std::string>& whole, const std::vector<std::string>& cut) {
  const auto [one, other] = std::mismatch(whole.begin(), whole.end(), cut.begin(), cut.end());
  if (one == whole.end() && other == cut.end()) return {};
  return fmt::format("{} events whole, {} in pieces; event {} is \"{}\" whole and \"{}\" in pieces", whole.size(),
                     cut.size(), one - whole.begin() + 1, one == whole.end() ? "missing" : *one,
                     other == cut.end() ? "missing" : *other);
}

Outcome cut_anywhere(const Candidate& candidate) {
  if (!is_adapter(candidate)) return skips("not a PBX adapter");
  if (candidate.capture.empty()) return skips(kNoRecording);
  const auto file = opened(candidate);
  const auto whole = ids_of(candidate, file, {});
  if (!whole) return fails(whole.error().text);
  if (whole->empty()) return fails("the recording gives no event");
  if (is_of_requests(candidate, file->note())) return pass();
  std::vector<std::size_t> each(candidate.capture.size() - 1);
  for (std::size_t i = 0; i < each.size(); ++i) each[i] = i + 1;
  const auto bytewise = ids_of(candidate, file, each);
  if (!bytewise) return fails("fed byte by byte: " + bytewise.error().text);
  if (const auto fault = compared(*whole, *bytewise); !fault.empty()) return fails("fed byte by byte: " + fault);
  // Every place in a short recording, as many in a long one.
  constexpr std::size_t kMostCuts = 400;
  const auto step = std::max<std::size_t>(1, each.size() / kMostCuts);
  for (std::size_t cut = 1; cut < candidate.capture.size(); cut += step) {
    const auto parts = ids_of(candidate, file, {cut});
    if (!parts) return fails(fmt::format("cut at byte {}: {}", cut, parts.error().text));
    if (const auto fault = compared(*whole, *parts); !fault.empty())
      return fails(fmt::format("cut at byte {}: {}", cut, fault));
  }
  return pass();
}

// Random bytes, and the recording with some of its bytes changed.
Outcome garbage(const Candidate& candidate) {
  if (!is_adapter(candidate)) return skips("not a PBX adapter");
  std::mt19937_64 random(candidate.seed);
  auto adapter = make_adapter(opened(candidate), entry_for(candidate, sample_settings(candidate)));
  if (!adapter) return skips("it does not start with these settings: " + adapter.error().text);
  const auto endpoints = (*adapter)->endpoints();
  const auto name = endpoints && !endpoints->empty() ? endpoints->front().name : std::string();
  constexpr std::size_t kMostMemory = 32 << 20;
  const auto before = allocated();
  for (std::uint64_t connection = 1; connection <= 40; ++connection) {
    AdapterOutput out;
    if (!(*adapter)->opened(connection, connection % 2 == 0, name, "garbage", kNow, out)) continue;
    for (int piece = 0; piece < 50; ++piece) {
      std::string bytes(1 + random() % 4096, '\0');
      const bool is_mutated = !candidate.capture.empty() && connection % 2 == 0;
      if (is_mutated) bytes = candidate.capture.substr(random() % candidate.capture.size(), bytes.size());
      for (std::size_t i = 0; i < bytes.size(); ++i)
        if (!is_mutated || random() % 50 == 0) bytes[i] = static_cast<char>(random());
      AdapterOutput some;
      const auto fed = (*adapter)->feed(connection, bytes, kNow, some);
      if (!fed && fed.error().status == HKL_INTERNAL)
        return fails(fmt::format("seed {}: {}", candidate.seed, fed.error().text));
      if (!fed) break;  // it asks for a new connection
    }
    (void)(*adapter)->closed(connection, kNow, out);
    if (const auto after = allocated(); after > before + kMostMemory)
      return fails(fmt::format("seed {}: the memory in use grew from {} to {} bytes", candidate.seed, before, after));
  }
  return pass();
}

// Kinds that say that a conversation or a channel begins.
bool is_beginning(std::uint32_t kind) {
  return kind == HKL_EVENT_CALL_BEGUN || kind == HKL_EVENT_CHANNEL_BEGUN || kind == HKL_EVENT_CALL_SUMMARY;
}

std::string fault_of_times(const std::vector<Event>& events) {
  std::map<std::string, Instant> begun;  // the earliest beginning of each conversation
  for (const auto& event : events) {
    if (!is_beginning(event.kind) || event.call_ref.empty()) continue;
    const auto [at, is_new] = begun.emplace(event.call_ref, event.at);
    if (!is_new) at->second = std::min(at->second, event.at);
  }
  for (const auto& event : events) {
    const auto at = begun.find(event.call_ref);
    if (at != begun.end() && event.at < at->second)
      return fmt::format("event {} of kind {} happens {} ms before its call begins", event.event_id, event.kind,
                         ms_of(at->second) - ms_of(event.at));
    if (event.started_at && event.ended_at && *event.ended_at < *event.started_at)
      return fmt::format("event {} ends before it starts", event.event_id);
  }
  return {};
}

Outcome events_are_legal(const Candidate& candidate) {
  if (!is_adapter(candidate)) return skips("not a PBX adapter");
  if (candidate.capture.empty()) return skips(kNoRecording);
  const auto events = events_in_pieces(candidate, opened(candidate), {});
  if (!events) return fails(events.error().text);
  const auto fault = fault_of_times(*events);
  return fault.empty() ? pass() : fails(fault);
}

// Stopped within the recording, begun again an hour later, and read from the
// start: what the host had not acknowledged.
Outcome restarts_anywhere(const Candidate& candidate) {
  if (!is_adapter(candidate)) return skips("not a PBX adapter");
  if (candidate.capture.empty()) return skips(kNoRecording);
  return without_exceptions([&]() -> Outcome {
    const auto file = opened(candidate);
    Bench whole(candidate, file);
    if (!whole.begin() || whole.endpoints() != HKL_OK) return does_not_start(whole);
    const auto expected = ids_in(events_of(whole, candidate.capture, 1, kMondayMs));
    constexpr std::size_t kCuts = 8;
    for (std::size_t i = 1; i < kCuts; ++i) {
      auto part = candidate;
      part.capture.resize(candidate.capture.size() * i / kCuts);
      Bench before(part, file);
      if (!before.begin() || before.endpoints() != HKL_OK) return does_not_start(before);
      auto ids = ids_in(events_of(before, part.capture, 1, kMondayMs));
      (void)before.stop();
      before.destroy();
      Bench after(candidate, file);
      if (!after.begin() || after.endpoints() != HKL_OK) return does_not_start(after);
      ids.merge(ids_in(events_of(after, candidate.capture, 1, kMondayMs + kHourMs)));
      if (ids != expected)
        return fails(
            fmt::format("stopped after {} bytes and begun again, the recording has {} events in place of {}: "
                        "what was told before is not known again",
                        part.capture.size(), ids.size(), expected.size()));
    }
    return pass();
  });
}

}  // namespace

std::vector<Check> adapter_checks() {
  return {
      {"P06", Level::standard, "events are legal", "R6", {"I01"}, events_are_legal},
      {"P01", Level::standard, "a recording gives the same events however it is cut", "R7, R10", {"I01"}, cut_anywhere},
      {"P02", Level::standard, "a bad connection ends with a word, never in a stall", "R8", {"I01"}, bad_connections},
      {"P03",
       Level::standard,
       "repeated, reordered, cut or unknown messages: known ids, nothing invented",
       "R7",
       {"I01"},
       messages_in_disorder},
      {"P04", Level::standard, "garbage costs bounded memory and no crash", "R15", {"I01"}, garbage},
      {"P05",
       Level::standard,
       "stopped anywhere and begun again, it knows what it told",
       "R11",
       {"I01"},
       restarts_anywhere},
  };
}

}  // namespace hkl::validate
