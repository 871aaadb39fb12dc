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
#include <utility>
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

// Knows where its lines end; a value is looked for when one is asked for, as of
// most messages nothing but the kind and the time is.
class Message {
 public:
  Message() = default;
  // Lines that are whole; the text outlives it.
  explicit Message(std::string_view text) {
    LineEnds ends;
    for (std::size_t from = 0; from < text.size(); from += LineEnds::kWindow)
      keep(ends.in(text.substr(from)), -static_cast<std::uint32_t>(from));
    close(text, {}, 0);
  }

  // Lines of a message that goes on: places of their line feeds. `begin` is that
  // of the message; as places are counted, it may stand before 0.
  void keep(std::span<const std::uint32_t> ends, std::uint32_t begin) {
    for (const auto end : ends) kept_.push_back(end - begin);
  }
  // Its last lines. `text` begins where the message does, and may go on behind
  // it. Both outlive what is asked of the message.
  void close(std::string_view text, std::span<const std::uint32_t> ends, std::uint32_t begin) {
    text_ = text;
    begin_ = begin;
    ends_ = ends;
    if (kept_.empty()) return;
    keep(ends, begin);
    begin_ = 0;
    ends_ = kept_;
  }
  void clear() {
    kept_.clear();
    ends_ = {};
    line_count_ = 0;
  }
  bool has_lines() const { return !ends_.empty(); }

  // The value, or empty. "<unknown>" is how Asterisk writes nothing.
  std::string_view operator[](const Key& key) const {
    constexpr std::size_t kEight = sizeof(std::uint64_t);
    const auto name = key.name();
    std::size_t begin = 0;
    for (const auto at : ends_) {
      const std::size_t end = at - begin_;
      if (key.may_begin(eight_at(begin))) {
        const std::string_view line(text_.data() + begin, end - begin);
        if (name.size() < kEight ||
            (line.size() > name.size() && line[name.size()] == ':' &&
             std::memcmp(line.data() + kEight, name.data() + kEight, name.size() - kEight) == 0))
          return told(line.substr(name.size() + 1));
      }
      begin = end + 1;
    }
    return {};
  }
  // The value of prefix + key: channels are told with one, "DestUniqueid".
  std::string_view value(std::string_view prefix, std::string_view key) const {
    const auto size = prefix.size() + key.size();
    for (const auto& line : lines())
      if (line.key_size == size && key_of(line).ends_with(key) && key_of(line).starts_with(prefix))
        return told(after_key(line));
    return {};
  }
  // Every key with its value as it came.
  template <typename Take>
  void each(const Take& take) const {
    for (const auto& line : lines())
      if (line.key_size > 0) take(key_of(line), trimmed(after_key(line)));
  }
  // The same for keys that end with `suffix`, which is no part of what is told of them.
  template <typename Take>
  void each_ending(std::string_view suffix, const Take& take) const {
    for (const auto& line : lines()) {
      const auto key = key_of(line);
      if (key.size() < suffix.size() || key.back() != suffix.back() || !key.ends_with(suffix)) continue;
      take(key.substr(0, key.size() - suffix.size()), trimmed(after_key(line)));
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
    std::size_t begin = 0;
    return std::any_of(ends_.begin(), ends_.end(), [&](std::uint32_t at) {
      const auto line = std::exchange(begin, std::size_t{at - begin_} + 1);
      return key_size(line, begin - 1) > 0;
    });
  }

 private:
  struct Line {
    std::uint32_t begin, key_size, end;  // key_size 0: it is no "Key: value"
  };
  // Where the keys are; found when they are asked for.
  std::span<const Line> lines() const {
    if (line_count_ == 0) {
      if (lines_.size() < ends_.size()) lines_.resize(ends_.size());
      std::uint32_t begin = 0;
      for (const auto at : ends_) {
        const auto end = at - begin_;
        auto& line = lines_[line_count_++];
        line.begin = begin;
        line.end = end;
        line.key_size = static_cast<std::uint32_t>(key_size(begin, end));
        begin = end + 1;
      }
    }
    return {lines_.data(), line_count_};
  }
  std::size_t key_size(std::size_t begin, std::size_t end) const {
    const auto colon = first_colon(text_.data() + begin, end - begin, text_.size() - begin);
    return colon == std::string_view::npos ? 0 : colon;
  }
  // The first bytes of a line, those of the next too where it is shorter.
  std::uint64_t eight_at(std::size_t begin) const {
    std::uint64_t eight = 0;
    if (text_.size() - begin < sizeof eight) return last_at(begin);
    std::memcpy(&eight, text_.data() + begin, sizeof eight);
    return eight;
  }
  [[gnu::noinline]] std::uint64_t last_at(std::size_t begin) const {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text_.data() + begin, text_.size() - begin);
    return eight;
  }
  std::string_view key_of(const Line& line) const { return {text_.data() + line.begin, line.key_size}; }
  std::string_view after_key(const Line& line) const {
    const auto begin = line.begin + line.key_size + 1;
    return {text_.data() + begin, line.end - begin};
  }
  static std::string_view told(std::string_view after_key) {
    const auto value = trimmed(after_key);
    return value == "<unknown>" ? std::string_view() : value;
  }
  static std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.back() == '\r' || text.back() == ' ')) text.remove_suffix(1);
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    return text;
  }

  std::string_view text_;
  std::span<const std::uint32_t> ends_;  // of its lines: the places of line feeds
  std::uint32_t begin_ = 0;              // what those places are counted from
  std::vector<std::uint32_t> kept_;      // of lines that came before the rest; counted from its beginning
  mutable std::vector<Line> lines_;      // grows and stays
  mutable std::size_t line_count_ = 0;
};

}  // namespace asterisk
