#!/usr/bin/env python3
"""Reports through the public C API, against databases that are asked the same in their own words.

    engine.py --bin BUILD/bin [--calls 1000000] [--rounds 5] [--duckdb libduckdb.so] [--work FOLDER] [--check]

Every engine holds the same calls (engine_data), is warm, and may use as many threads. Rounds are interleaved,
each engine's least time counts, and answers are compared. `--check` compares answers and counts of work only:
that is what CI runs, and it never looks at the clock.
"""
import argparse
import ctypes
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import time
from ctypes import CFUNCTYPE, POINTER, Structure, byref, c_char, c_char_p, c_int32, c_int64, c_uint32, c_uint64, c_void_p, sizeof

CONFIG = """hookline: 1
store: {url: "sqlite:bench.db"}
locale: {timezone: UTC, phone_region: RU, language: en}
reports: [{plugin: calls-by-manager}, {plugin: heat-map}]
"""
# Numbers of facts.tsv, as the peers keep them.
COLUMNS = [("id", "INTEGER"), ("at_ms", "BIGINT"), ("dir", "TINYINT"), ("outcome", "TINYINT"), ("mgr", "TINYINT"),
           ("ext", "SMALLINT"), ("line", "TINYINT"), ("contact", "INTEGER"), ("wait_ms", "INTEGER"), ("talk_ms", "INTEGER"),
           ("target", "TINYINT"), ("gap_ms", "BIGINT"), ("back", "TINYINT"), ("lead", "TINYINT"), ("in_work", "TINYINT")]
YEAR = ("2025-01-01", "2025-12-31")
MONTH = ("2025-06-01", "2025-06-30")
MS = {"2025-01-01": 1735689600000, "2025-12-31": 1767225600000, "2025-06-01": 1748736000000, "2025-06-30": 1751328000000}
# What the fourteen measures of calls-by-manager count, in their order after the minutes.
MEASURES = [("calls", "1=1"), ("out", "dir=1"), ("in", "dir=0"), ("target", "target=1"), ("target_out", "target=1 AND dir=1"),
            ("target_in", "target=1 AND dir=0"), ("first_unique_target", "{first} AND target=1"),
            ("target_missed", "outcome=1 AND target=1"), ("target_called_back", "outcome=1 AND target=1 AND back=1"),
            ("called_back", "outcome=1 AND back=1"), ("leads", "lead=1"), ("leads_by_missed", "lead=1 AND outcome=1 AND target=1"),
            ("leads_in_work", "in_work=1")]


def by_manager(period, count, key="mgr", where="", table="facts", first="contact>0 AND gap_ms<0"):
    """SQL of calls-by-manager; `count`: how the engine counts rows of a condition best."""
    counts = ", ".join(count(rows.format(first=first)) for _, rows in MEASURES)
    return (f"SELECT {key}, sum(talk_ms), {counts} FROM {table} WHERE dir<2 AND at_ms>={MS[period[0]]} AND at_ms<{MS[period[1]]}"
            f"{where} GROUP BY {key}")


def heat(period, count):
    cell = "(at_ms/86400000+3)%7+1, at_ms/3600000%24"
    if count is duck_count:
        cell = "(at_ms//86400000+3)%7+1, at_ms//3600000%24"
    return (f"SELECT {cell}, {count('1=1')}, {count('outcome=1')}, {count('outcome=0 AND wait_ms<=20000')} FROM facts WHERE dir=0 "
            f"AND at_ms>={MS[period[0]]} AND at_ms<{MS[period[1]]} GROUP BY 1, 2")


def duck_count(rows):
    return f"count_if({rows})"


def plain_count(rows):
    return f"sum({rows})"


FILTER = " AND line IN (1,3,5,7,9,11) AND wait_ms>5000"
# What is only known from the contact's other calls, found by the query itself. A first call is first of all there are.
WINDOW = "(SELECT *, lag(at_ms) OVER (PARTITION BY contact ORDER BY at_ms, id) AS before FROM facts WHERE dir<2)"
NUMBERS = ", ".join(f"'+7495{n:07}'" for n in (1, 3, 5, 7, 9, 11))
QUERIES = [
    ("calls-by-manager, month", "calls-by-manager", MONTH, {}, lambda count: by_manager(MONTH, count)),
    ("calls-by-manager, year", "calls-by-manager", YEAR, {}, lambda count: by_manager(YEAR, count)),
    ("by manager and extension, year", "calls-by-manager", YEAR, {"set": [b"by_extension=true"]},
     lambda count: by_manager(YEAR, count, "mgr, ext")),
    ("with a filter on line and wait, year", "calls-by-manager", YEAR, {"where": f"line in ({NUMBERS}) and wait_s > 5"},
     lambda count: by_manager(YEAR, count, where=FILTER)),
    ("first calls, nothing precomputed, year", "calls-by-manager", YEAR, {"set": [b"first_call=true"]},
     lambda count: by_manager(YEAR, count, where=" AND contact>0 AND before IS NULL", table=WINDOW, first="before IS NULL")),
    ("heat map with service level, year", "heat-map", YEAR, {}, lambda count: heat(YEAR, count)),
]


