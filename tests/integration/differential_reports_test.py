"""Every report of calls and leads against a second, naive reading of the definitions, on firms made at random;
and the rows behind each of their figures."""
import datetime
import itertools
import json
import os
import random
import unittest
import urllib.parse
import zoneinfo

import naive_calls
import naive_lists
import naive_paths
import naive_reports
import naive_time
from differential_test import hours_of_day
from hookline_cli import CliTest, FIXTURES
from random_firm import DAY, firm, iso
from report_server import YAML, ReportServer

FIRMS = int(os.environ.get("HKL_FIRMS", "12"))

PATHS = {"conversions": ["calls", "unique"], "collapse": [None, True], "restart_after_conversion": [None, True]}
# name: (naive reading, what can be asked)
REPORTS = {
    "lost-calls": (naive_reports.lost_calls, {"by": ["finish_reason", "lost_cause", "line", "employee", "hour"],
                                              "ivr_only": ["include", "exclude"], "callback_within": [None, "5m", "2h"]}),
    "employee-efficiency": (naive_reports.employee_efficiency, {"department": [None, "sales", "service", "-"],
                                                                "unique_gap_days": [None, 1], "long_talk_s": [30, 60]}),
    "service-level": (naive_reports.service_level, {"by": ["day", "hour", "weekday", "queue"], "threshold_s": [10, 20],
                                                    "sl_variant": ["less_short", "of_offered", "of_answered",
                                                                   "answered_and_abandoned", "early_forgiven"]}),
    "heat-map": (naive_reports.heat_map, {"direction": ["in", "out", "all"], "per": ["period", "day"]}),
    "callback-speed": (naive_reports.callback_speed, {"department": [None, "sales", "service", "-"]}),
    "repeat-calls": (naive_reports.repeat_calls, {"repeat_days": [1, 2, 7], "credit": ["last", "first"], "show": ["fcr", "callers"]}),
    "lead-conversion": (lambda facts, period, **asked: naive_reports.leads(facts, period, "kind", **asked),
                        {"date": ["created", "converted", "closed"]}),
    "employee-performance": (lambda facts, period, **asked: naive_reports.leads(facts, period, "responsible", **asked),
                             {"date": ["created", "converted", "closed"]}),
    "multichannel-sequences": (naive_paths.sequences, {**PATHS, "window": [1, 3, 30]}),
    "attribution": (naive_paths.attribution, {**PATHS, "window": [2, 30], "half_life": [1, 7]}),
    "calls": (naive_lists.calls, {"tab": ["all", "in", "out"], "kind": ["all", "unique", "repeat", "non_target", "lost", "quality"],
                                  "group_by": ["none", "employee", "line", "day", "hour", "weekday", "status", "finish_reason"],
                                  "unique_gap_days": [None, 1], "quality_talk_s": [30, 90], "talk_s": [None, "30..", "..60", "!10..90"],
                                  "wait_s": [None, "..15", "5..30"], "status": [None, "!missed", "answered"],
                                  "client": [None, "!-", "-", "~91", "!~5"]}),
    "closed-unsuccessfully": (naive_lists.closed_unsuccessfully, {"show": ["leads", "reasons"], "date": ["closed", "created"],
                                                                  "type": [None, "call"]}),
    "inquiries": (naive_lists.inquiries, {"non_advertising": [None, True], "date_by": ["arrival", "taking"], "direction": [None, "in", "out"],
                                          "quality": [None, "target", "repeat", "unsorted", "non_target"]}),
    "task-discipline": (naive_lists.task_discipline, {"by": ["created", "deadline"]}),
    "agent-timeline": (naive_time.agent_timeline, {"by": ["employee", "employee_day", "employee_hour", "day", "hour"]}),
    "staffing": (naive_time.staffing, {"interval_min": ["60", "30", "15"], "by_weekday": [None, True], "threshold_s": [10, 20],
                                       "goal": [80, 95]}),
}
OF_NOW = ("repeat-calls", "task-discipline", "agent-timeline")  # whose figures depend on when they are asked
OF_TIME = ("agent-timeline",)  # rates of time are no counts of calls
COUNTS = {"staffing": ("calls",)}  # where other whole numbers count people
BY_TIME = ("calls", "inquiries")  # lists whose rows are known by their time


