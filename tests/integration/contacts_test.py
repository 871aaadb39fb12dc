"""Contacts merged and split, leads passed on, and facts that come in any order."""
import contextlib
import json
import random
import sqlite3
import unittest

from hookline_cli import FIXTURES, CliTest

CONFIG = """
hookline: 1
store: {url: "sqlite:hookline.db"}
locale: {timezone: Europe/Moscow, phone_region: RU, language: en}
sources: [{name: told, plugin: canonical, history: false}]
classifiers: [{plugin: repeat-contact}]
tasks: [{plugin: callback-missed}]
reports: [{plugin: calls-by-manager}]
"""


def call(n, number, at, answered=None, direction="in", extension=None):
    leg = {"kind": "employee", "extension": extension, "started_at": f"2026-03-02T{at}:00Z", "ended_at": f"2026-03-02T{at}:40Z",
           "answered_at": answered and f"2026-03-02T{answered}Z", "outcome": "answered" if answered else "no_answer"}
    return {"type": "call", "id": f"told:{n}", "source": "told", "direction": direction, "client_number": number,
            "started_at": f"2026-03-02T{at}:00Z", "ended_at": f"2026-03-02T{at}:40Z", "answered_at": leg["answered_at"],
            "finish_reason": "normal" if answered else "client_hung_up", "legs": [leg] if extension else []}


