// A small JSON reader for settings: they come from the host, satisfy the
// schema and are small. Bounded in depth; throws Failure on what is no JSON.
#pragma once

#include <charconv>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hookline/sdk/failure.h"

namespace hookline {

class Json {
 public:
  enum class Kind { null, boolean, number, text, list, object };

  static Json parse(std::string_view text) {
    Reader reader{text, 0, 0};
    Json value = reader.value();
    reader.blanks();
    if (reader.at != text.size()) reader.fail("something follows the value");
    return value;
  }

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::null; }
  bool boolean() const { return boolean_; }
  double number() const { return number_; }
  std::int64_t integer() const { return is_integer_ ? integer_ : static_cast<std::int64_t>(number_); }
  const std::string& text() const { return text_; }
  const std::vector<Json>& list() const { return list_; }
  const std::map<std::string, Json>& object() const { return object_; }
  // The member, or null.
  const Json& operator[](const std::string& name) const {
    static const Json none;
    const auto found = object_.find(name);
    return found == object_.end() ? none : found->second;
  }

 private:
  struct Reader {
    std::string_view text;
    std::size_t at;
    int depth;

    [[noreturn]] void fail(const char* why) const {
      throw Failure(HKL_BAD_SETTINGS, "settings: no JSON at byte " + std::to_string(at) + ": " + why);
    }
    void blanks() {
      while (at < text.size() && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r')) ++at;
    }
    char peek() {
      blanks();
      return at < text.size() ? text[at] : '\0';
    }
    void expect(char c) {
      if (peek() != c) fail("another character was expected");
      ++at;
    }
    bool take(std::string_view word) {
      if (text.substr(at, word.size()) != word) return false;
      at += word.size();
      return true;
    }
    void utf8(std::string& out, std::uint32_t code) {
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
    std::uint32_t hex4() {
      std::uint32_t code = 0;
      if (at + 4 > text.size()) fail("an escape breaks off");
      const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + 4, code, 16);
      if (error != std::errc() || end != text.data() + at + 4) fail("an escape is no number");
      at += 4;
      return code;
    }
    std::string quoted() {
      expect('"');
      std::string out;
      for (;;) {
        if (at >= text.size()) fail("a text has no end");
        const char c = text[at++];
        if (c == '"') return out;
        if (c != '\\') {
          out += c;
          continue;
        }
        if (at >= text.size()) fail("a text has no end");
        const char escape = text[at++];
        static constexpr std::string_view kFrom = "\"\\/bfnrt", kTo = "\"\\/\b\f\n\r\t";
        if (const auto known = kFrom.find(escape); known != std::string_view::npos) {
          out += kTo[known];
        } else if (escape == 'u') {
          auto code = hex4();
          if (code >= 0xD800 && code < 0xDC00 && take("\\u"))
            code = 0x10000 + ((code - 0xD800) << 10) + (hex4() - 0xDC00);
          utf8(out, code);
        } else {
          fail("there is no such escape");
        }
      }
    }
    Json value() {
      if (++depth > 64) fail("it is nested too deeply");
      Json json;
      switch (peek()) {
        case '{':
          json.kind_ = Kind::object;
          ++at;
          while (peek() != '}') {
            if (!json.object_.empty()) expect(',');
            blanks();
            auto name = quoted();
            expect(':');
            json.object_[std::move(name)] = value();
          }
          ++at;
          break;
        case '[':
          json.kind_ = Kind::list;
          ++at;
          while (peek() != ']') {
            if (!json.list_.empty()) expect(',');
            json.list_.push_back(value());
          }
          ++at;
          break;
        case '"':
          json.kind_ = Kind::text;
          json.text_ = quoted();
          break;
        default:
          scalar(json);
      }
      --depth;
      return json;
    }
    void scalar(Json& json) {
      if (take("true")) {
        json.kind_ = Kind::boolean;
        json.boolean_ = true;
      } else if (take("false")) {
        json.kind_ = Kind::boolean;
      } else if (!take("null")) {
        const auto* begin = text.data() + at;
        const auto* last = text.data() + text.size();
        const auto [end, error] = std::from_chars(begin, last, json.number_);
        if (error != std::errc()) fail("a value was expected");
        json.kind_ = Kind::number;
        const auto whole = std::from_chars(begin, last, json.integer_);
        json.is_integer_ = whole.ec == std::errc() && whole.ptr == end;
        at += static_cast<std::size_t>(end - begin);
      }
    }
  };

  Kind kind_ = Kind::null;
  bool boolean_ = false, is_integer_ = false;
  double number_ = 0;
  std::int64_t integer_ = 0;
  std::string text_;
  std::vector<Json> list_;
  std::map<std::string, Json> object_;
};

}  // namespace hookline
