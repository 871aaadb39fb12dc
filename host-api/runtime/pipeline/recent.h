// What was used lately, by text: no more than so many entries, those that nobody asked for lately given up first.
#pragma once

#include <string>
#include <unordered_map>
#include <utility>

namespace hkl {

template <typename T>
class Recent {
 public:
  // `most`: entries of each of two halves. The older half goes when the younger is full.
  explicit Recent(std::size_t most) : most_(most) {}

  // Null: it was given up, or never there. Until the next put().
  T* find(const std::string& key) {
    if (const auto found = young_.find(key); found != young_.end()) return &found->second;
    const auto old = old_.find(key);
    if (old == old_.end()) return nullptr;
    auto node = old_.extract(old);
    make_room();
    return &young_.insert(std::move(node)).position->second;
  }
  void put(const std::string& key, T value) {
    old_.erase(key);
    make_room();
    young_.insert_or_assign(key, std::move(value));
  }
  void drop(const std::string& key) {
    young_.erase(key);
    old_.erase(key);
  }
  void clear() {
    young_.clear();
    old_.clear();
  }

 private:
  void make_room() {
    if (young_.size() < most_) return;
    old_ = std::move(young_);
    young_.clear();
  }
  std::size_t most_;
  std::unordered_map<std::string, T> young_, old_;
};

}  // namespace hkl
