#include "ami_time.h"

#include <charconv>

#include "hookline/types.h"

namespace asterisk {

bool parse_timestamp(std::string_view text, std::int64_t& ms, std::uint64_t& micros) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || seconds <= 0) return false;
  auto rest = text.substr(static_cast<std::size_t>(end - text.data()));
  micros = 0;
  if (!rest.empty()) {
    if (rest.front() != '.') return false;
    rest = rest.substr(1, 6);
    std::uint64_t scale = 100000;
    for (const char c : rest) {
      if (c < '0' || c > '9') return false;
      micros += static_cast<std::uint64_t>(c - '0') * scale;
      scale /= 10;
    }
  }
  ms = seconds * 1000 + static_cast<std::int64_t>(micros / 1000);
  micros %= 1000;
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
