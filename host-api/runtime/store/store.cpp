#include "store/store.h"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/Session.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <mutex>

#include "migrations.h"
#include "store/lock_file.h"
#include "store/log_file.h"
#include "store/log_mover.h"

namespace hkl {
namespace {

constexpr std::string_view kScheme = "sqlite:";

int number_of(std::string_view name) {  // "0001_base.sql"
  int number = 0;
  std::from_chars(name.data(), name.data() + name.size(), number);
  return number;
}

void register_connector() {
  static std::once_flag once;
  std::call_once(once, [] { Poco::Data::SQLite::Connector::registerConnector(); });
}

std::int64_t schema_of(Sql& sql) {
  auto version = sql.query("PRAGMA user_version");
  version.step();
  return version.integer(0);
}

// One migration and its number are one commit: a crash between leaves the old.
void migrate(Sql& sql) {
  const auto have = schema_of(sql);
  for (const auto& file : kEmbedded) {
    if (number_of(file.name) <= have) continue;
    Transaction transaction(sql);
    sql.run(std::string(file.text).c_str());
    sql.run(fmt::format("PRAGMA user_version = {}", number_of(file.name)).c_str());
    transaction.commit();
  }
}

Done check_schema(std::int64_t have, Store::Role role, const std::string& path) {
  const auto known = newest_schema();
  if (have > known)
    return fail(HKL_UNSUPPORTED, fmt::format("{}: written by a newer Hookline (schema {}, this one knows {}); update "
                                             "Hookline, or take the store of before the update",
                                             path, have, known));
  if (have < known && role == Store::Role::reader)
    return fail(HKL_UNSUPPORTED, fmt::format("{}: written by an older Hookline (schema {}, this one reads {}); run or "
                                             "import once to bring it up to date",
                                             path, have, known));
  return {};
}

constexpr const char* kOfEverySession =
    "PRAGMA busy_timeout = 10000; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536";
constexpr const char* kOfReaders = "PRAGMA query_only = ON";

// The store's own: of one thread at a time, so without the locks that SQLite takes for every value that is bound or
// read. They are a twentieth of an import.
Result<SqlHandle> open_own(const std::string& path, Store::Role role) {
  sqlite3* opened = nullptr;
  const int mode = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | (role == Store::Role::owner ? SQLITE_OPEN_CREATE : 0);
  const char* vfs = role == Store::Role::owner ? vfs_of_log_files() : nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &opened, mode, vfs);
  SqlHandle handle(opened);
  try {
    if (code != SQLITE_OK) throw SqlError(code, opened == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(opened));
    Sql sql(opened);
    sql.run(kOfEverySession);
    sql.run(role == Store::Role::owner
                ? "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA recursive_triggers = ON"
                : kOfReaders);
    return handle;
  } catch (const SqlError& error) {
    return fail(error.error().in(path));
  }
}

}  // namespace

int newest_schema() {
  int newest = 0;
  for (const auto& file : kEmbedded) newest = std::max(newest, number_of(file.name));
  return newest;
}

struct Store::State {
  // The session that closes last moves the rest of the log and takes it away. The mover's round ends first: of two that
  // close at the same time each leaves it to the other.
  ~State() {
    sql.reset();
    if (!mover) return;
    sqlite3_wal_hook(handle.get(), nullptr, nullptr);
    mover.reset();
  }

  std::string path;
  LockFile lock;
  std::unique_ptr<LogMover> mover;  // follows the handle
  SqlHandle handle;
  std::unique_ptr<Sql> sql;
};

