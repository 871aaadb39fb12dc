// P02: connections that come to nothing.
#include <fmt/format.h>

#include <algorithm>

#include "judging.h"
#include "recording.h"

namespace hkl::validate {
namespace {

bool is_dialled(const Bench& bench) {
  return std::any_of(bench.wanted().begin(), bench.wanted().end(), [](const hkl_endpoint& one) {
    return one.kind == HKL_ENDPOINT_TCP_CLIENT || one.kind == HKL_ENDPOINT_TCP_SERVER;
  });
}

// Ten minutes in which nothing more arrives. Whether it waits for ever.
bool stalls(Bench& bench) {
  const auto end = kMondayMs + 10 * 60'000;
  for (auto now = kMondayMs; bench.asked().tick_at_ms && *bench.asked().tick_at_ms <= end;) {
    now = std::max(now + 1, *bench.asked().tick_at_ms);
    if (bench.tick(now) != HKL_OK || bench.asked().wants_close) return false;
  }
  const bool is_watched = std::any_of(bench.wanted().begin(), bench.wanted().end(),
                                      [](const hkl_endpoint& one) { return one.idle_ms > 0; });
  const auto& asked = bench.asked();
  // Who says nothing and has asked nothing just listens, as to a printer.
  const bool waits = asked.state == HKL_SOURCE_CONNECTING || (asked.state == 0 && asked.sent_bytes > 0);
  return waits && !is_watched && !asked.wants_close;
}

struct BadConnection {
  std::string words;
  std::string greeting, answer;  // the answer comes once the adapter has said something
};

// A connection that is refused at all is the host's own affair: an adapter hears of none.
std::vector<BadConnection> bad_ones(const std::string& capture) {
  std::vector<BadConnection> all = {
      {"nothing arrives", "", ""},
      {"the other side speaks HTTP", "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", ""},
      {"the other side speaks SSH", "SSH-2.0-OpenSSH_9.2\r\n", ""},
      {"the other side says half a word", "Aster", ""}};
  if (capture.empty()) return all;
  // What it says first is its greeting; how it refuses only its maker knows, so
  // in the words of those that are known.
  auto greeting = capture.substr(0, capture.find('\n') + 1);
  if (capture.compare(greeting.size(), 1, "\n") == 0) greeting += '\n';
  all.push_back({"the other side greets and then breaks off in mid-line", greeting.substr(0, greeting.size() / 2), ""});
  for (const char* refusal :
       {"Response: Error\r\nMessage: Authentication failed\r\n\r\n",
        "Content-Type: command/reply\nReply-Text: -ERR invalid\n\n", "530 Login incorrect\r\n", "DENIED\n"})
    all.push_back({fmt::format("a login is answered with {}", nlohmann::json(refusal).dump()), greeting, refusal});
  return all;
}

hkl_status heard(Bench& bench, const BadConnection& bad) {
  auto status = bench.opened(1, false, kMondayMs);
  if (status == HKL_OK && !bad.greeting.empty()) status = bench.feed(1, bad.greeting, kMondayMs);
  if (status == HKL_OK && !bad.answer.empty() && bench.asked().sent_bytes > 0)
    status = bench.feed(1, bad.answer, kMondayMs);
  return status;
}

// A wish to close and a refusal are for an admin to read.
std::string unnamed_end(const Bench& bench) {
  for (const auto& told : bench.told()) {
    const bool is_close = told.starts_with("close "), is_refusal = told.starts_with("state 1 3 ");
    const auto spaces = std::count(told.begin(), told.end(), ' ');
    if ((is_close || is_refusal) && (spaces < 3 || told.back() == ' '))
      return is_close ? "it asks to close and does not say why" : "it says that it is refused and not by what";
  }
  return {};
}

std::string fault_of(Bench& bench, const BadConnection& bad) {
  auto status = heard(bench, bad);
  if (auto fault = bench.fault_of_failure("a step", status); !fault.empty())
    return fmt::format("when {}: {}", bad.words, fault);
  // Who logs in has not done so here. Others have nothing to be refused.
  if (status == HKL_OK && bench.asked().sent_bytes > 0 && bench.asked().state == HKL_SOURCE_LIVE)
    return fmt::format("when {}, it says that it is live", bad.words);
  if (status == HKL_OK && stalls(bench))
    return fmt::format("when {}, it waits for ever: ask for tick_at and close, or set idle_ms", bad.words);
  if (auto fault = unnamed_end(bench); !fault.empty()) return fmt::format("when {}: {}", bad.words, fault);
  // Closed by the other side in the middle of it all, and dialled again.
  (void)bench.closed(1, kMondayMs);
  if (status = bench.opened(2, false, kMondayMs + 1000); status != HKL_OK)
    return fmt::format("after a connection on which {}, the next is not taken: {}", bad.words, bench.text());
  return {};
}

}  // namespace

Outcome bad_connections(const Candidate& candidate) {
  if (!is_adapter(candidate)) return skips("not a PBX adapter");
  return without_exceptions([&]() -> Outcome {
    const auto file = opened(candidate);
    for (const auto& bad : bad_ones(candidate.capture)) {
      Bench bench(candidate, file);
      if (!bench.begin() || bench.endpoints() != HKL_OK) return does_not_start(bench);
      if (!is_dialled(bench)) return skips("it wants no TCP connection");
      if (auto fault = fault_of(bench, bad); !fault.empty()) return fails(std::move(fault));
    }
    return pass();
  });
}

}  // namespace hkl::validate
