// An id made from a text: the same text gives the same id, for ever and
// everywhere. 128-bit FNV-1a, so ids of different texts do not meet.
#pragma once

#include <string>
#include <string_view>

namespace hookline {

class ContentHash {
 public:
  ContentHash& add(std::string_view text) {
    for (const char c : text) {
      hash_ ^= static_cast<unsigned char>(c);
      hash_ *= kPrime;
    }
    return *this;
  }
  std::string hex() const {
    std::string text;
    put_hex(text);
    return text;
  }
  // Into a text that is used again, for those who make many.
  void put_hex(std::string& text) const {
    static constexpr char kDigits[] = "0123456789abcdef";
    text.resize(32);
    auto rest = hash_;
    for (std::size_t i = 32; i-- > 0; rest >>= 4) text[i] = kDigits[static_cast<unsigned>(rest & 15)];
  }

 private:
  __extension__ using Wide = unsigned __int128;
  static constexpr Wide kPrime = (static_cast<Wide>(1) << 88) | 0x13b;
  Wide hash_ = (static_cast<Wide>(0x6c62272e07bb0142u) << 64) | 0x62b821756295c58du;
};

inline std::string content_id(std::string_view text) { return ContentHash().add(text).hex(); }

}  // namespace hookline
