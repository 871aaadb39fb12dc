"""Erasing a person: every figure stays to the digit, and nothing that tells the person is left in any file, however it ends."""
import json
import os
import pathlib
import random
import re
import subprocess
import time
import unittest

from crm_test import CRM, KEY, OLD_KEY, StandIn, secret
from hookline_cli import ASTERISK, CliTest, SCENARIOS
from rest_test import RestTest

KILLS = max(4, int(os.environ.get("HKL_KILLS", "50")) // 4)
TOKEN = re.compile(r"erased-[0-9a-z-]*[a-z]{16}")
MADE_ID = re.compile(r"hl-[ciltr]-[0-9a-f]{16}|\b[0-9a-f]{32}\b")
PERIOD = ("--from", "2026-01-01", "--to", "2026-12-31")
NOW = ("--now", "2026-12-01T00:00:00Z")
LISTS = ("calls", "inquiries", "leads", "tasks", "contacts")
# What a person's record says of nobody else: gone, and so the same as null.
NAMES = {"email", "emails", "visitor", "visitors"}  # a token stands for each
PERSONAL = {"client_name", "name", "title", "note", "text", "page", "extra", "client_raw", "recordings"}


def digits_of(numbers):
    """As a switch, a carrier and a person may write them: without the country's digits."""
    return {re.sub(r"\D", "", number)[-10:] for number in numbers}


# Between them they show every kind of record; all reports are asked in two tests.
FEW = ("call-export", "inquiries", "employee-performance")


class EraseTest(CliTest):
    def numbers_of(self, contact):
        return next(c for c in self.json("contacts") if c["id"] == contact)["numbers"]

    def reports(self):
        return [line.split()[0] for line in re.findall(r"plugin: ([\w-]+)", self.yaml.read_text(encoding="utf-8"))
                if (pathlib.Path(__file__).parents[2] / "plugins" / "reports" / line).exists()]

    def figures(self, numbers=(), reports=None):
        """Each report and list without the person's words, numbers and ids: what must stay."""
        found = {}
        for report in self.reports():
            if reports and report not in reports:
                continue
            found[report] = self.plain(self.hookline("report", report, "--format", "json", *PERIOD, *NOW), numbers)
        for kind in LISTS:
            rows = [self.plain(line, numbers) for line in self.hookline(kind, "--format", "ndjson", *NOW).splitlines()]
            found[kind] = sorted(json.dumps(self.without(json.loads(row)), sort_keys=True) for row in rows)
        return found

    @staticmethod
    def plain(text, numbers):
        for digits in digits_of(numbers):
            text = re.sub(r"\+?\d{0,2}[ (-]*" + r"[ ()-]*".join(digits), "NUMBER", text)  # as the PBX spelled it, too
        return MADE_ID.sub("ID", TOKEN.sub("NUMBER", text))

    def without(self, value):
        if isinstance(value, list):
            return [self.without(one) for one in value]
        if not isinstance(value, dict):
            return value
        return {key: None if key in PERSONAL else len(one or "") > 0 if key in NAMES else self.without(one)
                for key, one in value.items()}

    def assert_same(self, after, before):
        for name, was in before.items():
            self.maxDiff = None
            if isinstance(was, list):
                self.assertEqual([r for r in after[name] if r not in was], [r for r in was if r not in after[name]], name)
            self.assertEqual(after[name], was, name)

    def assert_gone(self, *texts):
        for path in self.folder.rglob("*"):
            if path.is_file() and path != self.yaml:
                content = path.read_bytes().decode("utf-8", "ignore").lower().encode()
                for text in texts:
                    where = content.find(text.lower().encode())
                    self.assertLess(where, 0, f"{text} is left in {path.name}: {content[max(0, where - 200):where + 100]}")

    def erase_and_compare(self, contact):
        numbers = self.numbers_of(contact)
        before = self.figures(numbers)
        told = json.loads(self.hookline("erase", contact, "--format", "json"))
        self.assertEqual(told["state"], "erased")
        self.assert_same(self.figures(numbers), before)
        self.assert_gone(*digits_of(numbers))
        self.hookline("rebuild")
        self.assert_same(self.figures(numbers), before)
        self.assert_gone(*digits_of(numbers))
        return told


class Told(EraseTest):
    """A firm's records: contacts with names, e-mails and visits, leads, marks, merges."""

    config = RestTest.config

    def setUp(self):
        super().setUp()
        with open(self.yaml, "a", encoding="utf-8") as yaml:
            yaml.write("  - {plugin: calls-by-manager}\n")
        self.hookline("import", "--source", "told", pathlib.Path(self.config).parent / "common.ndjson")
        more = [
            {"type": "contact", "id": "c1", "name": "Иван Незабудкин", "numbers": ["+79161110001", "+74951110001"],
             "emails": ["ivan@nezabudkin.example"], "visitors": ["visitor-of-ivan"]},
            {"type": "visit", "id": "w1", "visitor": "visitor-of-ivan", "at": "2026-03-02T08:00:00+03:00", "source": "google",
             "medium": "cpc", "campaign": "spring", "page": "https://firm.example/?mail=ivan@nezabudkin.example"},
            {"type": "inquiry", "kind": "request", "at": "2026-03-03T12:00:00+03:00", "number": "+79161110001",
             "email": "ivan@nezabudkin.example", "text": "Это Незабудкин, позвоните на +7 916 111-00-01"},
            {"type": "inquiry", "kind": "chat", "at": "2026-03-03T13:00:00+03:00", "visitor": "visitor-of-ivan"},
            {"type": "lead", "id": "L1", "contact": "c1", "funnel": "sales", "stage": "selection",
             "title": "Квартира Незабудкина", "note": "тел. 8-916-111-00-01", "created_at": "2026-03-02T09:05:00+03:00",
             "created_by": "call", "inquiry": "i01", "responsible": "petrov"},
            # Of somebody else, who was given the number to call.
            {"type": "inquiry", "id": "i90", "kind": "manual", "contact": "c3", "at": "2026-03-03T14:00:00+03:00",
             "text": "просил перезвонить другу: 89161110001"},
        ]
        self.hookline("import", "--source", "told", "-", text_in="\n".join(json.dumps(r, ensure_ascii=False) for r in more) + "\n")
        self.personal = ("Незабудкин", "nezabudkin.example", "visitor-of-ivan", "116 111", "916-111-00-01")

    def test_figures_stay_and_no_file_tells_the_person(self):
        told = self.erase_and_compare("c1")
        self.assert_gone(*self.personal)
        self.assertEqual((told["now"], told["numbers"], told["emails"], told["visitors"]), ("c1", 2, 1, 1))
        contact = next(c for c in self.json("contacts") if c["id"] == "c1")
        self.assertIsNone(contact["name"])
        self.assertTrue(all(TOKEN.fullmatch(n) for n in contact["numbers"] + contact["emails"] + contact["visitors"]))
        self.assertEqual(len(set(contact["numbers"])), 2, "two numbers are two tokens")

    def test_a_recording_that_is_named_after_the_number_goes(self):
        with open(self.yaml, "a", encoding="utf-8") as yaml:
            yaml.write("recordings: {folder: sound}\n")
        recording = self.folder / "sound" / "in-79161110001.wav"
        recording.parent.mkdir()
        recording.write_text("bytes")
        self.hookline("import", "--source", "told", "-", text_in=json.dumps(
            {"type": "call", "id": "pbx1:k90", "source": "pbx1", "direction": "in", "client_number": "+79161110001",
             "started_at": "2026-03-03T18:00:00+03:00", "ended_at": "2026-03-03T18:00:20+03:00",
             "recordings": [recording.name]}) + "\n")
        self.assertEqual(json.loads(self.hookline("erase", "c1", "--format", "json"))["recording_files"], 1)
        self.assertFalse(recording.exists())

    def test_every_contact_can_be_erased_one_after_another(self):
        numbers = {n for c in self.json("contacts") for n in c["numbers"]}
        before = self.figures(numbers, FEW)
        for contact in self.json("contacts"):
            self.hookline("erase", contact["id"])
        self.assert_same(self.figures(numbers, FEW), before)
        self.assert_gone(*digits_of(numbers), *self.personal)
        self.hookline("rebuild")
        self.assert_same(self.figures(numbers, FEW), before)

    def test_the_region_of_a_number_stays_in_reports(self):
        def regions():
            rows = self.json("report", "calls", *PERIOD, *NOW)["rows"]
            return sorted(str(row["cells"].get("region")) for row in rows)
        before = regions()
        self.assertIn("Московская обл.", before)
        for contact in ("c1", "c2", "c3"):
            self.hookline("erase", contact)
        self.assertEqual(regions(), before)

    def test_a_dry_run_tells_the_same_and_changes_nothing(self):
        before = self.hookline("export")
        told = json.loads(self.hookline("erase", "8 (916) 111-00-01", "--dry-run", "--format", "json"))
        self.assertEqual((told["contact"], told["state"], told["now"]), ("c1", "would_be_erased", None))
        self.assertEqual(self.hookline("export"), before)
        done = json.loads(self.hookline("erase", "+79161110001", "--format", "json"))
        counts = [key for key, value in told.items() if isinstance(value, int)]
        self.assertEqual({k: told[k] for k in counts}, {k: done[k] for k in counts})
        self.assertGreater(told["journal_records"], 5)

    def test_once_more_finds_nothing(self):
        self.hookline("erase", "c1")
        exported = self.hookline("export")
        self.assertEqual(json.loads(self.hookline("erase", "c1", "--format", "json"))["state"], "was_erased")
        self.assertEqual(self.hookline("export"), exported)
        self.hookline("erase", "+79161110001", expect=1)
        self.assertIn('there is no contact "+79161110001"', self.stderr)

    def test_what_is_exported_can_be_taken_in_again(self):
        self.hookline("erase", "c1")
        exported = self.hookline("export")
        self.hookline("import", "--source", "told", "-", store="copy.db", text_in=exported)
        self.assertEqual(self.hookline("calls", "--format", "ndjson", store="copy.db").count("erased-"),
                         self.hookline("calls", "--format", "ndjson").count("erased-"))

    def test_nobody_is_erased_by_mistake(self):
        self.hookline("erase", "nobody", expect=1)
        self.assertIn('there is no contact "nobody": none has that id, number or e-mail', self.stderr)
        shared = {"type": "contact", "id": "c77", "numbers": ["+79161110001"]}
        self.hookline("import", "--source", "told", "-", text_in=json.dumps(shared) + "\n")
        self.hookline("erase", "+79161110001", expect=1)
        self.assertIn("is of more than one contact: c1, c77; say which, by its id", self.stderr)
        told = json.loads(self.hookline("erase", "c1", "--format", "json"))
        self.assertEqual(told["left"]["shared_numbers"], ["+79161110001"])
        self.assertEqual(self.numbers_of("c77"), ["+79161110001"], "the other's own")


class Heard(EraseTest):
    """What an Asterisk said: contacts that Hookline made itself, of their numbers."""

    def setUp(self):
        super().setUp()
        text = self.yaml.read_text(encoding="utf-8")
        text = text.replace("classifiers: [", 'classifiers: [{plugin: spam-guard, settings: {numbers: ["+1212555014*"]}}, ')
        text = text.replace("reports: [", "reports: [{plugin: lost-calls}, {plugin: employee-efficiency}, {plugin: repeat-calls}, "
                                          "{plugin: callback-speed}, {plugin: task-discipline}, {plugin: service-level}, ")
        self.yaml.write_text(text, encoding="utf-8")
        self.hookline("import", "--source", "pbx1", *[ASTERISK / s / "ami.raw" for s in SCENARIOS])

    def test_figures_stay_for_every_contact_and_no_number_is_left(self):
        numbers = {n for c in self.json("contacts") for n in c["numbers"]}
        names = {c["client_name"] for c in self.json("calls") if c["client_name"]}
        before = self.figures(numbers)
        self.assertTrue(any('"non_target"' in row for row in before["inquiries"]), "the list of numbers has one")
        for contact in self.json("contacts"):
            told = json.loads(self.hookline("erase", contact["id"], "--format", "json"))
            self.assertNotEqual(told["now"], contact["id"], "an id that is made of the number goes too")
            self.assertEqual(told["renamed"][contact["id"]], told["now"])
        self.assert_same(self.figures(numbers), before)
        self.assert_gone(*digits_of(numbers), *names)
        for made in MADE_ID.findall(" ".join(before["contacts"])):
            self.assert_gone(made)
        self.hookline("rebuild")
        self.assert_same(self.figures(numbers), before)
        self.assert_gone(*digits_of(numbers))

    def test_what_the_pbx_says_again_brings_nothing_back(self):
        contact = self.json("contacts")[0]
        numbers = contact["numbers"]
        before = self.figures(numbers, FEW)
        self.hookline("erase", contact["id"])
        self.hookline("import", "--source", "pbx1", *[ASTERISK / s / "ami.raw" for s in SCENARIOS])
        self.assert_same(self.figures(numbers, FEW), before)
        self.assert_gone(*digits_of(numbers))

    def test_the_story_of_a_call_tells_that_its_events_went(self):
        call = next(c for c in self.json("calls") if c["contact"])
        self.assertIsNone(self.json("explain", call["id"])["condensed"])
        self.hookline("erase", call["contact"])
        story = self.json("explain", call["id"])
        self.assertEqual((story["condensed"]["why"], story["events"]), ("erased", []))
        self.assertIn("its person was erased", self.hookline("explain", call["id"]))

    def test_files_that_tell_the_person_go_and_others_stay(self):
        contact = self.json("contacts")[0]
        captures, sound = self.folder / "captures", self.folder / "sound"
        captures.mkdir()
        sound.mkdir()
        digits = digits_of(contact["numbers"]).pop()
        telling, silent, foreign = (captures / name for name in
                                    ("pbx1-20261123T060000.000Z.raw", "pbx1-20261123T070000.000Z.raw", "notes.txt"))
        telling.write_text(f"CallerIDNum: 1{digits}\r\n")
        silent.write_text("Event: FullyBooted\r\n")
        foreign.write_text("not of Hookline\n")
        text = self.yaml.read_text(encoding="utf-8").replace("plugin: asterisk-ami", "plugin: asterisk-ami\n    record: captures")
        self.yaml.write_text(text + "recordings: {folder: sound}\n", encoding="utf-8")
        told = json.loads(self.hookline("erase", contact["id"], "--format", "json"))
        self.assertEqual((told["capture_files"], told["left"]["recorded_bytes_of"]), (1, ["pbx1"]))
        self.assertEqual([telling.exists(), silent.exists(), foreign.exists()], [False, True, True])

    def test_a_kill_at_any_moment_leaves_all_or_nothing_and_it_can_be_done_again(self):
        contact = self.json("contacts")[0]
        numbers = contact["numbers"]
        before = self.figures(numbers, FEW)
        backup = self.folder.parent / (self.folder.name + "-backup")
        self.addCleanup(lambda: backup.exists() and __import__("shutil").rmtree(backup))
        import shutil
        shutil.copytree(self.folder, backup)
        dice = random.Random(7)
        for attempt in range(KILLS):
            shutil.rmtree(self.folder)
            shutil.copytree(backup, self.folder)
            process = subprocess.Popen(self.arguments("erase", contact["id"]), env=self.environment, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            time.sleep(dice.uniform(0.01, 0.35))
            process.kill()
            process.wait()
            ids = {c["id"] for c in self.json("contacts")}
            is_done = contact["id"] not in ids
            self.assert_same(self.figures(numbers, FEW), before)
            self.assertEqual(len([c for c in self.json("calls") if TOKEN.match(str(c["client_number"]))]) > 0, is_done)
            # Once more: done now, or what was left undone on the disk is made good.
            self.hookline("erase", contact["id"], expect=1 if is_done else 0)
            self.assert_gone(*digits_of(numbers))
            self.assert_same(self.figures(numbers, FEW), before)

    def test_a_call_that_goes_on_is_waited_for(self):
        self.hookline("import", "--source", "canonical", "-", text_in=json.dumps(
            {"type": "call", "id": "x:1", "source": "x", "direction": "in", "client_number": "+12125550999",
             "started_at": "2026-11-23T09:00:00Z", "answered_at": "2026-11-23T09:00:05Z",
             "legs": [{"kind": "employee", "extension": "101", "started_at": "2026-11-23T09:00:00Z",
                       "answered_at": "2026-11-23T09:00:05Z"}]}) + "\n")
        self.hookline("erase", "+12125550999", expect=1)
        self.assertIn("the call x:1 of", self.stderr)
        self.assertIn("goes on; erase the contact when it is over", self.stderr)

    def test_a_store_in_use_is_refused_and_its_host_does_it(self):
        contact = self.json("contacts")[0]
        process = subprocess.Popen(self.arguments("run"), env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            lock = self.folder / "hookline.db.lock"
            self.wait_for(lambda: lock.exists() and lock.read_text() == str(process.pid), "the host to own the store")
            self.hookline("erase", contact["id"], expect=1)
            self.assertIn(f"the store is in use by process {process.pid}", self.stderr)
            self.hookline("erase", contact["id"], "--dry-run")
        finally:
            process.terminate()
            process.wait()


class Running(RestTest, EraseTest):
    def test_a_running_host_erases_by_its_api_and_keeps_its_columns_right(self):
        self.start()
        numbers = self.numbers_of("c1")
        self.wait_for(lambda: (self.folder / "hookline.db.columns" / "manifest.json").exists(), "columns")
        before = self.figures(numbers)
        self.assertEqual(self.ask("/contacts/c1/erase", "analyst", "POST").status, 403)
        told = self.ask("/contacts/c1/erase?dry_run=true", method="POST").json()
        self.assertEqual(told["state"], "would_be_erased")
        told = self.ask("/contacts/c1/erase", method="POST").json()
        self.assertEqual(told["state"], "erased")
        self.assert_same(self.figures(numbers), before)
        self.assertEqual(self.ask("/contacts/nobody/erase", method="POST").status, 404)
        self.wait_for(lambda: (self.folder / "hookline.db.columns" / "manifest.json").exists(), "columns made anew")
        self.assert_gone(*digits_of(numbers))


class Delivered(EraseTest):
    def test_what_the_crm_knows_is_not_told_again(self):
        crm = StandIn()
        self.addCleanup(crm.close)
        with open(self.yaml, "a", encoding="utf-8") as yaml:
            yaml.write(CRM % (crm.port, secret(KEY), secret(OLD_KEY)))
        self.hookline("import", "--source", "pbx1", *[ASTERISK / s / "ami.raw" for s in SCENARIOS])

        def deliver():
            process = subprocess.Popen(self.arguments("run"), env=self.environment, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            try:
                self.wait_for(lambda: json.loads(self.hookline("outbox", "list", "--format", "json")) == [], "all deliveries")
            finally:
                process.terminate()
                process.wait()

        deliver()
        told = len(crm.taken)
        self.assertGreater(told, 10)
        contact = self.json("contacts")[0]
        numbers = contact["numbers"]
        leads, before = {lead["id"] for lead in self.json("leads")}, self.figures(numbers, FEW)
        self.hookline("erase", contact["id"])
        self.assertEqual({lead["id"] for lead in self.json("leads")}, leads, "the CRM's own ids stay")
        deliver()
        self.assertEqual(len(crm.taken), told)
        self.hookline("rebuild")
        deliver()
        self.assertEqual(len(crm.taken), told)
        self.assert_same(self.figures(numbers, FEW), before)
        self.assert_gone(*digits_of(numbers))


del RestTest
if __name__ == "__main__":
    unittest.main()
