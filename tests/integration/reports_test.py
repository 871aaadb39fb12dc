"""The worked examples of the reports beside calls-by-manager, from canonical records, and the rows behind their figures."""
import json
import unittest

from hookline_cli import FIXTURES, CliTest
from report_server import YAML, ReportServer

PERIOD = ("--from", "2026-03-02", "--to", "2026-03-03")
MARCH = ("--from", "2026-03-01", "--to", "2026-03-31")


class ReportTest(CliTest):
    config = FIXTURES / "metrics" / "reports.yaml"
    source = "canonical"

    def setUp(self):
        super().setUp()
        with open(self.yaml, "a", encoding="utf-8") as yaml:
            yaml.write(YAML)
        self.hookline("import", "--source", self.source, self.records())

    def records(self):
        return FIXTURES / "metrics" / "common.ndjson"

    def words(self, settings, period, now):
        return [*period, *(w for s in settings for w in ("--set", s)), *(("--now", now) if now else ())]

    def report(self, name, *settings, period=PERIOD, now=None):
        """Rows as {key: cells, "total": cells}, after looking behind every figure."""
        report = self.json("report", name, *self.words(settings, period, now))
        rows = {row["key"]: row["cells"] for row in report["rows"]}
        rows["total"] = report["total"]
        self.look_behind(name, {"from": period[1], "to": period[3], **dict(s.split("=", 1) for s in settings)}, now, report, rows)
        return rows

    def look_behind(self, name, asked, now, report, rows):
        parts = {row["key"]: row["parts"] for row in report["rows"]}
        parts["total"] = report["total_parts"]
        # Every cell where there are few; of the larger tables the ends.
        keys = list(rows) if len(rows) <= 4 else [report["rows"][0]["key"], report["rows"][-1]["key"], "total"]
        with ReportServer(self, now=now) as server:
            for column in [c for c in report["columns"] if c["kind"] == "measure"]:
                for key in keys:
                    behind = server.behind(name, asked, f"{key}:{column['id']}")
                    where = f"{name} {key}:{column['id']} with {asked}"
                    self.expect_behind(behind, where, column, rows[key][column["id"]], parts[key].get(column["id"]))

    def expect_behind(self, rows, where, column, figure, parts):
        if column["type"] == "percent":
            self.assertEqual(len(rows), parts[1] if parts else 0, where)
        elif column["type"] == "integer" and not (column["formula"] or "").startswith("sum("):  # counts rows
            self.assertEqual(len(rows), figure, where)
        elif parts:
            self.assertEqual(len(rows), parts[1], where)

    def expect(self, rows, columns, expected):
        self.assertEqual(set(rows), set(expected))
        for key, cells in expected.items():
            shown = [round(v, 4) if isinstance(v, float) else v for v in (rows[key][c] for c in columns)]
            self.assertEqual(shown, cells, key)


