#include "store/sql.h"

#include <Poco/Data/SQLite/Utility.h>
#include <Poco/Data/Session.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <cstring>

namespace hkl {
namespace {

Error error_of(int code, const std::string& text) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return {HKL_RESOURCE,
              fmt::format("the disk of the store is full ({}); free some space, nothing stored is lost", text)};
    case SQLITE_READONLY:
      return {HKL_RESOURCE, fmt::format("the store cannot be written ({}); give this user write access to the file and "
                                        "its folder",
                                        text)};
    case SQLITE_CANTOPEN:
      return {HKL_RESOURCE, fmt::format("the store cannot be opened ({}); its folder must exist and be writable for "
                                        "this user",
                                        text)};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {HKL_UNAVAILABLE, fmt::format("another process is writing to the store ({}); try again", text)};
    case SQLITE_IOERR:
      return {HKL_RESOURCE,
              fmt::format("the disk of the store does not answer as it should ({}); look at the disk", text)};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {HKL_INVALID, fmt::format("the store is damaged or no store at all ({}); take the latest backup", text)};
    default:
      return {HKL_INTERNAL, fmt::format("the store refused a statement: {}", text)};
  }
}

// An empty view may have none, which SQLite would take for null.
const char* address(std::string_view text) { return text.data() == nullptr ? "" : text.data(); }

}  // namespace

SqlError::SqlError(int code, const std::string& text) : std::runtime_error(text), error_(error_of(code, text)) {}

void SqlClosing::operator()(sqlite3* db) const { sqlite3_close_v2(db); }

Query::~Query() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

Query& Query::bound(int code) {
  if (code != SQLITE_OK) throw SqlError(code, sqlite3_errmsg(db_));
  ++next_;
  return *this;
}

Query& Query::bind(std::int64_t value) { return bound(sqlite3_bind_int64(statement_, next_, value)); }
Query& Query::bind_null() { return bound(sqlite3_bind_null(statement_, next_)); }
Query& Query::bind(std::optional<std::int64_t> value) { return value ? bind(*value) : bind_null(); }
Query& Query::bind(std::string_view text) {
  return bound(sqlite3_bind_text(statement_, next_, address(text), static_cast<int>(text.size()),
                                 copies_ ? SQLITE_TRANSIENT : SQLITE_STATIC));
}
Query& Query::lasting() {
  copies_ = false;
  return *this;
}
Query& Query::bind_or_null(std::string_view text) { return text.empty() ? bind_null() : bind(text); }

bool Query::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  throw SqlError(code, sqlite3_errmsg(db_));
}

void Query::run() {
  while (step()) {
  }
}

std::int64_t Query::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::optional<std::int64_t> Query::maybe_integer(int column) const {
  if (sqlite3_column_type(statement_, column) == SQLITE_NULL) return std::nullopt;
  return sqlite3_column_int64(statement_, column);
}

std::string_view Query::view(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (text == nullptr) return {};
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}
std::string Query::text(int column) const { return std::string(view(column)); }
int Query::columns() const { return sqlite3_column_count(statement_); }

Sql::Sql(Poco::Data::Session& session) : db_(Poco::Data::SQLite::Utility::dbHandle(session)) {}

Sql::~Sql() {
  for (const auto& [sql, statement] : cache_) sqlite3_finalize(statement);
}

Query Sql::query(const char* sql) {
  auto& here = by_place_[sql];
  if (here == nullptr || std::strcmp(sqlite3_sql(here), sql) != 0) here = prepared(sql);
  if (sqlite3_stmt_busy(here) != 0) throw SqlError(SQLITE_MISUSE, fmt::format("statement used twice at once: {}", sql));
  return Query(db_, here);
}

sqlite3_stmt* Sql::prepared(const char* sql) {
  auto& statement = cache_[sql];
  if (statement != nullptr) return statement;
  const int code = sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code == SQLITE_OK) return statement;
  cache_.erase(sql);
  by_place_.erase(sql);
  throw SqlError(code, fmt::format("{} in: {}", sqlite3_errmsg(db_), sql));
}

void Sql::run(const char* sql) {
  char* text = nullptr;
  const int code = sqlite3_exec(db_, sql, nullptr, nullptr, &text);
  if (code == SQLITE_OK) return;
  const std::string why = text == nullptr ? sqlite3_errmsg(db_) : text;
  sqlite3_free(text);
  throw SqlError(code, why);
}

std::int64_t Sql::changes() const { return sqlite3_changes64(db_); }
std::int64_t Sql::last_row() const { return sqlite3_last_insert_rowid(db_); }

}  // namespace hkl
