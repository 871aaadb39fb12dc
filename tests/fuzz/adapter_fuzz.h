// What every fuzz target does: a stream goes through an adapter twice, whole and
// in pieces, and must tell the same both times (pbx_adapter.h: bytes may end
// anywhere). Anything else that is wrong the sanitizers find.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "hookline/sdk/fake_http.h"

extern "C" const hkl_plugin hookline_plugin_v1;

namespace fuzz {

inline constexpr std::int64_t kNowMs = 1789369200000;  // 2026-09-14T07:00:00Z

// Digests that cost nothing; whoever wants a sender believed lets everybody in.
inline hookline::fake::Host& host() {
  static hookline::fake::Host host;
  host.digest = [](std::uint32_t, std::string_view key, std::string_view data) {
    return std::string(key.substr(0, 8)) + std::string(data.substr(0, 8));
  };
  host.log.clear();
  return host;
}

// What was told, as text.
inline std::string told_by(const hookline::fake::Heard& heard) {
  std::string out;
  for (const auto& event : heard.events) {
    const auto& raw = event.raw();
    out += std::to_string(raw.kind) + " " + std::to_string(raw.at_ms) + " " + std::string(event.id()) + " " +
           std::string(event.call()) + " " + std::string(hookline::view(raw.leg_ref)) + " " +
           std::string(event.client()) + " " + std::string(event.extension()) + "\n";
  }
  return out;
}

// `piece` 0: all at once.
inline std::string told_of(hookline::fake::Adapter& adapter, std::string_view name, std::string_view bytes,
                           std::size_t piece) {
  adapter.now_ms = kNowMs;
  adapter.connect("", true, name);
  bool stands = true;
  for (std::size_t at = 0; stands && at < bytes.size(); at += piece == 0 ? bytes.size() : piece) {
    try {
      adapter.feed(bytes.substr(at, piece == 0 ? bytes.size() : piece));
    } catch (const hookline::Failure& failure) {
      if (failure.status() != HKL_PROTOCOL) std::abort();  // a stream can make no sense; it can do no more
      stands = false;
    }
  }
  adapter.close();
  auto told = told_by(adapter.heard());
  adapter.forget();
  return told;
}

// `make` gives the adapter for each of the two.
template <typename Make>
void compare_cuts(const Make& make, std::string_view name, const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto whole = told_of(make(), name, bytes, 0);
  // Another size for another input, the same for the same.
  const auto pieces = told_of(make(), name, bytes, 1 + size * 2654435761U % 61);
  if (whole == pieces) return;
  std::fprintf(stderr, "whole:\n%s\nin pieces:\n%s\n", whole.c_str(), pieces.c_str());
  std::abort();
}

// An adapter that knows the whole PBX is a fresh one each time.
inline int feed_stream(std::string_view settings, std::string_view name, const std::uint8_t* data, std::size_t size) {
  std::unique_ptr<hookline::fake::Adapter> adapter;
  const auto fresh = [&]() -> hookline::fake::Adapter& {
    adapter = std::make_unique<hookline::fake::Adapter>(hookline_plugin_v1, host(), settings);
    return *adapter;
  };
  compare_cuts(fresh, name, data, size);
  return 0;
}

// A request as it lies in a capture; false where it is none. Larger than a
// server would take is cut by libFuzzer's own limit.
inline bool read_request(std::string_view text, hookline::fake::Request& out) {
  const auto head_end = text.find("\r\n\r\n");
  const auto line_end = text.find("\r\n");
  if (head_end == std::string_view::npos) return false;
  const auto line = text.substr(0, line_end);
  const auto first = line.find(' '), second = line.find(' ', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) return false;
  out.method = line.substr(0, first);
  const auto target = line.substr(first + 1, second - first - 1);
  const auto mark = target.find('?');
  out.url = "https://crm.example.com" + std::string(target);
  out.path = target.substr(0, mark);
  out.query = mark == std::string_view::npos ? "" : target.substr(mark + 1);
  auto head = text.substr(line_end, head_end - line_end);
  while (head.starts_with("\r\n")) {
    head.remove_prefix(2);
    const auto end = std::min(head.find("\r\n"), head.size());
    const auto colon = head.substr(0, end).find(": ");
    if (colon != std::string_view::npos)
      out.headers.emplace_back(head.substr(0, colon), head.substr(colon + 2, end - colon - 2));
    head.remove_prefix(end);
  }
  out.body = text.substr(head_end + 4);
  out.is_capture = true;
  return true;
}

}  // namespace fuzz
