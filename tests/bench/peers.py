"""Peers that run in this process: SQLite, which Python brings, and DuckDB by its C API."""
import ctypes
import sqlite3
import time
from ctypes import byref, c_char_p, c_int64, c_uint64, c_void_p

import questions


class Absent(Exception):
    """A peer that is not there or does not start; the others are measured without it."""


class Sqlite:
    name = "SQLite"
    words = questions.SQLITE

    def __init__(self, tsv, folder, _threads):
        self.db = sqlite3.connect(folder / "peer.db")
        self.db.execute("PRAGMA synchronous=OFF")
        self.db.execute("PRAGMA cache_size=-2000000")
        self.db.execute("PRAGMA temp_store=MEMORY")
        names = ", ".join(f"{name} INTEGER" for name, _ in questions.COLUMNS[1:])
        self.db.execute(f"CREATE TABLE facts(id INTEGER PRIMARY KEY, {names})")
        with open(tsv) as lines:
            self.db.executemany(f"INSERT INTO facts VALUES({','.join('?' * len(questions.COLUMNS))})",
                                (line.split("\t") for line in lines))
        self.db.execute("CREATE INDEX facts_at ON facts(at_ms)")
        self.db.execute("ANALYZE")
        self.db.commit()

    def run(self, sql):
        begun = time.perf_counter()
        rows = self.db.execute(sql).fetchall()
        return time.perf_counter() - begun, [tuple(cell or 0 for cell in row) for row in rows]

    def close(self):
        self.db.close()


class Duckdb:
    """In memory, uncompressed: its fastest. The library is in the npm package @duckdb/node-bindings-linux-x64."""
    name = "DuckDB"
    words = questions.DUCKDB

    def __init__(self, tsv, _folder, threads, library):
        try:
            self.lib = ctypes.CDLL(str(library))
        except OSError as error:
            raise Absent(error)
        self.db, self.con = c_void_p(), c_void_p()
        for name in ("duckdb_value_int64", "duckdb_row_count", "duckdb_column_count"):
            getattr(self.lib, name).restype = c_int64
        self.lib.duckdb_result_error.restype = c_char_p
        if self.lib.duckdb_open(b":memory:", byref(self.db)) or self.lib.duckdb_connect(self.db, byref(self.con)):
            raise Absent("it does not open")
        self.ask(f"SET threads={threads}")
        types = "{" + ", ".join(f"'{name}': '{kind}'" for name, kind in questions.COLUMNS) + "}"
        self.ask(f"CREATE TABLE facts AS SELECT * FROM read_csv('{tsv}', delim='\t', header=false, columns={types})")

    def ask(self, sql):
        result = (c_uint64 * 16)()
        if self.lib.duckdb_query(self.con, sql.encode(), byref(result)):
            raise RuntimeError(f"DuckDB: {self.lib.duckdb_result_error(byref(result)).decode()}\n{sql}")
        return result

    def run(self, sql):
        begun = time.perf_counter()
        result = self.ask(sql)
        spent = time.perf_counter() - begun
        height, width = self.lib.duckdb_row_count(byref(result)), self.lib.duckdb_column_count(byref(result))
        rows = [tuple(self.lib.duckdb_value_int64(byref(result), c_uint64(c), c_uint64(r)) for c in range(width))
                for r in range(height)]
        self.lib.duckdb_destroy_result(byref(result))
        return spent, rows

    def close(self):
        self.lib.duckdb_disconnect(byref(self.con))
        self.lib.duckdb_close(byref(self.db))
