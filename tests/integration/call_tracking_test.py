"""Calls tied to the visits of a site by the number that each visitor was shown for a while: the plugin `call-tracking`."""
import json
import random
import sqlite3
import unittest

from hookline_cli import CliTest

CONFIG = """
hookline: 1
store: {url: "sqlite:hookline.db"}
locale: {timezone: Europe/Moscow, phone_region: RU, language: en}
sources: [{name: told, plugin: canonical, history: false}]
classifiers: [{plugin: call-tracking%s}, {plugin: source-by-line}, {plugin: repeat-contact}]
reports: [{plugin: calls}, {plugin: inquiries}, {plugin: attribution}, {plugin: multichannel-sequences}]
ad_sources:
  - {id: google-ads, name: Google Ads, step: {source: google, medium: cpc}}
  - {id: vk, name: VK, step: {source: vk}}
  - {id: cian, name: Cian, step: {source: cian, medium: listing}}
lines: [{id: "+74950000009", ad_source: cian, tracking: static}, {id: "+74950000001", tracking: dynamic}]
"""
DAY = ("--from", "2026-03-02", "--to", "2026-03-02")
CAROL, DAVE = "+79161110001", "+79161110002"


def at(clock, day=2):
    return f"2026-03-{day:02}T{clock}:00+03:00"


def visit(name, visitor, clock, until=None, line="+74950000001", day=2, **more):
    return {"type": "visit", "id": name, "visitor": visitor, "at": at(clock, day), "source": "google", "medium": "cpc",
            "line": line, "line_until": until and at(until, day), **more}


def call(name, clock, client=CAROL, line="+74950000001", day=2):
    hour, minute = clock.split(":")
    end = at(f"{hour}:{int(minute) + 1:02}", day)
    return {"type": "call", "id": f"pbx1:{name}", "source": "pbx1", "direction": "in", "client_number": client,
            "started_at": at(clock, day), "answered_at": at(clock, day), "ended_at": end, "line": line,
            "legs": [{"kind": "employee", "extension": "101", "started_at": at(clock, day), "answered_at": at(clock, day),
                      "ended_at": end, "outcome": "answered"}]}


