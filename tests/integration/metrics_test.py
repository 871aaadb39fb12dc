"""The worked examples of calls-by-manager, to the digit, from canonical records, and every figure's drill-down."""
import json
import unittest

from hookline_cli import FIXTURES, CliTest
from report_server import YAML, ReportServer

COLUMNS = ["minutes", "calls", "out", "in", "target", "target_out", "target_in", "first_unique_target", "target_missed",
           "target_called_back", "called_back", "leads", "leads_by_missed", "leads_in_work"]
PERIOD = ("--from", "2026-03-02", "--to", "2026-03-03")

PLAIN = {
    "ivanova": [14, 7, 1, 6, 5, 1, 4, 2, 1, 0, 1, 3, 0, 3],
    "orlov": [1, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0],
    "petrov": [5, 3, 2, 1, 3, 2, 1, 0, 0, 0, 0, 0, 0, 0],
    "sidorova": [4, 5, 2, 3, 5, 2, 3, 2, 2, 1, 1, 1, 1, 0],
    "-": [5, 3, 0, 3, 3, 0, 3, 1, 2, 2, 2, 1, 1, 0],
    "total": [29, 19, 6, 13, 17, 6, 11, 5, 5, 3, 4, 5, 2, 3],
}
NO_MISSED_COLUMNS = [c for c in COLUMNS if c not in ("target_missed", "target_called_back", "called_back", "leads_by_missed")]
HIDE_MISSED = {
    "ivanova": [14, 5, 1, 4, 4, 1, 3, 2, 3, 3],
    "orlov": [1, 1, 1, 0, 1, 1, 0, 0, 0, 0],
    "petrov": [5, 2, 1, 1, 2, 1, 1, 0, 0, 0],
    "sidorova": [4, 3, 2, 1, 3, 2, 1, 1, 0, 0],
    "-": [5, 1, 0, 1, 1, 0, 1, 0, 0, 0],
    "total": [29, 12, 5, 7, 11, 5, 6, 3, 3, 3],
}
FIRST_CALL = {
    "ivanova": [8, 3, 0, 3, 2, 0, 2, 2, 0, 0, 0, 2, 0, 2],
    "sidorova": [0, 2, 1, 1, 2, 1, 1, 2, 1, 1, 1, 1, 1, 0],
    "-": [0, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 0],
    "total": [8, 6, 1, 5, 5, 1, 4, 5, 2, 2, 2, 4, 2, 2],
}


