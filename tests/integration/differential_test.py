"""The engine against a second, naive reading of the definitions, on firms made at random."""
import datetime
import json
import os
import random
import unittest
import zoneinfo

import naive_calls
from hookline_cli import CliTest, FIXTURES
from random_firm import firm, iso
from report_server import YAML, ReportServer

FIRMS = int(os.environ.get("HKL_FIRMS", "40"))
ASKED = 8  # sets of parameters for each firm
HOURS = {"day_start": ["09:00", "12:30:15"], "day_end": ["06:00", "18:00", "23:45"], "week_days": ["mon,tue", "sat,sun", "wed"]}


def hours_of_day(chance):
    """§1.1.5; mostly none."""
    if chance.random() < 0.7:
        return {}
    return {name: chance.choice(values) for name, values in HOURS.items() if chance.random() < 0.6}


class Differential(CliTest):
    config = FIXTURES / "metrics" / "hookline.yaml"

    def load(self, made, name):
        text = self.config.read_text(encoding="utf-8").replace("Europe/Moscow", made.zone) + YAML
        self.yaml.write_text(text, encoding="utf-8")
        path = self.folder / f"{name}.ndjson"
        path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in made.records), encoding="utf-8")
        self.hookline("import", "--source", "canonical", path, store=f"{name}.db")

    def midnight(self, made, day):
        zone = zoneinfo.ZoneInfo(made.zone)
        at = datetime.datetime.combine(day, datetime.time(), zone)
        return round(at.timestamp() * 1000)

    def period(self, chance, made):
        first = datetime.datetime.fromtimestamp(made.begin / 1000, zoneinfo.ZoneInfo(made.zone)).date()
        a, b = sorted(chance.sample(range(-1, 5), 2))
        begin, last = first + datetime.timedelta(a), first + datetime.timedelta(b)
        bounds = self.midnight(made, begin), self.midnight(made, last + datetime.timedelta(1)), made.zone
        return {"from": begin.isoformat(), "to": last.isoformat()}, bounds

    def settings(self, chance):
        asked = {}
        for name, values in (("credit", ["first", "last", "each"]), ("hide_missed", [True]), ("by_extension", [True]),
                             ("first_call", [True]), ("first_gap_days", [0.5, 1, 2]), ("first_counts", ["in"]),
                             ("callback_within", ["5m", "2h", "1d"]), ("minutes", ["floor_each", "ceil_each"]),
                             ("manager", ["petrov", "ivanova,-", "orlov,sidorova"])):
            if chance.random() < 0.4:
                asked[name] = chance.choice(values)
        return asked | hours_of_day(chance)

    def test_calls_by_manager(self):
        for seed in range(FIRMS):
            made, chance = firm(seed), random.Random(seed)
            self.load(made, f"firm{seed}")
            facts = naive_calls.Facts(made.records)
            with ReportServer(self, f"firm{seed}.db", iso(made.end)) as server:
                for _ in range(ASKED):
                    words, bounds = self.period(chance, made)
                    asked = self.settings(chance)
                    words |= {k: str(v).lower() if v is True else v for k, v in asked.items()}
                    with self.subTest(seed=seed, asked=words):
                        report = server.report("calls-by-manager", words)
                        self.compare(report, facts, bounds, asked)
                if seed % 5 == 0:
                    self.expect_behind(server, words, report)

    def expect_behind(self, server, words, report):
        """Every figure opens as many rows as it counts."""
        columns = [c["id"] for c in report["columns"] if c["kind"] == "measure" and c["id"] != "minutes"]
        for row in [*report["rows"], {"key": "total", "cells": report["total"]}]:
            for column in columns:
                with self.subTest(asked=words, figure=f"{row['key']}:{column}"):
                    behind = server.behind("calls-by-manager", words, f"{row['key']}:{column}")
                    self.assertEqual(len(behind), row["cells"][column])

    def compare(self, report, facts, bounds, asked):
        naive = dict(asked)
        naive["minutes_how"] = naive.pop("minutes", "floor_sum")
        if "manager" in naive:
            naive["manager"] = set(naive["manager"].split(","))
        period = naive_calls.Period(*bounds, **{name: naive.pop(name) for name in HOURS if name in naive})
        wanted = naive_calls.calls_by_manager(facts, period, **naive)
        columns = [c["id"] for c in report["columns"] if c["kind"] == "measure"]
        got = {row["key"]: {c: row["cells"][c] for c in columns} for row in report["rows"]}
        got["total"] = {c: report["total"][c] for c in columns}
        differ = [f"{key} {column}: engine {got.get(key, {}).get(column)}, naive {wanted.get(key, {}).get(column)}"
                  for key in sorted(got.keys() | wanted.keys()) for column in columns
                  if got.get(key, {}).get(column) != wanted.get(key, {}).get(column)]
        self.assertEqual(differ, [])
        self.assertEqual(set(columns), set(wanted["total"]))


if __name__ == "__main__":
    unittest.main()
