"""The worked examples of inquiries (metrics §7.5) and of call-back tasks (§5.4), to the digit, through the plugins that ship."""
import json
import unittest

from hookline_cli import FIXTURES, CliTest

CONFIG = """
hookline: 1
store: {url: "sqlite:hookline.db"}
locale: {timezone: Europe/Moscow, phone_region: RU, language: ru}
sources: [{name: told, plugin: canonical, history: false}]
classifiers: [{plugin: spam-guard}, {plugin: source-by-line}, {plugin: repeat-contact}]
tasks: [{plugin: callback-missed%s}]
calendars: {office: {days: mon-fri, hours: ["09:00-18:00"]}}
reports: [{plugin: calls-by-manager}, {plugin: inquiries}]
ad_sources:
  - {id: cian, name: Циан, group: listings}
  - {id: direct, name: Директ}
  - {id: site, name: Сайт}
  - {id: partner, name: Партнёр, counted: false}
lines: [{id: "+74950000001", ad_source: cian}, {id: "+74950000002", ad_source: direct}]
"""
LINES = {"k01": 1, "k02": 1, "k06": 1, "k08": 1, "k09": 2, "k13": 2}
MORE = [
    {"type": "inquiry", "id": "Q00", "kind": "manual", "contact": "c7", "at": "2026-02-10T10:00:00+03:00", "lead": "L0",
     "ad_source": "partner", "taken_at": "2026-02-10T10:00:00+03:00", "taken_by": "ivanova", "taken_how": "opened"},
    {"type": "inquiry", "id": "Q02", "kind": "request", "contact": "c1", "at": "2026-03-02T18:00:00+03:00", "ad_source": "site",
     "lead": "L1", "taken_at": "2026-03-03T09:30:00+03:00", "taken_by": "petrov", "taken_how": "opened"},
    {"type": "contact", "id": "c10", "name": "с улицы"},
    {"type": "inquiry", "id": "Q10", "kind": "manual", "contact": "c10", "at": "2026-03-02T19:00:00+03:00", "ad_source": "partner",
     "taken_at": "2026-03-02T19:00:00+03:00", "taken_by": "ivanova", "taken_how": "opened"},
    {"type": "contact", "id": "c11", "emails": ["c11@example.com"]},
    {"type": "inquiry", "id": "Q13", "kind": "request", "contact": "c11", "at": "2026-03-03T08:55:00+03:00", "email": "c11@example.com",
     "lead": "L9", "taken_at": "2026-03-03T10:05:00+03:00", "taken_by": "petrov", "taken_how": "opened"},
    {"type": "lead", "id": "L9", "contact": "c11", "funnel": "sales", "stage": "check", "responsible": "petrov",
     "created_at": "2026-03-03T08:55:00+03:00", "created_by": "request", "inquiry": "Q13"},
]
# By call, or by id where it is none: advertising, quality, who took it.
EXPECTED = {
    "k01": (True, "target", "ivanova"), "Q02": (True, "repeat", "petrov"), "k02": (True, "target", "petrov"),
    "k04": (False, "repeat", "petrov"), "k05": (True, "non_target", "ivanova"), "k07": (False, "non_target", "ivanova"),
    "k08": (True, "unsorted", None), "k09": (True, "target", "sidorova"), "k10": (True, "repeat", "sidorova"),
    "Q10": (False, "unverified", "ivanova"), "k11": (False, "repeat", "sidorova"), "k12": (False, "repeat", "sidorova"),
    "Q13": (True, "target", "petrov"), "k13": (True, "target", "ivanova"), "k14": (True, "repeat", "petrov"),
    "k15": (True, "repeat", None), "k16": (False, "repeat", "orlov"), "k17": (True, "non_target", "ivanova"),
    "k06": (True, "repeat", "ivanova"), "k19": (True, "target", None), "k20": (True, "repeat", "ivanova"),
    "k03": (False, "repeat", None), "k18": (False, "unverified", "ivanova"),
}


def example():
    records = [json.loads(line) for line in (FIXTURES / "metrics" / "common.ndjson").read_text(encoding="utf-8").splitlines()]
    records = [r for r in records if not (r["type"] == "mark" and r.get("by") == "rule")]  # that rule is spam-guard's
    for record in records:
        line = LINES.get(record["id"].split(":")[-1]) if record["type"] == "call" else None
        if line:
            record["line"] = f"+7495000000{line}"
    return records + MORE


