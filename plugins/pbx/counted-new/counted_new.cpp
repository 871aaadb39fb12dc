#include "counted_new.h"

#include <cstdlib>
#include <new>

namespace {

thread_local std::uint64_t taken = 0;

}  // namespace

std::uint64_t count_of_news() { return taken; }

// The library's other forms come down to these.
void* operator new(std::size_t size) {
  ++taken;
  if (auto* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
