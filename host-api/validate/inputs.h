// What the host hands into one call: texts, bytes and structs in pages of
// their own. While the plugin has them they cannot be written, afterwards they
// are gone; and where asked, nothing lies behind the end of each.
#pragma once

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "hookline/types.h"

namespace hkl::validate {

class Inputs {
 public:
  enum class Place {
    together,  // one after the other, zeros between
    fenced     // each ends where its page ends, and the next page cannot be touched
  };
  explicit Inputs(Place place) : place_(place) {}
  ~Inputs() { take_away(); }
  Inputs(const Inputs&) = delete;
  Inputs& operator=(const Inputs&) = delete;

  hkl_str text(std::string_view text) {
    return {static_cast<const char*>(bytes_at(text.data(), text.size(), 1)), text.size()};
  }
  hkl_bytes bytes(std::string_view bytes) {
    return {static_cast<const std::uint8_t*>(bytes_at(bytes.data(), bytes.size(), 1)), bytes.size()};
  }
  template <typename T>
  const T* copy(const T& value) {
    return static_cast<const T*>(bytes_at(&value, sizeof value, alignof(T)));
  }
  template <typename T>
  const T* array(const std::vector<T>& values) {
    if (values.empty()) return nullptr;
    // NOLINTNEXTLINE(bugprone-sizeof-expression): T may be a pointer
    return static_cast<const T*>(bytes_at(values.data(), values.size() * sizeof(T), alignof(T)));
  }
  // For what the plugin writes: stays writable until it is taken away.
  template <typename T>
  T* room(const T& value) {
    return static_cast<T*>(place_one(&value, sizeof value, alignof(T), true));
  }

  void hand_over();  // from now on read-only
  // Never to be touched again. What is written into room() is lost, too.
  void take_away();

  // In words, what an access to that address means; "" when it is none of ours.
  // For a signal handler: allocates nothing.
  static const char* meaning_of(const void* address, bool is_write);
  static bool holds(const void* address) { return meaning_of(address, false)[0] != '\0'; }

 private:
  const void* bytes_at(const void* from, std::size_t size, std::size_t alignment) {
    return place_one(from, size, alignment, false);
  }
  void* place_one(const void* from, std::size_t size, std::size_t alignment, bool is_room);
  char* chunk_with(std::size_t size, std::size_t alignment);

  struct Piece {
    char* begin;
    std::size_t size;
    bool is_room;
  };
  Place place_;
  std::vector<Piece> pieces_;
  char* free_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace hkl::validate
