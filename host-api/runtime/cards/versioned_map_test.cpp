#include "cards/versioned_map.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace hkl {
namespace {

struct Word {
  std::string name;
  int number;
  std::string_view key() const { return name; }
};
using Words = VersionedMap<Word>;

std::map<std::string, int> all_of(const Words& words, int names) {
  std::map<std::string, int> found;
  for (int i = 0; i < names; ++i)
    if (const auto* word = words.find("w" + std::to_string(i))) found[word->name] = word->number;
  return found;
}

TEST(VersionedMap, EveryVersionStaysAsItWasMade) {
  constexpr int kNames = 300;
  std::mt19937 chance(7);
  auto words = std::make_shared<const Words>();
  std::map<std::string, int> expected;
  std::vector<std::pair<std::shared_ptr<const Words>, std::map<std::string, int>>> versions;
  for (int edit = 0; edit < 60; ++edit) {
    Words::Edit change(*words);
    for (int i = 0; i < 20; ++i) {
      const auto name = "w" + std::to_string(chance() % kNames);
      if (chance() % 3 == 0) {
        change.erase(name);
        expected.erase(name);
      } else {
        const auto number = static_cast<int>(chance());
        change.put(std::make_shared<Word>(Word{name, number}));
        expected[name] = number;
      }
    }
    words = change.done();
    versions.emplace_back(words, expected);
  }
  for (const auto& [version, then] : versions) {
    EXPECT_EQ(all_of(*version, kNames), then);
    EXPECT_EQ(version->size(), then.size());
  }
}

TEST(VersionedMap, SharesWhatDidNotChange) {
  Words::Edit first{Words()};
  for (int i = 0; i < 2000; ++i) first.put(std::make_shared<Word>(Word{"w" + std::to_string(i), i}));
  const auto words = first.done();
  Words::Edit second(*words);
  second.put(std::make_shared<Word>(Word{"w7", 8}));
  const auto changed = second.done();
  EXPECT_EQ(changed->find("w8"), words->find("w8"));
  EXPECT_EQ(changed->find("w7")->number, 8);
  EXPECT_EQ(words->find("w7")->number, 7);
}

}  // namespace
}  // namespace hkl
