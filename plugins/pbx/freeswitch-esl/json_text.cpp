#include "json_text.h"

#include <charconv>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace freeswitch {
namespace {

constexpr int kDeepest = 32;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

void put_utf8(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (code >> 18));
    out += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

// The next quote or backslash from `at` on, npos: there is none. Texts are short:
// find_first_of asks of each letter, and calls a search for that.
std::size_t next_mark(std::string_view text, std::size_t at) {
#if defined(__SSE2__)
  for (; text.size() - at >= sizeof(__m128i); at += sizeof(__m128i)) {
    const auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    const auto found = _mm_movemask_epi8(
        _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))));
    if (found != 0) return at + static_cast<std::size_t>(__builtin_ctz(static_cast<unsigned>(found)));
  }
#endif
  for (; at < text.size(); ++at)
    if (text[at] == '"' || text[at] == '\\') return at;
  return std::string_view::npos;
}

// Four hex digits at `at`, or nothing that is a character.
std::uint32_t hex4(std::string_view text, std::size_t at) {
  std::uint32_t code = 0xFFFD;
  if (at + 4 > text.size()) return code;
  const auto* begin = text.data() + at;
  std::uint32_t read = 0;
  const auto [end, error] = std::from_chars(begin, begin + 4, read, 16);
  return error == std::errc() && end == begin + 4 ? read : code;
}

}  // namespace

char JsonScanner::peek() {
  while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  return at_ < text_.size() ? text_[at_] : '\0';
}

bool JsonScanner::take(char c) {
  if (peek() != c) return false;
  ++at_;
  return true;
}

// A quote that nothing escapes is inside the text unless a comma, colon or
// bracket follows, and behind the comma another text, list or object.
bool JsonScanner::ends_here(std::size_t quote) const {
  const auto next = [&](std::size_t at) {
    while (at < text_.size() && is_blank(text_[at])) ++at;
    return at;
  };
  const auto mark = next(quote + 1);
  if (mark >= text_.size()) return true;
  if (text_[mark] == '}' || text_[mark] == ']') {
    // Only before another bracket, a comma or the end.
    const auto then = next(mark + 1);
    return then >= text_.size() || text_[then] == ',' || text_[then] == '}' || text_[then] == ']';
  }
  if (text_[mark] != ',' && text_[mark] != ':') return false;
  const auto begins = next(mark + 1);
  if (begins >= text_.size()) return false;
  const char c = text_[begins];
  return c == '"' || c == '{' || c == '[' || (text_[mark] == ':' && ((c >= '0' && c <= '9') || c == '-'));
}

bool JsonScanner::text(std::string_view& out, bool& is_escaped) {
  if (!take('"')) return false;
  const auto begin = at_;
  is_escaped = false;
  for (;; ++at_) {
    at_ = next_mark(text_, at_);
    if (at_ == std::string_view::npos) {
      at_ = text_.size();
      return false;
    }
    if (text_[at_] == '\\' && is_bare_) continue;  // a sign like any other
    if (text_[at_] == '\\') {
      is_escaped = true;
      if (++at_ >= text_.size()) return false;
    } else if (!is_bare_ || ends_here(at_)) {
      out = text_.substr(begin, at_ - begin);
      ++at_;
      return true;
    }
  }
}

std::string_view JsonScanner::scalar() {
  peek();
  const auto begin = at_;
  while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '}' && text_[at_] != ']' && !is_blank(text_[at_]))
    ++at_;
  return text_.substr(begin, at_ - begin);
}

bool JsonScanner::skip_value(int depth) {
  if (depth > kDeepest) return false;
  std::string_view value;
  bool is_escaped = false;
  const char c = peek();
  if (c == '"') return text(value, is_escaped);
  if (c != '{' && c != '[') return !scalar().empty();
  const char closes = c == '{' ? '}' : ']';
  take(c);
  if (take(closes)) return true;
  do {
    if (c == '{' && (!text(value, is_escaped) || !take(':'))) return false;
    if (!skip_value(depth + 1)) return false;
  } while (take(','));
  return take(closes);
}

void put_json_unescaped(std::string_view text, std::string& out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 >= text.size()) {
      out += text[i];
      continue;
    }
    static constexpr std::string_view kFrom = "\"\\/bfnrt", kTo = "\"\\/\b\f\n\r\t";
    const char escape = text[++i];
    if (const auto known = kFrom.find(escape); known != std::string_view::npos) {
      out += kTo[known];
    } else if (escape == 'u') {
      auto code = hex4(text, i + 1);
      i += 4;
      if (code >= 0xD800 && code < 0xDC00 && text.substr(i + 1, 2) == "\\u") {
        const auto low = hex4(text, i + 3);
        if (low >= 0xDC00 && low < 0xE000) {
          code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
          i += 6;
        }
      }
      // Half a pair is no character.
      put_utf8(out, code >= 0xD800 && code < 0xE000 ? 0xFFFD : code);
    } else {
      out += '\\';
      out += escape;
    }
  }
}

std::string json_unescaped(std::string_view text) {
  std::string out;
  put_json_unescaped(text, out);
  return out;
}

}  // namespace freeswitch