class CallsByManager(CliTest):
    config = FIXTURES / "metrics" / "hookline.yaml"

    def setUp(self):
        super().setUp()
        with open(self.yaml, "a", encoding="utf-8") as yaml:
            yaml.write(YAML)
        self.hookline("import", "--source", "canonical", FIXTURES / "metrics" / "common.ndjson")

    def report(self, *settings, period=PERIOD):
        words = [w for s in settings for w in ("--set", s)]
        return self.json("report", "calls-by-manager", *period, *words)

    def table(self, report, columns=COLUMNS):
        rows = {row["key"]: [row["cells"][c] for c in columns] for row in report["rows"]}
        rows["total"] = [report["total"][c] for c in columns]
        return rows

    def expect_drill_downs(self, report, *settings, period=PERIOD):
        asked = {"from": period[1], "to": period[3], **dict(s.split("=", 1) for s in settings)}
        columns = [c["id"] for c in report["columns"] if c["kind"] == "measure" and c["id"] != "minutes"]
        with ReportServer(self) as server:
            for key, cells in [(r["key"], r["cells"]) for r in report["rows"]] + [("total", report["total"])]:
                for column in columns:
                    rows = server.behind("calls-by-manager", asked, f"{key}:{column}")
                    self.assertEqual(len(rows), cells[column], f"{key}:{column} with {settings}")

    def test_no_options(self):
        report = self.report()
        self.assertEqual(self.table(report), PLAIN)
        self.assertEqual([r["key"] for r in report["rows"]], ["ivanova", "orlov", "petrov", "sidorova", "-"])
        self.expect_drill_downs(report)

    def test_hide_missed(self):
        report = self.report("hide_missed=true")
        self.assertEqual(self.table(report, NO_MISSED_COLUMNS), HIDE_MISSED)
        ids = {c["id"] for c in report["columns"]}
        self.assertFalse(ids & {"target_missed", "target_called_back", "called_back", "leads_by_missed"})

    def test_by_extension(self):
        report = self.report("by_extension=true")
        rows = self.table(report)
        self.assertEqual(rows["-/-"], [0, 2, 0, 2, 2, 0, 2, 1, 2, 2, 2, 1, 1, 0])
        self.assertEqual(rows["-/104"][:2], [5, 1])
        self.assertEqual(rows["petrov/102"], PLAIN["petrov"])
        self.assertEqual(rows["orlov/102"], PLAIN["orlov"])
        self.assertEqual(rows["total"], PLAIN["total"])

    def test_first_call(self):
        report = self.report("first_call=true")
        self.assertEqual(self.table(report), FIRST_CALL)
        self.expect_drill_downs(report, "first_call=true")

    def test_first_call_with_a_gap(self):
        rows = self.table(self.report("first_call=true", "first_gap_days=30"))
        named = dict(zip(COLUMNS, rows["ivanova"]))
        self.assertEqual([named[c] for c in ("minutes", "calls", "target", "first_unique_target", "leads", "leads_in_work")],
                         [13, 4, 3, 3, 3, 3])
        named = dict(zip(COLUMNS, rows["total"]))
        self.assertEqual([named[c] for c in ("minutes", "calls", "target", "first_unique_target", "leads", "leads_in_work")],
                         [14, 7, 6, 6, 5, 3])

    def test_credit_last(self):
        rows = self.table(self.report("credit=last"))
        for key, expected in (("ivanova", [8, 6, 2, 2]), ("petrov", [11, 4, 1, 1])):
            named = dict(zip(COLUMNS, rows[key]))
            self.assertEqual([named[c] for c in ("minutes", "calls", "leads", "leads_in_work")], expected, key)
        self.assertEqual(rows["total"], PLAIN["total"])

    def test_monday_only(self):
        rows = self.table(self.report(period=("--from", "2026-03-02", "--to", "2026-03-02")))
        named = dict(zip(COLUMNS, rows["total"]))
        wanted = {"minutes": 21, "calls": 12, "out": 4, "in": 8, "target": 11, "first_unique_target": 5, "target_missed": 3,
                  "target_called_back": 2, "called_back": 2, "leads": 5, "leads_by_missed": 2, "leads_in_work": 3}
        self.assertEqual({k: named[k] for k in wanted}, wanted)

    def test_manager_filter_takes_the_unassigned_too(self):
        rows = self.table(self.report("manager=petrov,-"))
        self.assertEqual(set(rows), {"petrov", "-", "total"})
        self.assertEqual(rows["total"][1], 6)

    def test_export_and_import_elsewhere_give_the_same(self):
        exported = self.folder / "all.ndjson"
        exported.write_text(self.hookline("export"), encoding="utf-8")
        self.hookline("import", "--source", "canonical", exported, store="second.db")
        second = self.json("report", "calls-by-manager", *PERIOD, store="second.db")
        self.assertEqual(self.table(second), PLAIN)

    def test_any_order_and_repeats_give_the_same(self):
        import random
        lines = (FIXTURES / "metrics" / "common.ndjson").read_text(encoding="utf-8").splitlines()
        before = self.state()
        for seed in (1, 2, 3):
            shuffled = lines + lines[: len(lines) // 2]
            random.Random(seed).shuffle(shuffled)
            path = self.folder / f"{seed}.ndjson"
            path.write_text("\n".join(shuffled) + "\n", encoding="utf-8")
            self.hookline("import", "--source", "canonical", path, store=f"{seed}.db")
            self.assertEqual(self.state(store=f"{seed}.db"), before, f"seed {seed}")

    def test_rebuild_gives_the_same(self):
        before = self.state()
        self.hookline("rebuild")
        self.assertEqual(self.state(), before)


class Tasks(CliTest):
    """metrics §5.4: the same calls as live ones."""

    config = FIXTURES / "metrics" / "hookline.yaml"

    def tasks(self, settings=""):
        text = self.yaml.read_text(encoding="utf-8")
        text = text.replace("reports:", "sources: [{name: told, plugin: canonical, history: false}]\nreports:")
        text = text.replace("{plugin: callback-missed}", f"{{plugin: callback-missed, settings: {{{settings}}}}}")
        text += "calendars: {office: {days: mon-fri, hours: [\"09:00-18:00\"]}}\n"
        self.yaml.write_text(text, encoding="utf-8")
        self.hookline("import", "--source", "told", FIXTURES / "metrics" / "common.ndjson")
        tasks = self.json("tasks", "--now", "2026-03-05T12:00:00+03:00")
        return {t["call"].split(":")[1]: t for t in tasks if t["kind"] == "callback"}

    def test_wall_clock(self):
        tasks = self.tasks()
        self.assertEqual(set(tasks), {"k02", "k09", "k15", "k20"})
        seen = {k: (t["assignee"], t["deadline_at"], t["done_at"], t["state"]) for k, t in tasks.items()}
        self.assertEqual(seen, {
            "k02": (None, "2026-03-02T10:20:40.000Z", "2026-03-02T07:10:15.000Z", "done"),
            "k09": ("sidorova", "2026-03-02T14:00:02.000Z", "2026-03-02T10:30:10.000Z", "done"),
            "k15": ("ivanova", "2026-03-03T11:00:03.000Z", None, "overdue"),
            "k20": ("ivanova", "2026-03-03T18:01:00.000Z", "2026-03-04T06:10:06.000Z", "done"),
        })

    def test_working_hours(self):
        tasks = self.tasks("working_hours: office")
        self.assertEqual(tasks["k20"]["deadline_at"], "2026-03-04T09:01:00.000Z")
        self.assertEqual(tasks["k15"]["deadline_at"], "2026-03-03T11:00:03.000Z")

    def test_an_hour(self):
        tasks = self.tasks("deadline: 1h")
        self.assertEqual(tasks["k02"]["deadline_at"], "2026-03-02T07:20:40.000Z")


if __name__ == "__main__":
    unittest.main()
