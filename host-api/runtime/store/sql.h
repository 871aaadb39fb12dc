// Prepared statements on a handle of SQLite: the store's own, or that of a
// session of Poco::Data.
//
// Poco speaks SQL for reports; its bindings copy each value into a vector of
// its own and prepare anew for every statement object, so statements here are
// prepared once and kept.
//
// One thread at a time, as the session itself. Throws SqlError.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>

#include "values/result.h"

struct sqlite3;
struct sqlite3_stmt;
namespace Poco::Data {
class Session;
}

namespace hkl {

// What SQLite answered, in words an admin can act on.
class SqlError : public std::runtime_error {
 public:
  SqlError(int code, const std::string& text);
  const Error& error() const { return error_; }

 private:
  Error error_;
};

struct SqlClosing {
  void operator()(sqlite3* db) const;
};
using SqlHandle = std::unique_ptr<sqlite3, SqlClosing>;

// A statement in use: bound from 1 on, stepped, read. Goes back to its cache,
// reset, at the end of its scope.
class Query {
 public:
  Query(sqlite3* db, sqlite3_stmt* statement) : db_(db), statement_(statement) {}
  ~Query();
  Query(Query&& other) noexcept
      : db_(other.db_), statement_(other.statement_), next_(other.next_), copies_(other.copies_) {
    other.statement_ = nullptr;
  }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  Query& bind(std::int64_t value);
  Query& bind(std::optional<std::int64_t> value);
  Query& bind(std::string_view text);
  // Texts that are bound from here on are not copied: they stay where they are until the statement has run.
  Query& lasting();
  // The text, or null when it is empty: how "not known" is stored.
  Query& bind_or_null(std::string_view text);
  Query& bind_null();

  bool step();  // false: no more rows
  void run();   // a statement without rows

  std::int64_t integer(int column) const;
  std::optional<std::int64_t> maybe_integer(int column) const;
  std::string text(int column) const;       // null reads as empty
  std::string_view view(int column) const;  // the same, until the next step
  int columns() const;

 private:
  Query& bound(int code);
  sqlite3* db_;
  sqlite3_stmt* statement_;
  int next_ = 1;
  bool copies_ = true;
};

// The statements of one session.
class Sql {
 public:
  explicit Sql(sqlite3* db) : db_(db) {}  // which outlives it
  explicit Sql(Poco::Data::Session& session);
  ~Sql();
  Query query(const char* sql);
  void run(const char* sql);  // several statements, no parameters
  std::int64_t changes() const;
  std::int64_t last_row() const;  // that was inserted
  sqlite3* handle() const { return db_; }

 private:
  sqlite3_stmt* prepared(const char* sql);
  sqlite3* db_;
  std::unordered_map<std::string, sqlite3_stmt*> cache_;
  // The same by where the text lies, which for nearly all is a literal: to hash a text of a line or two takes as long
  // as many a statement.
  std::unordered_map<const char*, sqlite3_stmt*> by_place_;
};

}  // namespace hkl