class CallTracking(CliTest):
    def setUp(self):
        super().setUp()
        self.configure()

    def configure(self, settings=""):
        self.yaml.write_text(CONFIG % settings, encoding="utf-8")

    def tell(self, *records, store=None):
        self.hookline("import", "--source", "told", "-", store=store,
                      text_in="".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records))

    def tied(self):
        """Visit of each call."""
        return {c["id"].split(":")[1]: c["visit"] for c in self.json("calls", "--from", "2026-02-01", "--to", "2026-04-30")}

    def sources(self):
        found = self.json("inquiries", "--from", "2026-02-01", "--to", "2026-04-30")
        return {i["call"].split(":")[1]: i["ad_source"] for i in found}

    def story(self, name):
        return json.loads(self.hookline("explain", f"pbx1:{name}", "--format", "json"))

    def report(self, name, *settings, period=DAY):
        return self.json("report", name, *period, *settings)["rows"]

    def test_a_call_is_tied_to_the_visit_that_was_shown_its_number(self):
        self.tell(visit("w1", "v1", "10:00", "10:30", campaign="spring", keyword="repair", page="https://example.com/?x",
                        tags={"utm_content": "red"}), call("k1", "10:05"))
        self.assertEqual((self.tied(), self.sources()), ({"k1": "w1"}, {"k1": "google-ads"}))
        story = self.story("k1")["visit"]
        self.assertEqual((story["id"], story["page"]), ("w1", "https://example.com/?x"))
        self.assertEqual(story["why"], "call-tracking: lease: the visitor v1 was shown +74950000001 5 min before the call")
        self.assertIn("visit w1: ", self.hookline("explain", "pbx1:k1"))

    def test_the_reports_show_the_visit(self):
        self.tell(visit("w1", "v1", "10:00", "10:30", campaign="spring", keyword="repair", city="Moscow", tags={"utm_content": "red"}),
                  visit("w0", "v1", "09:00", line=None, source="vk", medium="social"), call("k1", "10:05"))
        cells = self.report("calls")[0]["cells"]
        self.assertEqual([cells[c] for c in ("source", "medium", "campaign", "keyword", "city", "visit_tags", "visits")],
                         ["google", "cpc", "spring", "repair", "Moscow", "utm_content=red", 2])
        self.assertEqual(len(self.report("calls", "--set", "tab=sites")), 1)
        self.assertEqual(self.report("inquiries")[0]["cells"]["ad_source"], "Google Ads")
        paths = {r["cells"]["sequence"]: r["cells"]["conversions"] for r in self.report("multichannel-sequences", "--set", "conversions=calls")}
        self.assertEqual(paths, {"vk/social > google/cpc": 1})
        first = {r["cells"]["channel"]: r["cells"]["first"] for r in self.report("attribution", "--set", "conversions=calls")
                 if r["cells"]["first"]}
        self.assertEqual(first, {"vk/social": 1})

    def test_a_visit_that_comes_after_its_call_ties_it_and_touches_no_other(self):
        self.tell(call("k1", "10:05"), call("k2", "10:05", DAVE, "+74950000002"), call("k3", "14:00", "+79161110003"))
        self.assertEqual(set(self.tied().values()), {None})
        rows = "SELECT id, rowid FROM calls"  # a call that is stored again gets a new one
        before = dict(sqlite3.connect(self.folder / "hookline.db").execute(rows))
        self.tell(visit("w1", "v1", "10:00", "10:30"))
        self.assertEqual(self.tied(), {"k1": "w1", "k2": None, "k3": None})
        after = dict(sqlite3.connect(self.folder / "hookline.db").execute(rows))
        self.assertEqual({name for name in after if after[name] != before[name]}, {"pbx1:k1"},
                         "one within a day of the lease's end is looked at too, and stays as it was")
        self.assertEqual(self.sources()["k1"], "google-ads")

    def test_a_visit_that_changes_or_is_deleted_lets_its_call_go(self):
        self.tell(visit("w1", "v1", "10:00", "10:30"), visit("w0", "v1", "09:00", line=None), call("k1", "10:05"))
        self.assertEqual(self.report("calls")[0]["cells"]["visits"], 2)
        self.tell(visit("w1", "v1", "10:00", "10:30", line="+74950000002"))
        self.assertEqual((self.tied(), self.sources()), ({"k1": None}, {"k1": None}))
        self.assertEqual(self.report("calls")[0]["cells"]["visits"], 0, "the visitor is nobody's again, with all visits")
        self.tell(visit("w1", "v1", "10:00", "10:30"))
        self.assertEqual(self.tied(), {"k1": "w1"})
        self.tell({**visit("w1", "v1", "10:00", "10:30"), "deleted_at": at("18:00")})
        self.assertEqual(self.tied(), {"k1": None})

    def test_of_leases_that_overlap_the_newest_is_believed(self):
        self.tell(visit("w1", "v1", "10:00", "10:30"), visit("w2", "v2", "10:10", "10:40", source="vk", medium="social"),
                  call("k1", "10:05"), call("k2", "10:20", DAVE), call("k3", "10:35", "+79161110003"))
        self.assertEqual(self.tied(), {"k1": "w1", "k2": "w2", "k3": "w2"})
        self.assertEqual(self.sources(), {"k1": "google-ads", "k2": "vk", "k3": "vk"})
        self.assertIn("newest_lease", self.story("k2")["visit"]["why"])
        self.assertIn("call-tracking: lease", self.story("k3")["visit"]["why"])

    def test_two_calls_of_one_lease_and_one_after_it(self):
        self.tell(visit("w1", "v1", "10:00", "10:30"), call("k1", "10:05"), call("k2", "10:15", DAVE), call("k3", "10:40", "+79161110003"),
                  call("k4", "10:41", "+79161110004"))
        self.assertEqual(self.tied(), {"k1": "w1", "k2": "w1", "k3": "w1", "k4": None})
        self.assertIn("grace", self.story("k3")["visit"]["why"])
        self.configure(", settings: {grace: 5m}")
        self.hookline("rebuild")
        self.assertEqual(self.tied(), {"k1": "w1", "k2": "w1", "k3": None, "k4": None})

    def test_a_withheld_number_has_a_visit_and_no_contact(self):
        self.tell(visit("w0", "v1", "09:00", line=None, source="vk", medium="social"), visit("w1", "v1", "10:00", "10:30"),
                  call("k1", "10:05", None))
        self.assertEqual((self.tied(), self.sources()), ({"k1": "w1"}, {"k1": "google-ads"}))
        self.assertIsNone(self.story("k1")["call"]["contact"])
        cells = self.report("calls")[0]["cells"]
        self.assertEqual((cells["source"], cells["visits"]), ("google", 2))
        paths = [r["cells"]["sequence"] for r in self.report("multichannel-sequences", "--set", "conversions=calls")]
        self.assertEqual(paths, ["vk/social > google/cpc"])
        self.tell(visit("w2", "v1", "09:30", line=None))
        self.assertEqual(self.report("calls")[0]["cells"]["visits"], 3)

    def test_a_number_of_one_source_is_left_to_its_line(self):
        self.tell(call("k1", "10:05", line="+74950000009"))
        self.assertEqual((self.tied(), self.sources()), ({"k1": None}, {"k1": "cian"}))

    def test_a_caller_who_comes_back_is_tied_where_that_is_asked(self):
        records = [visit("w1", "v1", "10:00", "10:30"), call("k1", "10:05"), call("k2", "12:00", day=9)]
        self.tell(*records)
        self.assertEqual(self.tied(), {"k1": "w1", "k2": None})
        self.configure(", settings: {returning_days: 7}")
        self.hookline("rebuild")
        self.assertEqual(self.tied(), {"k1": "w1", "k2": None}, "seven days and two hours")
        self.tell(visit("w2", "v1", "13:00", line=None, source="vk", medium="social"))
        self.assertEqual(self.tied(), {"k1": "w1", "k2": "w2"}, "another visit of who proved to be the contact's visitor")
        self.assertIn("returning", self.story("k2")["visit"]["why"])
        self.assertEqual(self.sources(), {"k1": "google-ads", "k2": "vk"})
        self.tell({**visit("w1", "v1", "10:00", "10:30"), "deleted_at": at("18:00")})
        self.assertEqual(self.tied(), {"k1": None, "k2": None}, "nothing proves whose visitor it is")

    def test_what_a_person_says_stands(self):
        self.tell(visit("w1", "v1", "10:00", "10:30"), call("k1", "10:05"),
                  {"type": "mark", "call": "pbx1:k1", "quality": "non_target", "by": "ivanova", "at": at("11:00")},
                  {"type": "inquiry", "id": "i1", "kind": "call", "call": "pbx1:k1", "at": at("10:05"), "ad_source": "vk"})
        found = self.json("inquiries", *DAY)[0]
        self.assertEqual((found["quality"], found["ad_source"]), ("non_target", "vk"))
        self.assertEqual(self.tied(), {"k1": "w1"})

    def test_an_erased_caller_leaves_no_visitor_behind(self):
        self.tell(visit("w1", "visitor-of-carol", "10:00", "10:30", page="https://example.com/?from=carol"), call("k1", "10:05"),
                  call("k2", "10:15", None))
        before = (self.tied(), self.sources())
        self.hookline("erase", CAROL)
        self.assertEqual((self.tied(), self.sources()), before)
        for file in self.folder.glob("hookline.db*"):
            if file.is_file():
                for word in (b"visitor-of-carol", b"from=carol"):
                    self.assertNotIn(word, file.read_bytes(), f"{file.name} tells {word}")

    def test_numbers_in_any_spelling(self):
        self.tell(visit("w1", "v1", "10:00", "10:30", line="8 (495) 000-00-01"), call("k1", "10:05", line="84950000001"))
        self.assertEqual(self.tied(), {"k1": "w1"})

    def test_settings_that_cannot_be_are_told_with_their_place(self):
        self.configure(", settings: {graze: 5m}")
        self.assertIn('did you mean "grace"', "\n".join(self.check_config(expect=1)))
        for settings, told in (("{grace: 2d}", "grace: at most 1d: the host looks no further"),
                               ('{sources: {a: ["google/cpc"], b: ["Google/cpc"]}}', "visits of Google/cpc belong to both a and b")):
            self.configure(f", settings: {settings}")
            self.hookline("import", "--source", "told", "-", text_in="", expect=2)
            self.assertIn(told, self.stderr)

    def test_any_order_of_arrival_ends_in_the_same_state(self):
        self.configure(", settings: {returning_days: 3}")
        chance = random.Random(5)
        for n in range(2):
            records = []
            for i in range(25):
                begin = chance.randrange(0, 50)
                until = chance.choice([None, f"11:{min(59, begin + chance.randrange(1, 20)):02}"])
                records.append(visit(f"w{i}", f"v{chance.randrange(4)}", f"11:{begin:02}", until,
                                     chance.choice(["+74950000001", "+74950000001", None]), day=chance.choice([1, 2]),
                                     source=chance.choice(["google", "vk", None])))
                records.append(call(f"k{i}", f"11:{chance.randrange(0, 58):02}", chance.choice([CAROL, DAVE, None, f"+7916222000{i % 10}"]),
                                    chance.choice(["+74950000001", "+74950000001", "+74950000009"]), day=chance.choice([1, 2])))
            records.append({"type": "contact", "id": "c1", "numbers": [CAROL], "visitors": ["v0"]})
            states = set()
            for order in range(3):
                chance.shuffle(records)
                store = f"{n}-{order}.db"
                if order < 2:  # calls before all visits, then visits before all calls
                    records.sort(key=lambda record: (record["type"] == "visit") == (order == 0))
                half = len(records) // 2
                self.tell(*records[:half], store=store)
                self.tell(*records[half:], *records[:3], store=store)
                if order == 2:
                    self.hookline("rebuild", store=store)
                states.add("\n".join(self.hookline(kind, "--format", "ndjson", "--from", "2026-03-01", "--to", "2026-03-03", store=store)
                                     for kind in ("calls", "inquiries")))
            self.assertEqual(len(states), 1, f"round {n}")


if __name__ == "__main__":
    unittest.main()
