// Reads the members of one JSON object of a record and remembers the first
// fault: what is wrong with which field, and what to do. Members that were not
// asked for are unknown fields, found by finish().
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "values/instant.h"
#include "values/words.h"

namespace hkl {

class FieldReader {
 public:
  // `where`: "legs[2]", or "" for the record itself.
  FieldReader(const nlohmann::json& object, std::string where);

  // A text; null and absent are empty. A number is taken as its figures: ids
  // come as both from real systems.
  std::string text(const char* name);
  std::string needed_text(const char* name);
  std::vector<std::string> texts(const char* name);
  std::optional<Instant> time(const char* name);
  std::optional<Instant> needed_time(const char* name);
  std::optional<Millis> seconds(const char* name);
  std::optional<std::int64_t> integer(const char* name, std::int64_t least, std::int64_t most);
  bool flag(const char* name, bool otherwise);
  // A word of the enum; value 0 for null and absent.
  template <typename Enum>
  Enum word_of(const char* name, Enum last) {
    const auto given = text(name);
    if (const auto value = from_word<Enum>(given)) return *value;
    std::vector<std::string_view> words;
    for (std::uint32_t n = 1; n <= static_cast<std::uint32_t>(last); ++n) words.push_back(word(static_cast<Enum>(n)));
    no_such_word(name, given, words);
    return Enum{};
  }
  std::string one_of(const char* name, std::initializer_list<std::string_view> words);
  // An object or list, as it stands; null when absent.
  const nlohmann::json& raw(const char* name);
  const nlohmann::json& list(const char* name);
  void ignored(const char* name) { known_.insert(name); }
  bool has(const char* name) const;  // there and not null

  void fault(const std::string& name, const std::string& what);
  bool is_good() const { return !fault_; }
  // The first fault, or an unknown field.
  std::optional<std::string> finish();

 private:
  const nlohmann::json* member(const char* name);
  void wrong_type(const char* name, const char* wanted, const nlohmann::json& given);
  void no_such_word(const char* name, const std::string& given, const std::vector<std::string_view>& words);

  const nlohmann::json& object_;
  std::string where_;
  std::set<std::string> known_;
  std::optional<std::string> fault_;
};

}  // namespace hkl
