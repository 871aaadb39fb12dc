"""Roles: what somebody sees is the same by the command and by the API, in lists, figures, what is behind them and files."""
import json
import subprocess
import unittest
from urllib.parse import quote, urlencode

from rest_test import KEYS, LISTS, PERIOD, RestTest, hash_of

DEPARTMENTS = {"ivanova": {"sales"}, "orlov": {"sales"}, "sidorova": {"service"}, "petrov": {"sales", "service"}}
WORDS = ("--from", PERIOD["from"], "--to", PERIOD["to"])
USERS = {
    "ivanova": ("manager", {"ivanova"}),
    "chief": ("head", {e for e, in_ in DEPARTMENTS.items() if "service" in in_}),  # is sidorova
    "counter": ("analyst", None),
    "clerk": ("clerk", None),
    "admin": ("admin", None),
}


def took_part(call):
    """Who is on the phone in it or, when nobody answered, was rung."""
    legs = [leg["employee"] for leg in call["legs"] if leg["employee"] and (leg["outcome"] == "answered" or call["outcome"] != "answered")]
    return {*legs, call["employee"]} - {None}


class AccessTest(RestTest):
    def setUp(self):
        super().setUp()
        text = self.yaml.read_text(encoding="utf-8").replace(
            "users: [{id: ivanova, employee: ivanova, role: manager}]\n",
            "roles: {clerk: {sees: all, may: [calls.view, reports.view, numbers.full]}}\n"
            "users:\n"
            "  - {id: ivanova, employee: ivanova, role: manager}\n"
            "  - {id: chief, employee: sidorova, role: head}\n"
            "  - {id: counter, role: analyst}\n"
            "  - {id: clerk, role: clerk}\n"
            "  - {id: admin, role: admin}\n")
        for user in USERS:
            if user != "admin":
                KEYS[user] = f"hk_of_{user}"
                text += f"    - {{name: the {user}, user: {user}, hash: \"{hash_of(KEYS[user])}\"}}\n"
        self.yaml.write_text(text, encoding="utf-8")

    def seen_by(self, people):
        return [c["id"] for c in self.json("calls") if people is None or took_part(c) & people]

    def refused(self, *words):
        self.hookline(*words, expect=2)
        return self.stderr


class Rows(AccessTest):
    def test_a_call_is_seen_by_who_took_part_in_it_and_their_department(self):
        everybody = [c["id"] for c in self.json("calls")]
        for user, (_, people) in USERS.items():
            seen = [c["id"] for c in self.json("calls", "--as", user)]
            self.assertEqual(seen, self.seen_by(people), user)
            if people:
                self.assertTrue(0 < len(seen) < len(everybody), user)

    def test_figures_totals_and_what_is_behind_them_are_of_the_seen_rows(self):
        for user in ("ivanova", "chief"):
            seen = set(self.seen_by(USERS[user][1]))
            report = self.json("report", "calls-by-manager", *WORDS, "--as", user)
            measures = [c["id"] for c in report["columns"] if c["type"] == "integer" and c["kind"] == "measure"]
            for row in [*report["rows"], {"key": "total", "cells": report["total"]}]:
                for measure in measures:
                    behind = self.json("report", "calls-by-manager", *WORDS, "--as", user, "--drill", f"{row['key']}:{measure}")
                    if measure not in ("minutes",):
                        self.assertEqual(len(behind), row["cells"][measure], (user, row["key"], measure))
                    self.assertLessEqual({c["id"] for c in behind}, seen)
            listed = self.json("report", "calls", *WORDS, "--as", user)
            self.assertEqual({row["key"].replace("%3A", ":") for row in listed["rows"]},
                             {c["id"] for c in self.json("calls", *WORDS) if c["id"] in seen and c["direction"] != "internal"})

    def test_reports_that_scan_count_the_seen_rows_alone(self):
        for user, (role, people) in USERS.items():
            if role == "clerk":
                continue
            seen = set(self.seen_by(people))
            offered = {c["id"] for c in self.json("report", "staffing", *WORDS, "--drill", "total:calls")}
            ours = {c["id"] for c in self.json("report", "staffing", *WORDS, "--drill", "total:calls", "--as", user)}
            self.assertEqual(ours, offered & seen, user)
            self.assertEqual(self.json("report", "staffing", *WORDS, "--as", user)["total"]["calls"], len(ours), user)
            rows = {row["key"] for row in self.json("report", "agent-timeline", *WORDS, "--as", user)["rows"]}
            everybody = {row["key"] for row in self.json("report", "agent-timeline", *WORDS)["rows"]}
            self.assertEqual(rows, everybody if people is None else everybody & people, user)

    def test_what_one_may_not_see_is_not_there_at_all(self):
        hidden = next(c["id"] for c in self.json("calls") if "ivanova" not in took_part(c))
        self.assertIn(f'there is no call "{hidden}"', self.refused_no("explain", hidden, "--as", "ivanova"))

    def refused_no(self, *words):
        self.hookline(*words, expect=1)
        return self.stderr

    def test_leads_and_tasks_are_of_who_has_them(self):
        for lead in self.json("leads", "--as", "ivanova"):
            self.assertIn("ivanova", (lead["responsible"], lead["creator"]))
        for task in self.json("tasks", "--as", "ivanova"):
            self.assertIn("ivanova", (task["assignee"], task["done_by"]))
        self.assertLess(len(self.json("contacts", "--as", "ivanova")), len(self.json("contacts")))