class Calls(ReportTest):
    def test_lost_calls(self):
        self.expect(self.report("lost-calls"), ["calls", "share", "called_back", "average_wait_s"], {
            "client_hung_up": [3, 50, 2, 17.6667],
            "dial_timeout": [1, 16.6667, 0, 25],
            "employee_busy": [1, 16.6667, 1, 2],
            "queue_timeout": [1, 16.6667, 1, 60],
            "total": [6, 100, 4, 23.3333],
        })

    def test_lost_calls_without_non_target(self):
        rows = self.report("lost-calls", "quality=target,repeat,unverified,unsorted")
        self.assertEqual((rows["total"]["calls"], rows["client_hung_up"]["calls"], rows["client_hung_up"]["share"]), (5, 2, 40))

    def test_lost_causes(self):
        rows = self.report("lost-calls", "by=lost_cause")
        self.assertEqual({k: c["calls"] for k, c in rows.items()}, {"not_picked_up": 3, "short": 1, "all_busy": 2, "total": 6})
        self.assertEqual((rows["total"]["staff_shortage"], rows["total"]["discipline"]), (40, 60))

    def test_employee_efficiency(self):
        columns = ["accepted", "unique_accepted", "unique_in_period", "average_wait_s", "outgoing", "unique_numbers",
                   "long_talks", "talk_s", "average_talk_s"]
        self.expect(self.report("employee-efficiency"), columns, {
            "ivanova": [4, 3, 6, 11.75, 1, 1, 0, 544, 108.8],
            "orlov": [0, 0, 6, None, 1, 1, 1, 60, 60],
            "petrov": [2, 0, 6, 30, 2, 1, 1, 630, 210],
            "sidorova": [1, 0, 6, 10, 2, 1, 1, 241, 80.3333],
            "-": [1, 1, 6, 15, 0, 0, 0, 300, 300],
            "total": [7, 4, 6, 14.5714, 6, 4, 3, 1775, 147.9167],
        })

    def test_employee_efficiency_of_a_department(self):
        total = self.report("employee-efficiency", "department=sales")["total"]
        self.assertEqual([total[c] for c in ("accepted", "unique_accepted", "unique_in_period", "average_wait_s", "outgoing",
                                             "unique_numbers", "long_talks", "talk_s")], [5, 3, 6, 15.4, 4, 3, 2, 1234])
        self.assertEqual(round(total["average_talk_s"], 2), 154.25)
        rows = self.report("employee-efficiency", "department=service")
        self.assertEqual(set(rows), {"petrov", "sidorova", "total"})
        self.assertEqual([rows["total"][c] for c in ("accepted", "outgoing", "unique_numbers", "long_talks", "talk_s")],
                         [3, 4, 2, 2, 871])
        self.assertEqual(round(rows["total"]["average_talk_s"], 2), 145.17)
        self.hookline("report", "employee-efficiency", "--set", "department=servise", expect=2)
        self.assertIn('did you mean "service"', self.stderr)

    def test_service_level(self):
        levels = {
            "less_short": [25, 41.67, 50, 58.33],
            "of_offered": [23.08, 38.46, 46.15, 53.85],
            "of_answered": [42.86, 71.43, 85.71, 100],
            "answered_and_abandoned": [30, 50, 60, 70],
            "early_forgiven": [38.46, 53.85, 61.54, 69.23],
        }
        for variant, expected in levels.items():
            total = self.report("service-level", "threshold_s=10,15,20,30", f"sl_variant={variant}", "by=none")["total"]
            self.assertEqual([round(total[f"sl_{t}"], 2) for t in (10, 15, 20, 30)], expected, variant)
            self.assertEqual([total[f"within_{t}"] for t in (10, 15, 20, 30)], [3, 5, 6, 7])

    def test_speed_of_answer_and_abandon_rate(self):
        total = self.report("service-level", "by=queue")["total"]
        self.assertEqual([total[c] for c in ("offered", "answered", "abandoned", "short", "system_ended")], [13, 7, 3, 1, 3])
        self.assertEqual([round(total[c], 2) for c in ("asa_s", "ata_s", "abandon_rate", "lost_rate", "longest_wait_s")],
                         [14.57, 16, 16.67, 46.15, 60])
        # k01 210, k05 4, k06 40 + 300, k10 180, k13 270, k14 90, k19 300; the fixture's PBX tells no after-call work.
        self.assertEqual(round(total["aht_s"], 2), 199.14)
        names = ["0_5", "5_10", "10_15", "15_20", "20_30", "30_more"]
        self.assertEqual([(total[f"answered_{n}"], total[f"abandoned_{n}"]) for n in names],
                         [(0, 1), (1, 0), (3, 1), (1, 0), (1, 0), (1, 1)])

    def test_thresholds_that_are_none_are_refused(self):
        for wrong in ("threshold_s=soon", "threshold_s=0", "threshold_s=-5"):
            self.hookline("report", "service-level", "--set", wrong, expect=2)
            self.assertIn("threshold_s", self.stderr)

    def test_heat_map(self):
        rows = self.report("heat-map")
        self.assertEqual({k: (c["calls"], c["missed"]) for k, c in rows.items() if k != "total"}, {
            "1/09": (2, 1), "1/10": (1, 0), "1/11": (1, 0), "1/12": (1, 1), "1/13": (2, 1), "1/23": (1, 0),
            "2/09": (1, 0), "2/10": (1, 1), "2/12": (1, 1), "2/14": (1, 0), "2/17": (1, 1)})

    def test_repeat_calls(self):
        rows = self.report("repeat-calls", now="2026-03-20T12:00:00+03:00")
        self.assertEqual([round(rows["total"][c], 2) for c in ("calls", "resolved", "repeated", "pending", "fcr")],
                         [6, 4, 2, 0, 66.67])
        young = self.report("repeat-calls", now="2026-03-05T12:00:00+03:00")["total"]
        self.assertEqual((young["pending"], young["fcr"]), (6, None))

    def test_callback_speed(self):
        total = self.report("callback-speed")["total"]
        self.assertEqual([total[c] for c in ("episodes", "attempted", "contacted", "by_us", "by_client", "still_open")],
                         [4, 2, 3, 2, 1, 1])
        self.assertEqual([total[c] for c in ("attempt_within_30", "contact_within_60", "by_us_within_60")], [25, 50, 25])
        self.assertEqual([total[c] for c in ("median_attempt_s", "p90_attempt_s", "median_contact_s")], [1460, 58140, 2975])
        self.assertEqual(total["by_client_within_60"], 25)

    def test_callback_speed_of_a_department(self):
        # k15 rang ivanova, k09 found sidorova busy; k02 rang three at once and k20 nobody.
        for department, episodes in (("sales", {"ivanova": 1}), ("service", {"sidorova": 1}), ("-", {"-": 2}), ("!sales", {"sidorova": 1, "-": 2})):
            rows = self.report("callback-speed", f"department={department}")
            self.assertEqual({k: c["episodes"] for k, c in rows.items() if k != "total"}, episodes, department)


