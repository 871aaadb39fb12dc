// Reading from the store through Poco::Data: one snapshot for all statements
// of one answer, rows one by one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "reports/sql_text.h"
#include "store/sql.h"
#include "values/result.h"

namespace Poco::Data {
class Session;
}

namespace hkl {

// One row: columns as texts, integers written out; empty is NULL.
using RowTexts = std::vector<std::optional<std::string>>;

// The integer of a column. HKL_RESOURCE: a sum that left 64 bits.
Result<std::optional<std::int64_t>> integer_of(const std::optional<std::string>& column);

// A session that reads for one answer after another. What every answer asks stays prepared, and the functions of the
// report language are given once: to do either again takes longer than many a report. One thread at a time.
class StoreReader {
 public:
  // The session outlives it.
  explicit StoreReader(Poco::Data::Session& session) : session_(session), statements_(session) {}
  Poco::Data::Session& session() { return session_; }
  // For texts that are few, as each stays.
  Sql& statements() { return statements_; }

 private:
  friend class Reading;
  Poco::Data::Session& session_;
  Sql statements_;
  bool has_functions_ = false;
};

// Keeps what is read from moving between two statements, and gives SQL the
// functions of the report language. Ends with the object. One thread.
class Reading {
 public:
  // The reader, or the session, outlives it.
  static Result<Reading> begin(StoreReader& reader);
  static Result<Reading> begin(Poco::Data::Session& session);
  ~Reading();
  Reading(Reading&& other) noexcept;
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

  // Calls `take` for each row; an error of `take` ends it and is returned.
  Done each(const SqlText& sql, std::size_t columns, const std::function<Done(const RowTexts&)>& take);
  Result<std::vector<RowTexts>> all(const SqlText& sql, std::size_t columns);
  // For statements of other kinds in the same snapshot.
  Poco::Data::Session& session() { return reader_->session(); }
  // The same, of few texts, which stay prepared.
  Sql& statements() { return reader_->statements(); }

 private:
  explicit Reading(StoreReader& reader) : reader_(&reader) {}
  Done begin();
  std::unique_ptr<StoreReader> own_;  // or none
  StoreReader* reader_;
  bool owns_transaction_ = false;
};

}  // namespace hkl
