#include "text_repair.h"

#include <cstdint>

#include "hookline/sdk/utf8.h"

namespace profile {
namespace {

void put(std::string& out, std::uint32_t code) {
  if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
  } else {
    out += static_cast<char>(0xE0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
  }
  out += static_cast<char>(0x80 | (code & 0x3F));
}

// 0x80–0xBF of windows-1251; letters follow from 0xC0 on in Unicode's order.
constexpr char16_t kCp1251[] =
    u"\u0402\u0403\u201A\u0453\u201E\u2026\u2020\u2021\u20AC\u2030\u0409\u2039\u040A\u040C\u040B\u040F"
    u"\u0452\u2018\u2019\u201C\u201D\u2022\u2013\u2014\uFFFD\u2122\u0459\u203A\u045A\u045C\u045B\u045F"
    u"\u00A0\u040E\u045E\u0408\u00A4\u0490\u00A6\u00A7\u0401\u00A9\u0404\u00AB\u00AC\u00AD\u00AE\u0407"
    u"\u00B0\u00B1\u0406\u0456\u0491\u00B5\u00B6\u00B7\u0451\u2116\u0454\u00BB\u0458\u0405\u0455\u0457";

}  // namespace

bool is_utf8(std::string_view text) { return hookline::is_utf8(text); }

std::string to_utf8(std::string_view text, std::string_view charset) {
  if (is_utf8(text)) return std::string(text);
  if (charset != "windows-1251") return hookline::as_utf8(text);
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
    } else {
      put(out, byte >= 0xC0 ? 0x410U + (byte - 0xC0U) : kCp1251[byte - 0x80]);
    }
  }
  return out;
}

}  // namespace profile
