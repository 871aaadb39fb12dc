#include "inputs.h"

#include <sys/mman.h>

#include <atomic>
#include <new>

namespace hkl::validate {
namespace {

constexpr std::size_t kPage = 4096;
// Addresses are given out once and never again, so that a late look is seen
// for what it is. 256 GiB of address space cost nothing until they are used.
constexpr std::size_t kSpan = std::size_t{256} << 30;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t kReserve = std::size_t{16} << 30;
#else
constexpr std::size_t kReserve = kSpan;
#endif

// One for the process.
struct Range {
  char* begin = nullptr;
  std::size_t size = 0;
  std::atomic<std::size_t> used{0};
};

Range& range() {
  static Range* const only = [] {
    auto* made = new Range;
    // A check's child has bounded memory (child.cpp), so less may have to do.
    for (auto size = kReserve; size >= (std::size_t{64} << 20) && made->begin == nullptr; size /= 2) {
      void* got = ::mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
      if (got == MAP_FAILED) continue;
      made->begin = static_cast<char*>(got);
      made->size = size;
    }
    return made;
  }();
  return *only;
}

std::size_t up(std::size_t size, std::size_t to) { return (size + to - 1) / to * to; }

// Fresh pages, a page that cannot be touched behind them.
char* take_pages(std::size_t size) {
  auto& all = range();
  const auto at = all.used.fetch_add(size + kPage);
  if (all.begin == nullptr || at + size + kPage > all.size) throw std::bad_alloc();
  char* begin = all.begin + at;
  if (::mprotect(begin, size, PROT_READ | PROT_WRITE) != 0) throw std::bad_alloc();
  return begin;
}

// Pages that are readable now, by a probe that cannot fault.
bool is_readable(const char* page) {
  unsigned char resident = 0;
  return ::mincore(const_cast<char*>(page), kPage, &resident) == 0 && (resident & 1) != 0;
}

}  // namespace

char* Inputs::chunk_with(std::size_t size, std::size_t alignment) {
  const auto skip = up(reinterpret_cast<std::uintptr_t>(free_), alignment) - reinterpret_cast<std::uintptr_t>(free_);
  if (free_ == nullptr || skip + size + 16 > left_) {
    left_ = up(size + 16, 8 * kPage);
    free_ = take_pages(left_);
    pieces_.push_back({free_, left_, false});
    return chunk_with(size, alignment);
  }
  char* out = free_ + skip;
  free_ += skip + size + 16;
  left_ -= skip + size + 16;
  return out;
}

void* Inputs::place_one(const void* from, std::size_t size, std::size_t alignment, bool is_room) {
  char* out = nullptr;
  if (place_ == Place::fenced || is_room) {
    const auto pages = up(size == 0 ? 1 : size, kPage);
    char* begin = take_pages(pages);
    pieces_.push_back({begin, pages, is_room});
    out = place_ == Place::fenced ? begin + (pages - size) / alignment * alignment : begin;
  } else {
    out = chunk_with(size, alignment);
  }
  if (size > 0) std::memcpy(out, from, size);
  return out;
}

void Inputs::hand_over() {
  for (const auto& piece : pieces_) {
    if (!piece.is_room) (void)::mprotect(piece.begin, piece.size, PROT_READ);
  }
  free_ = nullptr;
  left_ = 0;
}

void Inputs::take_away() {
  for (const auto& piece : pieces_) {
    (void)::madvise(piece.begin, piece.size, MADV_DONTNEED);
    (void)::mprotect(piece.begin, piece.size, PROT_NONE);
  }
  pieces_.clear();
  free_ = nullptr;
  left_ = 0;
}

const char* Inputs::meaning_of(const void* address, bool is_write) {
  const auto& all = range();
  const auto* at = static_cast<const char*>(address);
  if (all.begin == nullptr || at < all.begin || at >= all.begin + all.used) return "";
  if (is_write) return "wrote to an input, which belongs to the host";
  const auto* page = all.begin + static_cast<std::size_t>(at - all.begin) / kPage * kPage;
  if (page > all.begin && is_readable(page - kPage)) return "read beyond the end of an input";
  return "used an input after the call it came with";
}

}  // namespace hkl::validate