def sized(**members):
    def __init__(self, **values):
        Structure.__init__(self, struct_size=sizeof(self), **values)
    return type("Sized", (Structure,), {"_fields_": [("struct_size", c_uint32), *members.items()], "__init__": __init__})


class Text(Structure):
    _fields_ = [("ptr", POINTER(c_char)), ("len", c_uint64)]


Error = sized(status=c_uint32, vendor_code=c_int32, text_len=c_uint32, text=c_char * 1024)
Callbacks = sized(reserved=c_uint32, user=c_void_p, deliver=c_void_p, changed=c_void_p, log=c_void_p)
Options = sized(flags=c_uint32, config_path=c_char_p, store_url=c_char_p, language=c_char_p, user=c_char_p, now_ms=c_int64,
                callbacks=Callbacks, listen=c_char_p)
WRITE = CFUNCTYPE(c_uint32, c_void_p, Text)
Writer = sized(reserved=c_uint32, user=c_void_p, write=WRITE)
Query = sized(reserved=c_uint32, report=c_char_p, format=c_char_p, from_=c_char_p, to=c_char_p, settings=c_void_p,
              setting_count=c_uint64, where=c_char_p, drill=c_char_p, sort=c_char_p, compare=c_char_p)


class Hookline:
    name = "Hookline"

    def __init__(self, library, config):
        self.hkl, self.rt, self.err = ctypes.CDLL(library), c_void_p(), Error()
        self.parts = []
        self.writer = Writer(write=WRITE(lambda _user, text: self.parts.append(ctypes.string_at(text.ptr, text.len)) or 0))
        self.check(self.hkl.hkl_create(byref(Options(config_path=str(config).encode())), byref(self.rt), byref(self.err)))

    def check(self, status):
        if status != 0:
            sys.exit(self.err.text.decode())

    def start(self):
        self.check(self.hkl.hkl_start(self.rt, byref(self.err)))

    def ask(self, function, report, period, more):
        settings = more.get("set", [])
        query = Query(report=report.encode(), format=b"json", from_=period[0].encode(), to=period[1].encode(),
                      where=more.get("where", "").encode(), setting_count=len(settings),
                      settings=ctypes.cast((c_char_p * len(settings))(*settings), c_void_p))
        self.parts.clear()
        begun = time.perf_counter()
        self.check(function(self.rt, byref(query), byref(self.writer), byref(self.err)))
        return time.perf_counter() - begun, b"".join(self.parts)

    def run(self, report, period, more):
        spent, text = self.ask(self.hkl.hkl_run_report, report, period, more)
        return spent, text

    def explain(self, report, period, more):
        return json.loads(self.ask(self.hkl.hkl_explain_report, report, period, more)[1])

    def close(self):
        self.hkl.hkl_destroy(self.rt)


def rows_of(report, text):
    """The report's rows as the peers give theirs."""
    rows = []
    for row in json.loads(text)["rows"]:
        cells = row["cells"]
        if report == "heat-map":
            level = row["parts"].get("service_level", [0])[0]
            rows.append((int(row["key"].split("/")[0]), int(row["key"].split("/")[1]), cells["calls"], cells["missed"], level))
            continue
        ids = [0 if part == "-" else int(part.lstrip("m")) for part in row["key"].split("/")]
        rows.append((*ids, cells["minutes"], *(cells[name] for name, _ in MEASURES)))
    return sorted(rows)


