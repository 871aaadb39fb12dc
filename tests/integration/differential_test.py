"""The engine against a second, naive reading of the definitions, on firms made at random."""
import datetime
import json
import os
import random
import unittest
import zoneinfo

import naive_calls
from hookline_cli import CliTest, FIXTURES
from random_firm import firm

FIRMS = int(os.environ.get("HKL_FIRMS", "25"))
ASKED = 8  # sets of parameters for each firm


class Differential(CliTest):
    config = FIXTURES / "metrics" / "hookline.yaml"

    def load(self, made, name):
        text = self.config.read_text(encoding="utf-8").replace("Europe/Moscow", made.zone)
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
        return (("--from", begin.isoformat(), "--to", last.isoformat()), self.midnight(made, begin),
                self.midnight(made, last + datetime.timedelta(1)))

    def settings(self, chance):
        asked = {}
        for name, values in (("credit", ["first", "last", "each"]), ("hide_missed", [True]), ("by_extension", [True]),
                             ("first_call", [True]), ("first_gap_days", [0.5, 1, 2]), ("minutes", ["floor_each", "ceil_each"]),
                             ("manager", ["petrov", "ivanova,-", "orlov,sidorova"])):
            if chance.random() < 0.4:
                asked[name] = chance.choice(values)
        return asked

    def test_calls_by_manager(self):
        for seed in range(FIRMS):
            made, chance = firm(seed), random.Random(seed)
            self.load(made, f"firm{seed}")
            facts = naive_calls.Facts(made.records)
            for _ in range(ASKED):
                words, begin, end = self.period(chance, made)
                asked = self.settings(chance)
                with self.subTest(seed=seed, period=words, settings=asked):
                    self.compare(f"firm{seed}.db", facts, words, begin, end, asked)

    def test_every_figure_opens_as_many_rows_as_it_counts(self):
        for seed in range(0, FIRMS, 8):
            made, chance = firm(seed), random.Random(seed)
            self.load(made, f"firm{seed}")
            words, asked = self.period(chance, made)[0], self.settings(chance)
            options = self.options(asked)
            report = self.json("report", "calls-by-manager", *words, *options, store=f"firm{seed}.db")
            columns = [c["id"] for c in report["columns"] if c["kind"] == "measure" and c["id"] != "minutes"]
            for row in [*report["rows"], {"key": "total", "cells": report["total"]}]:
                for column in columns:
                    with self.subTest(seed=seed, settings=asked, figure=f"{row['key']}:{column}"):
                        drilled = self.json("report", "calls-by-manager", *words, *options, "--drill",
                                            f"{row['key']}:{column}", store=f"firm{seed}.db")
                        self.assertEqual(len(drilled), row["cells"][column])

    def options(self, asked):
        return [w for k, v in asked.items() for w in ("--set", f"{k}={str(v).lower() if v is True else v}")]

    def compare(self, store, facts, words, begin, end, asked):
        naive = dict(asked)
        naive["minutes_how"] = naive.pop("minutes", "floor_sum")
        if "manager" in naive:
            naive["manager"] = set(naive["manager"].split(","))
        wanted = naive_calls.calls_by_manager(facts, begin, end, **naive)
        report = self.json("report", "calls-by-manager", *words, *self.options(asked), store=store)
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
