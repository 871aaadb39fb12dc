// The line feeds and colons of a text in order, sixty-four bytes at a time:
// lines of "Key: value" are short, and a search from one mark to the next costs
// more for its call than for its bytes (tests/bench/adapters).
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

class LineMarks {
 public:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  // `text` outlives it; what stands before `from` is passed over.
  explicit LineMarks(std::string_view text, std::size_t from = 0) : text_(text), block_(from) { look(); }

  // Where the next one is; kNone: there is none.
  std::size_t next() {
    while (marks_ == 0) {
      if (text_.size() - block_ <= kBlock) return kNone;
      block_ += kBlock;
      look();
    }
    const auto at = block_ + static_cast<std::size_t>(__builtin_ctzll(marks_));
    marks_ &= marks_ - 1;
    return at;
  }

 private:
  static constexpr std::size_t kBlock = 64;

  // One bit for each byte of the block.
  void look() {
    if (text_.size() - block_ >= kBlock) {
      marks_ = marks_in(text_.data() + block_);
    } else {
      char end[kBlock] = {};
      text_.copy(end, kBlock, block_);
      marks_ = marks_in(end);
    }
  }
  static std::uint64_t marks_in(const char* block) {
    std::uint64_t marks = 0;
#if defined(__SSE2__)
    const auto feed = _mm_set1_epi8('\n'), colon = _mm_set1_epi8(':');
    for (int i = 0; i < 4; ++i) {
      const auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + 16 * i));
      const auto found = _mm_or_si128(_mm_cmpeq_epi8(bytes, feed), _mm_cmpeq_epi8(bytes, colon));
      marks |= static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(found))) << (16 * i);
    }
#else
    for (std::size_t i = 0; i < kBlock; ++i)
      if (block[i] == '\n' || block[i] == ':') marks |= std::uint64_t{1} << i;
#endif
    return marks;
  }

  std::string_view text_;
  std::size_t block_;
  std::uint64_t marks_ = 0;
};