def whole_minutes(report, rows):
    """Peers add up milliseconds; minutes are made of them as the report makes them."""
    if report == "heat-map":
        return sorted(rows)
    keys = len(rows[0]) - 1 - len(MEASURES) if rows else 1
    return sorted((*row[:keys], row[keys] // 60000, *row[keys + 1:]) for row in rows)


class Sqlite:
    name = "SQLite"
    count = staticmethod(plain_count)

    def __init__(self, tsv, folder):
        self.db = sqlite3.connect(folder / "peer.db")
        self.db.execute("PRAGMA synchronous=OFF")
        self.db.execute("PRAGMA cache_size=-1000000")
        names = ", ".join(f"{name} INTEGER" for name, _ in COLUMNS[1:])
        self.db.execute(f"CREATE TABLE facts(id INTEGER PRIMARY KEY, {names})")
        with open(tsv) as lines:
            self.db.executemany(f"INSERT INTO facts VALUES({','.join('?' * len(COLUMNS))})", (line.split("\t") for line in lines))
        self.db.execute("CREATE INDEX facts_at ON facts(at_ms)")
        self.db.commit()

    def run(self, sql):
        begun = time.perf_counter()
        rows = self.db.execute(sql).fetchall()
        return time.perf_counter() - begun, rows


class Duckdb:
    """By its C API: the library is in the npm package @duckdb/node-bindings-linux-x64."""
    name = "DuckDB"
    count = staticmethod(duck_count)

    def __init__(self, library, tsv, threads):
        self.lib, self.con = ctypes.CDLL(library), c_void_p()
        db = c_void_p()
        for name in ("duckdb_value_int64", "duckdb_row_count", "duckdb_column_count"):
            getattr(self.lib, name).restype = c_int64
        self.lib.duckdb_result_error.restype = c_char_p
        if self.lib.duckdb_open(b":memory:", byref(db)) or self.lib.duckdb_connect(db, byref(self.con)):
            sys.exit("DuckDB does not open")
        self.query(f"SET threads={threads}")
        types = "{" + ", ".join(f"'{name}': '{kind}'" for name, kind in COLUMNS) + "}"
        self.query(f"CREATE TABLE facts AS SELECT * FROM read_csv('{tsv}', delim='\t', header=false, columns={types})")

    def query(self, sql):
        result = (c_uint64 * 16)()
        if self.lib.duckdb_query(self.con, sql.encode(), byref(result)):
            sys.exit(f"DuckDB: {self.lib.duckdb_result_error(byref(result)).decode()}")
        return result

    def run(self, sql):
        begun = time.perf_counter()
        result = self.query(sql)
        spent = time.perf_counter() - begun
        height, width = self.lib.duckdb_row_count(byref(result)), self.lib.duckdb_column_count(byref(result))
        rows = [tuple(self.lib.duckdb_value_int64(byref(result), c_uint64(c), c_uint64(r)) for c in range(width))
                for r in range(height)]
        self.lib.duckdb_destroy_result(byref(result))
        return spent, rows


def make_store(bin_folder, folder, calls):
    (folder / "hookline.yaml").write_text(CONFIG)
    library = str(bin_folder.parent / "lib" / "libhookline.so")
    empty = Hookline(library, folder / "hookline.yaml")  # makes the store
    empty.close()
    subprocess.run([bin_folder / "engine_data", folder / "bench.db", str(calls), folder / "facts.tsv"], check=True)
    begun = time.perf_counter()
    hookline = Hookline(library, folder / "hookline.yaml")
    hookline.start()
    while hookline.explain(*QUERIES[0][1:4])["path"] == "sql":
        time.sleep(0.2)
    print(f"columns made in {time.perf_counter() - begun:.1f} s", flush=True)
    return hookline


def check_work(hookline, calls):
    """What is read does not grow: a month reads its share, whole segments answer a year by cubes."""
    month, year = (hookline.explain(*query[1:4]) for query in QUERIES[:2])
    if month["rows_read"] > month["rows_total"] / 6 and calls >= 1000:
        sys.exit(f"a month reads too many rows: {month}")
    again = hookline.explain(*QUERIES[1][1:4])
    if again["path"] != "cubes" or again["rows_read"] != 0:
        sys.exit(f"a year that was asked before reads rows: {again}")
    filtered = hookline.explain(*QUERIES[3][1:4])
    if filtered["bytes_read"] > 16 * filtered["rows_total"]:
        sys.exit(f"a filtered year reads too much: {filtered}")
    return {"month": month, "year": year, "again": again, "filtered": filtered}


def measure(hookline, peers, rounds):
    print(f"{'':42}{'Hookline':>12}" + "".join(f"{peer.name + ', ms':>14}{'ratio':>8}" for peer in peers) + "  path")
    for title, report, period, more, sql in QUERIES:
        times = {engine: [] for engine in (hookline, *peers)}
        for round_number in range(rounds):
            spent, text = hookline.run(report, period, more)
            times[hookline].append(spent)
            ours = rows_of(report, text)
            for peer in peers:
                if round_number >= 1 and times[peer][0] > 5:
                    continue  # the slow ones once
                spent, rows = peer.run(sql(peer.count))
                times[peer].append(spent)
                if whole_minutes(report, rows) != ours:
                    sys.exit(f"{title}: {peer.name} answers otherwise\n{whole_minutes(report, rows)[:2]}\n{ours[:2]}")
        best = min(times[hookline])
        line = f"{title:42}{best * 1000:9.2f} ms"
        for peer in peers:
            line += f"{min(times[peer]) * 1000:14.1f}{min(times[peer]) / best:7.0f}x"
        print(line + "  " + hookline.explain(report, period, more)["path"], flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--duckdb")
    parser.add_argument("--work", type=pathlib.Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.work, prefix="hookline-bench-") as made:
        folder = pathlib.Path(made)
        hookline = make_store(options.bin.resolve(), folder, options.calls)
        work = check_work(hookline, options.calls)
        peers = [Sqlite(folder / "facts.tsv", folder)]
        if options.duckdb:
            peers.append(Duckdb(options.duckdb, folder / "facts.tsv", os.cpu_count()))
        print(json.dumps(work))
        measure(hookline, peers, 1 if options.check else options.rounds)
        files = sum(file.stat().st_size for file in (folder / "bench.db.columns").iterdir())
        print(f"columns on disk: {files / options.calls:.1f} bytes a call, texts and classes included")
        hookline.close()


if __name__ == "__main__":
    main()
