"""Reports that scan: sequences and attribution of metrics §5.2 and §8.10, agents' time and staffing of §8.7 and §8.8."""
import json
import unittest

from hookline_cli import FIXTURES
from reports_test import MARCH, PERIOD, ReportTest

MODELS = ["first", "last", "last_non_direct", "linear", "position", "decay"]


def at(text):
    return f"2026-{text}:00+03:00"


class Paths(ReportTest):
    """The six contacts of metrics §5.2."""

    config = FIXTURES / "metrics" / "reports.yaml"

    def records(self):
        lines = [{"type": "employee", "id": "ivanova", "name": "Иванова А.", "departments": [],
                  "extensions": [{"source": "pbx1", "number": "101", "from": None, "to": None}]},
                 {"type": "ad_source", "id": "cian", "name": "Циан", "group": None, "tags": [], "counted": True,
                  "step": {"source": "cian", "medium": "listing"}},
                 {"type": "line", "id": "+74950000009", "name": "Циан", "ad_source": "cian", "site": None, "tracking": "static"}]
        visits = {"A": [("02-23T09:10", "google", "cpc"), ("03-01T09:10", "direct", None), ("03-01T21:10", "direct", None),
                        ("03-02T09:00", "google", "organic")],
                  "B": [("01-20T12:00", "vk", "social"), ("02-27T12:00", "google", "cpc"), ("03-10T14:00", "direct", None)],
                  "C": [("03-03T09:50", "yandex", "cpc")], "D": [], "E": [("03-04T12:00", "google", "cpc")],
                  "F": [("03-05T09:00", "google", "cpc")]}
        calls = [("A", "03-02T09:10"), ("B", "03-02T12:00"), ("B", "03-10T15:00"), ("C", "03-03T10:00"), ("D", "03-04T11:00"),
                 ("E", "03-04T12:30"), ("F", "03-05T08:59")]
        for n, (who, seen) in enumerate(visits.items()):
            lines.append({"type": "contact", "id": who, "name": who, "numbers": [f"+7916000000{n}"], "visitors": [f"v{who}"]})
            for i, (when, source, medium) in enumerate(seen):
                lines.append({"type": "visit", "id": f"w{who}{i}", "visitor": f"v{who}", "at": at(when), "source": source,
                              "medium": medium, "campaign": "spring" if source == "google" else None, "ad": None, "keyword": None})
        for n, (who, when) in enumerate(calls):
            begin, minute = at(when), int(when[-2:])
            end = at(f"{when[:-2]}{minute + 1:02}") if minute < 59 else begin.replace("08:59:00", "09:00:00")
            lines.append({"type": "call", "id": f"pbx1:p{n}", "source": "pbx1", "direction": "in",
                          "client_number": f"+7916000000{list(visits).index(who)}", "started_at": begin, "answered_at": begin,
                          "ended_at": end, "line": "+74950000009" if who == "D" else "+74950000001",
                          "legs": [{"kind": "employee", "extension": "101", "started_at": begin, "answered_at": begin,
                                    "ended_at": end, "outcome": "answered"}]})
        lines.append({"type": "mark", "call": "pbx1:p5", "quality": "non_target", "by": "ivanova", "at": at("03-04T13:00")})
        for lead, contact, call, amount in (("l1", "A", 0, 100_00), ("l2", "B", 1, 300_00)):
            lines.append({"type": "lead", "id": lead, "contact": contact, "funnel": "sales", "stage": "check",
                          "created_at": at(calls[call][1]), "created_by": "call", "inquiry": f"i{call}", "amount": amount,
                          "currency": "RUB"})
            lines.append({"type": "inquiry", "id": f"i{call}", "kind": "call", "contact": contact, "call": f"pbx1:p{call}",
                          "at": at(calls[call][1]), "lead": lead})
        path = self.folder / "paths.ndjson"
        path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
        return path

    def sequences(self, *settings):
        rows = self.report("multichannel-sequences", *settings, period=MARCH)
        return {cells.get("sequence") or key: cells["conversions"] for key, cells in rows.items()}

    def test_sequences_of_each_kind_of_conversion(self):
        long, none = "google/cpc > direct ×2 > google/organic", "Нет данных"
        target = {long: 1, "google/cpc": 1, "yandex/cpc": 1, "cian/listing": 1, none: 1, "total": 5}
        self.assertEqual(self.sequences(), target)
        self.assertEqual(self.sequences("conversions=unique"), {**target, "google/cpc": 2, "total": 6})
        self.assertEqual(self.sequences("conversions=unique_target"), target)
        self.assertEqual(self.sequences("conversions=calls"),
                         {**target, "google/cpc": 2, "google/cpc > direct": 1, "total": 7})

    def test_a_wider_window_sees_earlier_visits(self):
        rows = self.sequences("window=60")
        self.assertEqual((rows.get("vk/social > google/cpc"), rows.get("google/cpc"), rows["total"]), (1, None, 5))
        self.hookline("report", "multichannel-sequences", *MARCH, "--set", "window=0", expect=2)
        self.assertIn("window", self.stderr)

    def test_the_most_frequent_is_first_and_opens_its_calls(self):
        report = self.json("report", "multichannel-sequences", *MARCH, "--set", "conversions=unique")
        first = report["rows"][0]
        self.assertEqual((first["key"], first["parts"]["share"]), ("google%2Fcpc", [2, 6]))
        self.assertEqual(report["rows"][1]["key"], "(none)")
        behind = self.json("report", "multichannel-sequences", *MARCH, "--set", "conversions=unique", "--drill",
                           "google%2Fcpc:conversions")
        self.assertEqual([call["id"] for call in behind], ["pbx1:p5", "pbx1:p1"])

    def test_collapse_and_restart(self):
        self.assertIn("google/cpc > direct > google/organic", self.sequences("collapse=true"))
        self.assertEqual(self.sequences("conversions=calls", "restart_after_conversion=true")["direct"], 1)

    def test_steps_of_campaigns_and_filters_by_step(self):
        self.assertIn("yandex/cpc", self.sequences("step=campaign"))
        self.assertEqual(self.sequences("step=campaign", "contains=spring")["google/cpc/spring"], 1)
        self.assertEqual(self.sequences("begins=google/cpc")["total"], 2)
        self.assertEqual(self.sequences("ends=organic")["total"], 1)
        self.assertEqual(self.sequences("contains=cpc")["total"], 3)
        # A campaign is known of its visits though the steps do not name it.
        self.assertEqual(self.sequences("contains=spring")["google/cpc"], 1)
        self.assertEqual(self.sequences("ends=spring")["total"], 2)
        self.assertEqual(self.sequences("begins=spring", "collapse=true")["total"], 2)

    def test_assisted(self):
        rows = self.report("multichannel-sequences", "show=assisted", period=MARCH)
        self.assertEqual({cells["step"]: cells["assisted"] for key, cells in rows.items() if key != "total" and cells["assisted"]},
                         {"google/cpc": 1, "direct": 1})

    def test_average_days_are_from_the_first_step(self):
        rows = self.report("multichannel-sequences", period=MARCH)
        self.assertEqual(rows["google%2Fcpc > direct ×2 > google%2Forganic"]["average_days"], 7)
        self.assertIsNone(rows["(none)"]["average_days"])

    def test_attribution(self):
        rows = self.report("attribution", period=MARCH)
        self.expect({k.replace("%2F", "/"): v for k, v in rows.items()}, MODELS, {
            "google/cpc": [2, 1, 1, 1.25, 1.4, 1.149], "google/organic": [0, 1, 1, 0.25, 0.4, 0.2977],
            "direct": [0, 0, 0, 0.5, 0.2, 0.5533], "yandex/cpc": [1] * 6, "cian/listing": [1] * 6, "(none)": [1] * 6,
            "total": [5] * 6})
        self.assertAlmostEqual(sum(cells["markov"] for key, cells in rows.items() if key != "total"), 5, 9)
        self.assertEqual((rows["total"]["markov"], rows["(none)"]["markov"]), (5, 1))

    def test_attribution_in_a_wider_window(self):
        rows = self.report("attribution", "window=60", period=MARCH)
        self.expect({k: rows[k] for k in ("google%2Fcpc", "vk%2Fsocial")}, MODELS, {
            "google%2Fcpc": [1, 1, 1, 0.75, 0.9, 1.1263], "vk%2Fsocial": [1, 0, 0, 0.5, 0.5, 0.0227]})

    def test_money_is_spread_the_same_way(self):
        rows = self.report("attribution", "money=true", period=MARCH)
        self.expect({k: rows[k] for k in ("google%2Fcpc", "direct", "total")}, ["first_amount", "linear_amount", "last_amount"], {
            "google%2Fcpc": [40000, 32500, 30000], "direct": [0, 5000, 0], "total": [40000, 40000, 40000]})

    def test_a_condition_chooses_what_counts_and_not_what_happened(self):
        # B's second call stays its second: it is not unique, though the first is not asked about.
        late = ("--where", "day(started_at) >= '2026-03-03'")
        total = self.json("report", "multichannel-sequences", *MARCH, "--set", "conversions=unique", *late)["total"]
        self.assertEqual(total["conversions"], 4)
        behind = self.json("report", "multichannel-sequences", *MARCH, "--set", "conversions=unique", *late, "--drill",
                           "total:conversions")
        self.assertEqual([call["id"] for call in behind], [f"pbx1:p{n}" for n in (6, 5, 4, 3)])
        self.assertEqual(self.json("report", "attribution", *MARCH, "--where", "line = '+74950000009'")["total"]["first"], 1)
        self.hookline("report", "attribution", *MARCH, "--where", "mised", expect=2)
        self.assertIn('did you mean "missed"?', self.stderr)

    def test_the_period_before_stands_beside(self):
        report = self.json("report", "attribution", "--from", "2026-03-03", "--to", "2026-03-03", "--compare", "previous")
        self.assertEqual((report["total"]["first"], report["total_previous"]["first"]), (1, 2))

    def test_a_row_or_measure_that_is_none_is_named(self):
        self.hookline("report", "attribution", *MARCH, "--drill", "yandex%2Fcps:first", expect=2)
        self.assertIn('did you mean "yandex%2Fcpc"?', self.stderr)
        self.hookline("report", "attribution", *MARCH, "--drill", "total:frist", expect=2)
        self.assertIn('did you mean "first"?', self.stderr)


