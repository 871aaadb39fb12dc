#include "counted_new.h"

#include <cstdlib>
#include <new>

namespace {

thread_local std::uint64_t taken = 0;

void* take(std::size_t size) noexcept {
  ++taken;
  return std::malloc(size == 0 ? 1 : size);
}
void* take_or_throw(std::size_t size) {
  if (auto* memory = take(size)) return memory;
  throw std::bad_alloc();
}

}  // namespace

std::uint64_t count_of_news() { return taken; }

// All of a kind: sanitizers bring forms of their own, and see to it that what one
// has taken another does not give back.
void* operator new(std::size_t size) { return take_or_throw(size); }
void* operator new[](std::size_t size) { return take_or_throw(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return take(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return take(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
