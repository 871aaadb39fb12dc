"""Captures of other PBXs, and the files that an Asterisk writes: what `hookline calls` prints of them."""
import subprocess
import sys
import unittest

from hookline_cli import FIXTURES, CliTest

CHECK = FIXTURES.parent / "integration" / "check_calls.py"


class OtherPbx(CliTest):
    def agree(self, expected, store, *how):
        calls = self.folder / f"{store}.json"
        calls.write_text(self.hookline("calls", "--format", "json", store=store), encoding="utf-8")
        done = subprocess.run([sys.executable, CHECK, expected, calls, *how], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, f"{expected}: {done.stdout}{done.stderr}")


class FreeSwitch(OtherPbx):
    config = FIXTURES / "freeswitch" / "hookline.yaml"

    def test_every_capture_of_the_event_socket(self):
        captures = sorted((FIXTURES / "freeswitch").glob("*/esl-*.raw"))
        self.assertGreaterEqual(len(captures), 6)
        for raw in captures:
            with self.subTest(capture=f"{raw.parent.name}/{raw.name}"):
                store = f"{raw.parent.name}-{raw.stem}.db"
                self.hookline("import", "--source", "pbx1", raw, store=store)
                self.agree(raw.parent / "expected.yaml", store)


class AsteriskFiles(OtherPbx):
    config = FIXTURES / "cdr" / "asterisk-csv" / "hookline.yaml"
    folder_of_files = FIXTURES / "cdr" / "asterisk-csv"

    def test_call_records(self):
        for name, expected in (("Master.csv", "expected.yaml"), ("Custom.csv", "expected-custom.yaml")):
            with self.subTest(file=name):
                self.hookline("import", "--source", "pbx1", self.folder_of_files / name, store=f"{name}.db")
                self.agree(self.folder_of_files / expected, f"{name}.db", "--fed", "records")

    def test_channel_events(self):
        self.hookline("import", "--source", "pbx1-cel", self.folder_of_files / "cel.csv", store="cel.db")
        self.agree(self.folder_of_files / "expected-cel.yaml", "cel.db", "--fed", "records")

    def test_a_file_fed_twice_adds_nothing(self):
        file = self.folder_of_files / "Master.csv"
        self.hookline("import", "--source", "pbx1", file)
        before = self.json("calls")
        self.hookline("import", "--source", "pbx1", file)
        self.assertEqual(self.json("calls"), before)


if __name__ == "__main__":
    unittest.main()
