"""What AMI did not tell, because nobody was connected, is marked, and told by CEL and CDR of the same PBX."""
import shutil
import sqlite3
import subprocess
import sys
import unittest

from hookline_cli import ASTERISK, SCENARIOS, CliTest, PbxSim

CHECK = ASTERISK.parents[1] / "integration" / "check_calls.py"
NUMBERING = """      extensions: ["1XX"]
      trunks: [trunk-a]
      outside_prefix: "9"
      own_numbers: ["12025550110", "12025550111", "12025550120", "12025550130", "12025550131", "12025550140", "12025550150"]
"""
# As conf/cdr_custom.conf of the captures has them.
COLUMNS = ("clid, src, dst, dcontext, channel, dstchannel, lastapp, lastdata, start, answer, end, duration, billsec, disposition, "
           "amaflags, accountcode, uniqueid, linkedid, sequence, did, recordingfile, userfield")


class Gap(CliTest):
    def setUp(self):
        super().setUp()
        text = self.yaml.read_text(encoding="utf-8")
        cdr, cel = self.folder / "cdr_custom.csv", self.folder / "cel.csv"
        more = (f"  - name: pbx1-cdr\n    plugin: asterisk-cdr\n    pbx: pbx1\n    settings:\n      file: {cdr}\n"
                f'      columns: {{"cdr_custom.csv": [{COLUMNS}]}}\n{NUMBERING}'
                f"  - name: pbx1-cel\n    plugin: asterisk-cel\n    pbx: pbx1\n    settings:\n      file: {cel}\n{NUMBERING}")
        self.yaml.write_text(text.replace("\nclassifiers:", f"{more}\nclassifiers:", 1), encoding="utf-8")
        cdr.touch()
        cel.touch()

    def agree(self, scenario, store):
        calls = self.folder / "calls.json"
        calls.write_text(self.hookline("calls", "--format", "json", store=store), encoding="utf-8")
        done = subprocess.run([sys.executable, CHECK, ASTERISK / scenario / "expected.yaml", calls], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, f"{scenario}: {done.stdout}")

    def test_a_capture_that_lacks_its_middle_is_made_whole_by_the_files(self):
        for scenario in SCENARIOS:
            with self.subTest(scenario=scenario):
                parts = (ASTERISK / scenario / "ami.raw").read_bytes().split(b"\r\n\r\n")
                # The greeting of a new connection, then what comes after the middle.
                pieces = [parts[: len(parts) * 2 // 5], [parts[0], *parts[len(parts) * 3 // 5:]]]
                files = []
                for n, piece in enumerate(pieces):
                    files.append(self.folder / f"{scenario}-{n}.raw")
                    files[-1].write_bytes(b"\r\n\r\n".join(piece).rstrip(b"\r\n") + b"\r\n\r\n")
                store = f"{scenario}.db"
                self.hookline("import", "--source", "pbx1", *files, store=store)
                self.hookline("import", "--source", "pbx1-cel", ASTERISK / scenario / "cel.csv", store=store)
                self.hookline("import", "--source", "pbx1-cdr", ASTERISK / scenario / "cdr_custom.csv", store=store)
                self.agree(scenario, store)

    def run_beside(self, captures):
        """A run that hears all that `captures` say and then loses its PBX."""
        with PbxSim(self.folder, captures, speed=0, linger=60, wait=True) as pbx:
            self.point_to(pbx.port)
            log = open(self.folder / "run.log", "a", encoding="utf-8")
            self.addCleanup(log.close)
            process = subprocess.Popen(self.arguments("run"), env=self.environment, stdout=log, stderr=log)
            self.addCleanup(process.wait)
            self.addCleanup(process.kill)
            pbx.wait_until_done(timeout=60)
        return process

    def test_a_call_while_nobody_was_connected_comes_from_its_records(self):
        process = self.run_beside([ASTERISK / "01-inbound-answered"])
        self.wait_for(lambda: len(self.json("calls")) == 1, "the first call")
        first = self.json("calls")[0]["id"]
        # The connection is gone; the PBX goes on and writes its files.
        for name in ("cdr_custom.csv", "cel.csv"):
            with open(self.folder / name, "ab") as file:
                file.write((ASTERISK / "02-inbound-missed" / name).read_bytes())
        self.wait_for(lambda: any(c["outcome"] == "missed" and c["ended_at"] for c in self.json("calls")), "the call that was missed")
        process.terminate()
        self.assertEqual(process.wait(timeout=20), 0)
        process = self.run_beside([ASTERISK / "05-outbound-answered"])
        self.wait_for(lambda: len([c for c in self.json("calls") if c["ended_at"]]) == 3, "the third call")
        process.terminate()
        self.assertEqual(process.wait(timeout=20), 0)
        with sqlite3.connect(f"file:{self.folder / 'hookline.db'}?mode=ro", uri=True) as db:
            gaps = db.execute("SELECT count(*) FROM journal WHERE source = 'pbx1' AND event_id LIKE 'gap:%'").fetchone()[0]
        self.assertEqual(gaps, 1)
        shutil.copy(self.folder / "hookline.db", self.folder / "all.db")
        calls = {c["id"]: c for c in self.json("calls")}
        self.assertIn(first, calls)
        self.assertEqual({c["incomplete"] for c in calls.values()}, {False})
        missed = next(c for c in calls.values() if c["outcome"] == "missed")
        self.hookline("import", "--source", "pbx1", ASTERISK / "02-inbound-missed" / "ami.raw", store="whole.db")
        whole = self.json("calls", store="whole.db")[0]
        for field in ("id", "direction", "client_number", "line", "outcome", "finish_reason", "extension", "hung_up_by"):
            self.assertEqual(missed[field], whole[field], field)


if __name__ == "__main__":
    unittest.main()
