#include "endpoints/peer_list.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace hkl {
namespace {

using Poco::Net::IPAddress;

unsigned bits_of(const IPAddress& address) { return address.family() == IPAddress::IPv6 ? 128 : 32; }

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

IPAddress plain_address(const IPAddress& address) {
  IPAddress v4;
  const auto text = address.toString();
  const auto colon = text.rfind(':');
  const bool is_mapped = address.isIPv4Mapped() && colon != std::string::npos;
  return is_mapped && IPAddress::tryParse(text.substr(colon + 1), v4) ? v4 : address;
}

Result<PeerList> PeerList::parse(std::string_view text) {
  PeerList list;
  while (!text.empty()) {
    const auto end = std::min(text.find(','), text.size());
    const auto entry = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (entry.empty()) continue;
    const auto slash = std::min(entry.find('/'), entry.size());
    IPAddress base;
    const bool is_address = IPAddress::tryParse(std::string(entry.substr(0, slash)), base);
    if (is_address) base = plain_address(base);
    unsigned bits = bits_of(base);
    bool has_bits = true;
    if (slash < entry.size()) {
      const auto number = entry.substr(slash + 1);
      const auto [at, error] = std::from_chars(number.data(), number.data() + number.size(), bits);
      has_bits = error == std::errc() && at == number.data() + number.size() && bits <= bits_of(base);
    }
    if (!is_address || !has_bits) {
      return fail(HKL_BAD_SETTINGS, fmt::format("\"{}\" is neither an address nor a network such as 10.0.0.0/24; names "
                                                "of hosts are not looked up here",
                                                entry));
    }
    list.networks_.push_back({base, bits});
  }
  return list;
}

bool PeerList::has(const IPAddress& address) const {
  const auto peer = plain_address(address);
  for (const auto& network : networks_) {
    if (network.base.family() != peer.family()) continue;
    const IPAddress mask(network.bits, peer.family());
    if ((peer & mask) == (network.base & mask)) return true;
  }
  return false;
}

}  // namespace hkl
