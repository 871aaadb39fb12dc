// The columns of a table as files beside the store: a cache, written whole and
// never changed, thrown away when anything about it is in doubt.
//
//   <store>.columns/
//     segment-7-0.hkc    one segment: heads of its columns, then their codes
//     texts-7.hkc        all dictionaries
//     classes-7-0.hkc    the codes of one class set for all segments
//     manifest.json      what belongs together, with the length and checksum (XXH3) of each
//
// The manifest is replaced last, by rename, so that a reader finds the old set
// or the new one whole. It names the change of the store it is true for, and
// the random mark of that change's note: after a backup was put back in place
// the mark is another, and the columns are made anew. Files that the manifest
// does not name are removed by the next one who writes; who has them mapped
// keeps them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "columns/classes.h"
#include "columns/table.h"
#include "values/result.h"

namespace hkl {

class TableFiles {
 public:
  explicit TableFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}
  ~TableFiles();

  // Maps what is there into an empty table. The error says why there is nothing to use: missing, damaged, of another
  // build or another store. Whether a segment or class codes are damaged is seen when they are first used
  // (Segment::check, ClassSets::check).
  Done open(Table& table, ClassSets& classes, Sql& sql);
  // Writes a sealed table that follows the store. Throws DamagedColumns.
  Done save(const Table& table, ClassSets& classes, Sql& sql);
  // Takes all files away; who has them mapped keeps them.
  Done remove();

 private:
  class Mapping;
  std::shared_ptr<Mapping> map(const std::string& name, std::uint64_t size);
  std::filesystem::path folder_;
  std::uint64_t generation_ = 0;
};

// What tells a store's history from another's, at a change. Empty: no such change.
std::string mark_of_change(Sql& sql, std::int64_t change);

}  // namespace hkl
