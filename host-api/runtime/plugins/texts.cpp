#include "plugins/texts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "plugins/sized.h"

namespace hkl {
namespace {

// Length of the character at the front, 0 when it is not legal UTF-8
// (Unicode 15, table 3-7: no overlong forms, no surrogates).
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0u) == 0x80u; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const unsigned lowest = first == 0xE0 ? 0xA0 : 0x80, highest = first == 0xED ? 0x9F : 0xBF;
    return byte(1) >= lowest && byte(1) <= highest && follows(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const unsigned lowest = first == 0xF0 ? 0x90 : 0x80, highest = first == 0xF4 ? 0x8F : 0xBF;
    return byte(1) >= lowest && byte(1) <= highest && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

}  // namespace

bool is_utf8(std::string_view text) {
  // Most texts are ASCII, eight bytes of which are looked at together.
  for (std::uint64_t eight = 0; text.size() >= sizeof eight; text.remove_prefix(sizeof eight)) {
    std::memcpy(&eight, text.data(), sizeof eight);
    if ((eight & 0x8080808080808080u) != 0) break;
  }
  while (!text.empty()) {
    const auto length = character_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

Done take_text(hkl_str text, std::string_view name, std::string& out) {
  if (text.len == 0) {
    out.clear();
    return {};
  }
  if (text.ptr == nullptr) return fail(HKL_INVALID, fmt::format("{} has a length and no pointer", name));
  if (text.len > kLongestText) {
    return fail(HKL_INVALID, fmt::format("{} has {} bytes, more than {}", name, text.len, kLongestText));
  }
  out.assign(text.ptr, text.len);  // judged as a copy, which nobody changes meanwhile
  if (!is_utf8(out)) return fail(HKL_INVALID, fmt::format("{} is no valid UTF-8", name));
  return {};
}

Result<std::string> take_text(hkl_str text, std::string_view name) {
  std::string copy;
  if (auto taken = take_text(text, name, copy); !taken) return fail(std::move(taken.error()));
  return copy;
}

std::string one_line(std::string_view text, std::size_t max_bytes) {
  std::string out;
  out.reserve(std::min(text.size(), max_bytes));
  while (!text.empty()) {
    const auto length = character_length(text);
    const auto character = length == 0 ? std::string_view("?") : text.substr(0, length);
    if (out.size() + character.size() > max_bytes) break;
    const bool is_control = static_cast<unsigned char>(character[0]) < 0x20 || character[0] == 0x7F;
    out += is_control ? std::string_view(" ") : character;
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

void give_error(hkl_error* err, hkl_status status, std::string_view text) {
  if (err == nullptr || err->struct_size < kBaseline<hkl_error>) return;
  const auto fitting = one_line(text, HKL_ERROR_TEXT_MAX - 1);
  err->status = status;
  err->vendor_code = 0;
  err->text_len = static_cast<std::uint32_t>(fitting.size());
  std::memcpy(err->text, fitting.data(), fitting.size());
  err->text[fitting.size()] = '\0';
}

}  // namespace hkl
