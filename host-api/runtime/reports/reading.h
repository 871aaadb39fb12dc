// Reading from the store through Poco::Data: one snapshot for all statements
// of one answer, rows one by one.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "reports/sql_text.h"
#include "values/result.h"

namespace Poco::Data {
class Session;
}

namespace hkl {

// One row: columns as texts, integers written out; empty is NULL.
using RowTexts = std::vector<std::optional<std::string>>;

// The integer of a column. HKL_RESOURCE: a sum that left 64 bits.
Result<std::optional<std::int64_t>> integer_of(const std::optional<std::string>& column);

// Keeps what is read from moving between two statements, and gives SQL the
// functions of the report language. Ends with the object. One thread.
class Reading {
 public:
  static Result<Reading> begin(Poco::Data::Session& session);
  ~Reading();
  Reading(Reading&& other) noexcept;
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

  // Calls `take` for each row; an error of `take` ends it and is returned.
  Done each(const SqlText& sql, std::size_t columns, const std::function<Done(const RowTexts&)>& take);
  Result<std::vector<RowTexts>> all(const SqlText& sql, std::size_t columns);
  // For statements of other kinds in the same snapshot.
  Poco::Data::Session& session() { return *session_; }

 private:
  Reading(Poco::Data::Session& session, bool owns_transaction)
      : session_(&session), owns_transaction_(owns_transaction) {}
  Poco::Data::Session* session_;
  bool owns_transaction_;
};

}  // namespace hkl
