#include "database.h"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/Statement.h>
#include <sys/stat.h>

#include <chrono>

namespace crm {
namespace {

using namespace Poco::Data::Keywords;

const char* const kSchema[] = {
    "PRAGMA journal_mode = WAL",
    "PRAGMA foreign_keys = ON",
    "CREATE TABLE IF NOT EXISTS users(login TEXT PRIMARY KEY, password TEXT NOT NULL, name TEXT NOT NULL,"
    " hookline_user TEXT NOT NULL, employee TEXT NOT NULL, role TEXT NOT NULL, language TEXT NOT NULL,"
    " theme TEXT NOT NULL DEFAULT '') WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS sessions(token_hash TEXT PRIMARY KEY, login TEXT NOT NULL REFERENCES users(login)"
    " ON DELETE CASCADE, csrf TEXT NOT NULL, made_s INTEGER NOT NULL, used_s INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS saved_reports(id INTEGER PRIMARY KEY, login TEXT NOT NULL, title TEXT NOT NULL,"
    " address TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS config_revisions(id INTEGER PRIMARY KEY, made_s INTEGER NOT NULL, login TEXT NOT NULL,"
    " body TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS audit(id INTEGER PRIMARY KEY, at_s INTEGER NOT NULL, login TEXT NOT NULL,"
    " action TEXT NOT NULL, detail TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS secrets(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"};

std::string registered(const std::string& file) {
  static const bool once = [] {
    Poco::Data::SQLite::Connector::registerConnector();
    return true;
  }();
  (void)once;
  // Hashes and tokens are nobody else's business: the file is made private.
  const auto old = ::umask(0077);
  Poco::Data::Session("SQLite", file).close();
  ::umask(old);
  return file;
}

}  // namespace

Database::Database(const std::string& file) : session_("SQLite", registered(file)) {
  for (const auto* statement : kSchema) session_ << statement, now;
}

std::int64_t seconds_now() {
  using namespace std::chrono;
  return duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace crm
