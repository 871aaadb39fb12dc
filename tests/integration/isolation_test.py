"""Plugins in processes of their own: the same answers to the byte, and none lost or doubled when they are killed."""
import gzip
import json
import os
import pathlib
import re
import signal
import sqlite3
import subprocess
import threading
import time
import unittest

from files_test import record
from hookline_cli import ASTERISK, BIN, FIXTURES, SCENARIOS, CliTest, PbxSim, isolated

IS_SANITIZED = os.environ.get("HKL_KILLS") == "8"
RECORDS = 1000 if IS_SANITIZED else 5000  # of two events each


def children_of(pid):
    """Pids of its living hookline-child processes."""
    found = []
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            name, rest = stat.read_text(encoding="utf-8", errors="replace").rsplit(")", 1)
        except OSError:
            continue  # it has ended
        state, parent = rest.split()[:2]
        if "hookline-child" in name and int(parent) == pid and state != "Z":
            found.append(int(stat.parent.name))
    return found


class Killer:
    """Kills every child of a process, again and again."""

    def __init__(self, pid, seconds):
        self.pid, self.seconds, self.kills = pid, seconds, 0
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def run(self):
        while not self.is_over.wait(self.seconds):
            for child in children_of(self.pid):
                try:
                    os.kill(child, signal.SIGKILL)
                    self.kills += 1
                except ProcessLookupError:
                    pass

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        self.thread.join()


class Isolated(CliTest):
    def isolate(self):
        self.yaml.write_text(isolated(self.yaml.read_text(encoding="utf-8")), encoding="utf-8")

    def rows(self, sql, store="hookline.db"):
        if not (self.folder / store).exists():
            return []
        with sqlite3.connect(f"file:{self.folder / store}?mode=ro", uri=True) as db:
            try:
                return db.execute(sql).fetchall()
            except sqlite3.OperationalError:
                return []  # not made yet

    def run_host(self, *words):
        log = open(self.folder / "run.log", "a", encoding="utf-8")
        self.addCleanup(log.close)
        process = subprocess.Popen(self.arguments("run", *words), env=self.environment, stdout=log, stderr=log)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def log(self):
        return (self.folder / "run.log").read_text(encoding="utf-8")

    def stop(self, process):
        process.terminate()
        self.assertEqual(process.wait(timeout=30), 0)


class SameAnswers(Isolated):
    def test_asterisk_scenarios_with_every_plugin_isolated(self):
        files = [ASTERISK / name / "ami.raw" for name in SCENARIOS] + [ASTERISK / "burst-100" / "ami.raw.gz"]
        self.hookline("import", "--source", "pbx1", *files, store="here.db")
        expected = self.state(store="here.db")
        self.isolate()
        self.assertEqual(self.yaml.read_text(encoding="utf-8").count("isolation: process"), 4)
        self.hookline("import", "--source", "pbx1", *files, store="there.db")
        self.assertEqual(self.state(store="there.db"), expected)


class SameReports(Isolated):
    config = FIXTURES / "metrics" / "reports.yaml"

    def test_reports_of_the_worked_example(self):
        text = self.yaml.read_text(encoding="utf-8")
        reports = re.findall(r"plugin: ([a-z-]+)", text[text.index("\nreports:"):])
        self.assertGreater(len(reports), 5)
        self.hookline("import", "--source", "canonical", FIXTURES / "metrics" / "common.ndjson")
        words = ("--format", "json", "--from", "2026-01-01", "--to", "2026-12-31", "--now", "2026-12-31T00:00:00Z")
        expected = [self.hookline("report", report, *words) for report in reports]
        self.isolate()
        self.assertEqual([self.hookline("report", report, *words) for report in reports], expected)


