// One message of the Asterisk Manager Interface: lines of "Key: value" up to
// an empty one. Keys may repeat; the first counts (AMI v2 specification).
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "line_marks.h"

namespace asterisk {

// Knows where its lines and keys are; values are looked at when one is asked
// for, as of most messages nothing but the kind and the time is.
class Message {
 public:
  Message() = default;
  // Lines that are whole; the text outlives it.
  explicit Message(std::string_view text) : text_(text) {
    LineMarks marks(text);
    std::size_t line = 0, colon = LineMarks::kNone;
    for (auto mark = marks.next(); mark != LineMarks::kNone; mark = marks.next()) {
      if (text[mark] == ':') {
        colon = std::min(colon, mark);
        continue;
      }
      add(line, colon, mark);
      line = mark + 1;
      colon = LineMarks::kNone;
    }
  }

  void clear() { lines_.clear(); }
  // A line of the text by its begin, its first colon (LineMarks::kNone: it has
  // none) and its line feed.
  void add(std::size_t begin, std::size_t colon, std::size_t end) {
    const auto key = colon == LineMarks::kNone ? 0 : colon - begin;
    lines_.push_back(
        {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(end)});
  }
  // Where the lines are; it outlives what is asked of the message.
  void set_text(std::string_view text) { text_ = text; }
  bool has_lines() const { return !lines_.empty(); }

  // The value, or empty. "<unknown>" is how Asterisk writes nothing.
  std::string_view operator[](std::string_view key) const { return value({}, key); }
  // The value of prefix + key: channels are told with one, "DestUniqueid".
  std::string_view value(std::string_view prefix, std::string_view key) const {
    if (key.empty()) return {};
    const auto size = prefix.size() + key.size();
    for (const auto& line : lines_) {
      if (line.key_size != size) continue;
      const auto* given = text_.data() + line.begin;
      if (given[size - 1] != key.back() || std::memcmp(given + prefix.size(), key.data(), key.size()) != 0) continue;
      if (!prefix.empty() && std::memcmp(given, prefix.data(), prefix.size()) != 0) continue;
      const auto told = value_of(line);
      return told == "<unknown>" ? std::string_view() : told;
    }
    return {};
  }
  // Every key with its value as it came.
  template <typename Take>
  void each(const Take& take) const {
    for (const auto& line : lines_)
      if (line.key_size > 0) take(key_of(line), value_of(line));
  }
  // The same for keys that end with `suffix`, which is no part of what is told of them.
  template <typename Take>
  void each_ending(std::string_view suffix, const Take& take) const {
    for (const auto& line : lines_) {
      const auto key = key_of(line);
      if (key.size() < suffix.size() || key.back() != suffix.back()) continue;
      const auto prefix = key.size() - suffix.size();
      if (std::memcmp(key.data() + prefix, suffix.data(), suffix.size()) == 0)
        take(std::string_view(key.data(), prefix), value_of(line));
    }
  }
  // How many bytes stand in lines that are no "Key: value".
  std::size_t malformed_bytes() const {
    std::size_t count = 0;
    for (const auto& line : lines_)
      if (line.key_size == 0) count += trimmed({text_.data() + line.begin, line.end - line.begin}).size();
    return count;
  }
  // Whether it is any message at all.
  bool has_keys() const {
    return std::any_of(lines_.begin(), lines_.end(), [](const Line& line) { return line.key_size > 0; });
  }

 private:
  struct Line {
    std::uint32_t begin, key_size, end;  // key_size 0: it is no "Key: value"
  };
  std::string_view key_of(const Line& line) const { return {text_.data() + line.begin, line.key_size}; }
  std::string_view value_of(const Line& line) const {
    const auto begin = line.begin + line.key_size + 1;
    return trimmed({text_.data() + begin, line.end - begin});
  }
  static std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.back() == '\r' || text.back() == ' ')) text.remove_suffix(1);
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    return text;
  }

  std::string_view text_;
  std::vector<Line> lines_;
};

}  // namespace asterisk