class Contacts(CliTest):
    def setUp(self):
        super().setUp()
        self.yaml.write_text(CONFIG, encoding="utf-8")

    def tell(self, *records, store=None):
        self.hookline("import", "--source", "told", "-", store=store,
                      text_in="".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records))

    def check_facts_of_other_calls(self, store):
        """What is kept with each call is what a plain look at all calls of its contact says."""
        with contextlib.closing(sqlite3.connect(self.folder / (store or "hookline.db"))) as db:
            db.row_factory = sqlite3.Row
            calls = [dict(row) for row in db.execute("SELECT * FROM calls WHERE contact IS NOT NULL ORDER BY started_ms, id")]
        target = [c for c in calls if c["is_over"] and c["quality"] != "non_target"]
        for call in calls:
            own = [c for c in target if c["contact"] == call["contact"]]
            later = [c["started_ms"] for c in calls if c["contact"] == call["contact"] and c["direction"] == "in" and c["is_over"]
                     and c["started_ms"] > call["ended_ms"]]
            inbound = [c for c in own if c["direction"] == "in"]
            threes = [c["started_ms"] - a["started_ms"] for a, b, c in zip(inbound, inbound[1:], inbound[2:]) if call in (a, b, c)]
            misses = [c for c in own if c["outcome"] == "missed" and c["client_number"]]
            before = misses[:misses.index(call)] if call in misses else []
            begins = call in misses and all(c["called_back_ms"] and c["called_back_ms"] <= call["started_ms"] for c in before)
            self.assertEqual((call["next_inbound_ms"], call["three_inbound_ms"], call["begins_episode"]),
                             (min(later, default=None), min(threes, default=None), int(begins)), call["id"])

    def everything(self, store=None):
        self.check_facts_of_other_calls(store)
        now = ("--now", "2026-03-05T00:00:00Z")
        lists = {kind: self.hookline(kind, "--format", "ndjson", *now, store=store).splitlines()
                 for kind in ("calls", "inquiries", "leads", "tasks", "contacts")}
        return {kind: sorted(lines) for kind, lines in lists.items()}

    def test_two_open_call_backs_become_one_by_a_merge_and_two_again_by_its_end(self):
        self.tell({"type": "contact", "id": "c1", "numbers": ["+79160000001"]}, {"type": "contact", "id": "c2", "numbers": ["+79160000002"]},
                  call(1, "+79160000001", "09:00"), call(2, "+79160000002", "10:00"))
        apart = self.everything()
        self.assertEqual(len(apart["tasks"]), 2)
        self.tell({"type": "contact", "id": "c2", "numbers": ["+79160000002"], "merged_into": "c1"})
        tasks = [t for t in self.json("tasks", "--now", "2026-03-02T10:30:00Z") if t["state"] == "open"]
        self.assertEqual([(t["call"], t["more_calls"], t["deadline_at"]) for t in tasks],
                         [("told:1", ["told:2"], "2026-03-02T13:00:40.000Z")])
        self.assertEqual([c["contact"] for c in self.json("calls")], ["c1", "c1"])
        self.assertEqual(len(self.json("leads")), 1)
        self.tell({"type": "contact", "id": "c2", "numbers": ["+79160000002"], "merged_into": None})
        self.assertEqual(self.everything(), apart)

    def test_a_new_call_changes_the_row_of_the_one_before_it_where_it_is(self):
        self.tell(call(1, "+79160000001", "09:00", "09:00:10", extension="101"))
        rows = "SELECT rowid, next_inbound_ms - ended_ms, (SELECT COUNT(*) FROM call_legs WHERE call = c.id) FROM calls c ORDER BY id"
        with contextlib.closing(sqlite3.connect(self.folder / "hookline.db")) as db:
            (row, gap, legs), = db.execute(rows)
            self.assertEqual((gap, legs), (None, 1))
        self.tell(call(2, "+79160000001", "10:00"))
        with contextlib.closing(sqlite3.connect(self.folder / "hookline.db")) as db:
            self.assertEqual(db.execute(rows).fetchone(), (row, 3560_000, 1))

    def test_contacts_merged_in_a_circle_are_one_and_it_is_said(self):
        self.tell({"type": "contact", "id": "c1", "numbers": ["+79160000001"], "merged_into": "c2"},
                  {"type": "contact", "id": "c2", "numbers": ["+79160000002"], "merged_into": "c1"},
                  call(1, "+79160000001", "09:00"), call(2, "+79160000002", "10:00"))
        self.assertIn("c2: merged into c1, which is merged into it; c1 stands for all of them", self.stderr)
        self.assertEqual({c["contact"] for c in self.json("calls")}, {"c1"})
        self.assertEqual(len([t for t in self.json("tasks")]), 1)

    def test_a_lead_of_nobody_counts_by_itself_until_its_contact_is_told(self):
        lead = {"type": "lead", "id": "L1", "funnel": "sales", "stage": "check", "created_at": "2026-03-02T09:00:00Z", "created_by": "manual"}
        change = {"type": "lead_change", "id": "h1", "lead": "L1", "at": "2026-03-02T10:00:00Z", "field": "stage", "from": "check",
                  "to": "booking"}
        self.tell(lead, change)
        self.assertEqual([(x["id"], x["contact"]) for x in self.json("leads")], [("L1", None)])
        alone = self.everything()
        self.hookline("rebuild")
        self.assertEqual(self.everything(), alone)
        self.tell({"type": "contact", "id": "c1", "numbers": ["+79160000001"]}, dict(lead, contact="c1"))
        self.assertEqual([(x["id"], x["contact"]) for x in self.json("leads")], [("L1", "c1")])
        self.tell(lead)
        self.assertEqual([(x["id"], x["contact"]) for x in self.json("leads")], [("L1", None)])
        self.tell(dict(lead, deleted_at="2026-03-03T09:00:00Z"))
        self.assertEqual(self.json("leads"), [])

    def test_a_lead_passed_on_with_its_inquiries(self):
        people = [{"type": "employee", "id": who, "extensions": [{"source": "told", "number": number}]}
                  for who, number in (("ivanova", "101"), ("petrov", "102"), ("sidorova", "103"))]
        self.tell(*people, {"type": "contact", "id": "c1", "numbers": ["+79160000001"]},
                  call(1, "+79160000001", "09:00", "09:00:12", extension="101"),
                  {"type": "inquiry", "id": "Q2", "kind": "request", "contact": "c1", "at": "2026-03-02T15:00:00Z",
                   "taken_at": "2026-03-02T15:30:00Z", "taken_by": "petrov", "taken_how": "opened"},
                  {"type": "inquiry", "id": "Q3", "kind": "request", "contact": "c1", "at": "2026-03-02T16:00:00Z"})
        lead = self.json("leads")[0]["id"]
        change = {"type": "lead_change", "id": "h1", "lead": lead, "at": "2026-03-03T09:00:00Z", "field": "responsible",
                  "from": "ivanova", "to": "sidorova"}
        report = self.json("report", "calls-by-manager", "--from", "2026-03-02", "--to", "2026-03-03")
        self.tell(change)
        takers = lambda: [i["taken_by"] for i in reversed(self.json("inquiries"))]
        self.assertEqual(takers(), ["ivanova", "petrov", None], "without them nothing changes")
        self.assertEqual(self.json("leads")[0]["responsible"], "sidorova")
        self.tell(dict(change, with_inquiries=True))
        self.assertEqual(takers(), ["sidorova"] * 3)
        third = self.json("inquiries")[0]
        self.assertEqual((third["taken_at"], third["taken_how"]), ("2026-03-03T09:00:00.000Z", "assigned"))
        after = self.json("report", "calls-by-manager", "--from", "2026-03-02", "--to", "2026-03-03")
        self.assertEqual(after["rows"], report["rows"], "call reports tell what happened on the phone")

    def test_an_outgoing_call_becomes_advertising_when_a_lead_is_saved_from_it_later(self):
        self.tell(call(1, "+79160000001", "09:00", "09:00:12", "out", "101"))
        inquiry = self.json("inquiries")[0]
        self.assertEqual((inquiry["advertising"], inquiry["quality"]), (False, "unverified"))
        self.tell({"type": "lead", "id": "L1", "contact": inquiry["contact"], "stage": "check", "inquiry": inquiry["id"],
                   "created_at": "2026-03-02T12:00:00Z"})
        inquiry = self.json("inquiries")[0]
        self.assertEqual((inquiry["advertising"], inquiry["quality"], inquiry["lead"]), (True, "target", "L1"))
        self.assertEqual(self.json("calls")[0]["lead"], "L1")

    def test_any_order_repeats_merges_and_late_facts_end_in_the_same_state(self):
        lines = (FIXTURES / "metrics" / "common.ndjson").read_text(encoding="utf-8").splitlines()
        records = [json.loads(line) for line in lines]
        records += [{"type": "mark", "call": "pbx1:k10", "quality": "target", "by": "petrov", "at": "2026-03-03T09:00:00Z"},
                    {"type": "mark", "call": "pbx1:k10", "tags": ["late"], "by": "petrov", "at": "2026-03-03T10:00:00Z"},
                    {"type": "lead_change", "id": "h1", "lead": "L1", "at": "2026-03-03T12:00:00Z", "field": "responsible",
                     "from": "ivanova", "to": "petrov", "with_inquiries": True}]
        self.tell(*records, store="straight.db")
        expected = self.everything("straight.db")
        dice = random.Random(20260302)
        for round_ in range(8):
            store = f"round{round_}.db"
            told = records + dice.sample(records, 10)
            dice.shuffle(told)
            while told:
                count = dice.randint(1, 25)
                self.tell(*told[:count], store=store)
                told = told[count:]
            got = self.everything(store)
            self.assertEqual(got, expected, f"round {round_}")
            inquiries = [json.loads(line) for line in got["inquiries"]]
            self.assertEqual(len({i["call"] for i in inquiries if i["call"]}), sum(1 for i in inquiries if i["call"]))
            open_tasks = [t["contact"] for t in map(json.loads, got["tasks"]) if t["state"] in ("open", "overdue")]
            self.assertEqual(len(open_tasks), len(set(open_tasks)), "one open call-back a contact")


if __name__ == "__main__":
    unittest.main()
