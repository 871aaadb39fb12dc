// What came from a PBX as one tree of names with loose types, whatever it was
// written in, and what a profile makes of it. A profile names members by "a.b.0".
//
// A Node is a view: it is copied like a number, and what it points to (texts,
// lists, maps) stands in a Room or in what the message was read from. A profile's
// own text, YAML, stays nlohmann's Json; requests come by the thousand.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <memory_resource>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hookline/types.h"
#include "json_tree.h"

namespace profile {

struct Member;

class Node {
 public:
  enum class Kind : std::uint8_t { nothing, truth, whole, count, number, text, list, map };

  constexpr Node() = default;
  static constexpr Node truth(bool is) { return Node(Kind::truth, 0, {.whole = is ? 1 : 0}); }
  static constexpr Node whole(std::int64_t n) { return Node(Kind::whole, 0, {.whole = n}); }
  static constexpr Node count(std::uint64_t n) { return Node(Kind::count, 0, {.count = n}); }
  static constexpr Node number(double n) { return Node(Kind::number, 0, {.number = n}); }
  static constexpr Node text(std::string_view t) { return Node(Kind::text, t.size(), {.text = t.data()}); }
  static constexpr Node list(std::span<Node> items) { return Node(Kind::list, items.size(), {.items = items.data()}); }
  // Of members of one name the last counts.
  static constexpr Node map(std::span<Member> members);

  Kind kind() const { return static_cast<Kind>(kind_and_size_ & 0xFF); }
  bool is_text() const { return kind() == Kind::text; }
  bool is_list() const { return kind() == Kind::list; }
  bool is_map() const { return kind() == Kind::map; }
  bool is_structured() const { return is_list() || is_map(); }
  bool is_truth() const { return kind() == Kind::truth; }
  // Each of its own kind alone; a number of any.
  bool truth() const { return is_.whole != 0; }
  std::int64_t whole() const { return is_.whole; }
  std::uint64_t count() const { return is_.count; }
  double number() const {
    return kind() == Kind::whole   ? static_cast<double>(is_.whole)
           : kind() == Kind::count ? static_cast<double>(is_.count)
                                   : is_.number;
  }
  bool is_number() const { return kind() == Kind::whole || kind() == Kind::count || kind() == Kind::number; }
  std::string_view text() const { return {is_.text, size()}; }
  std::span<Node> items() const { return {is_.items, size()}; }
  inline std::span<Member> members() const;
  // The member of that name; nothing where there is none, or this is no map.
  const Node* find(std::string_view name) const;
  Node operator[](std::string_view name) const {
    const auto* found = find(name);
    return found == nullptr ? Node() : *found;
  }

 private:
  // Two words, so that it is handed on in registers: of parts put together in
  // memory the processor waits for the last.
  union Is {
    std::int64_t whole;
    std::uint64_t count;
    double number;
    const char* text;
    Node* items;
    Member* members;
  };
  constexpr Node(Kind kind, std::size_t size, Is is)
      : is_(is), kind_and_size_(size << 8 | static_cast<std::size_t>(kind)) {}
  std::size_t size() const { return kind_and_size_ >> 8; }
  Is is_{.whole = 0};
  std::uint64_t kind_and_size_ = 0;
};

struct Member {
  std::string_view name;
  Node value;
};

constexpr Node Node::map(std::span<Member> members) {
  return Node(Kind::map, members.size(), {.members = members.data()});
}
inline std::span<Member> Node::members() const { return {is_.members, size()}; }

// Where texts, lists and maps stand while one message is worked on. Emptied and
// used again, it takes no memory for messages of the usual size.
class Room {
 public:
  Room() = default;
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;

  std::string_view keep(std::string_view text);
  // The parts one behind the other.
  std::string_view join(std::initializer_list<std::string_view> parts);
  Node text(std::string_view text) { return Node::text(keep(text)); }
  std::span<Node> nodes(std::size_t count) { return {make<Node>(count), count}; }
  std::span<Member> members(std::size_t count) { return {make<Member>(count), count}; }
  // The same for whoever fills all of it: nodes and members need not be made first.
  template <typename T>
  T* space(std::size_t count) {
    return static_cast<T*>(memory_.allocate(count * sizeof(T), alignof(T)));
  }
  std::span<hkl_str> texts(std::size_t count) { return {make<hkl_str>(count), count}; }
  // What stands there under that name, made where it is not. `map` is a map that
  // this alone has put together, from an empty one on.
  Node& member(Node& map, std::string_view name);
  // The same tree; its texts are the Json's, which outlives it.
  Node node_of(const Json& json);
  // The same of one that is kept here.
  Node node_of_kept(Json&& json) { return node_of(json_.emplace_back(std::move(json))); }
  void clear() {
    json_.clear();
    memory_.release();
  }

 private:
  template <typename T>
  T* make(std::size_t count) {
    auto* made = space<T>(count);
    std::uninitialized_default_construct_n(made, count);
    return made;
  }
  std::vector<std::byte> near_ = std::vector<std::byte>(32768);
  std::pmr::monotonic_buffer_resource memory_{near_.data(), near_.size()};
  std::deque<Json> json_;
};

// "", null, [] and {} mean nothing.
bool is_there(Node value);
std::optional<double> number_of(Node value);
// The member at "a.b.0"; nothing where there is none.
Node at_path(Node tree, const std::vector<std::string>& path);
Json json_of(Node value);
// Puts the members where they stand into the order of their names. Those of one
// name keep theirs, so the last of them still counts.
void sort_by_name(std::span<Member> members);

// A scalar as text ("5" of 5); empty for what is none. Valid as long as the
// value, and this.
class Text {
 public:
  explicit Text(Node value);
  Text(const Text&) = delete;
  Text& operator=(const Text&) = delete;
  operator std::string_view() const { return text_; }
  std::string_view view() const { return text_; }
  std::string str() const { return std::string(text_); }

 private:
  std::string_view text_;
  std::array<char, 32> digits_;
};
// The scalar as JSON writes it, for those that are no texts; it stands in `digits`.
std::string_view scalar_of(Node value, std::array<char, 32>& digits);

}  // namespace profile
