// The texts of a column, each once: code → text and back. Codes are given in
// the order texts are first seen and never change.
//
// A part may lie in a mapped file; what is added stays in memory until it is
// sealed. The way back (text → code) is made when a text is first added: a
// report over two million contacts never needs it. Many threads may read; none
// while one adds.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hkl {

class Dictionary {
 public:
  // Texts of a file: `ends[i]` is where text i ends in `bytes`; both lie in `owner`.
  void map(std::span<const std::uint64_t> ends, const char* bytes, std::shared_ptr<const void> owner);

  std::uint32_t add(std::string_view text);
  std::optional<std::uint32_t> find(std::string_view text) const;
  std::string_view text(std::uint32_t code) const;
  std::uint32_t size() const { return static_cast<std::uint32_t>(mapped_ends_.size() + ends_.size()); }

  // The texts of the file alone, for any thread: they never change.
  Dictionary mapped_part() const;
  // The way back for all texts there are, to be taken over later: of two million it takes half a
  // second, which add() would take of whoever asks first.
  struct Index {
    std::vector<std::uint32_t> slots;  // open addressing: code + 1; 0 is free; empty: not made yet
    std::uint32_t size = 0;            // of how many texts
  };
  Index indexed() const;
  // One of this dictionary, whatever was added since.
  void adopt(Index index);

 private:
  void index_all(Index& index) const;
  std::size_t slot_of(std::string_view text, const std::vector<std::uint32_t>& slots) const;

  std::span<const std::uint64_t> mapped_ends_;
  const char* mapped_ = nullptr;
  std::shared_ptr<const void> owner_;
  std::string bytes_;
  std::vector<std::uint64_t> ends_;
  Index index_;
};

// The same for many threads at once, all of which may add.
class SharedTexts {
 public:
  std::uint32_t add(std::string_view text) {
    const std::lock_guard lock(mutex_);
    return texts_.add(text);
  }
  std::string text(std::uint32_t code) const {
    const std::lock_guard lock(mutex_);
    return std::string(texts_.text(code));
  }

 private:
  mutable std::mutex mutex_;
  Dictionary texts_;
};

}  // namespace hkl
