// The channels that a connection has told of and that have not ended.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace freeswitch {

class Channels {
 public:
  // False: it was there.
  bool add(std::string_view uuid) {
    if (has(uuid)) return false;
    if (spare_.empty()) return set_.emplace(uuid).second;
    auto room = std::move(spare_.back());
    spare_.pop_back();
    room.value() = uuid;
    return set_.insert(std::move(room)).inserted;
  }
  // False: it was not there.
  bool remove(std::string_view uuid) {
    const auto found = set_.find(uuid);
    if (found == set_.end()) return false;
    spare_.push_back(set_.extract(found));
    return true;
  }
  bool has(std::string_view uuid) const { return set_.find(uuid) != set_.end(); }
  std::size_t size() const { return set_.size(); }
  void clear() { set_.clear(); }
  auto begin() const { return set_.begin(); }
  auto end() const { return set_.end(); }

 private:
  // Texts are looked for as they stand in an event.
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  using Set = std::unordered_set<std::string, Hash, std::equal_to<>>;
  Set set_;
  std::vector<Set::node_type> spare_;  // of ended channels: the next take their memory
};

}  // namespace freeswitch
