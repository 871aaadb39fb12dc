// Texts between C and C++: views in, views out, nothing copied.
#pragma once

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "hookline/types.h"

namespace hookline {

inline std::string_view view(const hkl_str& text) {
  return text.ptr == nullptr ? std::string_view() : std::string_view(text.ptr, text.len);
}
inline std::string_view view(const hkl_bytes& bytes) {
  return bytes.ptr == nullptr ? std::string_view()
                              : std::string_view(reinterpret_cast<const char*>(bytes.ptr), bytes.len);
}
constexpr hkl_str str(std::string_view text) { return {text.data(), text.size()}; }
inline hkl_bytes bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// A list that belongs to somebody else, as settings and facts carry them.
template <typename T>
struct Span {
  const T* first = nullptr;
  std::size_t count = 0;
  constexpr const T* begin() const { return first; }
  constexpr const T* end() const { return first + count; }
  constexpr std::size_t size() const { return count; }
  constexpr bool empty() const { return count == 0; }
  constexpr const T& operator[](std::size_t i) const { return first[i]; }
};
using Texts = Span<std::string_view>;

// Names, each with its list; sorted by name.
struct NamedTexts {
  std::string_view name;
  Texts texts;
};
using TextMap = Span<NamedTexts>;

// A duration in a setting or an interface.
struct Duration {
  std::int64_t ms = 0;
};

}  // namespace hookline