Store::Store() : state_(std::make_unique<State>()) {}
Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::open(const std::string& url, const std::string& base_folder, Role role) {
  namespace fs = std::filesystem;
  if (!url.starts_with(kScheme) || url.size() == kScheme.size())
    return fail(HKL_BAD_SETTINGS,
                fmt::format("store url \"{}\": this version stores in SQLite files only; write sqlite:FILE", url));
  fs::path path = url.substr(kScheme.size());
  if (path.is_relative()) path = fs::path(base_folder) / path;
  std::unique_ptr<Store> store(new Store);
  auto& state = *store->state_;
  state.path = path.lexically_normal().string();

  if (role == Role::reader && !fs::exists(path))
    return fail(HKL_NOT_FOUND,
                fmt::format("{}: there is no store yet; import something or run Hookline first", state.path));
  if (role == Role::owner) {
    auto lock = LockFile::take(state.path + ".lock");
    if (!lock) return fail(lock.error());
    state.lock = std::move(*lock);
  }
  auto handle = open_own(state.path, role);
  if (!handle) return fail(handle.error());
  state.handle = std::move(*handle);
  if (role == Role::owner) {
    state.mover = std::make_unique<LogMover>(state.path);
    state.mover->follow(state.handle.get());
  }
  try {
    state.sql = std::make_unique<Sql>(state.handle.get());
    const auto checked = check_schema(schema_of(*state.sql), role, state.path);
    if (!checked) return fail(checked.error());
    if (role == Role::owner) migrate(*state.sql);
  } catch (const SqlError& error) {
    return fail(error.error().in(state.path));
  }
  return store;
}

Sql& Store::sql() { return *state_->sql; }
const std::string& Store::path() const { return state_->path; }

Result<std::unique_ptr<Poco::Data::Session>> Store::open_reader() const {
  try {
    register_connector();
    auto session = std::make_unique<Poco::Data::Session>("SQLite", state_->path);
    Sql sql(*session);
    sql.run(kOfEverySession);
    sql.run(kOfReaders);
    return session;
  } catch (const SqlError& error) {
    return fail(error.error().in(state_->path));
  } catch (const Poco::Exception& error) {
    return fail(SqlError(SQLITE_CANTOPEN, error.displayText()).error().in(state_->path));
  }
}

int Store::owner() const { return LockFile::holder(state_->path + ".lock"); }

Done Store::scrub() {
  try {
    // The copy that VACUUM makes is of the size of the store: not in memory. By a session of its own, as a change of
    // temp_store takes all temporary tables and triggers of its session away (cards/card_index.cpp has some).
    auto handle = open_own(state_->path, Role::owner);
    if (!handle) return fail(handle.error());
    Sql apart(handle->get());
    apart.run("PRAGMA temp_store = FILE; VACUUM");
    auto checkpoint = apart.query("PRAGMA wal_checkpoint(TRUNCATE)");
    if (checkpoint.step() && checkpoint.integer(0) != 0)
      return fail(HKL_UNAVAILABLE, fmt::format("{}: somebody still reads what the store was before; it is tried again "
                                               "at the next start, or by the same command",
                                               state_->path));
    return {};
  } catch (const SqlError& error) {
    return fail(error.error().in(state_->path));
  }
}

void Store::drop_meta(const char* key) {
  sql().query("DELETE FROM meta WHERE key = ?").bind(std::string_view(key)).run();
}

std::string Store::meta(const char* key) {
  auto query = sql().query("SELECT value FROM meta WHERE key = ?");
  query.bind(std::string_view(key));
  return query.step() ? query.text(0) : std::string();
}

void Store::set_meta(const char* key, const std::string& value) {
  sql()
      .query("INSERT INTO meta(key, value) VALUES(?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value")
      .bind(std::string_view(key))
      .bind(std::string_view(value))
      .run();
}

Transaction::Transaction(Sql& sql) : sql_(sql) { sql_.run("BEGIN IMMEDIATE"); }

Transaction::~Transaction() {
  if (!is_open_) return;
  try {
    sql_.run("ROLLBACK");
  } catch (const SqlError&) {  // SQLite rolls back by itself after some errors
  }
}

void Transaction::commit() {
  sql_.run("COMMIT");
  is_open_ = false;
}

}  // namespace hkl