class Lists(ReportTest):
    def keys(self, name, *settings, period=PERIOD):
        report = self.json("report", name, *self.words(settings, period, None))
        self.total = report["total"]
        return [row["key"].split("%3A")[-1] for row in report["rows"]]

    def test_calls(self):
        self.assertEqual(len(self.keys("calls")), 19)
        self.assertEqual([len(self.keys("calls", f"tab={tab}")) for tab in ("in", "out")], [13, 6])
        self.assertEqual(self.keys("calls", "direction=internal"), ["k07"])
        self.assertEqual((len(self.keys("calls", "direction=internal,out")), len(self.keys("calls", "direction=out"))), (7, 6))
        self.assertEqual(len(self.json("report", "calls", *PERIOD, "--set", "direction=internal", "--drill", "total:calls")), 1)
        self.assertEqual(self.keys("calls", "status=missed"), ["k20", "k17", "k15", "k09", "k08", "k02"])
        self.assertEqual(sorted(self.keys("calls", "employee=petrov")), ["k02", "k03", "k04", "k06", "k14"])
        self.assertEqual(sorted(self.keys("calls", "group=service")),
                         ["k02", "k03", "k04", "k06", "k08", "k09", "k10", "k11", "k12", "k14"])
        self.assertEqual(sorted(self.keys("calls", "tags=цена")), ["k06", "k10"])
        self.assertEqual(sorted(self.keys("calls", "kind=quality")),
                         ["k01", "k04", "k06", "k10", "k11", "k12", "k13", "k14", "k16", "k19"])
        self.assertEqual(sorted(self.keys("calls", "kind=unique")), ["k01", "k02", "k05", "k09", "k13", "k19"])

    def test_cells_of_a_call_and_their_total(self):
        rows = self.report("calls")
        k06 = rows["pbx1%3Ak06"]
        self.assertEqual([k06[c] for c in ("time", "employee", "status", "wait_s", "talk_s", "rating", "tags")],
                         ["2026-03-02T08:00:00.000Z", "Иванова А.", "answered", 20, 350, 2, "цена"])
        self.assertEqual([rows["total"][c] for c in ("employee", "calls", "accepted", "talk_s")], [None, 19, 7, 1785])

    def test_export_names_departments(self):
        rows = self.report("call-export")
        self.assertEqual(rows["pbx1%3Ak14"]["department"], "Продажи; Сервис")
        self.assertEqual(rows["pbx1%3Ak16"]["department"], "Продажи")
        self.assertIsNone(rows["pbx1%3Ak20"]["department"])
        self.assertEqual([rows["pbx1%3Ak06"][c] for c in ("legs", "client_raw", "incomplete", "offered_at", "visit", "request")],
                         ["employee 101 answered 0–60 s; employee 102 answered 60–370 s", "+79163330003", "no",
                          "2026-03-02T08:00:00.000Z", None, None])

    def test_inquiries(self):
        self.assertEqual(len(self.keys("inquiries")), 13)
        self.assertEqual(len(self.keys("inquiries", "non_advertising=true")), 20)
        self.assertEqual(len(self.keys("inquiries", "non_advertising=true", "direction=internal")), 1)
        rows = self.report("inquiries")
        self.assertEqual([key for key, cells in rows.items() if key != "total" and cells["highlighted"]], ["i01"])
        self.assertEqual(rows["i01"]["manager"], "Иванова А.")
        self.assertEqual(self.report("inquiries", "manager_by=responsible")["i01"]["manager"], "Петров Б.")
        self.assertEqual(self.keys("inquiries", "manager_by=responsible", "manager=ivanova", period=PERIOD)[-1], "i13")


