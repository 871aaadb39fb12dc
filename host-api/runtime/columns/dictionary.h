// The texts of a column, each once: code → text and back. Codes are given in
// the order texts are first seen and never change.
//
// A part may lie in a mapped file, with the order of its texts beside it, so
// that nothing is made of two million contacts at a start. What is added stays
// in memory until it is sealed. Many threads may read; none while one adds.
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
  // Texts of a file: `ends[i]` is where text i ends in `bytes`; `order`: their codes, by text. All lie in `owner`.
  struct Mapped {
    std::span<const std::uint64_t> ends;
    std::span<const std::uint32_t> order;
    const char* bytes = nullptr;
    std::shared_ptr<const void> owner;
  };
  void map(Mapped mapped);

  std::uint32_t add(std::string_view text);
  std::optional<std::uint32_t> find(std::string_view text) const;
  std::string_view text(std::uint32_t code) const;
  std::uint32_t size() const { return static_cast<std::uint32_t>(mapped_.ends.size() + ends_.size()); }
  // All codes, by text.
  std::vector<std::uint32_t> order() const;

 private:
  std::optional<std::uint32_t> find_mapped(std::string_view text) const;
  void index_all();
  std::size_t slot_of(std::string_view text) const;

  Mapped mapped_;
  // Of what was added:
  std::string bytes_;
  std::vector<std::uint64_t> ends_;
  std::vector<std::uint32_t> slots_;  // open addressing: code + 1; 0 is free; empty: not made yet
  std::uint32_t indexed_ = 0;         // of ends_
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
