"""A changed config or plugin file is taken up by a running host: no event lost, no call split, the old stays when the new is wrong."""
import datetime
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
import unittest

from files_test import record
from hookline_cli import ASTERISK, BIN, SOURCE, CliTest, PbxSim


class Reload(CliTest):
    def setUp(self):
        super().setUp()
        self.process = None

    def run_host(self):
        log = open(self.folder / "run.log", "a", encoding="utf-8")
        self.addCleanup(log.close)
        self.process = subprocess.Popen(self.arguments("run"), env=self.environment, stdout=log, stderr=log)
        self.addCleanup(self.process.wait)
        self.addCleanup(self.process.kill)

    def stop(self):
        self.process.terminate()
        self.assertEqual(self.process.wait(timeout=30), 0)

    def log(self):
        return (self.folder / "run.log").read_text(encoding="utf-8")

    def rows(self, sql, store="hookline.db"):
        if not (self.folder / store).exists():
            return []
        with sqlite3.connect(f"file:{self.folder / store}?mode=ro", uri=True) as db:
            try:
                return db.execute(sql).fetchall()
            except sqlite3.OperationalError:
                return []  # not made yet

    def change(self, old, new):
        text = self.yaml.read_text(encoding="utf-8")
        self.assertIn(old, text)
        self.yaml.write_text(text.replace(old, new, 1), encoding="utf-8")

    def logins(self, pbx):
        return pbx.log_file.read_text(encoding="utf-8").count("logged in")

    def assert_nothing_missed(self):
        """The journal has every event that an import of the whole capture has."""
        self.hookline("import", "--source", "pbx1", ASTERISK / "burst-100" / "ami.raw.gz", store="whole.db")
        self.assertEqual(self.rows("SELECT count(*) FROM journal WHERE event_id LIKE 'gap:%'"), [(0,)])
        # What a log-in and the end of a capture add, each in its own way.
        ids = ("SELECT event_id FROM journal WHERE event_id NOT LIKE 'silent:%' AND event_id NOT LIKE 'list%' "
               "AND event_id NOT LIKE 'boot:%'")
        self.assertEqual(set(self.rows(ids, "whole.db")) - set(self.rows(ids)), set())
        fields = ("id", "direction", "outcome", "extension", "started_at", "ended_at", "talk_s", "wait_s")
        heard, whole = ([[c[f] for f in fields] for c in self.json("calls", store=store)] for store in (None, "whole.db"))
        self.assertEqual(heard, whole)


class UnderLoad(Reload):
    def play(self, while_it_talks):
        # The burst took 184 s.
        with PbxSim(self.folder, [ASTERISK / "burst-100"], speed=20, linger=600, wait=True) as pbx:
            self.point_to(pbx.port)
            self.run_host()
            self.wait_for(lambda: self.rows("SELECT count(*) > 200 FROM journal") == [(1,)], "events")
            while_it_talks(pbx)
            self.assertFalse(pbx.is_done(), "it still talks")
            pbx.wait_until_done(timeout=120)
            self.wait_for(lambda: self.rows("SELECT count(*) FROM calls WHERE is_over = 0") == [(0,)], "calls to be over")
            self.stop()
            return self.logins(pbx)

    def spans_of_tasks(self):
        """Seconds that the tasks had from their beginning."""
        def moment(text):
            return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
        return {(moment(t["deadline_at"]) - moment(t["created_at"])).total_seconds() for t in self.json("tasks")}

    def test_a_changed_rule_holds_from_then_on_and_the_connection_stays(self):
        def change(_):
            self.change("{plugin: callback-missed}", "{plugin: callback-missed, settings: {deadline: 1h}}")
            self.assertEqual(self.hookline("reload"), "reloaded: no source has changed\n")

        self.assertEqual(self.play(change), 1)
        self.assertIn(3600, self.spans_of_tasks())
        self.assert_nothing_missed()

    def test_a_changed_source_is_heard_on_its_new_line_before_the_old_one_ends(self):
        def change(_):
            self.change("plugin: asterisk-ami", "plugin: asterisk-ami\n    limits: {call: 4s}")
            self.assertEqual(self.hookline("reload"), "reloaded: changed: pbx1\n")

        self.assertEqual(self.play(change), 2)
        self.assert_nothing_missed()

    def test_by_sighup_a_changed_plugin_file_and_a_changed_rule_are_taken_up_together(self):
        folder = self.folder / "plugins"
        folder.mkdir()
        for plugin in ("asterisk-ami", "repeat-contact", "callback-missed", "calls-by-manager"):
            shutil.copy(BIN.parent / "plugins" / f"{plugin}.so", folder)
        self.yaml.write_text(self.yaml.read_text(encoding="utf-8") + f"plugins: {{folders: [{folder}]}}\n", encoding="utf-8")

        def change(_):
            # In place of the old file, as a package does it; its code is the same.
            changed = folder / "asterisk-ami.new"
            changed.write_bytes((folder / "asterisk-ami.so").read_bytes() + b"\n")
            changed.chmod(0o644)
            os.replace(changed, folder / "asterisk-ami.so")
            self.change("{plugin: callback-missed}", "{plugin: callback-missed, settings: {deadline: 1h}}")
            os.kill(self.process.pid, signal.SIGHUP)
            self.wait_for(lambda: "changed: pbx1" in self.log(), "the reload")

        # The new one is heard beside the old one until that is done: a second log-in, and no gap.
        self.assertEqual(self.play(change), 2)
        self.assertIn(3600, self.spans_of_tasks())
        self.assert_nothing_missed()

    def test_a_wrong_config_changes_nothing(self):
        def change(_):
            self.change("username: hookline", "usernam: hookline")
            self.assertIn("usernam", self.hookline("reload", expect=1) + self.stderr)
            os.kill(self.process.pid, signal.SIGHUP)
            self.wait_for(lambda: "the old config stays in use" in self.log(), "the refusal")
            self.change("usernam: hookline", "username: hookline")

        self.assertEqual(self.play(change), 1)
        self.assert_nothing_missed()


