"""Whoever has no right to whole numbers finds none in anything that comes out: commands, API, files, stories, what was set aside."""
import json
import re
import sqlite3
import unittest

from rest_test import KEYS, PERIOD, RestTest, hash_of

RIGHTS = ("calls.view, calls.export, inquiries.view, inquiries.export, leads.view, leads.export, tasks.view, tasks.export, "
          "contacts.view, contacts.export, reports.view, reports.export, recordings.hear, records.write, outbox.manage, "
          "settings.view, contacts.erase")
WORDS = ("--from", PERIOD["from"], "--to", PERIOD["to"])
KINDS = ("calls", "inquiries", "leads", "tasks", "contacts")
FORMATS = ("table", "json", "ndjson", "csv", "html")


class MaskingTest(RestTest):
    def setUp(self):
        super().setUp()
        KEYS["masked"] = "hk_of_the_masked"
        text = self.yaml.read_text(encoding="utf-8").replace(
            "users: [", f"roles: {{masked: {{sees: all, may: [{RIGHTS}]}}}}\nusers: [{{id: masked, role: masked}}, ")
        text += f"    - {{name: masked, user: masked, hash: \"{hash_of(KEYS['masked'])}\"}}\n"
        self.yaml.write_text(text, encoding="utf-8")
        records = [
            {"type": "contact", "id": "c1", "name": "Иван, 89161110001", "numbers": ["+79161110001", "+74951110001"],
             "emails": ["ivan.petrov@firm.example"]},
            {"type": "inquiry", "id": "i80", "kind": "request", "at": "2026-03-03T12:00:00+03:00", "number": "+79161110001",
             "email": "ivan.petrov@firm.example", "text": "позвоните на 8 (916) 111-00-01"},
            {"type": "lead", "id": "L1", "contact": "c1", "funnel": "sales", "stage": "selection", "title": "Иван 8-916-111-00-01",
             "note": "+7 916 111 00 01", "created_at": "2026-03-02T09:05:00+03:00", "created_by": "call", "inquiry": "i01",
             "responsible": "petrov"},
            {"type": "call", "id": "pbx1:k90", "source": "pbx1", "direction": "in", "client_number": "+79161110001",
             "client_raw": "8916 111-00-01", "client_name": "79161110001", "started_at": "2026-03-03T18:00:00+03:00",
             "ended_at": "2026-03-03T18:00:20+03:00", "recordings": ["in-79161110001.wav"], "result": "FROM 79161110001",
             "extra": {"caller": "+79161110001"},
             "legs": [{"kind": "external", "extension": "+79161110001", "started_at": "2026-03-03T18:00:05+03:00",
                       "ended_at": "2026-03-03T18:00:20+03:00", "outcome": "no_answer"}]},
        ]
        self.hookline("import", "--source", "told", "-", text_in="\n".join(json.dumps(r, ensure_ascii=False) for r in records) + "\n")
        with sqlite3.connect(self.folder / "hookline.db") as store:
            store.execute("INSERT INTO poison(at_ms, entry, plugin, version, function, subject, reason, bytes) "
                          "VALUES(1, 'pbx1', 'p', '1', 'feed', 'from 79161110001', 'died', 'CallerIDNum: 79161110001')")
            store.execute("INSERT INTO meta(key, value) VALUES('read:told:unknown:odd', ?)",
                          (json.dumps({"count": 1, "first_at": 1, "last_at": 1, "sample": "n=79161110001"}),))
        self.known = {n.lstrip("+") for c in self.json("contacts") for n in c["numbers"]}

    def check(self, text, where):
        squeezed = "".join(c for c in text if c not in " -()")
        for number in self.known:
            self.assertNotIn(number[1:], squeezed, f"{where} tells {number}")
        self.assertNotIn("ivan.petrov@firm.example", text, where)

    def masked(self, *words, expect=0):
        self.check(self.hookline(*words, "--as", "masked", expect=expect), " ".join(map(str, words)))

    def test_the_numbers_are_there_for_whoever_may_see_them(self):
        whole = "".join(self.hookline(kind, "--format", "ndjson") for kind in KINDS)
        for number in self.known:
            self.assertIn(number, whole)

    def test_no_list_tells_a_number(self):
        for kind in KINDS:
            for form in FORMATS:
                self.masked(kind, "--format", form)

    def test_no_report_nor_what_is_behind_it_tells_a_number(self):
        for report in re.findall(r"plugin: ([\w-]+)", self.yaml.read_text(encoding="utf-8")):
            if report in ("canonical", "repeat-contact", "callback-missed"):
                continue
            for form in FORMATS:
                self.masked("report", report, *WORDS, "--format", form)
        self.masked("report", "calls-by-manager", *WORDS, "--drill", "total:calls")
        self.masked("report", "calls-by-manager", *WORDS, "--drill", "total:calls", "--format", "csv")
        self.masked("report", "calls", *WORDS, "--explain")

    def test_no_story_nor_delivery_nor_input_set_aside_tells_a_number(self):
        for call in self.json("calls"):
            self.masked("explain", call["id"])
            self.masked("explain", call["id"], "--format", "json")
        self.masked("poison", "list")
        self.masked("poison", "show", "1")
        self.masked("poison", "show", "1", "--format", "json")
        self.masked("plugins")
        self.masked("plugins", "--format", "json")
        deliveries = self.json("outbox", "list")
        self.assertGreater(len(deliveries), 0)
        self.masked("outbox", "list")
        for delivery in deliveries:
            for form in ("table", "json"):
                self.masked("outbox", "show", delivery["delivery"], "--format", form)
        self.hookline("export", "--as", "masked", expect=2)
        self.check(self.stderr, "export")
        self.masked("erase", "c1", "--dry-run")
        self.masked("erase", "c1", "--dry-run", "--format", "json")

    def test_no_answer_of_the_api_tells_a_number(self):
        self.start()
        paths = [f"/{kind}?limit=500" for kind in KINDS] + ["/plugins", "/outbox", "/poison", "/poison/1", "/health", "/reports",
                                                            "/lookup?number=4951110001"]
        for report in self.ask("/reports").json():
            paths.append(f"/reports/{report['id']}?from={PERIOD['from']}&to={PERIOD['to']}")
        for call in self.json("calls"):
            paths += [f"/calls/{call['id']}", f"/calls/{call['id']}/explain"]
        for path in paths:
            answer = self.ask(path, "masked")
            if path.startswith("/lookup"):
                self.assertEqual(answer.status, 200)
            self.check(answer.raw.decode(), path)

    def test_rows_cannot_be_asked_for_by_a_number(self):
        for where in ("client_number = '+79161110001'", "client_name = 'x'"):
            self.hookline("calls", "--where", where, "--as", "masked", expect=2)
            self.assertIn("sees numbers and names with stars alone", self.stderr)


del RestTest
if __name__ == "__main__":
    unittest.main()
