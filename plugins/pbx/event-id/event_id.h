// The id of an event, made from the texts that tell it from every other: the
// same whenever the PBX sends it again. Like hookline::ContentHash, for those
// who make a million of them a second.
#pragma once

#include <array>
#include <string_view>
#include <vector>

// Inside of whoever includes it: nothing to link.
#define XXH_INLINE_ALL
#include <xxhash.h>

class EventId {
 public:
  // 32 hex digits.
  class Hex {
   public:
    operator std::string_view() const { return {digits_.data(), digits_.size()}; }

   private:
    friend class EventId;
    std::array<char, 32> digits_;
  };

  EventId& add(std::string_view text) {
    if (room_.size() - size_ < text.size()) room_.resize(2 * room_.size() + text.size());
    text.copy(room_.data() + size_, text.size());
    size_ += text.size();
    return *this;
  }
  // XXH3 gives the same in every version since 0.8 and on every machine (its
  // specification, "XXH3 Algorithm Overview").
  Hex hex() const {
    XXH128_canonical_t bytes;
    XXH128_canonicalFromHash(&bytes, XXH3_128bits(room_.data(), size_));
    static constexpr char kDigits[] = "0123456789abcdef";
    Hex hex;
    for (std::size_t i = 0; i < 16; ++i) {
      hex.digits_[2 * i] = kDigits[bytes.digest[i] >> 4];
      hex.digits_[2 * i + 1] = kDigits[bytes.digest[i] & 15];
    }
    return hex;
  }
  // Begins anew and keeps the room.
  void clear() { size_ = 0; }

 private:
  // A hundred short parts make an id: std::string takes longer to find out that
  // one fits than to put it there.
  std::vector<char> room_ = std::vector<char>(512);
  std::size_t size_ = 0;
};
