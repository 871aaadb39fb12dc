#include "http/senders.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <optional>

namespace hkl {
namespace {

using Poco::Net::IPAddress;

constexpr std::chrono::minutes kWindow{1};
constexpr std::size_t kMostSenders = 10000;

// Written out in full: Poco takes 10.1 for 10.0.0.1.
std::optional<IPAddress> address_of(std::string_view text) {
  const std::string copy(text);
  std::array<unsigned char, 16> bytes{};
  if (inet_pton(AF_INET, copy.c_str(), bytes.data()) == 1) return IPAddress(bytes.data(), 4);
  if (inet_pton(AF_INET6, copy.c_str(), bytes.data()) != 1) return std::nullopt;
  const IPAddress address(bytes.data(), 16);
  if (address.isIPv4Mapped()) return IPAddress(bytes.data() + 12, 4);
  return address;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// "203.0.113.5:1234" and "[2001:db8::1]:1234" without the port.
std::string_view without_port(std::string_view text) {
  if (text.starts_with('[')) return text.substr(1, text.find(']') - 1);
  return text.find(':') == text.rfind(':') ? text.substr(0, text.find(':')) : text;
}

std::string network_of(const std::string& peer) {
  const auto address = address_of(peer);
  if (!address || address->family() == IPAddress::IPv4) return peer;
  return (*address & IPAddress(64, IPAddress::IPv6)).toString();
}

}  // namespace

std::string address_text(const IPAddress& address) {
  const auto plain = address_of(address.toString());
  return plain ? plain->toString() : address.toString();
}

Result<Networks> Networks::of(const std::vector<std::string>& texts) {
  Networks networks;
  for (const auto& text : texts) {
    const auto slash = text.find('/');
    const auto address = address_of(text.substr(0, slash));
    const auto refuse = [&] {
      return fail(HKL_BAD_SETTINGS, fmt::format("\"{}\" is no address or network; write 10.0.0.5 or 10.0.0.0/8", text));
    };
    if (!address) return refuse();
    const unsigned whole = address->family() == IPAddress::IPv4 ? 32 : 128;
    unsigned prefix = whole;
    if (slash != std::string::npos) {
      const auto* end = text.data() + text.size();
      const auto [stopped, error] = std::from_chars(text.data() + slash + 1, end, prefix);
      if (error != std::errc() || stopped != end || prefix > whole) return refuse();
    }
    networks.networks_.push_back({*address, prefix});
  }
  return networks;
}

bool Networks::holds(std::string_view text) const {
  const auto address = address_of(text);
  if (!address) return false;
  for (const auto& network : networks_) {
    if (network.address.family() != address->family()) continue;
    const IPAddress mask(network.prefix, address->family());
    if ((*address & mask) == (network.address & mask)) return true;
  }
  return false;
}

void find_sender(HttpRequest& request, const std::string& connected, const Networks& trusted) {
  request.peer = connected;
  if (!trusted.holds(connected)) return;
  if (same_header(request.header("X-Forwarded-Proto"), "https")) request.is_tls = true;
  // From the nearest proxy outwards; whom a trusted one names is believed, and
  // what stands before is the sender's own word.
  std::string all;
  for (const auto& [name, value] : request.headers)
    if (same_header(name, "X-Forwarded-For")) all += (all.empty() ? "" : ",") + value;
  std::string_view rest = all;
  while (!rest.empty()) {
    const auto comma = rest.rfind(',');
    const auto one = without_port(trimmed(comma == std::string_view::npos ? rest : rest.substr(comma + 1)));
    const auto address = address_of(one);
    if (!address) return;
    request.peer = address->toString();
    if (comma == std::string_view::npos || !trusted.holds(request.peer)) return;
    rest = rest.substr(0, comma);
  }
}

std::uint32_t RefusalLimit::wait_s(const std::string& peer, Instant now) {
  const std::lock_guard lock(mutex_);
  const auto found = counts_.find(network_of(peer));
  if (found == counts_.end() || found->second.refusals < per_minute_) return 0;
  const auto left = found->second.begun + kWindow - now;
  if (left <= Millis(0) || left > kWindow) {
    counts_.erase(found);
    return 0;
  }
  return static_cast<std::uint32_t>(std::chrono::ceil<std::chrono::seconds>(left).count());
}

void RefusalLimit::note(const std::string& peer, Instant now) {
  const std::lock_guard lock(mutex_);
  if (counts_.size() >= kMostSenders) {
    std::erase_if(counts_, [&](const auto& one) { return one.second.begun + kWindow <= now; });
    if (counts_.size() >= kMostSenders) counts_.erase(counts_.begin());
  }
  auto& count = counts_[network_of(peer)];
  if (count.refusals == 0 || count.begun + kWindow <= now || count.begun > now) count = {now, 0};
  ++count.refusals;
}

}  // namespace hkl
