// Where the lines of a text end, found sixty-four bytes at a time. Lines of
// "Key: value" are short: a search from one end to the next costs more for its
// call than for its bytes, and to ask of each block whether it has one more end
// costs more than the ends (tests/bench/adapters). So a window's ends are
// written down one after another, and whoever wants lines goes along the list.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

// The first colon among the `size` bytes of a line, npos: there is none. From its
// beginning on `left` bytes can be read.
inline std::size_t first_colon(const char* line, std::size_t size, std::size_t left) {
#if defined(__SSE2__)
  // Nearly all keys are shorter than this, and few lines the last of a read.
  if (left >= 2 * sizeof(__m128i)) {
    const auto colons_in = [&](std::size_t at) {
      const auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(line + at));
      return static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(':'))));
    };
    if (const auto colons = colons_in(0) | colons_in(sizeof(__m128i)) << 16; colons != 0) {
      const auto colon = static_cast<std::size_t>(__builtin_ctz(colons));
      return colon < size ? colon : std::string_view::npos;
    }
  }
#else
  static_cast<void>(left);
#endif
  return std::string_view(line, size).find(':');
}

class LineEnds {
 public:
  static constexpr std::size_t kWindow = 4096;

  // The line feeds in the first kWindow bytes of `text` by their places in it.
  // They stay until it is asked again.
  std::span<const std::uint32_t> in(std::string_view text) {
    text = text.substr(0, kWindow);
    auto* next = ends_.data();
    std::size_t block = 0;
    for (; block + kBlock <= text.size(); block += kBlock) next = put(feeds_in(text.data() + block), block, next);
    if (block < text.size()) {
      char end[kBlock] = {};
      text.copy(end, kBlock, block);
      next = put(feeds_in(end), block, next);
    }
    return {ends_.data(), next};
  }

 private:
  static constexpr std::size_t kBlock = 64, kAtOnce = 4;

  // One bit for each byte of the block.
  static std::uint64_t feeds_in(const char* block) {
#if defined(__SSE2__)
    const auto in_sixteen = [&](int at) {
      const auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + at));
      const auto found = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n'))));
      return static_cast<std::uint64_t>(found) << at;
    };
    return in_sixteen(0) | in_sixteen(16) | in_sixteen(32) | in_sixteen(48);
#else
    std::uint64_t feeds = 0;
    const auto* at = block;
    while ((at = static_cast<const char*>(std::memchr(at, '\n', block + kBlock - at))) != nullptr) {
      feeds |= std::uint64_t{1} << (at - block);
      if (++at == block + kBlock) break;
    }
    return feeds;
#endif
  }

  // Most blocks have no more than kAtOnce ends: so many are written whether they
  // are there or not, which needs no guess of how many there are.
  static std::uint32_t* put(std::uint64_t feeds, std::size_t block, std::uint32_t* next) {
    const auto count = count_of(feeds);
    const auto put_lowest = [&](std::size_t i) {
      next[i] = static_cast<std::uint32_t>(block) + lowest(feeds);
      feeds &= feeds - 1;
    };
    static_assert(kAtOnce == 4);
    put_lowest(0);
    put_lowest(1);
    put_lowest(2);
    put_lowest(3);
    for (std::size_t i = kAtOnce; feeds != 0; ++i) put_lowest(i);
    return next + count;
  }
  static std::uint32_t lowest(std::uint64_t bits) {
    return static_cast<std::uint32_t>(__builtin_ctzll(bits | std::uint64_t{1} << 63));
  }
  // The first processors of the kind have no instruction for it.
  static std::size_t count_of(std::uint64_t bits) {
    bits -= (bits >> 1) & 0x5555555555555555u;
    bits = (bits & 0x3333333333333333u) + ((bits >> 2) & 0x3333333333333333u);
    return static_cast<std::size_t>((((bits + (bits >> 4)) & 0x0F0F0F0F0F0F0F0Fu) * 0x0101010101010101u) >> 56);
  }

  std::array<std::uint32_t, kWindow + kAtOnce> ends_;  // not filled before it is asked
};