class WorkedExample(CliTest):
    def setUp(self):
        super().setUp()
        self.configure("")

    def configure(self, settings):
        self.yaml.write_text(CONFIG % settings, encoding="utf-8")

    def tell(self, *records, source="canonical"):
        self.hookline("import", "--source", source, "-",
                      text_in="".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records))

    def inquiries(self):
        found = self.json("inquiries", "--from", "2026-03-02", "--to", "2026-03-03")
        return {(i["call"] or i["id"]).split(":")[-1]: i for i in found}

    def seen(self):
        return {name: (i["advertising"], i["quality"], i["taken_by"]) for name, i in self.inquiries().items()}

    def test_every_inquiry_of_the_table(self):
        self.tell(*example())
        self.maxDiff = None
        self.assertEqual(self.seen(), EXPECTED)
        inquiries = self.inquiries()
        of_cian = {name for name, i in inquiries.items() if i["ad_source"] == "cian"}
        self.assertEqual(of_cian, {"k01", "k02", "k06", "k08"})
        without = {name for name, i in inquiries.items() if i["advertising"] and not i["ad_source"]}
        self.assertEqual(without, {"k05", "k10", "Q13", "k14", "k15", "k17", "k19", "k20"})
        self.assertIn("4 s", inquiries["k05"]["why"])
        advertising = [i["quality"] for i in inquiries.values() if i["advertising"]]
        self.assertEqual([advertising.count(q) for q in ("target", "repeat", "non_target", "unsorted", "unverified")],
                         [6, 6, 2, 1, 0])

    def test_a_mark_that_makes_a_short_call_a_target(self):
        self.tell(*example(), {"type": "mark", "call": "pbx1:k05", "quality": "target", "by": "ivanova", "at": "2026-03-05T10:00:00+03:00"})
        expected = dict(EXPECTED, k05=(True, "target", "ivanova"), k18=(False, "repeat", "ivanova"))
        self.assertEqual(self.seen(), expected)
        self.hookline("rebuild")
        self.assertEqual(self.seen(), expected)

    def test_the_lead_passed_on_with_all_its_inquiries(self):
        self.tell(*example(), {"type": "lead_change", "id": "h1", "lead": "L1", "at": "2026-03-04T10:00:00+03:00",
                               "field": "responsible", "from": "petrov", "to": "sidorova", "with_inquiries": True})
        changed = {name for name, seen in self.seen().items() if seen != EXPECTED[name]}
        self.assertEqual(changed, {"k01", "Q02", "k14"})
        self.assertEqual({self.seen()[name][2] for name in changed}, {"sidorova"})

    def listed(self, *settings, period=("2026-03-02", "2026-03-03")):
        """Rows of the report by their call, or by their id where there is none."""
        words = [w for s in settings for w in ("--set", s)]
        report = self.json("report", "inquiries", "--from", period[0], "--to", period[1], *words)
        calls = {i["id"]: (i["call"] or i["id"]).split(":")[-1] for i in self.json("inquiries")}
        return {calls[row["key"]]: row["cells"] for row in report["rows"]}

    def test_the_list_of_the_example(self):
        self.tell(*example())
        counts = {(): 15, ("non_advertising=true",): 23, ("quality=target",): 6, ("quality=repeat",): 6, ("quality=unverified",): 0,
                  ("quality=repeat", "non_advertising=true"): 11, ("quality=non_target", "non_advertising=true"): 3}
        for asked, count in counts.items():
            self.assertEqual(len(self.listed(*asked)), count, asked)
        for asked, found in ((["type=request"], {"Q02", "Q13"}), (["type=manual"], set()), (["type=manual", "non_advertising=true"], {"Q10"}),
                             (["direction=internal", "non_advertising=true"], {"k07"}), (["ad_source_group=listings"], {"k01", "k02", "k06", "k08"}),
                             (["manager=petrov"], {"Q02", "k02", "Q13", "k14"}), (["channel=pbx1", "quality=unsorted"], {"k08"}),
                             (["manager=petrov", "manager_by=responsible"], {"k01", "Q02", "Q13", "k14"})):
            self.assertEqual(set(self.listed(*asked)), found, asked)
        third = ("2026-03-03", "2026-03-03")
        self.assertEqual(set(self.listed(period=third)), {"Q13", "k14", "k15", "k17", "k19", "k20"})
        self.assertEqual(set(self.listed("date_by=taking", period=third)), {"Q02", "Q13", "k14", "k17", "k19"})
        rows = self.listed("non_advertising=true")
        self.assertEqual([name for name, cells in rows.items() if cells["highlighted"]], ["k01"])
        self.assertEqual((rows["k05"]["name"], rows["Q10"]["name"], rows["Q13"]["number"]), ("+79166660006", "#", None))

    def test_the_manager_is_whom_the_yaml_says_unless_asked_otherwise(self):
        text = self.yaml.read_text(encoding="utf-8")
        self.yaml.write_text(text.replace("{plugin: inquiries}", "{plugin: inquiries, settings: {manager_by: responsible}}"), encoding="utf-8")
        self.tell(*example())
        self.assertEqual(self.listed()["k01"]["manager"], "Петров Б.")
        self.assertEqual(self.listed("manager_by=taker")["k01"]["manager"], "Иванова А.")

    def with_rules(self, rules):
        text = (CONFIG % "").replace("{plugin: spam-guard}", "{plugin: rules, settings: {rules: [%s]}}" % rules)
        self.yaml.write_text(text, encoding="utf-8")

    def test_rules_of_an_admins_own_decide_and_are_named(self):
        self.with_rules("{name: morning, when: \"direction = 'in' and hour(at) = 9 and line is not null\", quality: non_target, "
                        "tags: [early]}")
        self.tell(*example())
        self.assertEqual({name for name, i in self.inquiries().items() if i["why"].startswith("rules: ")}, {"k01", "k02"})
        self.assertIn('rules: the rule \\"morning\\" holds', self.hookline("explain", "pbx1:k01"))
        self.assertEqual({c["id"] for c in self.json("calls", "--where", "tags = 'early'")}, {"pbx1:k01", "pbx1:k02"})

    def test_a_rule_that_cannot_be_is_refused_with_its_name_and_place(self):
        self.with_rules("{name: short, when: \"talk < 5\", quality: non_target}")
        self.hookline("import", "--source", "told", "-", text_in="", expect=2)
        self.assertIn('rule "short": column 1: there is no field "talk"; did you mean "talk_s"?', self.stderr)

    def tasks(self):
        found = self.json("tasks", "--now", "2026-03-05T00:00:00+03:00")
        return [(t["call"][5:], t["contact"], t["created_at"], t["assignee"], t["deadline_at"], t["done_at"], t["state"])
                for t in reversed(found)]

    def test_the_call_back_tasks(self):
        first = [("k02", "c2", "2026-03-02T06:20:40.000Z", None, "2026-03-02T10:20:40.000Z", "2026-03-02T07:10:15.000Z", "done"),
                 ("k09", "c4", "2026-03-02T10:00:02.000Z", "sidorova", "2026-03-02T14:00:02.000Z", "2026-03-02T10:30:10.000Z", "done"),
                 ("k15", "c2", "2026-03-03T07:00:03.000Z", "ivanova", "2026-03-03T11:00:03.000Z", None, "overdue")]
        self.tell(*example(), source="told")
        self.assertEqual(self.tasks(), first + [
            ("k20", "c8", "2026-03-03T14:01:00.000Z", "ivanova", "2026-03-03T18:01:00.000Z", "2026-03-04T06:10:06.000Z", "done")])
        self.configure(", settings: {working_hours: office}")
        self.hookline("rebuild")
        self.assertEqual(self.tasks(), first + [
            ("k20", "c8", "2026-03-03T14:01:00.000Z", "ivanova", "2026-03-04T09:01:00.000Z", "2026-03-04T06:10:06.000Z", "done")])
        self.configure(", settings: {deadline: 1h}")
        self.hookline("rebuild")
        self.assertEqual(self.tasks()[0][4], "2026-03-02T07:20:40.000Z")


if __name__ == "__main__":
    unittest.main()