class DifferentialReports(CliTest):
    config = FIXTURES / "metrics" / "reports.yaml"

    def load(self, made, seed):
        text = self.config.read_text(encoding="utf-8").replace("Europe/Moscow", made.zone)
        text = text.replace("tasks: [{plugin: callback-missed}]\n", "") + YAML
        self.yaml.write_text(text, encoding="utf-8")
        path = self.folder / f"firm{seed}.ndjson"
        path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in made.records), encoding="utf-8")
        self.hookline("import", "--source", "canonical", path, store=f"firm{seed}.db")

    def period(self, chance, made):
        zone = zoneinfo.ZoneInfo(made.zone)
        first = datetime.datetime.fromtimestamp(made.begin / 1000, zone).date()
        a, b = sorted(chance.sample(range(-1, 5), 2))
        days = [first + datetime.timedelta(n) for n in (a, b)]
        ends = [datetime.datetime.combine(d, datetime.time(), zone) for d in (days[0], days[1] + datetime.timedelta(1))]
        bounds = *(round(e.timestamp() * 1000) for e in ends), made.zone
        return {"from": days[0].isoformat(), "to": days[1].isoformat()}, bounds

    def asked(self, chance, choices):
        return {name: value for name, values in choices.items() if (value := chance.choice(values)) is not None}

    def differences(self, report, wanted):
        is_by_time = report["report"] in BY_TIME and report["columns"][0]["kind"] == "measure"
        got = {row["cells"]["time"] if is_by_time else self.name_of(row): row["cells"] for row in report["rows"]}
        got["total"] = report["total"]
        said = []
        for key in sorted(got.keys() | wanted.keys()):
            for column in wanted.get(key, wanted["total"]):
                a, b = got.get(key, {}).get(column, "no row"), wanted.get(key, {}).get(column, "no row")
                same = a == b or (isinstance(a, (int, float)) and isinstance(b, (int, float)) and abs(a - b) < 1e-6)
                if not same:
                    said.append(f"{key} {column}: engine {a}, naive {b}")
        return said

    @staticmethod
    def name_of(row):
        """As the naive reading names it: a contact that no record tells of, by its number."""
        key = urllib.parse.unquote(row["key"])
        return row["cells"]["client"] if key.startswith("hl-") else key

    def expect_behind(self, name, words, report, server):
        cells = [(row["key"], row["cells"], row["parts"]) for row in report["rows"]]
        cells.append(("total", report["total"], report["total_parts"]))
        types = ("integer",) if name in OF_TIME else ("integer", "percent", "seconds")
        columns = [c for c in report["columns"] if c["kind"] == "measure" and c["type"] in types and c["id"] in COUNTS.get(name, (c["id"],))
                   and not (c["type"] == "integer" and (c["formula"] or "").startswith("sum("))]  # a sum opens what it sums
        for (key, shown, parts), column in itertools.product(cells, columns):
            part = parts.get(column["id"])
            if shown.get(column["id"]) is None or (column["type"] != "integer" and part is None):
                continue
            behind = server.behind(name, words, f"{key}:{column['id']}")
            self.assertEqual(len(behind), part[1] if part else shown[column["id"]], f"{name} {key}:{column['id']} {words}")
            if column["type"] != "percent":
                continue
            counted = sum(row["counts"] for row in behind)
            if words.get("date") == "converted":
                # What was converted in the period need not have been created in it: only what was both is opened.
                self.assertLessEqual(counted, part[0], f"{name} {key}:{column['id']} {words}")
            else:
                self.assertEqual(counted, part[0], f"{name} {key}:{column['id']} {words}")

    def test_reports_agree(self):
        for seed in range(FIRMS):
            made, chance = firm(seed), random.Random(seed)
            self.load(made, seed)
            facts = naive_calls.Facts(made.records)
            now = made.end + chance.choice([0, DAY, 10 * DAY])
            with ReportServer(self, f"firm{seed}.db", iso(now)) as server:
                for name, (naive, choices) in REPORTS.items():
                    with self.subTest(seed=seed, report=name):
                        self.expect_report(name, naive, choices, made, facts, now, chance, server)

    def expect_report(self, name, naive, choices, made, facts, now, chance, server):
        words, bounds = self.period(chance, made)
        asked = self.asked(chance, choices)
        hours = hours_of_day(chance)
        words |= {k: str(v).lower() if v is True else v for k, v in (asked | hours).items()}
        naive_asked = {**asked, "now": now} if name in OF_NOW else asked
        report = server.report(name, words)
        wanted = naive(facts, naive_calls.Period(*bounds, **hours), **naive_asked)
        self.assertEqual(self.differences(report, wanted), [], words)
        self.expect_behind(name, words, report, server)


if __name__ == "__main__":
    unittest.main()
