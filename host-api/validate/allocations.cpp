#include "allocations.h"

#include <cstdlib>
#include <cstring>
#include <new>
#include <string>

#include "imports.h"

namespace hkl::validate {
namespace {

// Of the thread that drives the plugin.
thread_local bool is_armed = false, is_inside = false;
thread_local std::uint64_t count = 0, fail_at = 0;

// Smaller ones do not fail: where they do, destructors of common C++ libraries
// (nlohmann::json's takes a list of what it deletes) end the process, and no
// author can help that.
constexpr std::size_t kSmallest = 256;

bool may_allocate(std::size_t size) {
  if (!is_armed || !is_inside || size < kSmallest) return true;
  return ++count != fail_at;
}

void* failing_malloc(std::size_t size) { return may_allocate(size) ? std::malloc(size) : nullptr; }
void* failing_calloc(std::size_t number, std::size_t size) {
  return may_allocate(number * size) ? std::calloc(number, size) : nullptr;
}
void* failing_realloc(void* old, std::size_t size) { return may_allocate(size) ? std::realloc(old, size) : nullptr; }
char* failing_strdup(const char* text) { return may_allocate(std::strlen(text) + 1) ? ::strdup(text) : nullptr; }

}  // namespace

Inside::Inside() : was_inside_(is_inside) { is_inside = true; }
Inside::~Inside() { is_inside = was_inside_; }
NoFailures::NoFailures() : was_inside_(is_inside) { is_inside = false; }
NoFailures::~NoFailures() { is_inside = was_inside_; }

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
bool can_fail_allocations() { return false; }
#else
bool can_fail_allocations() { return true; }
#endif

void hook_allocations(const void* address) {
  replace_imports(address, [](const std::string& name) -> void* {
    if (name == "malloc") return reinterpret_cast<void*>(failing_malloc);
    if (name == "calloc") return reinterpret_cast<void*>(failing_calloc);
    if (name == "realloc") return reinterpret_cast<void*>(failing_realloc);
    if (name == "strdup") return reinterpret_cast<void*>(failing_strdup);
    return nullptr;
  });
}

void arm_allocations(std::uint64_t n) {
  count = 0;
  fail_at = n;
  is_armed = true;
}
std::uint64_t disarm_allocations() {
  is_armed = false;
  return count;
}

}  // namespace hkl::validate

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
// In place of the library's, for the whole process: libstdc++ allocates for a
// plugin's strings too, out of the plugin's sight.
void* operator new(std::size_t size) {
  if (hkl::validate::may_allocate(size)) {
    if (void* made = std::malloc(size == 0 ? 1 : size)) return made;
  }
  throw std::bad_alloc();
}
void* operator new[](std::size_t size) { return operator new(size); }
void operator delete(void* made) noexcept { std::free(made); }
void operator delete[](void* made) noexcept { std::free(made); }
void operator delete(void* made, std::size_t) noexcept { std::free(made); }
void operator delete[](void* made, std::size_t) noexcept { std::free(made); }
#endif