class Poison(Isolated):
    def test_what_kills_is_set_aside_shown_replayed_and_dropped(self):
        plugins = BIN.parent / "host-api" / "runtime" / "isolation" / "test_plugins" / "files"
        file = self.folder / "lines.txt"

        def config(more=""):
            self.yaml.write_text(
                'hookline: 1\nstore: {url: "sqlite:hookline.db"}\nlocale: {timezone: UTC, phone_region: RU, language: en}\n'
                f"plugins: {{folders: [{plugins}]}}\n"
                f"sources:\n  - {{name: pbx1, plugin: mortal, isolation: process, settings: {{path: {file}{more}}}}}\n",
                encoding="utf-8")

        config()
        file.write_text("event e1\nsegv\nevent e2\nabort\nevent e3\n", encoding="utf-8")
        process = self.run_host()
        events = "SELECT event_id FROM journal WHERE source = 'pbx1' ORDER BY event_id"
        self.wait_for(lambda: self.rows(events) == [("e1",), ("e2",), ("e3",)], "the events")
        self.wait_for(lambda: self.rows("SELECT count(*) FROM poison") == [(2,)], "what was set aside")
        self.stop(process)

        second, first = (json.loads(line) for line in self.hookline("poison", "list", "--format", "ndjson").splitlines())
        self.assertEqual((first["entry"], first["plugin"], first["version"], first["function"], first["subject"]),
                         ("pbx1", "mortal", "1.0.0", "feed", str(file)))
        self.assertEqual(first["reason"], "died of SIGSEGV (Segmentation fault) in feed")
        self.assertIn("SIGABRT", second["reason"])
        shown = self.json("poison", "show", first["id"])
        self.assertEqual(shown[0]["bytes"], {"text": "segv\n"})
        self.assertIn("segv", self.hookline("poison", "show", first["id"]))

        self.hookline("poison", "replay", first["id"], expect=1)
        self.assertIn("died of it again; it stays set aside", self.stderr)
        config(", is_mended: true")
        self.assertEqual(self.hookline("poison", "replay", first["id"]), f"{first['id']} replayed: 1 events\n")
        self.assertEqual(self.rows(events), [("e1",), ("e2",), ("e3",), ("lived through segv",)])
        self.hookline("poison", "show", first["id"], expect=1)
        self.hookline("poison", "drop", second["id"])
        self.assertEqual(self.hookline("poison", "list"), "nothing was set aside\n")
        self.hookline("poison", "drop", "77", expect=1)
        self.assertIn('nothing that was set aside has the number "77"', self.stderr)


class KilledAllTheTime(Isolated):
    def test_a_followed_file_of_ten_thousand_events_loses_none_and_doubles_none(self):
        file = self.folder / "Master.csv"
        self.yaml.write_text(
            'hookline: 1\nstore: {url: "sqlite:hookline.db"}\nlocale: {timezone: UTC, phone_region: RU, language: en}\n'
            f"sources:\n  - {{name: pbx1, plugin: asterisk-cdr, isolation: process, settings: {{file: {file}}}}}\n",
            encoding="utf-8")
        process = self.run_host()
        with Killer(process.pid, 1.0) as killer, open(file, "a", encoding="utf-8") as out:
            for n in range(RECORDS):
                out.write(record(n))
                if n % 50 == 0:
                    out.flush()
                    time.sleep(0.06)
            out.flush()
            self.wait_for(lambda: self.rows("SELECT count(*) FROM calls") == [(RECORDS,)], f"{RECORDS} calls", 120)
        self.assertGreater(killer.kills, 3)
        self.stop(process)
        twice = "SELECT source, event_id FROM journal GROUP BY 1, 2 HAVING count(*) > 1"
        self.assertEqual(self.rows(twice), [])
        self.assertEqual(self.rows("SELECT count(*) FROM poison"), [(0,)])
        self.assertIn("its process died of SIGKILL", self.log())

    def test_a_live_asterisk_loses_nothing_and_keeps_its_connection(self):
        with gzip.open(ASTERISK / "burst-100" / "ami.raw.gz") as packed:
            self.assertGreater(packed.read().count(b"\nEvent: "), 1000)
        self.hookline("import", "--source", "pbx1", ASTERISK / "burst-100" / "ami.raw.gz", store="whole.db")
        self.isolate()
        # The burst took 184 s.
        with PbxSim(self.folder, [ASTERISK / "burst-100"], speed=20, linger=600, wait=True) as pbx:
            self.point_to(pbx.port)
            process = self.run_host()
            with Killer(process.pid, 1.0) as killer:
                pbx.wait_until_done(timeout=120)
            self.wait_for(lambda: self.rows("SELECT count(*) FROM calls WHERE is_over = 0") == [(0,)], "calls to be over")
            self.stop(process)
            self.assertEqual(pbx.log_file.read_text(encoding="utf-8").count("logged in"), 1, "one connection")
        self.assertGreater(killer.kills, 3)
        self.assertEqual(self.rows("SELECT count(*) FROM journal WHERE event_id LIKE 'gap:%'"), [(0,)])
        # What a log-in and the end of a capture add, each in its own way.
        ids = ("SELECT event_id FROM journal WHERE event_id NOT LIKE 'silent:%' AND event_id NOT LIKE 'list%' "
               "AND event_id NOT LIKE 'boot:%' ORDER BY 1")
        self.assertEqual(self.rows(ids), self.rows(ids, "whole.db"))
        self.assertEqual(self.rows("SELECT count(*) FROM poison"), [(0,)])


if __name__ == "__main__":
    unittest.main()
