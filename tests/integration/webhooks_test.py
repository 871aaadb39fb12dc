"""Requests of six cloud PBXs, and the records that a FreeSWITCH posts, through `hookline import`: what is answered to each and
what the calls become, in whatever order they come and however often."""
import json
import random
import subprocess
import sys
import unittest

import yaml

from hookline_cli import FIXTURES, CliTest

WEBHOOKS = FIXTURES / "webhooks"
VENDORS = sorted(p.name for p in WEBHOOKS.iterdir() if (p / "expected.yaml").exists())
TOOLS = FIXTURES.parent / "integration"


class RequestsTest(CliTest):
    def agree(self, tool, *words):
        done = subprocess.run([sys.executable, TOOLS / tool, self.expected_file, *map(str, words)], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, f"{self.expected_file}: {done.stdout}{done.stderr}")

    def calls_agree(self, store, *how):
        calls = self.folder / f"{store}.json"
        calls.write_text(self.hookline("calls", "--format", "json", store=store), encoding="utf-8")
        self.agree("check_calls.py", calls, *how)


class Webhooks(RequestsTest):
    def set_up(self, vendor):
        """The vendor's config, and what the CRM knows when the requests arrive."""
        text = (WEBHOOKS / vendor / "hookline.yaml").read_text(encoding="utf-8")
        self.yaml.write_text(text.replace("../../../../config", str(FIXTURES.parents[1] / "config")), encoding="utf-8")
        self.expected_file = WEBHOOKS / vendor / "expected.yaml"
        self.expected = yaml.safe_load(self.expected_file.read_text(encoding="utf-8"))

    def known_contacts(self):
        lines = []
        for number, known in self.expected.get("contacts", {}).items():
            lines.append({"type": "contact", "id": f"c{number}", "name": known["contact_name"], "numbers": [f"+{number}"]})
            lines.append({"type": "lead", "id": f"l{number}", "contact": f"c{number}", "responsible": known["responsible"],
                          "created_at": "2026-01-01T00:00:00Z"})
        return "\n".join(map(json.dumps, lines)) + "\n"

    def feed(self, vendor, files, store):
        if self.expected.get("contacts"):
            self.hookline("import", "--source", "canonical", "-", store=store, text_in=self.known_contacts())
        rejected = {r["file"] for r in self.expected["requests"] if r["verdict"] == "reject"}
        expect = 1 if rejected.intersection(files) else 0
        return self.hookline("import", "--source", vendor, "--format", "ndjson", *(WEBHOOKS / vendor / f for f in files),
                             store=store, expect=expect)

    def missed_calls_make_one_task_each(self, store):
        missed = [c for c in json.loads(self.hookline("calls", "--format", "json", store=store))
                  if c["outcome"] == "missed" and c["client_number"]]
        tasks = json.loads(self.hookline("tasks", "--format", "json", "--now", "2026-12-31T00:00:00Z", store=store))
        told = [call for t in tasks if t["kind"] == "callback" for call in [t["call"], *t["more_calls"]]]
        self.assertEqual(sorted(told), sorted(c["id"] for c in missed))

    def test_every_request_gets_its_verdict_and_answer(self):
        self.assertEqual(len(VENDORS), 6)
        for vendor in VENDORS:
            with self.subTest(vendor=vendor):
                self.set_up(vendor)
                printed = self.folder / f"{vendor}.ndjson"
                files = [r["file"] for r in self.expected["requests"]]
                printed.write_text(self.feed(vendor, files, f"{vendor}.db"), encoding="utf-8")
                self.agree("check_requests.py", "--printed", printed)
                self.calls_agree(f"{vendor}.db")
                self.missed_calls_make_one_task_each(f"{vendor}.db")

    def test_the_same_again_is_a_duplicate_and_changes_nothing(self):
        for vendor in VENDORS:
            with self.subTest(vendor=vendor):
                self.set_up(vendor)
                files = [r["file"] for r in self.expected["requests"]]
                self.feed(vendor, files, f"{vendor}.db")
                again = [json.loads(line) for line in self.feed(vendor, files, f"{vendor}.db").splitlines()]
                verdicts = {r["file"].rsplit("/", 1)[-1]: r["verdict"] for r in again}
                for request in self.expected["requests"]:
                    # What tells no fact is as welcome the second time.
                    known = {"accept": ("duplicate", "accept"), "duplicate": ("duplicate",)}.get(request["verdict"])
                    self.assertIn(verdicts[request["file"]], known or (request["verdict"],), request["file"])
                self.assertIn("duplicate", verdicts.values())
                self.calls_agree(f"{vendor}.db")
                self.missed_calls_make_one_task_each(f"{vendor}.db")

    def test_each_cases_requests_in_any_order(self):
        for vendor in VENDORS:
            self.set_up(vendor)
            cases = {}
            for request in self.expected["requests"]:
                cases.setdefault(request["case"], []).append(request["file"])
            orders = {"reversed": lambda files: files[::-1]}
            for seed in range(3):
                orders[f"shuffled by {seed}"] = lambda files, seed=seed: random.Random(seed).sample(files, len(files))
            for number, (name, order) in enumerate(orders.items()):
                with self.subTest(vendor=vendor, order=name):
                    files = [f for case in cases.values() for f in order(case)]
                    self.feed(vendor, files, f"{vendor}-{number}.db")
                    self.calls_agree(f"{vendor}-{number}.db")


class FreeSwitchRecords(RequestsTest):
    config = FIXTURES / "freeswitch" / "hookline.yaml"
    requests = FIXTURES / "freeswitch" / "26-json-cdr-http"

    def test_every_encoding_of_mod_json_cdr(self):
        self.expected_file = self.requests / "expected.yaml"
        files = sorted(self.requests.glob("*.http"))
        self.assertGreaterEqual(len(files), 11)
        printed = self.hookline("import", "--source", "pbx1", "--format", "ndjson", *files, store="fs.db")
        self.assertEqual({json.loads(line)["verdict"] for line in printed.splitlines()} - {"duplicate"}, {"accept"})
        self.calls_agree("fs.db", "--fed", "records")


if __name__ == "__main__":
    unittest.main()
