// How arguments cross to a child process and back: flat bytes in the order of
// the machine, since both ends are built and run together on one machine.
//
// A struct is described once, as fields(archive, value) (abi_fields.h), which
// serves both directions. What was unpacked views into the frame and the
// arena, so both outlive its use. Bytes that make no sense (the child is not
// to be trusted) give zeros and is_good() == false, never a read beyond.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "hookline/types.h"

namespace hkl::isolation {

// Lengths that stand for what has no bytes to copy: SQL nulls and the broken
// pair of a null pointer with a length, which the host is to see as it is.
inline constexpr std::uint32_t kNullText = 0xFFFFFFFF, kBrokenText = 0xFFFFFFFE;

// Bytes that were packed already.
struct Raw {
  std::string_view bytes;
};

class Packer {
 public:
  explicit Packer(std::string& out) : out_(out) {}

  template <typename... T>
  Packer& operator()(const T&... values) {
    (put(values), ...);
    return *this;
  }
  // An array of fixed structs, or of pointers to growing ones.
  template <typename Item, typename Count>
  void list(const Item* items, Count count) {
    put(static_cast<std::uint64_t>(count));
    for (Count i = 0; i < count; ++i) put(items[i]);
  }
  template <typename Struct, typename Count>
  void list(const Struct* const* items, Count count) {
    put(static_cast<std::uint64_t>(count));
    for (Count i = 0; i < count; ++i) put(*items[i]);
  }
  template <typename Struct>
  void maybe(const Struct* value) {
    put(static_cast<std::uint8_t>(value != nullptr));
    if (value != nullptr) put(*value);
  }

 private:
  template <typename T>
  void put(const T& value) {
    if constexpr (std::is_arithmetic_v<T>) {
      out_.append(reinterpret_cast<const char*>(&value), sizeof value);
    } else {
      fields(*this, const_cast<T&>(value));
    }
  }
  void put_bytes(const void* bytes, std::uint64_t length) {
    if (bytes == nullptr) return put(length == 0 ? kNullText : kBrokenText);
    // One so long is beyond any frame, and refused there.
    const auto kept = static_cast<std::uint32_t>(std::min<std::uint64_t>(length, kBrokenText - 1));
    put(kept);
    out_.append(static_cast<const char*>(bytes), kept);
  }
  void put(const hkl_str& text) { put_bytes(text.ptr, text.len); }
  void put(const Raw& raw) { out_ += raw.bytes; }
  void put(const hkl_bytes& bytes) { put_bytes(bytes.ptr, bytes.len); }
  void put(const hkl_strs& texts) { list(texts.items, texts.count); }
  void put(const std::string& text) { put_bytes(text.data(), text.size()); }
  void put(const std::string_view& text) { put_bytes(text.data() == nullptr ? "" : text.data(), text.size()); }

  std::string& out_;
};

// Memory of what was unpacked.
class Arena {
 public:
  template <typename T>
  T* array(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    // NOLINTNEXTLINE(bugprone-sizeof-expression): T may be a pointer
    auto& block = blocks_.emplace_back(new std::uint64_t[(count * sizeof(T) + 7) / 8]());
    return reinterpret_cast<T*>(block.get());
  }
  void clear() { blocks_.clear(); }

 private:
  std::vector<std::unique_ptr<std::uint64_t[]>> blocks_;
};

class Unpacker {
 public:
  Unpacker(std::string_view bytes, Arena& arena) : left_(bytes), arena_(arena) {}

  template <typename... T>
  Unpacker& operator()(T&... values) {
    (get(values), ...);
    return *this;
  }
  template <typename Item, typename Count>
  void list(const Item*& items, Count& count) {
    count = take_count();
    auto* made = arena_.array<Item>(count);
    for (Count i = 0; i < count; ++i) get(made[i]);
    items = made;
  }
  template <typename Struct, typename Count>
  void list(const Struct* const*& items, Count& count) {
    count = take_count();
    auto* made = arena_.array<Struct>(count);
    auto* pointers = arena_.array<const Struct*>(count);
    for (Count i = 0; i < count; ++i) {
      get(made[i]);
      pointers[i] = made + i;
    }
    items = pointers;
  }
  template <typename Struct>
  void maybe(const Struct*& value) {
    std::uint8_t is_there = 0;
    get(is_there);
    if (is_there == 0) {
      value = nullptr;
      return;
    }
    auto* made = arena_.array<Struct>(1);
    get(*made);
    value = made;
  }
  template <typename T>
  T one() {
    T value{};
    get(value);
    return value;
  }

  bool is_at_end() const { return left_.empty(); }
  bool is_good() const { return is_good_; }

 private:
  template <typename T>
  void get(T& value) {
    if constexpr (std::is_arithmetic_v<T>) {
      const auto bytes = take(sizeof value);
      if (bytes.empty()) return;
      std::memcpy(&value, bytes.data(), sizeof value);
    } else {
      fields(*this, value);
    }
  }
  std::string_view take(std::uint64_t length) {
    if (length > left_.size()) {
      is_good_ = false;
      left_ = {};
      return {};
    }
    const auto taken = left_.substr(0, length);
    left_.remove_prefix(length);
    return taken;
  }
  // Every element has at least a byte: a count above what is left is a lie
  // that must not become an allocation.
  std::uint64_t take_count() {
    std::uint64_t count = 0;
    get(count);
    if (count <= left_.size()) return count;
    is_good_ = false;
    return 0;
  }
  template <typename Pointer>
  void get_bytes(Pointer& pointer, std::uint64_t& length) {
    std::uint32_t told = 0;
    get(told);
    pointer = nullptr;
    length = told == kBrokenText ? 1 : 0;
    if (told == kNullText || told == kBrokenText) return;
    const auto bytes = take(told);
    // Empty, and not null: rows tell the two apart.
    pointer = reinterpret_cast<Pointer>(bytes.data() == nullptr ? "" : bytes.data());
    length = bytes.size();
  }
  void get(hkl_str& text) { get_bytes(text.ptr, text.len); }
  void get(hkl_bytes& bytes) { get_bytes(bytes.ptr, bytes.len); }
  void get(hkl_strs& texts) { list(texts.items, texts.count); }
  void get(std::string& text) {
    hkl_str view{};
    get(view);
    text.assign(view.ptr == nullptr ? "" : view.ptr, view.ptr == nullptr ? 0 : view.len);
  }

  std::string_view left_;
  Arena& arena_;
  bool is_good_ = true;
};

template <typename... T>
std::string packed(const T&... values) {
  std::string out;
  Packer pack(out);
  pack(values...);
  return out;
}

}  // namespace hkl::isolation
