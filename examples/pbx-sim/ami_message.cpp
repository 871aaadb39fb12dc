#include "ami_message.h"

#include <Poco/String.h>

#include <charconv>

namespace pbx_sim {

std::string_view AmiMessage::operator[](std::string_view key) const {
  std::string_view rest = text_;
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    auto one = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (one.size() <= key.size() || one[key.size()] != ':') continue;
    if (Poco::icompare(std::string(one.substr(0, key.size())), std::string(key)) != 0) continue;
    one.remove_prefix(key.size() + 1);
    while (!one.empty() && one.front() == ' ') one.remove_prefix(1);
    while (!one.empty() && (one.back() == '\r' || one.back() == ' ')) one.remove_suffix(1);
    return one;
  }
  return {};
}

std::int64_t micros_of(std::string_view timestamp) {
  std::int64_t seconds = 0;
  const auto* end = timestamp.data() + timestamp.size();
  const auto [rest, error] = std::from_chars(timestamp.data(), end, seconds);
  if (error != std::errc() || seconds <= 0) return 0;
  auto micros = seconds * 1000000;
  std::int64_t unit = 100000;
  if (rest != end && *rest == '.')
    for (const char* digit = rest + 1; digit != end && *digit >= '0' && *digit <= '9'; ++digit, unit /= 10)
      micros += (*digit - '0') * unit;
  return micros;
}

std::string line(std::string_view key, std::string_view value) {
  return std::string(key).append(": ").append(value).append("\r\n");
}

}  // namespace pbx_sim
