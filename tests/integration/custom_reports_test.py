"""Reports in YAML: the examples of config/reports run, and what is wrong in one is pointed at."""
import re
import unittest

from hookline_cli import FIXTURES, SOURCE, CliTest

EXAMPLES = sorted((SOURCE / "config" / "reports").glob("*.yaml"))
PERIOD = ("--from", "2026-03-02", "--to", "2026-03-03")


class CustomReports(CliTest):
    config = FIXTURES / "metrics" / "reports.yaml"

    def setUp(self):
        super().setUp()
        text = self.yaml.read_text(encoding="utf-8").rstrip()
        text += "".join(f"\n  - {{plugin: custom, id: {p.stem}, settings: {{definition: {p}}}}}" for p in EXAMPLES)
        self.yaml.write_text(text + "\n", encoding="utf-8")
        self.hookline("import", "--source", "told", FIXTURES / "metrics" / "common.ndjson")

    def expect_behind(self, name, words, report):
        rows = [(row["key"], row["cells"]) for row in report["rows"]] + [("total", report["total"])]
        for column in [c for c in report["columns"] if c["type"] == "integer" and c["kind"] == "measure"]:
            for key, cells in rows:
                behind = self.json("report", name, *words, "--drill", f"{key}:{column['id']}")
                self.assertEqual(len(behind), cells[column["id"]], f"{name} {key}:{column['id']}")

    def test_every_example_runs_and_opens_its_figures(self):
        self.check_config()
        self.assertEqual(len(EXAMPLES), 7)
        for path in EXAMPLES:
            with self.subTest(report=path.stem):
                words = () if path.stem in ("newcomers", "amounts") else PERIOD
                report = self.json("report", path.stem, *words, "--now", "2026-03-05T12:00:00+03:00")
                self.assertTrue(report["rows"], path.stem)
                self.expect_behind(path.stem, (*words, "--now", "2026-03-05T12:00:00+03:00"), report)

    def test_figures_of_an_example(self):
        total = self.json("report", "lines", *PERIOD, "--set", "long_s=30")["total"]
        self.assertEqual([total[c] for c in ("calls", "share", "waited_long")], [13, 100, 2])
        rows = {row["key"]: row["cells"] for row in self.json("report", "phones", *PERIOD)["rows"]}
        self.assertEqual([rows["sidorova"][c] for c in ("ring_no_answer", "busy")], [2, 1])
        self.assertEqual([row["cells"]["rating"] for row in self.json("report", "ratings", *PERIOD)["rows"]], [1, 2, 5])

    def test_any_report_is_parted_by_time(self):
        rows = {row["key"]: row["cells"] for row in self.json("report", "lines", *PERIOD, "--set", "time_group=day")["rows"]}
        self.assertEqual(sum(cells["calls"] for cells in rows.values()), 13)
        self.assertEqual({key.split("/")[1] for key in rows}, {"2026-03-02", "2026-03-03"})
        for group, key in (("week", "2026-W10"), ("quarter", "2026-Q1"), ("year", "2026"), ("month", "2026-03")):
            report = self.json("report", "lines", *PERIOD, "--set", f"time_group={group}")
            self.assertEqual({row["key"].split("/")[1] for row in report["rows"]}, {key})

    def wrong(self, definition):
        """What `config check` says of it, in a file of its own."""
        (self.folder / "mine.yaml").write_text(definition, encoding="utf-8")
        text = self.yaml.read_text(encoding="utf-8")
        self.yaml.write_text(text + "  - {plugin: custom, id: mine, settings: {definition: mine.yaml}}\n", encoding="utf-8")
        said = self.check_config(expect=1)
        self.yaml.write_text(text, encoding="utf-8")
        return [re.sub(r"^\S*/", "", line) for line in said]

    def test_complaints_point_into_the_expression(self):
        said = self.wrong("title: Mine\nrows: calls\nmeasures:\n  - {id: calls, title: C, expr: count() where missd}\n"
                          "  - id: talk\n    title: T\n    expr: \"sum(tlk_s)\"\n")
        self.assertIn('mine.yaml:4:47: report mine: measures[0].expr: there is no field "missd"; did you mean "missed"?', said)
        self.assertIn('mine.yaml:7:16: report mine: measures[1].expr: there is no field "tlk_s"; did you mean "talk_s"?', said)

    def test_complaints_about_members_point_at_them(self):
        said = self.wrong("title: Mine\nrows: cals\nmeasures: []\n")
        self.assertTrue(said[0].startswith("mine.yaml:2:1: report mine: rows:"), said)
        said = self.wrong("title: Mine\nrows: calls\nmesures: [{id: c, title: C, expr: count()}]\n")
        self.assertIn('did you mean "measures"?', " ".join(said))

    def test_mistakes_in_types_and_by_zero(self):
        for expr, why in (("count() / 0", "division by zero"), ("sum(line)", "cannot be made of"), ("talk_s", "needs an aggregate")):
            said = " ".join(self.wrong(f"title: M\nrows: calls\nmeasures: [{{id: m, title: M, expr: {expr}}}]\n"))
            self.assertIn(why, said)
            self.assertIn("mine.yaml:3:", said)

    def test_only_a_plugin_scans(self):
        said = self.wrong("title: M\nrows: calls\nscan: contacts\nmeasures: [{id: m, title: M, type: integer}]\n")
        self.assertIn("only a plugin", " ".join(said))

    def test_a_runtime_does_not_begin_with_a_wrong_one(self):
        text = self.yaml.read_text(encoding="utf-8")
        self.yaml.write_text(text + "  - plugin: custom\n    id: inline\n    settings:\n      definition:\n        title: I\n"
                             "        rows: calls\n        measures: [{id: m, title: M, expr: cont()}]\n", encoding="utf-8")
        self.hookline("report", "lines", expect=2)
        self.assertIn('did you mean "count"', self.stderr)


if __name__ == "__main__":
    unittest.main()
