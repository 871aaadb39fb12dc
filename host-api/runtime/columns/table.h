// The calls of a store as columns: sealed segments in order of time, and the
// recent and changed rows beside them.
//
// SQLite is the truth. The store's own triggers note each call and lead that
// changes (`fact_changes`), so a table is brought to the moment of a reader's
// snapshot by reading those rows again. A changed row is written in place
// where it fits; where it does not it is dead in its segment and goes on among
// the recent ones.
//
// Many may read at once; load() and follow() are for one, with no reader.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "columns/dictionary.h"
#include "columns/segment.h"
#include "store/sql.h"

namespace hkl {

class ClassSets;

class Table {
 public:
  explicit Table(const Schema& schema, std::uint32_t segment_rows = kSegmentRows);

  const Schema& schema() const { return schema_; }
  const Dictionary& dictionary(std::uint32_t column) const {
    return *dictionaries_[schema_.columns()[column].dictionary];
  }
  // In order of time; the recent rows are the last of them and overlap the others.
  std::vector<const Segment*> segments() const;
  std::vector<std::shared_ptr<Segment>>& sealed() { return sealed_; }
  std::shared_ptr<Segment> recent() const { return recent_; }
  std::uint64_t row_count() const;
  std::uint64_t byte_count() const;
  // Texts that are no column's but stand in the keys of cubes, as "09" for an hour.
  SharedTexts& key_texts() const { return *key_texts_; }
  CubeTowers& towers() { return towers_; }
  std::uint32_t time_column() const { return time_; }
  std::uint32_t row_column() const { return row_; }
  std::uint32_t shares_column() const { return shares_; }

  // Up to which change of the store this table is true.
  std::int64_t change() const { return change_; }

  // All from the store, as the session sees it, while `goes_on` (empty: always);
  // false: it was given up. Throws SqlError.
  bool load(Sql& sql, const std::function<bool()>& goes_on);
  // What changed since. False: too much did, or the notes of it are gone; load() anew.
  // `changed`: told of each row of a sealed segment that was written in place.
  bool follow(Sql& sql, ClassSets& classes);
  // Takes recent rows into the segments of their time and leaves dead ones out.
  // Classes and cubes of those segments are made anew when they are asked.
  void seal();
  std::uint64_t recent_count() const { return recent_->rows; }
  void clear();

 private:
  friend class TableFiles;
  struct Place {
    Segment* segment = nullptr;
    std::uint32_t row = 0;
  };
  struct Touched {
    bool may_be_held = false;
    Maybe was_ms;
  };
  ColumnRow read_row(Query& query);
  void take_shares(const std::string& told, ColumnRow& row);
  Place find_sealed(std::int64_t store_row, Maybe was_ms);
  void take(std::int64_t store_row, const Touched& touched, Query& query, ClassSets& classes);
  bool put_in_place(Place place, const ColumnRow& row, ClassSets& classes);
  void drop_recent(std::int64_t store_row);
  void add_recent(const ColumnRow& row);
  void reseal(std::size_t index, const std::vector<std::uint32_t>& recent, std::vector<std::shared_ptr<Segment>>& into);
  void touch_leads(const std::vector<std::string>& leads, std::unordered_map<std::int64_t, Touched>& touched);

  const Schema& schema_;
  const std::uint32_t segment_rows_;
  std::uint32_t time_, row_, shares_;
  std::vector<std::unique_ptr<Dictionary>> dictionaries_;
  std::unique_ptr<SharedTexts> key_texts_ = std::make_unique<SharedTexts>();
  std::vector<std::shared_ptr<Segment>> sealed_;
  CubeTowers towers_;
  RowBuffer tail_;
  std::unordered_map<std::int64_t, std::uint32_t> tail_rows_;  // by the store's row
  std::shared_ptr<Segment> recent_;
  std::int64_t change_ = 0;
};

// The newest change that the store has noted; 0: none.
std::int64_t newest_change(Sql& sql);

}  // namespace hkl
