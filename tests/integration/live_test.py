"""A live connection to an Asterisk (pbx-sim): the same calls as from the capture; what is wrong is said."""
import os
import signal
import subprocess
import time
import unittest

from hookline_cli import ASTERISK, SCENARIOS, CliTest, PbxSim


class Live(CliTest):
    def start(self, store, quiet=True):
        log = open(self.folder / "run.log", "w", encoding="utf-8")
        self.addCleanup(log.close)
        process = subprocess.Popen(self.arguments("run", *(["--quiet"] if quiet else []), store=store),
                                   env=self.environment, stdout=log, stderr=log)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        return process

    def start_heard(self, store):
        """Started, and beyond the moment in which a signal would end it as any program."""
        process = self.start(store, quiet=False)
        self.wait_for(lambda: "running;" in self.log(), "the host to run")
        return process

    def log(self):
        return (self.folder / "run.log").read_text(encoding="utf-8")

    def stop(self, process):
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=20), 0, self.log())

    def test_live_gives_the_calls_that_the_capture_gives(self):
        captures = [ASTERISK / name for name in SCENARIOS]
        with PbxSim(self.folder, captures, speed=0, linger=60, wait=True) as pbx:
            self.point_to(pbx.port)
            process = self.start("live.db")
            pbx.wait_until_done(timeout=60)
            self.hookline("import", "--source", "pbx1", *(c / "ami.raw" for c in captures), store="played.db")
            wanted = {c["id"]: c for c in self.json("calls", store="played.db")}
            self.wait_for(lambda: len(self.json("calls", store="live.db")) >= len(wanted), "all calls")
            self.stop(process)
        got = {c["id"]: c for c in self.json("calls", store="live.db")}
        self.assertEqual(set(got), set(wanted))
        for name, call in wanted.items():
            for field in ("direction", "outcome", "finish_reason", "extension", "started_at", "ended_at", "talk_s", "wait_s"):
                self.assertEqual(got[name][field], call[field], f"{name}: {field}")

    def test_what_was_recorded_plays_back_the_same(self):
        records = self.folder / "records"
        records.mkdir()
        with PbxSim(self.folder, [ASTERISK / "09-ring-group"], speed=0, linger=60, wait=True) as pbx:
            self.point_to(pbx.port, record=str(records))
            process = self.start("live.db")
            pbx.wait_until_done(timeout=60)
            self.wait_for(lambda: len(self.json("calls", store="live.db")) == 1, "the call")
            self.stop(process)
        files = sorted(records.iterdir())
        self.assertEqual(len(files), 1)
        self.hookline("import", "--source", "pbx1", *files, store="played.db")
        self.assertEqual(self.json("calls", store="played.db"), self.json("calls", store="live.db"))

    def test_a_refused_login_says_who_where_and_what_to_do(self):
        with PbxSim(self.folder, [ASTERISK / "01-inbound-answered"], speed=0, linger=60, wait=True) as pbx:
            self.point_to(pbx.port)
            self.environment["AMI_SECRET"] = "wrong"
            process = self.start("live.db", quiet=False)
            self.wait_for(lambda: "refused the login" in self.log(), "the refusal")
            self.stop(process)
        line = next(line for line in self.log().splitlines() if "refused the login" in line)
        for word in ("pbx1", f"127.0.0.1:{pbx.port}", "hookline", "manager.conf", "next try in"):
            self.assertIn(word, line)

    def test_a_second_owner_is_told_who_the_first_is_and_readers_work_beside_it(self):
        with PbxSim(self.folder, [ASTERISK / "01-inbound-answered"], speed=0, linger=60, wait=True) as pbx:
            self.point_to(pbx.port)
            process = self.start("live.db")
            pbx.wait_until_done(timeout=60)
            self.wait_for(lambda: len(self.json("calls", store="live.db")) == 1, "the call")
            self.hookline("import", "--source", "pbx1", ASTERISK / "02-inbound-missed" / "ami.raw", store="live.db", expect=1)
            self.assertIn(str(process.pid), self.stderr)
            self.stop(process)

    def test_it_stops_within_seconds_while_the_pbx_is_silent_and_while_it_is_gone(self):
        with PbxSim(self.folder, [ASTERISK / "01-inbound-answered"], speed=0, linger=60) as pbx:
            self.point_to(pbx.port)
            process = self.start_heard("live.db")
            began = time.monotonic()
            self.stop(process)
            self.assertLess(time.monotonic() - began, 10)
        process = self.start_heard("gone.db")
        self.stop(process)


if __name__ == "__main__":
    unittest.main()