class AgentTime(ReportTest):
    def records(self):
        text = (FIXTURES / "metrics" / "common.ndjson").read_text(encoding="utf-8").splitlines()
        told = [json.loads(line) for line in text]
        for call in told:
            if call.get("id") in ("pbx1:k01", "pbx1:k06"):  # 150 s each
                call["legs"][0]["acw_s"] = 150
        told += [{"type": "presence", "employee": "ivanova", "state": "online", "from": at("03-02T09:00"), "to": at("03-02T18:00")},
                 {"type": "presence", "employee": "ivanova", "state": "pause", "from": at("03-02T13:00"), "to": at("03-02T14:00")},
                 {"type": "presence", "employee": "ivanova", "state": "pause", "reason": "queue", "from": at("03-02T13:30"),
                  "to": at("03-02T14:00")}]
        path = self.folder / "time.ndjson"
        path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in told), encoding="utf-8")
        return path

    def report(self, name, *settings, period=PERIOD, now=None):
        report = self.json("report", name, *self.words(settings, period, now))
        self.parts = {row["key"]: row["parts"] for row in report["rows"]}
        return {**{row["key"]: row["cells"] for row in report["rows"]}, "total": report["total"]}

    def test_a_call_over_midnight_is_cut_and_internal_time_is_apart(self):
        rows = self.report("agent-timeline", "by=employee_hour")
        hour = {key.split("/")[1]: cells for key, cells in rows.items() if key.startswith("ivanova/")}
        self.assertEqual([hour[h]["talk_s"] for h in ("2026-03-02T23%3A00+03%3A00", "2026-03-03T00%3A00+03%3A00")], [80, 190])
        noon = hour["2026-03-02T12%3A00+03%3A00"]
        self.assertEqual((noon["internal_s"], noon["talk_s"], round(noon["erlangs"], 4)), (120, 0, 0.0333))

    def test_occupancy(self):
        rows = self.report("agent-timeline", period=("--from", "2026-03-02", "--to", "2026-03-02"))
        ivanova = rows["ivanova"]
        self.assertEqual([ivanova[c] for c in ("acw_s", "internal_s", "logged_in_s", "paused_s")], [300, 120, 32400, 3600])
        self.assertEqual(round(ivanova["occupancy"], 2), 2.34)
        self.assertEqual(self.parts["ivanova"]["occupancy"], [674000, 28800000])
        self.assertEqual(ivanova["basis"], "по присутствию")
        self.assertIsNone(rows["petrov"]["occupancy"])

    def test_what_is_behind_is_in_the_row(self):
        behind = self.json("report", "agent-timeline", *PERIOD, "--drill", "ivanova:internal_s")
        self.assertEqual([call["id"] for call in behind], ["pbx1:k07"])
        peak = self.json("report", "agent-timeline", *PERIOD, "--drill", "total:peak")
        self.assertEqual(len(peak), self.report("agent-timeline")["total"]["peak"])

    def test_a_condition_leaves_presence_alone(self):
        ivanova = self.json("report", "agent-timeline", *PERIOD, "--where", "direction = 'internal'")["rows"]
        ivanova = next(row["cells"] for row in ivanova if row["key"] == "ivanova")
        self.assertEqual([ivanova[c] for c in ("talk_s", "internal_s", "logged_in_s")], [0, 120, 32400])

    def test_the_calendar_stands_in_for_presence(self):
        text = self.yaml.read_text(encoding="utf-8")
        self.yaml.write_text(text + 'calendars: {office: {days: mon-fri, hours: ["09:00-18:00"]}}\n'
                             "employees: [{id: night, name: N, calendar: office}]\n", encoding="utf-8")
        night = self.report("agent-timeline", period=("--from", "2026-03-02", "--to", "2026-03-02"))["night"]
        self.assertEqual((night["logged_in_s"], night["occupancy"], night["basis"]), (32400, 0, "по графику"))

    def test_staffing_of_the_example(self):
        asked = ("calls=100", "aht_s=180")
        total = self.report("staffing", *asked, "agents=13")["total"]
        self.assertEqual([round(total[c], 2) for c in ("wait_probability", "service_level", "asa_s", "occupancy")],
                         [28.53, 79.56, 17.12, 76.92])
        needed = self.report("staffing", *asked)["total"]
        self.assertEqual([round(needed[c], 2) for c in ("agents", "wait_probability", "service_level", "asa_s", "occupancy")],
                         [14, 17.41, 88.84, 7.84, 71.43])
        self.assertIsNone(self.report("staffing", *asked, "agents=10")["total"]["service_level"])

    def test_staffing_by_what_was(self):
        rows = self.report("staffing", "interval_min=60")
        self.assertEqual((rows["09%3A00"]["calls"], rows["09%3A00"]["calls_per_interval"]), (3, 1.5))
        self.assertEqual(len(self.json("report", "staffing", *PERIOD, "--set", "interval_min=60", "--drill", "09%3A00:calls")), 3)
        # k01 talked for 210 s and k14 for 90 s; after k01 there were 150 s of work.
        handled = [self.report("staffing", "interval_min=60", f"acw_max_s={most}")["09%3A00"]["aht_s"] for most in (600, 30)]
        self.assertEqual(handled, [225, 165])
        self.hookline("report", "staffing", "--from", "2026-03-02", expect=2)
        self.assertIn("--to", self.stderr)


if __name__ == "__main__":
    unittest.main()
