#include "ami_time.h"

#include <algorithm>

#include "hookline/types.h"

namespace asterisk {

bool parse_timestamp(std::string_view text, std::int64_t& ms, std::uint64_t& micros) {
  constexpr std::size_t kLongest = 15;  // of seconds whose milliseconds are still a number
  const auto digit = [&](std::size_t at) { return static_cast<unsigned>(text[at]) - '0'; };
  std::int64_t seconds = 0;
  std::size_t at = 0;
  for (; at < text.size() && digit(at) <= 9; ++at) {
    if (at == kLongest) return false;
    seconds = seconds * 10 + digit(at);
  }
  if (seconds <= 0) return false;
  std::uint64_t fraction = 0;
  if (at < text.size()) {
    if (text[at] != '.') return false;
    const auto end = std::min(text.size(), at + 7);
    std::uint64_t scale = 1000000;
    for (++at; at < end; ++at) {
      if (digit(at) > 9) return false;
      fraction = fraction * 10 + digit(at);
      scale /= 10;
    }
    fraction *= scale;
  }
  ms = seconds * 1000 + static_cast<std::int64_t>(fraction / 1000);
  micros = fraction % 1000;
  return true;
}

std::int64_t began_by_id(std::string_view unique_id) {
  const auto seconds = unique_id.substr(0, unique_id.rfind('.'));
  std::int64_t ms = 0;
  std::uint64_t micros = 0;
  return parse_timestamp(seconds.substr(seconds.rfind('-') + 1), ms, micros) ? ms : HKL_UNKNOWN_MS;
}

std::int64_t time_of(const Message& message) {
  std::int64_t ms = 0;
  std::uint64_t micros = 0;
  return parse_timestamp(message["Timestamp"], ms, micros) ? ms : HKL_UNKNOWN_MS;
}

}  // namespace asterisk
