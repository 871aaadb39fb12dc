"""`retention`: what is kept for days goes when they have passed, and every figure stays, also after a rebuild."""
import json
import os
import sqlite3
import subprocess
import time
import unittest

from hookline_cli import ASTERISK, CliTest, SCENARIOS

PERIOD = ("--from", "2026-01-01", "--to", "2026-12-31")


class RetentionTest(CliTest):
    def setUp(self):
        super().setUp()
        with open(self.yaml, "a", encoding="utf-8") as yaml:
            yaml.write("retention: {events: 30d, record: 14d, recordings: 60d}\nrecordings: {folder: sound}\n")
        text = self.yaml.read_text(encoding="utf-8")
        self.yaml.write_text(text.replace("plugin: asterisk-ami", "plugin: asterisk-ami\n    record: captures"), encoding="utf-8")
        self.hookline("import", "--source", "pbx1", *[ASTERISK / s / "ami.raw" for s in SCENARIOS])

    def journal(self):
        with sqlite3.connect(f"file:{self.folder / 'hookline.db'}?mode=ro", uri=True) as store:
            return dict(store.execute("SELECT kind, count(*) FROM journal GROUP BY kind"))

    def apply(self, now=None):
        return json.loads(self.hookline("retention", "--format", "json", *(("--now", now) if now else ())))

    def test_events_give_way_to_their_calls_and_figures_stay(self):
        before, events = self.state(), self.journal()["event"]
        self.assertEqual(self.apply()["calls"], 0, "they came just now")
        self.assertEqual(self.journal().get("call"), None)
        later = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 31 * 86400))
        done = self.apply(later)
        self.assertGreater(done["calls"], 10)
        kinds = self.journal()
        self.assertEqual(kinds["call"], done["calls"])
        self.assertLess(kinds.get("event", 0), events / 10, "presence and gaps are of no call")
        self.assertEqual(self.state(), before)
        self.hookline("rebuild")
        self.assertEqual(self.state(), before)
        self.assertEqual(self.apply(later)["calls"], 0)

    def test_a_rule_that_changes_judges_condensed_calls_anew(self):
        later = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 31 * 86400))
        self.apply(later)
        text = self.yaml.read_text(encoding="utf-8").replace('id: anna-kern, name: Anna Kern, departments: [sales], extensions: [{source: pbx1, number: "101"}]',
                                                             'id: anna-kern, name: Anna Kern, extensions: [{source: pbx1, number: "999"}]')
        self.yaml.write_text(text, encoding="utf-8")
        self.assertTrue(any(c["employee"] == "anna-kern" for c in self.json("calls")))
        self.hookline("rebuild")
        self.assertFalse(any(c["employee"] == "anna-kern" for c in self.json("calls")))

    def test_what_the_pbx_repeats_is_still_known(self):
        before = self.state()
        self.apply(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 31 * 86400)))
        self.hookline("import", "--source", "pbx1", *[ASTERISK / s / "ami.raw" for s in SCENARIOS])
        self.assertEqual(self.state(), before)

    def test_files_go_when_their_days_have_passed_and_no_others(self):
        ages = {"captures/pbx1-20261101T060000.000Z.raw": 15, "captures/pbx1-20261101T070000.000Z.raw": 13,
                "captures/notes.txt": 99, "captures/other-20261101T060000.000Z.raw": 99,
                "sound/2026/in-1.wav": 61, "sound/2026/in-2.wav": 59}
        for name, days in ages.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("bytes")
            os.utime(path, (time.time() - days * 86400,) * 2)
        done = self.apply()
        self.assertEqual((done["capture_files"], done["recording_files"], done["trouble"]), (1, 1, None))
        self.assertEqual({name for name in ages if not (self.folder / name).exists()},
                         {"captures/pbx1-20261101T060000.000Z.raw", "sound/2026/in-1.wav"})

    def test_a_running_host_does_it_at_its_time_and_says_so(self):
        capture = self.folder / "captures" / "pbx1-20261101T060000.000Z.raw"
        capture.parent.mkdir()
        capture.write_text("bytes")
        os.utime(capture, (time.time() - 20 * 86400,) * 2)
        soon = time.strftime("%H:%M", time.gmtime(time.time() + 61))
        text = self.yaml.read_text(encoding="utf-8").replace("recordings: 60d}", f'recordings: 60d, at: "{soon}"}}')
        self.yaml.write_text(text, encoding="utf-8")
        log = open(self.folder / "run.log", "w", encoding="utf-8")
        process = subprocess.Popen(self.arguments("run"), env=self.environment, stdout=log, stderr=log)
        try:
            self.wait_for(lambda: not capture.exists(), "the old capture to go", 90)
            self.wait_for(lambda: "1 files of recorded bytes" in (self.folder / "run.log").read_text(), "a line in the log")
        finally:
            process.terminate()
            process.wait()
            log.close()

    def test_what_cannot_be_is_said(self):
        text = self.yaml.read_text(encoding="utf-8")
        self.yaml.write_text(text.replace("retention: {events: 30d, record: 14d, recordings: 60d}",
                                          'retention: {events: 2d, record: "0d", days: 3, at: "25:00"}'), encoding="utf-8")
        said = "\n".join(self.check_config(expect=1))
        for part in ('retention.events: "2d" is too short; a week (7d)', "retention.record", 'retention.days: there is no "days" here',
                     "retention.at"):
            self.assertIn(part, said)
        self.yaml.write_text(text.replace("retention: {events: 30d, record: 14d, recordings: 60d}\n", ""), encoding="utf-8")
        self.hookline("retention", expect=1)
        self.assertIn("retention says nothing, so all is kept", self.stderr)


if __name__ == "__main__":
    unittest.main()
