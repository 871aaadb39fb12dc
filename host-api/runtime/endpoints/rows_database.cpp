#include "endpoints/rows_database.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>
#include <sqlite3.h>

#include <memory>

namespace hkl {
namespace {

std::string quoted_by_doubling(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "''" : std::string(1, c);
  return out + "'";
}

class SqliteRows final : public RowsDatabase {
 public:
  explicit SqliteRows(std::string path) : path_(std::move(path)) {}
  Watch watch() const override { return {}; }
  void ask(const std::string& sql) override { sql_ = sql; }
  std::string quoted(const std::string& text) const override { return quoted_by_doubling(text); }

  std::optional<Result<RowBatch>> answer() override {
    if (!db_) {
      sqlite3* db = nullptr;
      const int code = sqlite3_open_v2(path_.c_str(), &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
      db_.reset(db);
      if (code != SQLITE_OK) return refused();
      sqlite3_busy_timeout(db, 1000);
    }
    sqlite3_stmt* prepared = nullptr;
    if (sqlite3_prepare_v2(db_.get(), sql_.c_str(), -1, &prepared, nullptr) != SQLITE_OK) return refused();
    const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement(prepared, sqlite3_finalize);
    if (!prepared || !sqlite3_stmt_readonly(prepared))
      return Result<RowBatch>(fail(HKL_BAD_SETTINGS, "the query is no SELECT"));
    RowBatch batch;
    const int width = sqlite3_column_count(prepared);
    for (int i = 0; i < width; ++i) batch.columns.emplace_back(sqlite3_column_name(prepared, i));
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(prepared)) == SQLITE_ROW)
      for (int i = 0; i < width; ++i) batch.values.push_back(value_of(prepared, i));
    if (code != SQLITE_DONE) return refused();
    return Result<RowBatch>(std::move(batch));
  }

 private:
  static std::optional<std::string> value_of(sqlite3_stmt* row, int column) {
    if (sqlite3_column_type(row, column) == SQLITE_NULL) return std::nullopt;
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(row, column));
    return std::string(text == nullptr ? "" : text, static_cast<std::size_t>(sqlite3_column_bytes(row, column)));
  }
  std::optional<Result<RowBatch>> refused() const {
    return Result<RowBatch>(fail(HKL_UNAVAILABLE, sqlite3_errmsg(db_.get())));
  }

  std::string path_, sql_;
  std::unique_ptr<sqlite3, int (*)(sqlite3*)> db_{nullptr, sqlite3_close_v2};
};

class PostgresRows final : public RowsDatabase {
 public:
  explicit PostgresRows(const std::string& url) {
    // What the address says itself goes before; a session of ours writes nothing.
    const char* keys[] = {"connect_timeout", "application_name", "client_encoding", "options", "dbname", nullptr};
    const char* values[] = {"10",        "hookline",
                            "UTF8",      "-c default_transaction_read_only=on -c statement_timeout=60000",
                            url.c_str(), nullptr};
    connection_.reset(PQconnectStartParams(keys, values, 1));
    polling_ = PGRES_POLLING_WRITING;
  }
  Watch watch() const override {
    const int fd = PQsocket(connection_.get());
    if (polling_ == PGRES_POLLING_WRITING) return {fd, POLLOUT};
    return {fd, static_cast<short>(is_unsent_ ? POLLIN | POLLOUT : POLLIN)};
  }
  void ask(const std::string& sql) override { sql_ = sql; }
  std::string quoted(const std::string& text) const override {
    std::string out(text.size() * 2 + 1, '\0');
    int error = 0;
    out.resize(PQescapeStringConn(connection_.get(), out.data(), text.data(), text.size(), &error));
    return "'" + out + "'";
  }

  std::optional<Result<RowBatch>> answer() override {
    if (polling_ != PGRES_POLLING_OK) {
      if (!connection_ || PQstatus(connection_.get()) == CONNECTION_BAD) return refused();
      if (!is_ready()) return std::nullopt;
      polling_ = PQconnectPoll(connection_.get());
      if (polling_ == PGRES_POLLING_FAILED) return refused();
      if (polling_ != PGRES_POLLING_OK) return std::nullopt;
      PQsetnonblocking(connection_.get(), 1);
    }
    if (!is_asking_) {
      if (PQsendQuery(connection_.get(), sql_.c_str()) == 0) return refused();
      is_asking_ = true;
    }
    const int flushed = PQflush(connection_.get());
    is_unsent_ = flushed == 1;
    if (flushed < 0 || PQconsumeInput(connection_.get()) == 0) return refused();
    if (is_unsent_ || PQisBusy(connection_.get()) != 0) return std::nullopt;
    return read();
  }

 private:
  using Rows = std::unique_ptr<PGresult, void (*)(PGresult*)>;
  bool is_ready() const {
    const auto wanted = watch();
    pollfd one{wanted.fd, wanted.events, 0};
    return ::poll(&one, 1, 0) != 0;
  }
  std::optional<Result<RowBatch>> read() {
    is_asking_ = false;
    const Rows rows(PQgetResult(connection_.get()), PQclear);
    while (auto* more = PQgetResult(connection_.get())) PQclear(more);
    if (PQresultStatus(rows.get()) != PGRES_TUPLES_OK) return refused();
    RowBatch batch;
    const int width = PQnfields(rows.get()), count = PQntuples(rows.get());
    for (int i = 0; i < width; ++i) batch.columns.emplace_back(PQfname(rows.get(), i));
    for (int row = 0; row < count; ++row)
      for (int i = 0; i < width; ++i)
        batch.values.push_back(
            PQgetisnull(rows.get(), row, i) != 0
                ? std::nullopt
                : std::optional(std::string(PQgetvalue(rows.get(), row, i),
                                            static_cast<std::size_t>(PQgetlength(rows.get(), row, i)))));
    return Result<RowBatch>(std::move(batch));
  }
  std::optional<Result<RowBatch>> refused() const {
    std::string why = PQerrorMessage(connection_.get());
    while (!why.empty() && (why.back() == '\n' || why.back() == ' ')) why.pop_back();
    for (auto& c : why)
      if (c == '\n') c = ' ';
    return Result<RowBatch>(fail(HKL_UNAVAILABLE, why.empty() ? "no answer" : why));
  }

  std::unique_ptr<PGconn, void (*)(PGconn*)> connection_{nullptr, PQfinish};
  PostgresPollingStatusType polling_{};
  std::string sql_;
  bool is_asking_ = false, is_unsent_ = false;
};

bool is_postgres(const std::string& url) { return url.starts_with("postgresql://") || url.starts_with("postgres://"); }

}  // namespace

Result<std::unique_ptr<RowsDatabase>> open_rows_database(const std::string& url) {
  if (url.starts_with("sqlite:") && url.size() > 7)
    return std::unique_ptr<RowsDatabase>(std::make_unique<SqliteRows>(url.substr(7)));
  if (is_postgres(url)) return std::unique_ptr<RowsDatabase>(std::make_unique<PostgresRows>(url));
  return fail(HKL_BAD_SETTINGS, fmt::format("\"{}\" is no database that can be asked; expected sqlite:PATH or "
                                            "postgresql://user@host/name",
                                            shown_address(url)));
}

std::string shown_address(const std::string& url) {
  if (!is_postgres(url)) return url.starts_with("sqlite:") ? url : url.substr(0, url.find(':')) + ":…";
  const auto begin = url.find("://") + 3;
  const auto rest = url.substr(begin, url.find('?', begin) - begin);
  const auto at = rest.rfind('@');
  return url.substr(0, begin) + (at == std::string::npos ? rest : rest.substr(at + 1));
}

}  // namespace hkl