class Agreement(AccessTest):
    def test_the_api_answers_a_user_as_the_command_does(self):
        self.start()
        for user in USERS:
            for name in LISTS:
                answer = self.ask(f"/{name}?limit=1000", user)
                here = self.run_as(user, name)
                self.assertEqual(answer.json().get("rows"), here, (user, name))
            for report in ("calls-by-manager", "lost-calls", "calls", "inquiries", "call-export"):
                there = self.ask(f"/reports/{report}?{urlencode(PERIOD)}", user).json()
                here = self.run_as(user, "report", report, *WORDS) or {}
                self.assertEqual(there.get("rows"), here.get("rows"), (user, report))
                self.assertEqual(there.get("total"), here.get("total"), (user, report))

    def run_as(self, user, *words):
        """What the command prints; nothing where it refuses."""
        done = subprocess.run(self.arguments(*words, "--as", user, "--format", "json"), capture_output=True, text=True, env=self.environment)
        return json.loads(done.stdout) if done.returncode == 0 else None

    def test_a_call_is_explained_with_stars_and_found_by_its_number(self):
        self.start()
        call = self.json("calls", "--where", "client_number = '+79161110001'")[0]
        story = self.ask(f"/calls/{quote(call['id'], safe='')}/explain", "counter").raw.decode()
        self.assertNotIn("79161110001", story)
        self.assertNotIn("89161110001", story)
        self.assertIn("+7916*****01", story)
        self.assertEqual(self.ask("/lookup?number=%2B79161110001", "counter").status, 403)


class Rights(AccessTest):
    def test_a_number_has_stars_without_the_right_in_every_form(self):
        numbers = {n for c in self.json("contacts") for n in c["numbers"]}
        for words in (("calls",), ("inquiries",), ("report", "calls"), ("report", "inquiries"), ("report", "calls", "--drill", "total:time")):
            for form in ("json", "table", "html"):
                shown = self.hookline(*words, "--as", "counter", "--format", form)
                self.assertFalse([n for n in numbers if n in shown], (words, form))
        self.assertIn("+7916*****01", self.hookline("report", "calls", "--as", "counter"))

    def test_what_has_stars_cannot_be_asked_for(self):
        said = self.refused("calls", "--as", "counter", "--where", "client_number contains '916111'")
        self.assertIn('the role "analyst" has no right "numbers.full"', said)
        self.assertIn("numbers.full", self.refused("report", "calls", "--as", "counter", "--set", "client=+79161110001"))

    def test_recordings_are_for_those_who_may_hear_them(self):
        call = {"type": "call", "id": "told:r1", "source": "told", "direction": "in", "client_number": "+79161110001",
                "started_at": "2026-04-01T09:00:00Z", "ended_at": "2026-04-01T09:00:20Z", "recordings": ["https://pbx.example/r1.mp3"]}
        self.hookline("import", "--source", "canonical", "-", text_in=json.dumps(call) + "\n")
        self.assertIn("r1.mp3", self.hookline("report", "calls", "--as", "admin"))
        self.assertNotIn("r1.mp3", self.hookline("report", "calls", "--as", "counter"))
        self.assertNotIn("r1.mp3", self.hookline("calls", "--as", "clerk", "--format", "json"))

    def test_who_may_not_is_told_why_and_where_that_is_set(self):
        said = self.refused("inquiries", "--as", "ivanova")
        self.assertIn('ivanova may not do that: the role "manager" has no right "inquiries.view"; the config gives it under roles.manager.may', said)
        self.assertIn('"calls.export"', self.refused("calls", "--as", "ivanova", "--format", "csv"))
        self.assertIn('"reports.export"', self.refused("report", "lost-calls", "--as", "clerk", "--format", "xlsx"))
        self.assertIn('"calls.export"', self.refused("report", "lost-calls", "--as", "counter", "--drill", "total:calls", "--format", "csv"))
        self.assertIn('"inquiries.view"', self.refused("report", "inquiries", "--as", "clerk"))
        self.assertIn('"records.write"', self.refused("export", "--as", "clerk"))
        self.assertIn('"settings.view"', self.refused("plugins", "--as", "ivanova"))

    def test_an_unknown_user_sees_nothing(self):
        said = self.refused("calls", "--as", "ivanov")
        self.assertIn('the config has no user "ivanov"; did you mean "ivanova"?', said)


class Config(AccessTest):
    def complaints(self, old, new):
        self.yaml.write_text(self.yaml.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        self.hookline_check(1)
        return self.stdout

    def hookline_check(self, code):
        done = subprocess.run([str(self.arguments("x")[0]), "config", "check", str(self.yaml)], capture_output=True, text=True, env=self.environment)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.stdout = done.stdout + done.stderr

    def test_roles_and_users_are_checked(self):
        self.hookline_check(0)
        self.assertIn('did you mean "manager"?', self.complaints("role: manager", "role: manger"))
        self.assertIn('did you mean "calls.view"?', self.complaints("[calls.view,", "[call.view,"))

    def test_who_sees_the_own_rows_has_to_be_somebody(self):
        self.assertIn("say who \"clerk\" is with `employee`", self.complaints("{id: clerk, role: clerk}", "{id: clerk, role: manager}"))

    def test_a_key_is_a_hash_and_somebodys(self):
        self.assertIn("hookline key new", self.complaints('hash: "sha256:', 'hash: "sha1:'))

    def test_a_program_has_a_role_or_a_user(self):
        self.assertIn("a key has either a role or the user whose it is", self.complaints("role: analyst, hash", "hash"))


if __name__ == "__main__":
    unittest.main()