class Files(Reload):
    def follow(self, **files):
        sources = "".join(f"  - {{name: {name}, plugin: asterisk-cdr, settings: {{file: {self.folder / file}}}}}\n"
                          for name, file in files.items())
        self.yaml.write_text(
            'hookline: 1\nstore: {url: "sqlite:hookline.db"}\nlocale: {timezone: UTC, phone_region: RU, language: en}\n'
            f"sources:\n{sources}", encoding="utf-8")

    def append(self, file, numbers):
        with open(self.folder / file, "a", encoding="utf-8") as out:
            for n in numbers:
                out.write(record(n))

    def wait_for_calls(self, count):
        self.wait_for(lambda: self.rows("SELECT count(*) FROM calls") == [(count,)], f"{count} calls")

    def test_sources_come_and_go_while_their_files_grow(self):
        self.follow(one="one.csv")
        self.append("one.csv", range(50))
        self.append("two.csv", range(100, 150))
        self.run_host()
        self.wait_for_calls(50)
        self.follow(one="one.csv", two="two.csv")
        self.assertEqual(self.hookline("reload"), "reloaded: sources begun: two\n")
        self.wait_for_calls(100)
        self.append("one.csv", range(50, 60))
        self.follow(two="two.csv")
        self.assertEqual(self.hookline("reload"), "reloaded: ended: one\n")
        self.append("two.csv", range(150, 160))
        self.wait_for(lambda: self.rows("SELECT count(*) FROM calls WHERE id LIKE 'two:%'") == [(60,)], "calls of two")
        # What it wrote while nobody followed it is read when somebody does.
        self.follow(one="one.csv", two="two.csv")
        self.hookline("reload")
        self.wait_for_calls(120)
        self.stop()
        self.assertEqual(self.rows("SELECT source, event_id FROM journal GROUP BY 1, 2 HAVING count(*) > 1"), [])

    def test_all_stays_when_one_of_the_new_sources_cannot_be_begun(self):
        """Every plugin likes its new settings; that one cannot be listened to comes out when all others have changed."""
        self.follow(one="one.csv", two="two.csv")
        yard = (f"  - {{name: yard, plugin: smdr, settings: {{layout: {SOURCE}/config/layouts/avaya.yaml, "
                'listen: "127.0.0.1:PORT"}}\n')
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
        with open(self.yaml, "a", encoding="utf-8") as out:
            out.write(yard.replace("PORT", port))
        before = self.yaml.read_text(encoding="utf-8")
        self.append("one.csv", range(5))
        self.append("two.csv", range(100, 105))
        self.append("three.csv", range(200, 205))
        self.run_host()
        self.wait_for_calls(10)

        self.follow(one="one.csv", three="three.csv")
        self.change("plugin: asterisk-cdr,", "plugin: asterisk-cdr, limits: {call: 4s},")
        with open(self.yaml, "a", encoding="utf-8") as out:
            out.write(yard.replace("127.0.0.1:PORT", f"no-address:{port}"))
        self.assertIn("cannot listen on", self.hookline("reload", expect=1) + self.stderr)
        self.assertIn("the old config stays in use", self.log())
        self.append("one.csv", range(5, 10))
        self.append("two.csv", range(105, 110))
        # What three was heard to say before it was taken back is kept, as all that is heard.
        self.wait_for(lambda: self.rows("SELECT count(*) FROM calls WHERE id NOT LIKE 'three:%'") == [(20,)], "20 calls")
        self.append("three.csv", range(205, 210))
        self.wait_for(lambda: self.is_listened_to(int(port)), "the printer's port, as before", 30)

        self.yaml.write_text(before, encoding="utf-8")
        self.assertEqual(self.hookline("reload"), "reloaded: no source has changed\n")
        self.stop()
        self.assertLessEqual(self.rows("SELECT count(*) FROM calls WHERE id LIKE 'three:%'")[0][0], 5, "nobody follows it any more")
        self.assertEqual(self.rows("SELECT source, event_id FROM journal GROUP BY 1, 2 HAVING count(*) > 1"), [])

    def is_listened_to(self, port):
        try:
            with socket.create_connection(("127.0.0.1", port), 5):
                return True
        except OSError:
            return False

    def test_without_a_host_there_is_nobody_to_tell(self):
        self.follow(one="one.csv")
        self.hookline("import", "--source", "canonical", "-", text_in="")
        self.hookline("reload", expect=1)
        self.assertIn("no host runs on this store", self.stderr)


if __name__ == "__main__":
    unittest.main()
