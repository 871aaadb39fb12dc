"""Call records in a database, SQLite's or PostgreSQL's: the same calls as from the files, and no row is lost."""
import csv
import glob
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

from hookline_cli import FIXTURES, CliTest

FILES = FIXTURES / "cdr" / "asterisk-csv"
CDR = ("clid src dst dcontext channel dstchannel lastapp lastdata calldate answer end duration billsec disposition amaflags "
       "accountcode uniqueid userfield sequence").split()
CEL = ("eventtype eventtime cid_name cid_num cid_ani cid_rdnis cid_dnid exten context channame appname appdata amaflags accountcode "
       "uniqueid linkedid peer userfield userdeftype extra").split()
POSTGRES = next(iter(sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), reverse=True)), None)


def text_of(value):
    return "NULL" if value == "" else "'" + value.replace("'", "''") + "'"


class Sqlite:
    def __init__(self, folder):
        self.path = folder / "asterisk.db"
        self.url = f"sqlite:{self.path}"

    def run(self, sql):
        with sqlite3.connect(self.path) as db:
            db.executescript(sql)
        db.close()

    def close(self):
        pass

    serial, moment = "INTEGER PRIMARY KEY", "TEXT"

    @staticmethod
    def time(text):
        return text_of(text)


class Postgres:
    """A server of its own on a socket in a temporary folder; it does not run as root."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hookline-pg-"))
        self.bin = pathlib.Path(POSTGRES).parent
        self.user = {"user": "postgres"} if os.geteuid() == 0 else {}
        if self.user:
            shutil.chown(self.folder, "postgres")
        self.quietly("initdb", "-D", self.folder / "data", "-U", "asterisk", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        self.start()
        self.url = f"postgresql://asterisk:not-needed@/postgres?host={self.folder}"

    def start(self):
        self.quietly("pg_ctl", "-D", self.folder / "data", "-w", "-l", self.folder / "log", "-o",
                     f"-k {self.folder} -c listen_addresses='' -c fsync=off", "start")

    def stop(self):
        self.quietly("pg_ctl", "-D", self.folder / "data", "-w", "-m", "immediate", "stop")

    def quietly(self, program, *words):
        done = subprocess.run([str(self.bin / program), *map(str, words)], cwd="/", stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE if program != "pg_ctl" else subprocess.DEVNULL,
                              stderr=subprocess.STDOUT, **self.user)
        assert done.returncode == 0, f"{program}: {done.stdout}"

    def run(self, sql):
        done = subprocess.run([str(self.bin / "psql"), "-q", "-v", "ON_ERROR_STOP=1", self.url], input=sql, text=True,
                              capture_output=True)
        assert done.returncode == 0, done.stderr

    def close(self):
        self.stop()
        shutil.rmtree(self.folder, True)

    serial, moment = "BIGSERIAL PRIMARY KEY", "TIMESTAMP"

    @staticmethod
    def time(text):  # CEL's module writes local time
        return f"to_timestamp({text}) AT TIME ZONE 'UTC'" if text.replace(".", "").isdigit() else text_of(text)


class Rows(CliTest):
    config = FILES / "hookline.yaml"

    def fill(self, database):
        def columns(names, times):
            return ", ".join(f'"{name}" {database.moment if name in times else "TEXT"}' for name in names)
        database.run(f"CREATE TABLE cdr(id {database.serial}, {columns(CDR, ('calldate', 'answer', 'end'))});"
                     f"CREATE TABLE cel(id {database.serial}, {columns(CEL, ('eventtime',))});")
        for table, names, file in (("cdr", CDR, "Custom.csv"), ("cel", CEL, "cel.csv")):
            with open(FILES / file, newline="", encoding="utf-8") as lines:
                for row in csv.reader(lines):
                    self.insert(database, table, names, row)

    def insert(self, database, table, names, row):
        cells = [database.time(cell) if name in ("calldate", "answer", "end", "eventtime") and cell else text_of(cell)
                 for name, cell in zip(names, row)]
        quoted = ", ".join(f'"{name}"' for name in names[: len(row)])
        database.run(f"INSERT INTO {table}({quoted}) VALUES({', '.join(cells)});")

    def ask(self, database, plugin, **more):
        extra = "".join(f", {name}: {value}" for name, value in more.items())
        recording = ", recording_column: userfield" if plugin == "asterisk-cdr" else ""
        self.yaml.write_text(
            'hookline: 1\nstore: {url: "sqlite:hookline.db"}\nlocale: {timezone: UTC, phone_region: RU, language: en}\nsources:\n'
            f'  - {{name: pbx1, plugin: {plugin}, timezone: UTC, settings: {{database: !secret url.txt, every: 50ms, '
            f'own_numbers: ["74950001010"]{recording}{extra}}}}}\n', encoding="utf-8")
        secret = self.folder / "url.txt"
        secret.write_text(database.url, encoding="utf-8")
        secret.chmod(0o600)

    def start(self):
        log = open(self.folder / "run.log", "a", encoding="utf-8")
        self.addCleanup(log.close)
        process = subprocess.Popen(self.arguments("run"), env=self.environment, stdout=log, stderr=log)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def stop(self, process):
        process.terminate()
        self.assertEqual(process.wait(timeout=20), 0)

    def count(self, sql="SELECT count(*) FROM journal"):
        if not (self.folder / "hookline.db").exists():
            return 0
        with sqlite3.connect(f"file:{self.folder / 'hookline.db'}?mode=ro", uri=True) as db:
            try:
                return db.execute(sql).fetchone()[0]
            except sqlite3.OperationalError:
                return 0  # not made yet

    def agree(self, database):
        self.fill(database)
        whole = {}
        for source, file in (("pbx1", "Custom.csv"), ("pbx1-cel", "cel.csv")):
            self.hookline("import", "--source", source, FILES / file, store=f"{file}.db")
            whole[source] = self.json("calls", store=f"{file}.db")
        for plugin, source in (("asterisk-cdr", "pbx1"), ("asterisk-cel", "pbx1-cel")):
            with self.subTest(plugin=plugin):
                self.ask(database, plugin)
                process = self.start()
                self.wait_for(lambda: self.count("SELECT count(*) FROM calls WHERE is_over = 1") >= len(whole[source]), "all calls")
                self.stop(process)
                self.assertEqual(self.json("calls"), whole[source])
                for leftover in self.folder.glob("hookline.db*"):
                    shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()

    def test_sqlite(self):
        self.agree(Sqlite(self.folder))


@unittest.skipUnless(POSTGRES, "PostgreSQL's server is not installed (Debian: apt-get install postgresql)")
class RowsOfPostgres(Rows):
    @classmethod
    def setUpClass(cls):
        cls.server = Postgres()
        cls.addClassCleanup(cls.server.close)

    def setUp(self):
        super().setUp()
        self.server.run("DROP TABLE IF EXISTS cdr, cel;")

    test_sqlite = None

    def test_postgresql(self):
        self.agree(self.server)

    def test_a_server_that_restarts_is_asked_again_and_nothing_is_missed(self):
        self.fill(self.server)
        self.ask(self.server, "asterisk-cdr")
        process = self.start()
        self.wait_for(lambda: self.count("SELECT count(*) FROM calls") >= 4, "the calls")
        before = self.count("SELECT count(*) FROM calls")
        self.server.stop()
        log = self.folder / "run.log"
        self.wait_for(lambda: "next try in" in log.read_text(encoding="utf-8"), "the loss to be told")
        self.assertNotIn("not-needed", log.read_text(encoding="utf-8"), "a password")
        self.server.start()
        self.insert(self.server, "cdr", CDR, [
            '"79000000999" <79000000999>', "79000000999", "74950001010", "from-trunk", "PJSIP/trunk-000000ff", "PJSIP/101-000000fe",
            "Dial", "PJSIP/101,30,tT", "2026-09-14 11:00:00", "", "2026-09-14 11:00:20", "20", "0", "NO ANSWER", "DOCUMENTATION", "",
            "1789383600.1", "", "900"])
        self.wait_for(lambda: self.count("SELECT count(*) FROM calls") == before + 1, "the row after the restart")
        self.stop(process)

    def test_nothing_can_be_written(self):
        self.fill(self.server)
        self.ask(self.server, "asterisk-cdr", query='"DELETE FROM cdr WHERE id > :after RETURNING *"')
        process = self.start()
        log = self.folder / "run.log"
        self.wait_for(lambda: "read-only transaction" in log.read_text(encoding="utf-8"), "the refusal")
        self.stop(process)


if __name__ == "__main__":
    unittest.main()
