// One message of the Asterisk Manager Interface: lines of "Key: value" up to
// an empty one. Keys may repeat; the first counts (AMI v2 specification).
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "line_ends.h"

namespace asterisk {

// The name of a line, compared eight bytes at once. Made of a literal.
class Key {
 public:
  constexpr Key() = default;
  template <std::size_t size>
  consteval Key(const char (&literal)[size]) : name_(literal, size - 1) {  // so that m["Uniqueid"] can be written
    std::array<char, 8> begin{}, mask{};
    for (std::size_t i = 0; i < begin.size() && i < size; ++i) {
      begin[i] = i + 1 < size ? literal[i] : ':';
      mask[i] = '\xFF';
    }
    begin_ = std::bit_cast<std::uint64_t>(begin);
    mask_ = std::bit_cast<std::uint64_t>(mask);
  }
  constexpr std::string_view name() const { return name_; }
  constexpr bool empty() const { return name_.empty(); }
  // Whether a line may be of that name that begins with these eight bytes.
  constexpr bool may_begin(std::uint64_t eight) const { return (eight & mask_) == begin_; }

 private:
  std::string_view name_;
  std::uint64_t begin_ = 0, mask_ = 0;
};

// Knows where its lines and keys are; values are looked at when one is asked
// for, as of most messages nothing but the kind and the time is.
class Message {
 public:
  Message() = default;
  // Lines that are whole; the text outlives it.
  explicit Message(std::string_view text) : text_(text) {
    LineEnds ends;
    std::size_t line = 0;
    for (std::size_t from = 0; from < text.size(); from += LineEnds::kWindow)
      for (const auto at : ends.in(text.substr(from))) {
        add(line, from + at);
        line = from + at + 1;
      }
  }

  void clear() { count_ = 0; }
  // Where the message begins, and all that is there behind it. It outlives what
  // is asked of the message.
  void set_text(std::string_view text) { text_ = text; }
  // The next line: the bytes of the text from `begin` up to its line feed at `end`.
  void add(std::size_t begin, std::size_t end) {
    if (count_ == capacity_) grow();
    auto& line = room_[count_++];
    line.begin = static_cast<std::uint32_t>(begin);
    line.end = static_cast<std::uint32_t>(end);
    look_at(end - begin, line);
  }
  bool has_lines() const { return count_ > 0; }

  // The value, or empty. "<unknown>" is how Asterisk writes nothing.
  std::string_view operator[](const Key& key) const {
    const auto name = key.name();
    for (const auto& line : lines()) {
      if (!key.may_begin(line.eight) || line.key_size != name.size()) continue;
      if (name.size() > sizeof line.eight &&
          std::memcmp(text_.data() + line.begin + sizeof line.eight, name.data() + sizeof line.eight,
                      name.size() - sizeof line.eight) != 0)
        continue;
      return told(line);
    }
    return {};
  }
  // The value of prefix + key: channels are told with one, "DestUniqueid".
  std::string_view value(std::string_view prefix, std::string_view key) const {
    const auto size = prefix.size() + key.size();
    for (const auto& line : lines()) {
      if (line.key_size != size) continue;
      const auto given = key_of(line);
      if (given.ends_with(key) && given.starts_with(prefix)) return told(line);
    }
    return {};
  }
  // Every key with its value as it came.
  template <typename Take>
  void each(const Take& take) const {
    for (const auto& line : lines())
      if (line.key_size > 0) take(key_of(line), value_of(line));
  }
  // The same for keys that end with `suffix`, which is no part of what is told of them.
  template <typename Take>
  void each_ending(std::string_view suffix, const Take& take) const {
    for (const auto& line : lines()) {
      const auto key = key_of(line);
      if (key.size() < suffix.size() || key.back() != suffix.back() || !key.ends_with(suffix)) continue;
      take(key.substr(0, key.size() - suffix.size()), value_of(line));
    }
  }
  // How many bytes stand in lines that are no "Key: value".
  std::size_t malformed_bytes() const {
    std::size_t count = 0;
    for (const auto& line : lines())
      if (line.key_size == 0) count += trimmed({text_.data() + line.begin, line.end - line.begin}).size();
    return count;
  }
  // Whether it is any message at all.
  bool has_keys() const {
    const auto all = lines();
    return std::any_of(all.begin(), all.end(), [](const Line& line) { return line.key_size > 0; });
  }

 private:
  struct Line {
    std::uint64_t eight;                 // its first bytes, those of the next line too where it is shorter
    std::uint32_t begin, key_size, end;  // key_size 0: it is no "Key: value"
  };
  [[gnu::noinline]] void grow() {
    capacity_ = std::max<std::size_t>(64, 2 * count_);
    room_.resize(capacity_);
  }
  std::span<const Line> lines() const { return {room_.data(), count_}; }
  // Finds the key of a line of that size.
  void look_at(std::size_t size, Line& line) const {
    const auto* text = text_.data() + line.begin;
    const auto left = text_.size() - line.begin;
    const auto colon = first_colon(text, size, left);
    line.key_size = colon == std::string_view::npos ? 0 : static_cast<std::uint32_t>(colon);
    if (left >= sizeof line.eight) {
      std::memcpy(&line.eight, text, sizeof line.eight);
    } else {
      line.eight = 0;
      std::memcpy(&line.eight, text, left);
    }
  }
  std::string_view key_of(const Line& line) const { return {text_.data() + line.begin, line.key_size}; }
  std::string_view value_of(const Line& line) const {
    const auto begin = line.begin + line.key_size + 1;
    return trimmed({text_.data() + begin, line.end - begin});
  }
  std::string_view told(const Line& line) const {
    const auto value = value_of(line);
    return value == "<unknown>" ? std::string_view() : value;
  }
  static std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.back() == '\r' || text.back() == ' ')) text.remove_suffix(1);
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    return text;
  }

  std::string_view text_;
  std::vector<Line> room_;  // grows and stays
  std::size_t count_ = 0, capacity_ = 0;
};

}  // namespace asterisk
