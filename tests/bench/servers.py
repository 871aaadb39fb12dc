"""Peers that are servers, from Debian's packages: each with a folder, a socket or a port of its own on this machine, started
for the benchmark and ended with it. As their packages set them up they are not touched."""
import contextlib
import ctypes
import http.client
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse
from ctypes import c_char_p, c_int, c_void_p

import questions
from peers import Absent

START_S = 60


def last_line(log):
    said = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return f": {said[-1]}" if said else ""


def wait_until(process, is_there, log):
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        if is_there():
            return
        time.sleep(0.05)
    raise Absent(f"it does not start{last_line(log)}")


def end(process, how=signal.SIGTERM):
    process.send_signal(how)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Postgres:
    """By libpq over a unix socket. Parallel workers and the asking process are as many as the others' threads; a table without
    a journal, in the fewest bytes; where a period lies is known by a BRIN and a tree."""
    name = "PostgreSQL"
    words = questions.POSTGRES
    TYPES = {"TINYINT": "smallint", "SMALLINT": "smallint", "INTEGER": "integer", "BIGINT": "bigint"}

    def __init__(self, tsv, folder, threads):
        versions = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
        if not versions:
            raise Absent("its package (postgresql) is not installed")
        self.programs = versions[-1].parent
        # It refuses to run as root, and could not look into the benchmark's own folder as another.
        self.as_whom = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hookline-bench-pg-", dir=folder.parent))
        self.process = None
        try:
            if self.as_whom:
                shutil.chown(self.folder, "postgres", "postgres")
            self.start(threads)
            self.load(tsv, threads)
        except (OSError, LookupError) as error:
            self.close()
            raise Absent(error)
        except BaseException:
            self.close()
            raise

    def start(self, threads):
        data, log = self.folder / "data", self.folder / "log"
        with open(log, "w") as said:
            made = subprocess.run([self.programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8",
                                   "--locale=C"], stdout=said, stderr=said, cwd=self.folder, **self.as_whom)
            if made.returncode != 0:
                raise Absent(f"it cannot make its folder{last_line(log)}")
            settings = {"listen_addresses": "", "unix_socket_directories": self.folder, "shared_buffers": "3GB", "work_mem": "1GB",
                        "maintenance_work_mem": "1GB", "effective_cache_size": "8GB", "max_wal_size": "8GB", "fsync": "off",
                        "autovacuum": "off", "random_page_cost": "1.1", "max_parallel_workers": threads - 1,
                        "max_parallel_workers_per_gather": threads - 1, "max_parallel_maintenance_workers": threads - 1}
            wanted = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
            self.process = subprocess.Popen([self.programs / "postgres", "-D", data, *wanted], stdout=said, stderr=said,
                                            cwd=self.folder, **self.as_whom)
        self.pq = ctypes.CDLL("libpq.so.5")
        for name in ("PQconnectdb", "PQexec", "PQgetResult"):
            getattr(self.pq, name).restype = c_void_p
        for name in ("PQerrorMessage", "PQgetvalue", "PQresultErrorMessage"):
            getattr(self.pq, name).restype = c_char_p
        self.con = None
        wait_until(self.process, self.is_connected, log)

    def is_connected(self):
        self.con = c_void_p(self.pq.PQconnectdb(f"host={self.folder} user=postgres dbname=postgres".encode()))
        if self.pq.PQstatus(self.con) == 0:
            return True
        self.pq.PQfinish(self.con)
        self.con = None
        return False

    def load(self, tsv, threads):
        # The widest first, so that none is padded.
        ordered = sorted(questions.COLUMNS, key=lambda column: ("BIGINT", "INTEGER").index(column[1])
                         if column[1] in ("BIGINT", "INTEGER") else 2)
        self.ask(f"CREATE UNLOGGED TABLE facts({', '.join(f'{name} {self.TYPES[kind]}' for name, kind in ordered)})")
        self.ask(f"COPY facts({', '.join(name for name, _ in questions.COLUMNS)}) FROM STDIN")
        with open(tsv, "rb") as lines:
            while part := lines.read(1 << 20):
                if self.pq.PQputCopyData(self.con, part, c_int(len(part))) != 1:
                    raise RuntimeError(f"PostgreSQL: {self.pq.PQerrorMessage(self.con).decode()}")
        self.pq.PQputCopyEnd(self.con, None)
        while result := self.pq.PQgetResult(self.con):
            self.taken(c_void_p(result), "COPY")
        self.ask("CREATE INDEX facts_place ON facts USING brin(at_ms)")
        self.ask("CREATE INDEX facts_at ON facts(at_ms)")
        self.ask(f"ALTER TABLE facts SET (parallel_workers = {threads - 1})")
        self.ask("VACUUM (FREEZE, ANALYZE) facts")

    def ask(self, sql):
        return self.taken(c_void_p(self.pq.PQexec(self.con, sql.encode())), sql)

    def taken(self, result, sql):
        rows = []
        if self.pq.PQresultStatus(result) not in (1, 2, 4):  # a command, rows, a COPY that begins
            raise RuntimeError(f"PostgreSQL: {self.pq.PQresultErrorMessage(result).decode()}\n{sql}")
        for row in range(self.pq.PQntuples(result)):
            cells = (self.pq.PQgetvalue(result, c_int(row), c_int(column)) for column in range(self.pq.PQnfields(result)))
            rows.append(tuple(int(cell or 0) for cell in cells))
        self.pq.PQclear(result)
        return rows

    def run(self, sql):
        begun = time.perf_counter()
        result = c_void_p(self.pq.PQexec(self.con, sql.encode()))
        spent = time.perf_counter() - begun
        return spent, self.taken(result, sql)

    def close(self):
        if self.process is not None:
            if getattr(self, "con", None):
                self.pq.PQfinish(self.con)
            end(self.process, signal.SIGINT)  # without waiting for clients
        shutil.rmtree(self.folder, ignore_errors=True)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Clickhouse:
    """By HTTP on a loopback port: one part of a MergeTree in the order of time."""
    name = "ClickHouse"
    words = questions.CLICKHOUSE
    TYPES = {"TINYINT": "UInt8", "SMALLINT": "UInt16", "INTEGER": "Int32", "BIGINT": "Int64"}
    CONFIG = """<?xml version="1.0"?>
<yandex>
  <logger><level>error</level><log>{folder}/log</log><errorlog>{folder}/log</errorlog></logger>
  <listen_host>127.0.0.1</listen_host> <http_port>{http}</http_port> <tcp_port>{tcp}</tcp_port>
  <keep_alive_timeout>86400</keep_alive_timeout> <mark_cache_size>1073741824</mark_cache_size>
  <path>{folder}/data/</path> <tmp_path>{folder}/tmp/</tmp_path>
  <user_files_path>{folder}/files/</user_files_path> <format_schema_path>{folder}/schemas/</format_schema_path>
  <users_config>{folder}/users.xml</users_config>
  <default_profile>default</default_profile> <default_database>default</default_database>
</yandex>
"""
    USERS = """<?xml version="1.0"?>
<yandex>
  <profiles><default><max_memory_usage>0</max_memory_usage><load_balancing>random</load_balancing></default></profiles>
  <users><default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile>
    <quota>default</quota></default></users>
  <quotas><default></default></quotas>
</yandex>
"""

    def __init__(self, tsv, folder, threads):
        program = shutil.which("clickhouse-server", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/bin")
        if program is None:
            raise Absent("its package (clickhouse-server) is not installed")
        self.threads = threads
        home = folder / "clickhouse"
        for name in ("data", "tmp", "files", "schemas"):
            (home / name).mkdir(parents=True)
        http_port = free_port()
        (home / "config.xml").write_text(self.CONFIG.format(folder=home, http=http_port, tcp=free_port()))
        (home / "users.xml").write_text(self.USERS)
        self.con = http.client.HTTPConnection("127.0.0.1", http_port, timeout=3600)
        try:
            self.process = subprocess.Popen([program, f"--config-file={home / 'config.xml'}"], cwd=home,
                                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        except OSError as error:
            raise Absent(error)
        try:
            wait_until(self.process, self.is_there, home / "log")
            self.load(tsv)
        except BaseException:
            self.close()
            raise

    def is_there(self):
        with contextlib.suppress(OSError, http.client.HTTPException):
            self.con.request("GET", "/")
            return self.con.getresponse().read() == b"Ok.\n"
        self.con.close()
        return False

    def load(self, tsv):
        columns = ", ".join(f"{name} {self.TYPES[kind]}" for name, kind in questions.COLUMNS)
        self.ask(f"CREATE TABLE facts({columns}) ENGINE = MergeTree() PARTITION BY tuple() ORDER BY at_ms")
        with open(tsv, "rb") as lines:
            self.ask("INSERT INTO facts FORMAT TabSeparated", lines)
        self.ask("OPTIMIZE TABLE facts FINAL")

    def ask(self, sql, body=None):
        settings = {"max_threads": self.threads}
        if body is None:
            target, sent, size = f"/?{urllib.parse.urlencode(settings)}", sql.encode(), len(sql.encode())
        else:
            target, sent, size = f"/?{urllib.parse.urlencode({**settings, 'query': sql})}", body, os.fstat(body.fileno()).st_size
        self.con.request("POST", target, sent, {"Content-Length": str(size)})
        reply = self.con.getresponse()
        text = reply.read()
        if reply.status != 200:
            raise RuntimeError(f"ClickHouse: {text.decode(errors='replace')}\n{sql}")
        return text

    def run(self, sql):
        begun = time.perf_counter()
        text = self.ask(sql)
        spent = time.perf_counter() - begun
        return spent, [tuple(map(int, line.split("\t"))) for line in text.decode().splitlines()]

    def close(self):
        self.con.close()
        end(self.process)
