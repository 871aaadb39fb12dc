#include "node.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

namespace profile {

const Node* Node::find(std::string_view name) const {
  if (!is_map()) return nullptr;
  const auto all = members();
  for (auto i = all.size(); i-- > 0;) {
    const auto known = all[i].name;
    if (known.size() != name.size() || (!name.empty() && known.back() != name.back())) continue;
    if (std::memcmp(known.data(), name.data(), name.size()) == 0) return &all[i].value;
  }
  return nullptr;
}

std::string_view Room::keep(std::string_view text) { return join({text}); }

std::string_view Room::join(std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (const auto part : parts) size += part.size();
  if (size == 0) return {};
  auto* kept = static_cast<char*>(memory_.allocate(size, 1));
  auto* next = kept;
  for (const auto part : parts) next = std::copy(part.begin(), part.end(), next);
  return {kept, size};
}

Node& Room::member(Node& map, std::string_view name) {
  if (const auto* found = map.find(name)) return const_cast<Node&>(*found);
  const auto before = map.members();
  auto all = std::span(before.data(), before.size() + 1);
  // Its room is the next power of two.
  if ((before.size() & (before.size() - 1)) == 0) {
    all = members(std::max<std::size_t>(1, 2 * before.size()));
    std::copy(before.begin(), before.end(), all.begin());
  }
  all[before.size()] = {name, Node()};
  map = Node::map(all.first(before.size() + 1));
  return all[before.size()].value;
}

Node Room::node_of(const Json& json) {
  switch (json.type()) {
    case Json::value_t::object: {
      const auto all = members(json.size());
      std::size_t next = 0;
      for (const auto& [name, value] : json.items()) all[next++] = {name, node_of(value)};
      return Node::map(all);
    }
    case Json::value_t::array: {
      const auto all = nodes(json.size());
      std::transform(json.begin(), json.end(), all.begin(), [&](const Json& item) { return node_of(item); });
      return Node::list(all);
    }
    case Json::value_t::string:
      return Node::text(json.get_ref<const std::string&>());
    case Json::value_t::boolean:
      return Node::truth(json.get<bool>());
    case Json::value_t::number_integer:
      return Node::whole(json.get<std::int64_t>());
    case Json::value_t::number_unsigned:
      return Node::count(json.get<std::uint64_t>());
    case Json::value_t::number_float:
      return Node::number(json.get<double>());
    default:
      return {};
  }
}

bool is_there(Node value) {
  if (value.is_text()) return !value.text().empty();
  if (value.is_list()) return !value.items().empty();
  if (value.is_map()) return !value.members().empty();
  return value.kind() != Node::Kind::nothing;
}

std::optional<double> number_of(Node value) {
  if (value.is_number()) return value.number();
  if (!value.is_text()) return std::nullopt;
  const auto text = value.text();
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Node at_path(Node tree, const std::vector<std::string>& path) {
  for (const auto& key : path) {
    if (tree.is_map()) {
      tree = tree[key];
    } else if (tree.is_list()) {
      std::size_t index = 0;
      const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), index);
      if (error != std::errc() || end != key.data() + key.size() || index >= tree.items().size()) return {};
      tree = tree.items()[index];
    } else {
      return {};
    }
  }
  return tree;
}

Json json_of(Node value) {
  switch (value.kind()) {
    case Node::Kind::truth:
      return value.truth();
    case Node::Kind::whole:
      return value.whole();
    case Node::Kind::count:
      return value.count();
    case Node::Kind::number:
      return value.number();
    case Node::Kind::text:
      return std::string(value.text());
    case Node::Kind::list: {
      auto list = Json::array();
      for (const auto item : value.items()) list.push_back(json_of(item));
      return list;
    }
    case Node::Kind::map: {
      auto map = Json::object();
      for (const auto& [name, member] : value.members()) map[std::string(name)] = json_of(member);
      return map;
    }
    default:
      return nullptr;
  }
}

void sort_by_name(std::span<Member> members) {
  // Eight letters as one number, which is how most names are told apart.
  const auto begin_of = [](std::string_view name) {
    std::uint64_t begin = 0;
    for (std::size_t i = 0; i < sizeof begin; ++i)
      begin = begin << 8 | (i < name.size() ? static_cast<unsigned char>(name[i]) : 0U);
    return begin;
  };
  constexpr std::size_t kFew = 40;
  if (members.size() > kFew) {
    std::stable_sort(members.begin(), members.end(), [](const Member& a, const Member& b) { return a.name < b.name; });
    return;
  }
  std::array<std::uint64_t, kFew> begins;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const auto one = members[i];
    const auto begin = begin_of(one.name);
    auto at = i;
    for (; at > 0 && (begins[at - 1] > begin || (begins[at - 1] == begin && members[at - 1].name > one.name)); --at) {
      begins[at] = begins[at - 1];
      members[at] = members[at - 1];
    }
    begins[at] = begin;
    members[at] = one;
  }
}

std::string_view scalar_of(Node value, std::array<char, 32>& digits) {
  const auto put = [&](auto number) {
    const auto* end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    return std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data()));
  };
  switch (value.kind()) {
    case Node::Kind::truth:
      return value.truth() ? "true" : "false";
    case Node::Kind::whole:
      return put(value.whole());
    case Node::Kind::count:
      return put(value.count());
    case Node::Kind::number: {
      const auto text = Json(value.number()).dump();
      return {digits.data(), text.copy(digits.data(), digits.size())};
    }
    default:
      return "null";
  }
}

Text::Text(Node value) {
  if (value.is_text()) {
    text_ = value.text();
  } else if (value.kind() == Node::Kind::number && std::floor(value.number()) == value.number() &&
             std::abs(value.number()) < 1e15) {
    text_ = scalar_of(Node::whole(static_cast<std::int64_t>(value.number())), digits_);
  } else if (value.is_truth() || value.is_number()) {
    text_ = scalar_of(value, digits_);
  }
}

}  // namespace profile
