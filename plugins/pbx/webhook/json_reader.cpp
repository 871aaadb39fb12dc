#include "json_reader.h"

#include <simdjson.h>

#include <algorithm>

namespace webhook {
namespace {

using profile::Json;
using profile::Member;
using profile::Node;
using profile::Room;

constexpr std::size_t kDepthAtMost = 32, kUsualSize = 16384;
// simdjson counts members up to 2^24; each takes two bytes at least.
constexpr std::size_t kLongest = std::size_t{32} << 20;

Node structure_of(const simdjson::dom::element& element, Room& room);

// Nearly all members are scalars.
inline Node node_of(const simdjson::dom::element& element, Room& room) {
  using Type = simdjson::dom::element_type;
  const auto type = element.type();
  if (type == Type::STRING) return Node::text(element.get_string().value_unsafe());
  switch (type) {
    case Type::INT64:
      return Node::whole(element.get_int64().value_unsafe());
    case Type::UINT64:
      return Node::count(element.get_uint64().value_unsafe());
    case Type::DOUBLE:
      return Node::number(element.get_double().value_unsafe());
    case Type::BOOL:
      return Node::truth(element.get_bool().value_unsafe());
    case Type::NULL_VALUE:
      return {};
    default:
      return structure_of(element, room);
  }
}

Node structure_of(const simdjson::dom::element& element, Room& room) {
  simdjson::dom::array array;
  if (element.get(array) == simdjson::SUCCESS) {
    auto* items = room.space<Node>(array.size());
    auto* next = items;
    for (const auto item : array) *next++ = node_of(item, room);
    return Node::list({items, next});
  }
  const simdjson::dom::object object(element);
  auto* members = room.space<Member>(object.size());
  auto* next = members;
  // Asked for one by one: as a pair they are put together in memory, and waited for.
  const auto end = object.end();
  for (auto field = object.begin(); field != end; ++field, ++next) {
    next->name = field.key();
    next->value = node_of(field.value(), room);
  }
  return Node::map({members, next});
}

}  // namespace

struct JsonReader::Parser {
  simdjson::dom::parser simd;
};

JsonReader::JsonReader() : parser_(std::make_unique<Parser>()) {}
JsonReader::~JsonReader() = default;

std::optional<Node> JsonReader::read(std::string_view text, Room& room) {
  auto& simd = parser_->simd;
  simdjson::dom::element root;
  const bool has_room = text.size() < kLongest &&
                        (simd.capacity() >= text.size() ||
                         simd.allocate(std::max(kUsualSize, text.size()), kDepthAtMost + 1) == simdjson::SUCCESS);
  if (has_room && simd.parse(text.data(), text.size()).get(root) == simdjson::SUCCESS) {
    const auto node = node_of(root, room);
    return node.is_structured() ? std::optional(node) : std::nullopt;
  }
  // It knows no whole numbers beyond 64 bits, which are some vendors' ids.
  auto json = Json::parse(text, nullptr, false);
  if (json.is_discarded() || !json.is_structured() || profile::is_deep(json)) return std::nullopt;
  return room.node_of_kept(std::move(json));
}

}  // namespace webhook
