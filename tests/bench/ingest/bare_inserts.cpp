// The peer of ingest: rows that are all there, put into a store by prepared
// statements and nothing else, with the pragmas of the runtime.
//
//   bare_inserts ROWS.db STORE.db BATCHES
//
// Each table of ROWS.db has rows of the table of that name, in the order they
// came; every batch takes its share of each table in one transaction. Prints
// {"wall_s": …, "cpu_s": …, "rows": …} of the inserts, reading them left out.
#include <fmt/format.h>
#include <sqlite3.h>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

namespace {

sqlite3* open_file(const char* path) {
  sqlite3* db = nullptr;
  if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK) return db;
  fmt::print(stderr, "bare_inserts: {}: {}\n", path, sqlite3_errmsg(db));
  std::exit(1);
}

void check(sqlite3* db, int code) {
  if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return;
  fmt::print(stderr, "bare_inserts: {}\n", sqlite3_errmsg(db));
  std::exit(1);
}

sqlite3_stmt* prepared(sqlite3* db, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  check(db, sqlite3_prepare_v3(db, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
  return statement;
}

void run(sqlite3* db, const char* sql) { check(db, sqlite3_exec(db, sql, nullptr, nullptr, nullptr)); }

struct Table {
  int columns = 0;
  std::vector<sqlite3_value*> cells;  // row by row; ours until the process ends
  sqlite3_stmt* insert = nullptr;

  std::size_t rows() const { return cells.size() / static_cast<std::size_t>(columns); }
  void put(sqlite3* db, std::size_t row) const {
    const auto* cell = &cells[row * static_cast<std::size_t>(columns)];
    for (int i = 0; i < columns; ++i) {
      // Bound where they lie: sqlite3_bind_value would copy every text.
      if (sqlite3_value_type(cell[i]) == SQLITE_TEXT) {
        sqlite3_bind_text(insert, i + 1, reinterpret_cast<const char*>(sqlite3_value_text(cell[i])),
                          sqlite3_value_bytes(cell[i]), SQLITE_STATIC);
      } else {
        sqlite3_bind_value(insert, i + 1, cell[i]);
      }
    }
    check(db, sqlite3_step(insert));
    sqlite3_reset(insert);
  }
};

std::vector<Table> read_tables(sqlite3* from, sqlite3* into) {
  std::vector<Table> tables;
  auto* names = prepared(from, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid");
  while (sqlite3_step(names) == SQLITE_ROW) {
    const std::string name = reinterpret_cast<const char*>(sqlite3_column_text(names, 0));
    auto* rows = prepared(from, "SELECT * FROM " + name + " ORDER BY rowid");
    Table table;
    table.columns = sqlite3_column_count(rows);
    std::string columns, places;
    for (int i = 0; i < table.columns; ++i) {
      columns += fmt::format("{}{}", i == 0 ? "" : ", ", sqlite3_column_name(rows, i));
      places += i == 0 ? "?" : ", ?";
    }
    while (sqlite3_step(rows) == SQLITE_ROW)
      for (int i = 0; i < table.columns; ++i) table.cells.push_back(sqlite3_value_dup(sqlite3_column_value(rows, i)));
    sqlite3_finalize(rows);
    table.insert = prepared(into, fmt::format("INSERT INTO {}({}) VALUES({})", name, columns, places));
    tables.push_back(std::move(table));
  }
  sqlite3_finalize(names);
  return tables;
}

}  // namespace

int main(int argc, char** argv) {
  const auto batches = argc == 4 ? std::strtoull(argv[3], nullptr, 10) : 0;
  if (batches == 0) {
    fmt::print(stderr, "bare_inserts ROWS.db STORE.db BATCHES\n");
    return 2;
  }
  auto *from = open_file(argv[1]), *into = open_file(argv[2]);
  run(into,
      "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; "
      "PRAGMA recursive_triggers = ON; PRAGMA wal_autocheckpoint = 16384");
  const auto tables = read_tables(from, into);
  const auto begun = std::chrono::steady_clock::now();
  const auto cpu = std::clock();
  std::size_t rows = 0;
  for (std::size_t batch = 0; batch < batches; ++batch) {
    run(into, "BEGIN IMMEDIATE");
    for (const auto& table : tables) {
      const auto end = table.rows() * (batch + 1) / batches;
      for (auto row = table.rows() * batch / batches; row < end; ++row, ++rows) table.put(into, row);
    }
    run(into, "COMMIT");
  }
  // What is left in the log is moved into the store, as it is when Hookline ends.
  for (const auto& table : tables) sqlite3_finalize(table.insert);
  sqlite3_close(into);
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begun;
  fmt::print("{{\"wall_s\": {}, \"cpu_s\": {}, \"rows\": {}}}\n", wall.count(),
             static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC, rows);
}
