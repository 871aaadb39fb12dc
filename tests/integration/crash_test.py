"""kill -9 at random moments: nothing is lost, nothing is there twice (DESIGN section 11)."""
import os
import random
import sqlite3
import subprocess
import time
import unittest

from hookline_cli import ASTERISK, SCENARIOS, CliTest, PbxSim

KILLS = int(os.environ.get("HKL_KILLS", "50"))


class Killed(CliTest):
    def rows(self, store, sql):
        with sqlite3.connect(f"file:{self.folder / store}?mode=ro", uri=True) as db:
            return db.execute(sql).fetchall()

    def outbox(self, store):
        return self.rows(store, "SELECT entity, id, contact, body, hash FROM outbox ORDER BY entity, id")

    def start(self, *words, store):
        return subprocess.Popen(self.arguments(*words, store=store), env=self.environment, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL)

    def test_an_import_killed_anywhere_and_done_again_is_as_if_it_had_not_been(self):
        files = [ASTERISK / "burst-100" / "ami.raw.gz", *(ASTERISK / name / "ami.raw" for name in SCENARIOS)]
        words = ("import", "--source", "pbx1", "--quiet", *files)
        began = time.monotonic()
        self.hookline(*words, store="whole.db")
        took = time.monotonic() - began
        whole, outbox = self.state(store="whole.db"), self.outbox("whole.db")
        self.assertGreater(len(outbox), 100)
        chance = random.Random(20261123)
        kills = 0
        while kills < KILLS:
            store = f"killed-{kills}.db"
            for _ in range(min(5, KILLS - kills)):
                process = self.start(*words, store=store)
                time.sleep(chance.uniform(0, took))
                process.kill()
                process.wait()
                kills += 1
            self.hookline(*words, store=store)
            self.assertEqual(self.state(store=store), whole, f"after {kills} kills")
            self.assertEqual(self.outbox(store), outbox, f"after {kills} kills")
            self.assertEqual(self.rows(store, "SELECT source, event_id FROM journal GROUP BY 1, 2 HAVING count(*) > 1"), [])

    def test_a_live_run_killed_while_the_pbx_talks_on_marks_what_it_missed(self):
        captures = [ASTERISK / "burst-100"]
        # The burst took 184 s: slow enough that the PBX still talks at the last kill.
        with PbxSim(self.folder, captures, speed=184 / (KILLS * 1.0 + 6), linger=600) as pbx:
            self.point_to(pbx.port)
            chance = random.Random(7)
            for kill in range(KILLS):
                self.assertFalse(pbx.is_done(), f"the PBX fell silent before kill {kill + 1} of {KILLS}")
                process = self.start("run", "--quiet", store="live.db")
                time.sleep(chance.uniform(0.2, 1.0))
                process.kill()
                process.wait()
            process = self.start("run", "--quiet", store="live.db")
            pbx.wait_until_done(timeout=120)
            self.wait_for(lambda: self.rows("live.db", "SELECT count(*) FROM calls WHERE is_over = 0") == [(0,)],
                          "every call to be over")
            process.terminate()
            self.assertEqual(process.wait(timeout=20), 0)

        self.hookline("import", "--source", "pbx1", ASTERISK / "burst-100" / "ami.raw.gz", store="whole.db")
        whole = {c["id"]: c for c in self.json("calls", store="whole.db")}
        heard = self.json("calls", store="live.db")
        self.assertGreater(len(heard), 20)
        self.assertEqual(len({c["id"] for c in heard}), len(heard))
        for call in heard:
            if call["incomplete"]:
                continue
            same = whole.get(call["id"])
            self.assertIsNotNone(same, call)
            for field in ("direction", "outcome", "extension", "started_at", "ended_at", "talk_s", "wait_s"):
                self.assertEqual(call[field], same[field], f"{call['id']}: {field}")
        gaps = self.rows("live.db", "SELECT count(*) FROM journal WHERE event_id LIKE 'gap:%'")
        self.assertGreater(gaps[0][0], 0)
        self.assertEqual(self.rows("live.db", "SELECT source, event_id FROM journal GROUP BY 1, 2 HAVING count(*) > 1"), [])


if __name__ == "__main__":
    unittest.main()
