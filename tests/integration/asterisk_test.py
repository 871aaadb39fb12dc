"""Captures of a real Asterisk: what `hookline calls` prints of them, however they are fed."""
import gzip
import json
import random
import subprocess
import sys
import unittest

from hookline_cli import ASTERISK, SCENARIOS, CliTest

CUTS = 5  # places within an event where each scenario is cut
CHECK = ASTERISK.parents[1] / "integration" / "check_calls.py"


def messages(raw):
    """The greeting line with what follows it, then message by message."""
    parts = raw.split(b"\r\n\r\n")
    return [p + b"\r\n\r\n" for p in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


class Captures(CliTest):
    def agree(self, expected, store, name):
        calls = self.folder / f"{store}.json"
        calls.write_text(self.hookline("calls", "--format", "json", store=store), encoding="utf-8")
        done = subprocess.run([sys.executable, CHECK, expected, calls], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, f"{name}: {done.stdout}")

    def feed(self, files, store, **kwargs):
        return self.hookline("import", "--source", "pbx1", *files, store=store, **kwargs)

    def each(self, how, change):
        for name in SCENARIOS:
            with self.subTest(scenario=name, fed=how):
                raw = (ASTERISK / name / "ami.raw").read_bytes()
                files = []
                for n, piece in enumerate(change(raw)):
                    path = self.folder / f"{name}-{n:02}.raw"
                    path.write_bytes(piece)
                    files.append(path)
                store = f"{name}.db"
                self.feed(files, store)
                self.agree(ASTERISK / name / "expected.yaml", store, name)

    def test_whole(self):
        self.assertGreaterEqual(len(SCENARIOS), 13)
        self.each("whole", lambda raw: [raw])

    def test_every_event_twice(self):
        self.each("twice", lambda raw: [b"".join(m + m for m in messages(raw))])

    def test_cut_between_events_at_twenty_places(self):
        def cut(raw):
            parts = messages(raw)
            places = sorted(random.Random(len(raw)).sample(range(1, len(parts)), min(20, len(parts) - 1)))
            return [b"".join(parts[a:b]) for a, b in zip([0, *places], [*places, len(parts)])]
        self.each("cut", cut)

    def test_the_same_calls_in_any_order_of_events(self):
        for name in SCENARIOS:
            with self.subTest(scenario=name):
                raw = (ASTERISK / name / "ami.raw").read_bytes()
                self.feed([ASTERISK / name / "ami.raw"], "plain.db" + name)
                parts = messages(raw)[1:]
                random.Random(7).shuffle(parts)
                path = self.folder / f"{name}.raw"
                path.write_bytes(messages(raw)[0] + b"".join(parts))
                self.feed([path], "shuffled.db" + name)
                self.assertEqual(self.state(store="shuffled.db" + name), self.state(store="plain.db" + name))

    def test_cut_within_an_event_is_incomplete_or_right(self):
        for name in SCENARIOS:
            raw = (ASTERISK / name / "ami.raw").read_bytes()
            whole = f"whole-{name}.db"
            self.feed([ASTERISK / name / "ami.raw"], whole)
            right = {c["id"]: c for c in self.json("calls", store=whole)}
            chance = random.Random(name)
            for n in range(CUTS):
                place = chance.randrange(400, len(raw) - 10)
                with self.subTest(scenario=name, place=place):
                    self.cut_within(raw, place, right, f"within-{name}-{n}")

    def cut_within(self, raw, place, right, store):
        files = []
        for n, piece in enumerate([raw[:place], raw[place:]]):
            path = self.folder / f"{store}-{n}.raw"
            path.write_bytes(piece)
            files.append(path)
        clean = raw[:place].endswith(b"\r\n\r\n")
        self.hookline("import", "--source", "pbx1", *files, store=f"{store}.db", expect=0 if clean else 1)
        for call in self.json("calls", store=f"{store}.db"):
            if not call["incomplete"]:
                same = right.get(call["id"])
                self.assertIsNotNone(same, call)
                for field in ("direction", "outcome", "extension", "started_at", "ended_at", "talk_s"):
                    self.assertEqual(call[field], same[field], field)

    def test_the_burst_agrees_with_its_list(self):
        raw = self.folder / "burst.raw"
        raw.write_bytes(gzip.decompress((ASTERISK / "burst-100" / "ami.raw.gz").read_bytes()))
        self.feed([raw], "burst.db")
        self.agree(str(ASTERISK / "burst-100" / "expected.csv"), "burst.db", "burst")
        self.feed([ASTERISK / "burst-100" / "ami.raw.gz"], "packed.db")
        self.assertEqual(self.state(store="packed.db"), self.state(store="burst.db"))

    def test_rebuild_gives_the_same_bytes(self):
        self.feed([ASTERISK / name / "ami.raw" for name in SCENARIOS], "all.db")
        before = self.state(store="all.db")
        self.hookline("rebuild", store="all.db")
        self.assertEqual(self.state(store="all.db"), before)

    def test_a_missed_call_makes_a_lead_and_a_task_that_the_call_back_closes(self):
        self.feed([ASTERISK / "15-missed-callback" / "ami.raw"], "x.db")
        tasks = self.json("tasks", store="x.db")
        self.assertEqual([t["state"] for t in tasks], ["done"])
        self.assertEqual(len(self.json("leads", store="x.db")), 1)
        self.assertEqual(len(self.json("contacts", store="x.db")), 1)
        self.assertEqual({i["kind"] for i in self.json("inquiries", store="x.db")}, {"call"})


if __name__ == "__main__":
    unittest.main()
