// Bytes of a file, compared with their checksum when they are first used: who
// asks about a month does not wait for ten years to be read.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace hkl {

// Safe from any thread. Bytes that are changed in place are looked at before.
class CheckedBytes {
 public:
  // `owner` keeps them.
  CheckedBytes(const std::uint8_t* bytes, std::size_t size, std::uint64_t checksum, std::shared_ptr<const void> owner)
      : bytes_(bytes), size_(size), checksum_(checksum), owner_(std::move(owner)) {}
  bool is_sound() const;
  // Throws DamagedColumns.
  void check() const;

 private:
  enum class State : std::uint8_t { unknown, sound, damaged };
  const std::uint8_t* bytes_;
  std::size_t size_;
  std::uint64_t checksum_;
  std::shared_ptr<const void> owner_;
  mutable std::atomic<State> state_{State::unknown};
};

}  // namespace hkl
