#include "numbering.h"

#include <algorithm>
#include <cctype>

#include "hookline/events.h"

namespace asterisk {
namespace {

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Patterns as in extensions.conf, with or without the underscore.
bool matches(std::string_view pattern, std::string_view number) {
  if (!pattern.empty() && pattern.front() == '_') pattern.remove_prefix(1);
  for (const char p : pattern) {
    if (p == '.') return !number.empty();
    if (number.empty()) return false;
    const char c = number.front();
    const bool fits = p == 'X' || p == 'x'   ? c >= '0' && c <= '9'
                      : p == 'Z' || p == 'z' ? c >= '1' && c <= '9'
                      : p == 'N' || p == 'n' ? c >= '2' && c <= '9'
                                             : c == p;
    if (!fits) return false;
    number.remove_prefix(1);
  }
  return number.empty();
}

constexpr std::string_view kInside[] = {
    "Message", "Surrogate", "ConfBridgeRecorder", "CBRec",     "CBAnn",   "Recorder",   "Announcer",
    "Snoop",   "Bridge",    "AsyncGoto",          "Multicast", "Console", "UnicastRTP", "Parked"};

}  // namespace

bool is_withheld(std::string_view number) {
  const auto is_word = [&](std::string_view word) {
    return std::equal(number.begin(), number.end(), word.begin(), word.end(),
                      [](char given, char known) { return std::tolower(static_cast<unsigned char>(given)) == known; });
  };
  for (const std::string_view word :
       {"anonymous", "unknown", "restricted", "private", "withheld", "unavailable", "asterisk", "<unknown>"})
    if (is_word(word)) return true;
  return std::none_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool Numbering::is_extension(std::string_view number) const {
  if (plan_.extensions.empty()) return is_digits(number) && number.size() <= 6 && !is_own_number(number);
  return std::any_of(plan_.extensions.begin(), plan_.extensions.end(),
                     [&](std::string_view pattern) { return matches(pattern, number); });
}

bool Numbering::is_own_number(std::string_view number) const {
  if (!number.empty() && number.front() == '+') number.remove_prefix(1);
  return std::any_of(plan_.own_numbers.begin(), plan_.own_numbers.end(), [&](std::string_view own) {
    return (!own.empty() && own.front() == '+' ? own.substr(1) : own) == number;
  });
}

std::string_view Numbering::extension_of(std::string_view channel) const {
  const auto found = name(channel);
  if (found.kind == HKL_CHANNEL_KIND_PHONE) return found.peer;
  if (found.kind == HKL_CHANNEL_KIND_LOCAL) return found.peer.substr(0, found.peer.find('@'));
  return {};
}

std::string_view Numbering::without_prefix(std::string_view dialled) const {
  const auto prefix = plan_.outside_prefix;
  // Only before what is long enough to be an outside number by itself.
  if (prefix.empty() || dialled.size() < prefix.size() + 3 || dialled.substr(0, prefix.size()) != prefix)
    return dialled;
  return dialled.substr(prefix.size());
}

ChannelName Numbering::name(std::string_view channel) const {
  ChannelName found;
  const auto slash = channel.find('/');
  if (slash == std::string_view::npos) return found;
  found.technology = channel.substr(0, slash);
  auto rest = channel.substr(slash + 1);
  if (found.technology == "Local") {
    const auto half = rest.rfind(';');
    found.is_second_half = half != std::string_view::npos && rest.substr(half) == ";2";
    rest = rest.substr(0, half);
    found.peer = rest.substr(0, rest.rfind('-'));
    found.kind = HKL_CHANNEL_KIND_LOCAL;
    return found;
  }
  found.peer = rest.substr(0, rest.rfind('-'));
  // A transferred channel is renamed for a moment.
  for (const std::string_view mark : {"<ZOMBIE>", "<MASQ>"})
    if (channel.find(mark) != std::string_view::npos) found.peer = found.peer.substr(0, found.peer.find('<'));
  if (std::find(std::begin(kInside), std::end(kInside), found.technology) != std::end(kInside)) {
    found.kind = HKL_CHANNEL_KIND_SYSTEM;
  } else if (std::find(plan_.trunks.begin(), plan_.trunks.end(), found.peer) != plan_.trunks.end()) {
    found.kind = HKL_CHANNEL_KIND_TRUNK;
  } else if (is_extension(found.peer)) {
    found.kind = HKL_CHANNEL_KIND_PHONE;
  } else if (!plan_.trunks.empty() && plan_.extensions.empty()) {
    found.kind = HKL_CHANNEL_KIND_PHONE;  // phones named by words: trunks are listed, so it is none
  } else {
    found.kind = HKL_CHANNEL_KIND_TRUNK;
  }
  return found;
}

std::string_view dialled_number(std::string_view dial_string) {
  auto number = dial_string.substr(0, dial_string.find_first_of(",&"));
  number = number.substr(0, number.find('@'));
  if (const auto slash = number.rfind('/'); slash != std::string_view::npos) number = number.substr(slash + 1);
  return number;
}

}  // namespace asterisk
