// A map by text that one thread changes while any number read it: each edit
// makes a new version that shares what has not changed with the one before.
// Who holds a version reads it without locks for as long as they like.
//
// A version is immutable, and safe from any thread; an Edit is one thread's.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hkl {

// T has a member `key()`, by which it is found.
template <typename T>
class VersionedMap {
 public:
  const T* find(std::string_view key) const {
    const auto hash = hash_of(key);
    const auto& branch = branches_[top(hash)];
    if (!branch) return nullptr;
    const auto& bucket = branch->buckets[middle(hash)];
    if (!bucket) return nullptr;
    for (const auto& [known, value] : bucket->entries)
      if (known == hash && value->key() == key) return value.get();
    return nullptr;
  }
  std::shared_ptr<const T> get(std::string_view key) const {
    const auto hash = hash_of(key);
    const auto& branch = branches_[top(hash)];
    const auto* bucket = branch ? branch->buckets[middle(hash)].get() : nullptr;
    if (bucket != nullptr)
      for (const auto& [known, value] : bucket->entries)
        if (known == hash && value->key() == key) return value;
    return nullptr;
  }
  std::size_t size() const { return size_; }

 private:
  static constexpr std::size_t kFan = 256;
  struct Bucket {
    std::uint64_t edit;  // that made it, and may still write it
    std::vector<std::pair<std::uint64_t, std::shared_ptr<const T>>> entries;
  };
  struct Branch {
    std::uint64_t edit;
    std::array<std::shared_ptr<Bucket>, kFan> buckets;
  };
  static std::uint64_t hash_of(std::string_view key) {
    // Finished as splitmix64 does: the upper bits choose the way.
    std::uint64_t hash = std::hash<std::string_view>{}(key);
    hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9ULL;
    hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebULL;
    return hash ^ (hash >> 31);
  }
  static std::size_t top(std::uint64_t hash) { return hash >> 56; }
  static std::size_t middle(std::uint64_t hash) { return hash >> 48 & 0xff; }

  std::array<std::shared_ptr<Branch>, kFan> branches_;
  std::size_t size_ = 0;
  std::uint64_t version_ = 0;

 public:
  class Edit {
   public:
    explicit Edit(const VersionedMap& from) : next_(std::make_shared<VersionedMap>(from)) { ++next_->version_; }

    const VersionedMap& now() const { return *next_; }  // with what was changed so far

    void put(std::shared_ptr<const T> value) {
      const auto hash = hash_of(value->key());
      for (auto& entry : own_bucket(hash).entries)
        if (entry.first == hash && entry.second->key() == value->key()) return void(entry.second = std::move(value));
      own_bucket(hash).entries.emplace_back(hash, std::move(value));
      ++next_->size_;
    }
    void erase(std::string_view key) {
      if (next_->find(key) == nullptr) return;
      const auto hash = hash_of(key);
      auto& entries = own_bucket(hash).entries;
      std::erase_if(entries, [&](const auto& entry) { return entry.first == hash && entry.second->key() == key; });
      --next_->size_;
    }
    // The version made; the edit is over.
    std::shared_ptr<const VersionedMap> done() { return std::move(next_); }

   private:
    // What an earlier version reads too is copied before it is written.
    Bucket& own_bucket(std::uint64_t hash) {
      const auto edit = next_->version_;
      auto& branch = next_->branches_[top(hash)];
      if (!branch) {
        branch = std::make_shared<Branch>();
      } else if (branch->edit != edit) {
        branch = std::make_shared<Branch>(*branch);
      }
      branch->edit = edit;
      auto& bucket = branch->buckets[middle(hash)];
      if (!bucket) {
        bucket = std::make_shared<Bucket>();
      } else if (bucket->edit != edit) {
        bucket = std::make_shared<Bucket>(*bucket);
      }
      bucket->edit = edit;
      return *bucket;
    }
    std::shared_ptr<VersionedMap> next_;
  };
};

}  // namespace hkl
