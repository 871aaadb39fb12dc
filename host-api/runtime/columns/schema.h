// Which fields of calls are kept as columns, and how the store spells them.
//
// A column is what the call's row says and its leads: it changes when the store
// says that the call or the lead changed (table.h). What follows from other
// calls of the contact is in the row too (contacts/call_facts.h). What follows
// from the contact's visits or from the directory is not kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hkl {

struct KeptColumn {
  std::string name;  // the field's, or one of the hidden ones below
  std::string sql;   // over the entity's aliases; empty: read with the column before it
  bool is_text = false;
  std::uint32_t dictionary = 0;  // of a text; columns of one kind of thing share one
};

// Fields that are conditions on other columns.
struct SpelledField {
  enum class Kind : std::uint8_t { equals, differs, called_back };
  std::string_view name, column, text;
  Kind kind = Kind::equals;
};

// Moments that follow from others but for a rest, which is nearly always 0 and takes no bytes: kept is what they are
// more than the sum of what is known of the columns that are added, less the one that is taken off.
struct RestField {
  std::string_view name, rest;  // the field's, and the column's
  std::vector<std::string_view> added;
  std::string_view taken_off;  // or none
};

class Schema {
 public:
  explicit Schema(std::vector<KeptColumn> columns);

  const std::vector<KeptColumn>& columns() const { return columns_; }
  std::optional<std::uint32_t> find(std::string_view name) const;
  // A column that every schema has.
  std::uint32_t at(std::string_view name) const;
  std::uint32_t dictionary_count() const { return dictionary_count_; }
  // SELECT … FROM … with all columns, up to its last condition.
  const std::string& select() const { return select_; }
  // The same for every build that keeps the same columns in the same way.
  std::uint64_t fingerprint() const { return fingerprint_; }

 private:
  std::vector<KeptColumn> columns_;
  std::uint32_t dictionary_count_ = 0;
  std::string select_;
  std::uint64_t fingerprint_ = 0;
};

const Schema& calls_schema();
const SpelledField* spelled_field(std::string_view name);
const RestField* rest_field(std::string_view name);
// Whether the columns know a field, in whichever way.
bool is_field_kept(std::string_view name);

// Hidden columns.
inline constexpr std::string_view kStoreRow = "store_row";  // SQLite's rowid
inline constexpr std::string_view kStartedAt = "started_at";
inline constexpr std::string_view kLastEmployee = "last_employee", kLastExtension = "last_extension";
// With credit each (shares.h): all shares of a call, where its one share is not that of `first`; by how many
// milliseconds that is shorter than the call's talk, where it is.
inline constexpr std::string_view kShares = "shares", kTalkBeyondShare = "talk_beyond_share";

}  // namespace hkl
