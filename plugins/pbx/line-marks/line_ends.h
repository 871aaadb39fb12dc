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
  static constexpr std::size_t kBlock = 64, kAtOnce = 5;

  // One bit for each byte of the block.
  static std::uint64_t feeds_in(const char* block) {
    std::uint64_t feeds = 0;
#if defined(__SSE2__)
    const auto feed = _mm_set1_epi8('\n');
    for (int i = 0; i < 4; ++i) {
      const auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + 16 * i));
      feeds |= static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, feed))))
               << (16 * i);
    }
#else
    const auto* at = block;
    while ((at = static_cast<const char*>(std::memchr(at, '\n', block + kBlock - at))) != nullptr) {
      feeds |= std::uint64_t{1} << (at - block);
      if (++at == block + kBlock) break;
    }
#endif
    return feeds;
  }

  // Most blocks have no more than kAtOnce ends: so many are written whether they
  // are there or not, which needs no guess of how many there are.
  static std::uint32_t* put(std::uint64_t feeds, std::size_t block, std::uint32_t* next) {
    const auto count = count_of(feeds);
    for (std::size_t i = 0; i < kAtOnce; ++i) {
      next[i] = static_cast<std::uint32_t>(block) + lowest(feeds);
      feeds &= feeds - 1;
    }
    for (std::size_t i = kAtOnce; feeds != 0; ++i) {
      next[i] = static_cast<std::uint32_t>(block) + lowest(feeds);
      feeds &= feeds - 1;
    }
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
