"""Files for people: what is in an XLSX, a page to print or a chart is what JSON says, typed, in the zone, and computes nothing."""
import datetime
import io
import json
import subprocess
import unittest
import xml.etree.ElementTree
from html.parser import HTMLParser

import openpyxl
from hookline_cli import FIXTURES, CliTest

MOSCOW = datetime.timezone(datetime.timedelta(hours=3))
PERIOD = ("--from", "2026-03-02", "--to", "2026-03-03", "--now", "2026-03-09T08:00:00Z")
REPORTS = ("lost-calls", "employee-efficiency", "lead-conversion", "service-level", "heat-map", "callback-speed", "repeat-calls",
           "task-discipline", "calls", "call-export", "closed-unsuccessfully", "inquiries")
# What a spreadsheet would compute, or a browser run.
HOSTILE = ("=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "<script>alert(1)</script>", "\tx", "x" * 40000)


class OutTest(CliTest):
    config = FIXTURES / "metrics" / "reports.yaml"

    def setUp(self):
        super().setUp()
        self.hookline("import", "--source", "told", FIXTURES / "metrics" / "common.ndjson")

    def file(self, *words, suffix):
        path = self.folder / f"out.{suffix}"
        self.hookline(*words, "--format", suffix, "--out", path)
        return path

    def book(self, *words):
        return openpyxl.load_workbook(self.file(*words, suffix="xlsx"))

    def told(self, name, numbers):
        """A hostile text wherever a client's name goes."""
        records = [{"type": "call", "id": f"told:h{n}", "source": "told", "direction": "in", "client_number": f"+7495000{n:04}",
                    "started_at": "2026-03-05T09:00:00Z", "ended_at": "2026-03-05T09:00:20Z", "tags": [name]} for n in numbers]
        self.hookline("import", "--source", "told", "-", text_in="".join(json.dumps(r) + "\n" for r in records))


class Xlsx(OutTest):
    def expected(self, value, kind):
        """A cell of JSON as openpyxl should read it."""
        if value is None:
            return None
        if kind == "seconds":
            return datetime.timedelta(seconds=value)
        if kind == "percent":
            return value / 100
        if kind == "money":  # minor units there
            return value / 100
        if kind == "time":
            return datetime.datetime.fromisoformat(value.replace("Z", "+00:00")).astimezone(MOSCOW).replace(tzinfo=None, microsecond=0)
        return value

    def expect_cell(self, cell, value, column, where):
        found, expected = cell.value, self.expected(value, column["type"])
        if isinstance(expected, datetime.timedelta):
            self.assertEqual(cell.number_format, "[h]:mm:ss", where)
            found = found if isinstance(found, datetime.timedelta) else datetime.timedelta(days=float(found or 0))
            self.assertAlmostEqual(found.total_seconds(), expected.total_seconds(), 2, where)
        elif isinstance(expected, datetime.datetime):
            self.assertLess(abs(found - expected), datetime.timedelta(seconds=1), where)
        elif isinstance(expected, float):
            self.assertAlmostEqual(found, expected, 9, where)
        else:
            self.assertEqual(found, expected, where)

    def test_every_report_is_the_same_as_its_json_cell_by_cell(self):
        for report in REPORTS:
            with self.subTest(report=report):
                answer = self.json("report", report, *PERIOD, "--language", "en")
                sheet = self.book("report", report, *PERIOD, "--language", "en").worksheets[0]
                self.assertEqual([c.value for c in sheet[1]], [c["title"] for c in answer["columns"]])
                self.assertEqual(sheet.max_row, len(answer["rows"]) + 2)
                for n, row in enumerate(answer["rows"], 2):
                    for cell, column in zip(sheet[n], answer["columns"]):
                        self.expect_cell(cell, row["cells"][column["id"]], column, (report, row["key"], column["id"]))
                for i, (cell, column) in enumerate(zip(sheet[sheet.max_row], answer["columns"])):
                    if column["kind"] == "measure" and i > 0:
                        self.expect_cell(cell, answer["total"][column["id"]], column, (report, "total", column["id"]))

    def test_words_are_those_of_the_language(self):
        sheet = self.book("report", "lost-calls", *PERIOD).worksheets[0]
        self.assertEqual(sheet.cell(2, 1).value, "Абонент разорвал соединение")
        for form in ("table", "html"):
            self.assertIn("Абонент разорвал соединение", self.hookline("report", "lost-calls", *PERIOD, "--format", form))
        self.assertIn("client_hung_up", self.hookline("report", "lost-calls", *PERIOD, "--format", "csv"))

    def test_the_head_stays_the_rows_can_be_filtered_and_the_total_is_no_row(self):
        sheet = self.book("report", "lost-calls", *PERIOD).worksheets[0]
        self.assertEqual(sheet.freeze_panes, "A2")
        self.assertEqual(sheet.auto_filter.ref, f"A1:G{sheet.max_row - 1}")
        self.assertEqual(sheet.cell(sheet.max_row, 1).value, "Итого")

    def test_the_second_sheet_says_what_was_asked(self):
        book = self.book("report", "lost-calls", *PERIOD, "--set", "by=line", "--language", "en")
        self.assertEqual(book.sheetnames[1], "Parameters")
        asked = {row[0].value: row[1].value for row in book.worksheets[1].iter_rows()}
        self.assertEqual(asked["Time zone"], "Europe/Moscow")
        self.assertEqual(asked["Period"], "2026-03-02T00:00:00.000+03:00 – 2026-03-04T00:00:00.000+03:00")
        self.assertEqual(asked["As of"], "2026-03-09T11:00:00.000+03:00")
        self.assertEqual(asked["by"], "line")
        self.assertIn("Lost", asked)

    def test_a_list_and_what_is_behind_a_figure_are_files_too(self):
        sheet = self.book("calls", "--where", "answered").worksheets[0]
        answer = self.json("calls", "--where", "answered")
        self.assertEqual([row[-1].value for row in sheet.iter_rows(min_row=2)], [c["id"] for c in answer])
        self.assertEqual(sheet["A1"].value, "Дата и время")
        self.assertIsInstance(sheet["A2"].value, datetime.datetime)
        book = self.book("report", "lost-calls", *PERIOD, "--drill", "total:called_back")
        self.assertEqual(book.worksheets[0].max_row - 1, self.json("report", "lost-calls", *PERIOD)["total"]["called_back"])
        self.assertIn("total:called_back", [row[1].value for row in book.worksheets[1].iter_rows()])

    def test_a_text_is_never_a_formula(self):
        for n, text in enumerate(HOSTILE):
            self.told(text, [n])
        book = self.book("report", "calls", "--from", "2026-03-05", "--to", "2026-03-05")
        tags = [c.column for c in book.worksheets[0][1] if c.value == "Теги"][0]
        cells = [row[tags - 1] for row in book.worksheets[0].iter_rows(min_row=2, max_row=len(HOSTILE) + 1)]
        self.assertEqual({c.data_type for c in cells}, {"s"})
        self.assertEqual({(c.value or "").strip()[:40] for c in cells}, {t.strip()[:40] for t in HOSTILE})
        for sheet in book.worksheets:
            self.assertFalse([c for row in sheet.iter_rows() for c in row if c.data_type == "f"])

    def test_many_rows_go_out_in_little_memory(self):
        self.told("x", range(3000))
        path = self.file("calls", "--from", "2026-03-05", suffix="xlsx")
        sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
        self.assertEqual(sum(1 for _ in sheet.iter_rows()), 3001)

    def test_standard_output_takes_a_file(self):
        done = subprocess.run(self.arguments("report", "lost-calls", *PERIOD, "--format", "xlsx"), capture_output=True, check=True)
        self.assertEqual(openpyxl.load_workbook(io.BytesIO(done.stdout)).worksheets[0]["A1"].value, "Причина завершения")


class Cells(HTMLParser):
    def __init__(self):
        super().__init__()
        self.rows, self.tags, self.text = [], [], None

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.text = ""

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.rows[-1].append(self.text)
            self.text = None

    def handle_data(self, data):
        if self.text is not None:
            self.text += data


class Print(OutTest):
    def cells(self, *words):
        page = Cells()
        page.feed(self.file(*words, suffix="html").read_text(encoding="utf-8"))
        self.assertNotIn("script", page.tags)
        return page.rows

    def test_a_page_has_the_table_of_the_terminal(self):
        rows = self.cells("report", "lost-calls", *PERIOD)
        table = self.hookline("report", "lost-calls", *PERIOD)
        for row in rows:
            for cell in row:
                self.assertIn(cell, table)
        self.assertEqual(len(rows), len(self.json("report", "lost-calls", *PERIOD)["rows"]) + 2)

    def test_a_list_is_a_page_too_and_nothing_in_it_runs(self):
        for n, text in enumerate(HOSTILE[:4]):
            self.told(text, [n])
        self.assertIn("<script>alert(1)</script>", [cell for row in self.cells("report", "calls", "--from", "2026-03-05") for cell in row])
        self.assertEqual(len(self.cells("calls")), len(self.json("calls")) + 1)


class Chart(OutTest):
    def test_a_bar_for_each_row_as_long_as_its_figure(self):
        path = self.file("report", "lost-calls", *PERIOD, suffix="svg")
        svg = xml.etree.ElementTree.parse(path).getroot()
        space = {"s": "http://www.w3.org/2000/svg"}
        bars = [float(r.get("width")) for r in svg.findall("s:g/s:rect", space)]
        calls = [row["cells"]["calls"] for row in self.json("report", "lost-calls", *PERIOD)["rows"]]
        self.assertEqual(len(bars), len(calls))
        for bar, figure in zip(bars, calls):
            self.assertAlmostEqual(bar / max(bars), figure / max(calls), 2)
        self.assertEqual(svg.find("s:title", space).text, "Потерянные звонки: Потеряно")

    def test_a_list_is_no_chart(self):
        self.hookline("calls", "--format", "svg", expect=2)
        self.assertIn("take xlsx, html or csv", self.stderr)


class Order(OutTest):
    def test_rows_come_as_asked(self):
        def keys(*words):
            return [row["key"] for row in self.json("report", "lost-calls", *PERIOD, *words)["rows"]]
        rows = self.json("report", "lost-calls", *PERIOD)["rows"]
        by_wait = [r["key"] for r in sorted(rows, key=lambda r: r["cells"]["average_wait_s"])]
        self.assertEqual(keys("--sort", "average_wait_s"), by_wait)
        self.assertEqual(keys("--sort=-average_wait_s"), by_wait[::-1])
        self.hookline("report", "lost-calls", "--sort", "averagewait_s", expect=2)
        self.assertIn('did you mean "average_wait_s"?', self.stderr)


class Before(OutTest):
    def test_the_period_before_is_as_many_days_and_says_so(self):
        report = self.json("report", "lost-calls", "--from", "2026-03-03", "--to", "2026-03-03", "--compare", "previous")
        before = self.json("report", "lost-calls", "--from", "2026-03-02", "--to", "2026-03-02")
        self.assertEqual(report["previous"]["from"], before["period"]["from"])
        self.assertEqual(report["previous"]["to"], before["period"]["to"])
        self.assertEqual(report["total_previous"], before["total"])
        was = {row["key"]: row["cells"] for row in before["rows"]}
        for row in report["rows"]:
            expected = was.get(row["key"])
            self.assertEqual(row["previous"], expected and {k: v for k, v in expected.items() if k != "reason"})

    def test_before_a_month_is_the_month_before(self):
        report = self.json("report", "lost-calls", "--from", "2026-03-01", "--to", "2026-03-31", "--compare", "previous")
        self.assertEqual(report["previous"]["from"], "2026-01-31T21:00:00.000Z")
        self.assertEqual(report["previous"]["to"], report["period"]["from"])

    def test_before_a_week_with_a_changed_clock_is_a_week(self):
        report = self.json("report", "lost-calls", "--from", "2026-03-30", "--to", "2026-04-05", "--compare", "previous", "--set", "timezone=Europe/Berlin")
        self.assertEqual(report["previous"]["from"], "2026-03-22T23:00:00.000Z")
        self.assertEqual(report["previous"]["to"], "2026-03-29T22:00:00.000Z")

    def test_files_show_both(self):
        words = ("report", "lost-calls", "--from", "2026-03-03", "--to", "2026-03-03", "--compare", "previous")
        heads = [c.value for c in self.book(*words).worksheets[0][1]]
        self.assertEqual(heads[:3], ["Причина завершения", "Потеряно", "Потеряно, до этого"])
        self.assertIn("Потеряно, до этого", self.hookline(*words))

    def test_without_ends_there_is_no_period_before(self):
        self.hookline("report", "lost-calls", "--from", "2026-03-03", "--compare", "previous", expect=2)
        self.assertIn("give from and to", self.stderr)
        self.hookline("report", "lost-calls", *PERIOD, "--compare", "last", expect=2)
        self.assertIn("take previous", self.stderr)


if __name__ == "__main__":
    unittest.main()
