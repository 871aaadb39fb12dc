"""What reports can be asked beyond their first table: columns, filters and options of metrics §4, §7.3, §8."""
import json
import unittest
import zipfile

from hookline_cli import FIXTURES
from reports_test import PERIOD, ReportTest


class OptionsTest(ReportTest):
    def look_behind(self, *_):
        """What is behind figures is looked at by reports_test.py and differential_reports_test.py; this is about the figures."""


class CallsTest(OptionsTest):
    """The common example with the leads, ratings and tags that its calls have."""

    def keys(self, *settings, where=None):
        words = [*self.words(settings, PERIOD, None), *(("--where", where) if where else ())]
        report = self.json("report", "calls", *words)
        self.total = report["total"]
        return sorted(row["key"].split("%3A")[-1] for row in report["rows"])

    def test_filters_of_every_kind(self):
        self.assertEqual(self.keys("credited=petrov"), ["k03", "k04", "k14"])
        self.assertEqual(self.keys(where="rating <= 2"), ["k06", "k10"])
        self.assertEqual(len(self.keys(where="tags != 'жалоба'")), 18)
        self.assertEqual(self.keys(where="talk_s >= 30"),
                         ["k01", "k04", "k06", "k10", "k11", "k12", "k13", "k14", "k16", "k19"])
        self.assertEqual(self.keys("kind=quality", "quality_tags=цена"), ["k06", "k10"])
        self.assertEqual(self.keys("kind=quality", "quality_talk_s=300"), ["k06", "k19"])
        self.assertEqual(self.keys(where="client_number is null"), ["k08"])

    def test_a_status_is_said_by_the_direction(self):
        """§4: whom we answered is taken, whom we reached is reached."""
        def told(*words):
            return [self.hookline("report", "calls", *PERIOD, *words), self.hookline("report", "calls", *PERIOD, *words, "--format", "html")]
        for text in told("--set", "tab=in") + told("--set", "tab=in", "--set", "group_by=status"):
            self.assertIn("Принятый", text)
            self.assertNotIn("остоявшийся", text)
        for text in told("--set", "tab=out") + told("--set", "tab=out", "--set", "group_by=status"):
            self.assertIn("Состоявшийся", text)
            self.assertNotIn("Принятый", text)
        for format in ("table", "html"):
            text = self.hookline("calls", "--where", "id in ('pbx1:k01', 'pbx1:k04')", "--format", format)
            self.assertEqual((text.count("Принятый"), text.count("Состоявшийся")), (1, 1), text)
        book = self.folder / "in.xlsx"
        self.hookline("report", "calls", *PERIOD, "--set", "tab=in", "--format", "xlsx", "--out", book)
        with zipfile.ZipFile(book) as parts:
            text = "".join(parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/") and name.endswith(".xml"))
        self.assertIn("Принятый", text)
        self.assertNotIn("Принятый / ", text)

    def test_every_column_has_a_filter(self):
        """§4: equals, not, contains, at least, at most, empty, without a condition written out."""
        long = ["k01", "k04", "k06", "k10", "k11", "k12", "k13", "k14", "k16", "k19"]
        self.assertEqual(self.keys("talk_s=30.."), long)
        self.assertEqual(self.keys("talk_s=0m30s..1m"), ["k11", "k12", "k16"])
        self.assertEqual(len(self.keys("talk_s=!30..")), 9)
        self.assertEqual(self.keys("wait_s=40,60.."), ["k02", "k20"])
        self.assertEqual(self.keys("rating=..2"), ["k06", "k10"])
        self.assertEqual(self.keys("tags=цена,жалоба"), ["k06", "k10"])
        self.assertEqual(self.keys("tags=цена,!жалоба"), ["k06"])
        self.assertEqual(len(self.keys("tags=!жалоба")), 18)
        self.assertEqual(self.keys("client=-"), ["k08"])
        self.assertEqual(self.keys("client=~49511"), ["k14"])
        self.assertEqual(self.keys("amount=50000000.."), ["k13", "k20"])
        self.assertEqual(len(self.keys("amount=-")), 17)
        self.assertEqual(self.keys("employee=!ivanova,!petrov,!sidorova"), ["k16", "k19", "k20"])
        self.assertEqual(self.keys("status=missed", "finish_reason=!client_hung_up"), ["k08", "k09", "k20"])
        self.assertEqual((len(self.keys("recording=!-")), len(self.keys("recording=-"))), (0, 19))
        self.assertEqual((len(self.keys("visits=0")), self.keys("visits=1..")), (19, []))
        self.assertEqual(self.keys("visit_tags=~utm"), [])
        behind = self.json("report", "calls", *self.words(["talk_s=30.."], PERIOD, None), "--drill", "total:calls")
        self.assertEqual(len(behind), 10)
        for wrong, said in (("talk_s=long", "duration"), ("visits=1.5", "a whole number is needed"), ("talk_s=..", "name one end"),
                            ("status=!mised", 'did you mean "missed"?'), ("employee=!petrv", 'did you mean "petrov"?')):
            self.hookline("report", "calls", *PERIOD, "--set", wrong, expect=2)
            self.assertIn(said, self.stderr, wrong)

    def test_rating_is_averaged_over_rated_calls_and_an_amount_counts_once(self):
        self.keys()
        self.assertEqual(round(self.total["rating"], 1), 2.7)
        rows = self.report("calls")
        self.assertEqual([rows[f"pbx1%3A{k}"]["amount"] for k in ("k13", "k20")], [50_000_000] * 2)
        self.assertEqual(rows["total"]["amount"], 50_000_000)

    def test_a_call_without_legs_is_of_who_is_said(self):
        call = {"type": "call", "id": "pbx1:bare", "source": "pbx1", "direction": "in", "client_number": "+79160000099",
                "started_at": "2026-03-02T10:00:00+03:00", "answered_at": "2026-03-02T10:00:05+03:00",
                "ended_at": "2026-03-02T10:01:00+03:00", "extension": "102", "employee": "petrov", "legs": []}
        path = self.folder / "bare.ndjson"
        path.write_text(json.dumps(call) + "\n", encoding="utf-8")
        self.hookline("import", "--source", "canonical", path)
        self.assertIn("bare", self.keys("employee=petrov"))
        self.assertIn("bare", self.keys("group=service"))

    def test_region_by_the_numbering_plan(self):
        rows = self.report("calls")
        self.assertIn("Моск", rows["pbx1%3Ak14"]["region"])  # the city or its region, as the plan's edition has it
        self.assertIsNone(rows["pbx1%3Ak08"]["region"])

    def test_grouped_by_employee(self):
        rows = self.report("calls", "group_by=employee", "tab=in")
        self.assertEqual({k: c["accepted"] for k, c in rows.items() if c["accepted"]},
                         {"ivanova": 4, "petrov": 1, "sidorova": 1, "-": 1, "total": 7})
        self.assertEqual(rows["total"]["total_talk_s"], 1404)
        self.assertNotIn("client", rows["total"])
        self.assertEqual(self.report("calls", "group_by=employee")["total"]["rated"], 3)

    def test_legs_tell_why_nobody_answered(self):
        rows = self.report("call-legs", "call=pbx1:k06,pbx1:k09")
        self.assertEqual([(c["employee"], c["outcome"], c["talk_s"]) for k, c in rows.items() if "k06" in k],
                         [("Иванова А.", "answered", 40), ("Петров Б.", "answered", 300)])
        self.assertEqual(rows["pbx1%3Ak06/2"]["rang_s"], 10)
        self.assertEqual([c["outcome"] for k, c in rows.items() if "k09" in k], ["busy"])


class Options(OptionsTest):
    def set_yaml(self, *changes, more=""):
        text = self.yaml.read_text(encoding="utf-8")
        for old, new in changes:
            self.assertIn(old, text)
            text = text.replace(old, new)
        self.yaml.write_text(text + more, encoding="utf-8")

    def test_a_calendar_is_the_clock_of_call_backs(self):
        self.set_yaml(more='calendars: {office: {days: mon-fri, hours: ["09:00-18:00"]}}\n')
        rows = self.report("callback-speed", "clock=office")
        # k20 ended on Tuesday at 17:01 and was reached on Wednesday at 09:10:06.
        self.assertEqual(rows["-"]["p90_contact_s"], 4146)
        self.assertEqual(self.report("callback-speed")["-"]["p90_contact_s"], 58146)
        self.hookline("report", "callback-speed", "--set", "clock=ofice", expect=2)
        self.assertIn('did you mean "office"?', self.stderr)

    def test_a_call_to_a_closed_line_is_lost_outside_hours(self):
        self.set_yaml(more='calendars: {short: {days: mon-fri, hours: ["09:00-12:00"]}}\n'
                      'lines: [{id: "+74950000001", calendar: short}]\n')
        lines = (FIXTURES / "metrics" / "common.ndjson").read_text(encoding="utf-8").splitlines()
        calls = [json.loads(line) for line in lines if '"pbx1:k09"' in line and '"type": "call"' in line]
        calls[0].update(line="+74950000001", updated_at="2026-03-03T12:00:00+03:00")
        path = self.folder / "line.ndjson"
        path.write_text(json.dumps(calls[0], ensure_ascii=False) + "\n", encoding="utf-8")
        self.hookline("import", "--source", "canonical", path)
        rows = self.report("lost-calls", "by=lost_cause")
        self.assertEqual({k: c["calls"] for k, c in rows.items()},
                         {"outside_hours": 1, "not_picked_up": 3, "short": 1, "all_busy": 1, "total": 6})

    def test_a_heat_map_of_days_is_divided_by_them(self):
        rows = self.report("heat-map", "per=day", period=("--from", "2026-03-02", "--to", "2026-03-09"))
        self.assertEqual((rows["1/09"]["calls"], rows["1/09"]["calls_per_day"]), (2, 1))  # two Mondays
        self.assertEqual(rows["2/09"]["calls_per_day"], 1)

    def test_settings_in_the_yaml_are_what_is_asked_unless_asked_otherwise(self):
        self.set_yaml(("{plugin: service-level}", "{plugin: service-level, settings: {threshold_s: 10, sl_variant: of_offered}}"))
        total = self.report("service-level", "by=hour")["total"]
        self.assertEqual((total["within_10"], round(total["sl_10"], 2)), (3, 23.08))
        self.assertEqual(self.report("service-level", "by=hour", "threshold_s=30")["total"]["within_30"], 7)
        # The formula in use is told under the table.
        for form, end in (("table", ""), ("html", "</p>\n</body>\n</html>")):
            text = self.hookline("report", "service-level", *PERIOD, "--format", form)
            self.assertTrue(text.rstrip().endswith("Уровень сервиса: Отвечено за порог ÷ предложено" + end), text[-200:])
        self.set_yaml(("sl_variant: of_offered", "sl_variant: of_ofered"))
        self.assertIn("of_offered", " ".join(self.check_config(expect=1)))

    def test_an_entry_of_each_queue_has_its_own_outcome(self):
        begin, moved, end = (f"2026-03-10T10:0{n}:00+03:00" for n in range(3))
        call = {"type": "call", "id": "pbx1:q1", "source": "pbx1", "direction": "in", "client_number": "+79160000077",
                "started_at": begin, "answered_at": "2026-03-10T10:01:30+03:00", "ended_at": end, "legs": [
                    {"kind": "queue", "name": "sales", "started_at": begin, "answered_at": None, "ended_at": moved, "outcome": "moved"},
                    {"kind": "queue", "name": "support", "started_at": moved, "answered_at": "2026-03-10T10:01:30+03:00",
                     "ended_at": "2026-03-10T10:01:30+03:00", "outcome": "answered"},
                    {"kind": "employee", "extension": "101", "started_at": moved, "answered_at": "2026-03-10T10:01:30+03:00",
                     "ended_at": end, "outcome": "answered"}]}
        path = self.folder / "queue.ndjson"
        path.write_text(json.dumps(call) + "\n", encoding="utf-8")
        self.hookline("import", "--source", "canonical", path)
        rows = self.report("service-level", "by=queue", "threshold_s=30", period=("--from", "2026-03-10", "--to", "2026-03-10"))
        self.assertEqual([(rows[k]["offered"], rows[k]["answered"], rows[k]["within_30"], rows[k]["longest_wait_s"], rows[k]["moved"])
                          for k in ("sales", "support", "total")], [(1, 0, 0, 60, 1), (1, 1, 1, 30, 0), (1, 1, 0, 90, 0)])


class HoursOfTheDay(OptionsTest):
    """§1.1.5, in every report alike: of calls those that began then, of people's time (§8.7) what lies there."""

    def test_only_calls_that_began_then_are_counted(self):
        # k01 to k06 of Monday before eleven, and k14, k15 of Tuesday; k06 begins at eleven.
        morning = ("day_start=09:00", "day_end=11:00")
        self.assertEqual(self.report("calls", *morning)["total"]["calls"], 7)
        tuesday = self.words((*morning, "week_days=tue"), PERIOD, None)
        behind = self.json("report", "calls", *tuesday, "--drill", "total:calls")
        self.assertEqual([call["id"] for call in behind], ["pbx1:k15", "pbx1:k14"])
        # k13 began two minutes before midnight.
        self.assertEqual(self.report("heat-map", "day_start=23:00", "day_end=06:00").keys(), {"1/23", "total"})
        # The company's unique calls are those of the same hours; c1's were before.
        self.assertEqual(self.report("employee-efficiency", "week_days=tue", "department=sales")["total"]["unique_in_period"], 1)
        self.assertEqual(self.report("lost-calls", "day_end=09:30")["total"]["calls"], 1)

    def test_days_that_are_not_asked_need_nobody(self):
        # k14, k15, k17, k19, k20 were offered on Tuesday, of two days asked for of which one counts.
        rows = self.report("staffing", "week_days=tue", "interval_min=60")
        self.assertEqual((rows["total"]["calls"], rows["10%3A00"]["calls_per_interval"]), (5, 1))

    def test_peoples_time_is_cut_at_them(self):
        # Of k13, 23:58:40 to 00:03:10, the part before midnight is of Monday.
        late = self.report("agent-timeline", "day_start=23:00", "week_days=mon")
        self.assertEqual((late["ivanova"]["talk_s"], late["total"]["talk_s"]), (80, 80))
        self.assertAlmostEqual(late["ivanova"]["erlangs"], 80 / 3600)
        night = self.report("agent-timeline", "day_start=23:00", "day_end=06:00")
        self.assertEqual(night["ivanova"]["talk_s"], 270)
        self.assertEqual(self.report("agent-timeline", "day_end=12:02")["ivanova"]["internal_s"], 115)  # of k07's 120
        self.assertEqual(self.report("agent-timeline", "week_days=sun")["total"]["talk_s"], 0)


class Inquiries(OptionsTest):
    def keys(self, *settings):
        report = self.json("report", "inquiries", *self.words(settings, PERIOD, None))
        return sorted(row["key"] for row in report["rows"])

    def test_a_call_that_nobody_took_is_of_a_type_of_its_own(self):
        report = self.json("report", "inquiries", *PERIOD)
        types = [row["cells"]["type"] for row in report["rows"]]
        self.assertEqual((types.count("unanswered_call"), types.count("call")), (6, 7))
        self.assertIn("Неотвеченный звонок", self.hookline("report", "inquiries", *PERIOD))

    def test_there_is_no_column_of_offices_where_there_are_none(self):
        report = self.json("report", "inquiries", *PERIOD)
        self.assertNotIn("office", [column["id"] for column in report["columns"]])

    def test_filters_by_what_the_directory_knows(self):
        told = [{"type": "ad_source", "id": "direct", "name": "Директ", "group": "context", "tags": ["paid"], "counted": True},
                {"type": "ad_source", "id": "cian", "name": "Циан", "group": "listings", "tags": ["paid", "flats"], "counted": True},
                {"type": "office", "id": "msk", "name": "Москва", "timezone": None},
                {"type": "employee", "id": "guseva", "name": "Гусева Д.", "departments": ["sales"], "office": "msk", "extensions": []},
                {"type": "lead", "id": "lw", "contact": "cw", "funnel": "sales", "stage": "check", "tags": ["срочно"],
                 "created_at": "2026-03-02T09:00:00+03:00", "created_by": "request", "inquiry": "w1", "responsible": "petrov"}]
        for n, (source, who) in enumerate((("direct", "guseva"), ("cian", "petrov"), (None, None))):
            told.append({"type": "inquiry", "id": f"w{n}", "kind": "request", "contact": "cw", "email": "w@example.com",
                         "at": f"2026-03-02T09:0{n}:00+03:00", "taken_by": who, "taken_how": "opened" if who else None,
                         "taken_at": "2026-03-02T09:30:00+03:00" if who else None, "ad_source": source,
                         "lead": "lw" if n == 1 else None})
        path = self.folder / "directory.ndjson"
        path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in told), encoding="utf-8")
        self.hookline("import", "--source", "canonical", path)
        requests = "type=request"
        self.assertEqual(self.keys(requests), ["w0", "w1", "w2"])
        for asked, found in (("office=msk", ["w0"]), ("ad_source_group=context", ["w0"]), ("ad_source_tags=paid", ["w0", "w1"]),
                             ("ad_source_tags=flats", ["w1"]), ("ad_source_tags=-", ["w2"]), ("tags=срочно", ["w0", "w1", "w2"]),
                             ("funnel=sales", ["w0", "w1", "w2"]), ("ad_source=-", ["w2"])):
            self.assertEqual(self.keys(requests, asked), found, asked)
        rows = self.report("inquiries", requests)
        self.assertEqual((rows["w0"]["office"], rows["w1"]["office"]), ("Москва", None))


if __name__ == "__main__":
    unittest.main()