class Tasks(ReportTest):
    source = "told"  # as live, so that tasks are made

    def test_task_discipline(self):
        total = self.report("task-discipline", now="2026-03-05T12:00:00+03:00")["total"]
        self.assertEqual([total[c] for c in ("created", "in_time", "late", "open_not_due", "overdue", "on_time")],
                         [4, 2, 1, 0, 1, 50])


class Leads(ReportTest):
    """The fourteen leads of metrics §6; stages are a funnel of their own."""

    def records(self):
        stages = [("new", []), ("work", ["in_work"]), ("won", ["closed_successfully"]),
                  *((s, ["closed_unsuccessfully"]) for s in ("price", "terms", "slow"))]
        lines = [{"type": "funnel", "id": "f", "name": "F", "stages": [{"id": s, "name": s, "groups": g} for s, g in stages]}]
        lines += [{"type": "employee", "id": e, "name": e.title(), "departments": [], "extensions": []}
                  for e in ("ivanova", "petrov", "orlov", "sidorova")]
        told = [("R01", "Звонок", "02T09:08", "ivanova", "03T10:00", None, "won", "03T10:00"),
                ("R02", "Звонок", "02T10:00", "petrov", None, "02T12:00", "won", "02T12:00"),
                ("R03", "Звонок", "05T10:00", "ivanova", "06T10:00", "20T10:00", "won", "20T10:00"),
                ("R04", "Звонок", "07T10:00", "petrov", None, None, "price", "09T10:00"),
                ("R05", "Звонок", "10T10:00", None, None, None, "new", None),
                ("R06", "Сайт", "03T10:00", "ivanova", None, "04-02T10:00", "won", "04-02T10:00"),
                ("R07", "Сайт", "04T10:00", "petrov", None, None, "terms", "31T23:59"),
                ("R08", "Сайт", "15T10:00", "petrov", None, None, "price", "04-01T00:00"),
                ("R09", "Сайт", "31T23:59", "sidorova", None, None, "work", None),
                ("R10", "Сайт", "02-28T10:00", "sidorova", None, None, "slow", "05T10:00"),
                ("R11", "Чат", "12T10:00", "sidorova", "18T10:00", None, "won", "18T10:00"),
                ("R12", "Чат", "20T10:00", "ivanova", None, None, "new", None),
                ("R13", "Звонок", "21T10:00", "orlov", "22T10:00", None, "won", "22T10:00"),
                ("R14", "Чат", "04-01T00:00", "petrov", None, None, "new", None)]

        def at(text):
            return text and f"2026-{text if '-' in text else '03-' + text}:00+03:00"
        for lead, kind, created, who, order, sale, stage, closed in told:
            lines.append({"type": "contact", "id": f"c{lead}", "name": lead, "numbers": [], "merged_into": None})
            lines.append({"type": "lead", "id": lead, "contact": f"c{lead}", "kind": kind, "funnel": "f", "stage": stage, "responsible": who,
                          "created_at": at(created), "created_by": "manual", "order_at": at(order), "sale_at": at(sale),
                          "closed_at": at(closed), "merged_into": "R01" if lead == "R12" else None})
        lines.append({"type": "lead_change", "id": "h1", "lead": "R03", "at": at("05T12:00"), "by": "petrov",
                      "field": "responsible", "from": "petrov", "to": "ivanova", "with_inquiries": False})
        lines.append({"type": "lead_change", "id": "h2", "lead": "R11", "at": at("19T12:00"), "by": "orlov",
                      "field": "responsible", "from": "orlov", "to": "sidorova", "with_inquiries": False})
        path = self.folder / "leads.ndjson"
        path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
        return path

    COLUMNS = ["leads", "orders", "sales", "converted", "conversion"]

    def test_conversion_by_type(self):
        rows = self.report("lead-conversion", period=MARCH)
        self.expect({k.split("/")[0]: v for k, v in rows.items()}, self.COLUMNS, {
            "Звонок": [6, 3, 2, 4, 66.6667], "Сайт": [4, 0, 1, 1, 25], "Чат": [1, 1, 0, 1, 100],
            "total": [11, 4, 3, 6, 54.5455]})

    def test_conversion_by_its_own_date(self):
        total = self.report("lead-conversion", "date=converted", period=MARCH)["total"]
        self.assertEqual([total[c] for c in ("leads", "orders", "sales", "converted")], [11, 4, 2, 5])

    def test_employees(self):
        rows = self.report("employee-performance", period=MARCH)
        self.expect(rows, self.COLUMNS, {
            "ivanova": [3, 2, 2, 3, 100], "orlov": [1, 1, 0, 1, 100], "petrov": [4, 0, 1, 1, 25],
            "sidorova": [2, 1, 0, 1, 50], "-": [1, 0, 0, 0, 0], "total": [11, 4, 3, 6, 54.5455]})
        behind = self.json("report", "employee-performance", *MARCH, "--drill", "orlov:leads")
        self.assertEqual([lead["id"] for lead in (behind["rows"] if isinstance(behind, dict) else behind)], ["R13"])

    def test_who_had_it_when_it_closed(self):
        rows = self.report("employee-performance", "credit=at_close", period=MARCH)
        self.assertEqual({k: c["leads"] for k, c in rows.items()},
                         {"ivanova": 3, "orlov": 2, "petrov": 4, "sidorova": 1, "-": 1, "total": 11})
        # The filter is of the rows, whoever stands in them.
        chosen = self.report("employee-performance", "credit=at_close", "employee=orlov", period=MARCH)
        self.assertEqual({k: c["leads"] for k, c in chosen.items()}, {"orlov": 2, "total": 2})
        self.assertEqual(self.report("employee-performance", "employee=orlov", period=MARCH)["total"]["leads"], 1)

    def test_closed_unsuccessfully(self):
        def numbers(*settings):
            report = self.json("report", "closed-unsuccessfully", *self.words(settings, MARCH, None))
            return [row["key"] for row in report["rows"]]
        self.assertEqual(numbers(), ["R07", "R04", "R10"])
        self.assertEqual(numbers("type=Сайт"), ["R07", "R10"])
        self.assertEqual(sorted(numbers("date=created")), ["R04", "R07", "R08"])
        reasons = self.report("closed-unsuccessfully", "show=reasons", "date=created", period=MARCH)
        self.assertEqual({k: (c["leads"], round(c["share"], 2)) for k, c in reasons.items()},
                         {"price": (2, 66.67), "terms": (1, 33.33), "total": (3, 100)})


if __name__ == "__main__":
    unittest.main()
