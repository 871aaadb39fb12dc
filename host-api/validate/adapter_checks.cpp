// P: what a PBX adapter makes of bytes.
#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "hookline/pbx_adapter.h"
#include "specimen.h"
#include "surroundings.h"

namespace hkl::validate {
namespace {

constexpr Instant kNow{Millis(1772442900000)};

bool is_adapter(const Candidate& candidate) { return kind_of(note_of(candidate)) == HKL_PBX_ADAPTER_V1; }

// The bytes fed in pieces that end at `cuts`; the ids of the events in order.
Result<std::vector<std::string>> ids_of(const Candidate& candidate, const std::shared_ptr<PluginFile>& file,
                                        const std::vector<std::size_t>& cuts) {
  auto adapter = make_adapter(file, entry_for(candidate, sample_settings(candidate)));
  if (!adapter) return fail(adapter.error());
  const auto endpoints = (*adapter)->endpoints();
  if (!endpoints) return fail(endpoints.error());
  AdapterOutput out;
  const auto name = endpoints->empty() ? std::string() : endpoints->front().name;
  if (auto done = (*adapter)->opened(1, true, name, "capture", kNow, out); !done) return fail(done.error());
  const std::string_view bytes = candidate.capture;
  std::size_t begin = 0;
  for (const auto cut : cuts) {
    if (auto done = (*adapter)->feed(1, bytes.substr(begin, cut - begin), kNow, out); !done) return fail(done.error());
    begin = cut;
  }
  if (auto done = (*adapter)->feed(1, bytes.substr(begin), kNow, out); !done) return fail(done.error());
  if (auto done = (*adapter)->closed(1, kNow, out); !done) return fail(done.error());
  if (!out.refused_events.empty()) return fail(HKL_INVALID, "an event is illegal: " + out.refused_events.front());
  std::vector<std::string> ids;
  for (const auto& event : out.events) ids.push_back(event.event_id);
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
  if (candidate.capture.empty()) return skips("no recording; give one with --capture, or put NAME.capture beside it");
  const auto file = opened(candidate);
  const auto whole = ids_of(candidate, file, {});
  if (!whole) return fails(whole.error().text);
  if (whole->empty()) return fails("the recording gives no event");
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

Outcome events_are_legal(const Candidate& candidate) {
  if (!is_adapter(candidate)) return skips("not a PBX adapter");
  if (candidate.capture.empty()) return skips("no recording; give one with --capture, or put NAME.capture beside it");
  const auto ids = ids_of(candidate, opened(candidate), {});
  return ids ? pass() : fails(ids.error().text);
}

Outcome ids_repeat(const Candidate& candidate) {
  if (!is_adapter(candidate)) return skips("not a PBX adapter");
  if (candidate.capture.empty()) return skips("no recording; give one with --capture, or put NAME.capture beside it");
  const auto file = opened(candidate);
  const auto first = ids_of(candidate, file, {});
  const auto second = ids_of(candidate, file, {});
  if (!first || !second) return fails((first ? second : first).error().text);
  const auto fault = compared(*first, *second);
  return fault.empty() ? pass() : fails("the same recording read again: " + fault);
}

}  // namespace

std::vector<Check> adapter_checks() {
  return {
      {"P01", Level::standard, "a recording gives the same events however it is cut", "R7, R10", {"I01"}, cut_anywhere},
      {"P03", Level::standard, "what is repeated keeps its event ids", "R7", {"I01"}, ids_repeat},
      {"P04", Level::standard, "garbage costs bounded memory and no crash", "R15", {"I01"}, garbage},
      {"P06", Level::standard, "events are legal", "R6", {"I01"}, events_are_legal},
  };
}

}  // namespace hkl::validate
