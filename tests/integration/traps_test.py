"""The twenty traps of metrics §10, one test each: what peers' figures stumble over."""
import json
import unittest

from hookline_cli import FIXTURES, CliTest

DAY = ("--from", "2026-03-02", "--to", "2026-03-02")


def leg(extension, begin, answered, end, outcome=None, kind="employee"):
    return {"kind": kind, "name": "main" if kind != "employee" else None, "extension": extension, "started_at": begin,
            "answered_at": answered, "ended_at": end, "outcome": outcome or ("answered" if answered else "no_answer")}


def at(clock, day="2026-03-02", offset="+03:00"):
    return f"{day}T{clock}{offset}"


class Traps(CliTest):
    config = FIXTURES / "metrics" / "reports.yaml"

    def setUp(self):
        super().setUp()
        text = self.yaml.read_text(encoding="utf-8")
        self.yaml.write_text(text + "  - {plugin: calls-by-manager}\n", encoding="utf-8")
        self.calls = 0
        self.records = [{"type": "employee", "id": who, "name": who, "departments": ["sales"],
                         "extensions": [{"source": "pbx1", "number": number, "from": None, "to": None}]}
                        for who, number in (("ivanova", "101"), ("petrov", "102"), ("orlov", "103"))]

    def call(self, begin, answered, end, legs, direction="in", number="+79161110001", **more):
        self.calls += 1
        call = {"type": "call", "id": f"pbx1:t{self.calls}", "source": "pbx1", "direction": direction, "client_number": number,
                "started_at": begin, "answered_at": answered, "ended_at": end, "legs": legs,
                "finish_reason": "normal" if answered else "client_hung_up", "hung_up_by": "client", **more}
        self.records.append(call)
        return call

    def talk(self, begin, answered, end, extension="101", **more):
        return self.call(begin, answered, end, [leg(extension, begin, answered, end)], **more)

    def miss(self, begin, end, extension="101", **more):
        return self.call(begin, None, end, [leg(extension, begin, None, end)], **more)

    def load(self, source="canonical"):
        path = self.folder / "trap.ndjson"
        path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in self.records), encoding="utf-8")
        self.hookline("import", "--source", source, path)

    def rows(self, name, *settings, period=DAY, now=None):
        words = [*period, *(w for s in settings for w in ("--set", s)), *(("--now", now) if now else ())]
        report = self.json("report", name, *words)
        return {**{row["key"]: row["cells"] for row in report["rows"]}, "total": report["total"]}

    def managers(self, *settings, **how):
        return self.rows("calls-by-manager", *settings, **how)

    def test_01_ring_all_is_one_miss_and_one_answer(self):
        begin, end = at("10:00:00"), at("10:00:20")
        self.call(begin, None, end, [leg(e, begin, None, end, "cancelled") for e in ("101", "102", "103")])
        self.call(at("11:00:00"), at("11:00:05"), at("11:01:00"),
                  [leg("101", at("11:00:00"), at("11:00:05"), at("11:01:00")),
                   *(leg(e, at("11:00:00"), None, at("11:00:05"), "elsewhere") for e in ("102", "103"))])
        self.load()
        rows = self.managers()
        self.assertEqual((rows["total"]["calls"], rows["total"]["target_missed"], rows["-"]["calls"]), (2, 1, 1))
        self.assertEqual(set(rows), {"ivanova", "-", "total"})

    def test_02_an_answer_of_the_menu_or_queue_is_no_answered_call(self):
        begin = at("10:00:00")
        self.call(begin, None, at("10:01:00"), [leg(None, begin, begin, at("10:00:10"), "moved", "ivr"),
                                               leg(None, at("10:00:10"), None, at("10:01:00"), "abandoned", "queue")])
        self.load()
        self.assertEqual(self.rows("lost-calls")["total"]["calls"], 1)
        self.assertEqual(self.rows("service-level", "by=hour")["total"]["answered"], 0)

    def test_03_a_transferred_talk_is_each_ones_own(self):
        begin, passed, end = at("10:00:00"), at("10:01:00"), at("10:03:00")
        self.call(begin, begin, end, [leg("101", begin, begin, passed), leg("102", passed, passed, end)])
        self.load()
        rows = self.rows("employee-efficiency")
        self.assertEqual((rows["ivanova"]["talk_s"], rows["petrov"]["talk_s"], rows["total"]["accepted"]), (60, 120, 1))

    def test_04_a_client_waits_for_the_call_and_not_for_each_phone(self):
        begin = at("10:00:00")
        self.call(begin, at("10:00:30"), at("10:01:00"), [leg("101", begin, None, at("10:00:15")),
                                                         leg("102", at("10:00:15"), at("10:00:30"), at("10:01:00"))])
        self.load()
        self.assertEqual(self.rows("service-level", "by=hour")["total"]["asa_s"], 30)

    def test_05_the_end_of_a_period_is_out(self):
        self.talk(at("23:59:59.999"), at("23:59:59.999"), at("00:00:10", "2026-03-03"))
        self.talk(at("00:00:00", "2026-03-03"), at("00:00:01", "2026-03-03"), at("00:00:10", "2026-03-03"))
        self.load()
        self.assertEqual(self.managers()["total"]["calls"], 1)
        ends = ("--from", at("00:00:00"), "--to", at("00:00:00", "2026-03-03"))
        self.assertEqual(self.managers(period=ends)["total"]["calls"], 1)
        self.assertEqual(self.managers(period=("--from", "2026-03-03", "--to", "2026-03-03"))["total"]["calls"], 1)

    def test_06_a_call_over_midnight_is_once_and_whole(self):
        self.talk(at("23:58:00"), at("23:58:00"), at("00:03:00", "2026-03-03"))
        self.load()
        self.assertEqual(self.managers()["total"]["minutes"], 5)
        self.assertEqual(self.managers(period=("--from", "2026-03-03", "--to", "2026-03-03"))["total"]["calls"], 0)

    def test_07_the_repeated_hour_is_two_and_the_skipped_one_none(self):
        self.yaml.write_text(self.yaml.read_text(encoding="utf-8").replace("Europe/Moscow", "Europe/Berlin"), encoding="utf-8")
        for clock in ("00:30:00", "01:30:00"):  # both 02:30 in Berlin
            self.talk(at(clock, "2025-10-26", "Z"), at(clock, "2025-10-26", "Z"), at(clock.replace("30:00", "31:00"), "2025-10-26", "Z"))
        self.load()
        autumn = ("--from", "2025-10-26", "--to", "2025-10-26")
        rows = self.managers("time_group=hour", period=autumn)
        self.assertEqual({key.split("/")[1] for key in rows if key != "total"},
                         {"2025-10-26T02%3A00+02%3A00", "2025-10-26T02%3A00+01%3A00"})
        self.assertEqual(self.rows("heat-map", "per=day", period=autumn)["7/02"]["calls"], 2)
        report = self.json("report", "heat-map", "--from", "2026-03-29", "--to", "2026-03-29")
        begin, end = report["period"]["from"], report["period"]["to"]
        self.assertEqual((begin, end), ("2026-03-28T23:00:00.000Z", "2026-03-29T22:00:00.000Z"))  # 23 hours

    def test_08_spellings_of_a_number_are_one_client(self):
        for n, number in enumerate(["+7 916 111 00 01", "8 (916) 111-00-01", "79161110001", "9161110001", "+79161110001,,12"]):
            self.miss(at(f"10:0{n}:00"), at(f"10:0{n}:10"), number=number)
        self.load()
        self.assertEqual(self.rows("calls", "kind=unique")["total"]["calls"], 1)
        self.assertEqual(len(self.json("contacts")), 1)

    def test_09_withheld_callers_are_no_contact(self):
        for n in range(3):
            self.miss(at(f"10:0{n}:00"), at(f"10:0{n}:10"), number=None, client_raw="anonymous")
        self.talk(at("11:00:00"), at("11:00:00"), at("11:01:00"), number=None, client_raw="anonymous")
        self.load()
        total = self.managers()["total"]
        self.assertEqual((total["calls"], total["first_unique_target"], total["called_back"]), (4, 0, 0))
        self.assertEqual(self.json("contacts"), [])

    def test_10_an_outgoing_call_in_vain_is_neither_missed_nor_a_call_back(self):
        self.miss(at("10:00:00"), at("10:00:10"))
        self.call(at("10:10:00"), None, at("10:10:30"), [leg("101", at("10:10:00"), None, at("10:10:30"))], direction="out",
                  finish_reason="client_no_answer", hung_up_by="system")
        self.load()
        total = self.managers()["total"]
        self.assertEqual((total["target_missed"], total["called_back"]), (1, 0))

    def test_11_a_call_back_counts_beyond_the_period_from_another_number_and_by_the_client(self):
        self.records.append({"type": "contact", "id": "c1", "name": None, "numbers": ["+79161110001", "+79161110002"],
                             "merged_into": None})
        self.miss(at("10:00:00"), at("10:00:10"))
        self.talk(at("10:00:00", "2026-03-05"), at("10:00:00", "2026-03-05"), at("10:01:00", "2026-03-05"), number="+79161110002")
        self.load()
        self.assertEqual(self.managers()["total"]["called_back"], 1)

    def test_12_a_rate_of_nothing_is_null(self):
        self.miss(at("10:00:00"), at("10:00:10"))
        self.load()
        self.assertIsNone(self.rows("service-level", "sl_variant=of_answered", "by=hour")["total"]["sl_20"])
        self.assertIsNone(self.rows("lost-calls", period=("--from", "2026-03-09", "--to", "2026-03-09"))["total"]["average_wait_s"])
        self.assertIn("—", self.hookline("report", "service-level", *DAY, "--set", "sl_variant=of_answered", "--format", "table"))

    def test_13_the_total_counts_a_call_of_two_rows_once(self):
        begin, passed, end = at("10:00:00"), at("10:00:40"), at("10:01:20")
        self.call(begin, begin, end, [leg("101", begin, begin, passed), leg("102", passed, passed, end)])
        self.load()
        rows = self.managers("credit=each")
        self.assertEqual([rows[k]["calls"] for k in ("ivanova", "petrov", "total")], [1, 1, 1])
        self.assertEqual([rows[k]["minutes"] for k in ("ivanova", "petrov", "total")], [0, 0, 1])  # minutes of all seconds

    def test_14_the_average_of_the_total_is_of_calls_and_not_of_averages(self):
        self.talk(at("10:00:00"), at("10:00:30"), at("10:01:00"), "101")
        for n in range(1, 4):
            self.talk(at(f"11:0{n}:00"), at(f"11:0{n}:10"), at(f"11:0{n}:20"), "102")
        self.load()
        rows = self.rows("employee-efficiency")
        self.assertEqual([rows[k]["average_wait_s"] for k in ("ivanova", "petrov", "total")], [30, 10, 15])

    def test_15_an_extension_is_who_had_it_then(self):
        change = at("00:00:00", "2026-03-10")
        self.records[0]["extensions"][0]["to"] = change
        self.records[1]["extensions"].append({"source": "pbx1", "number": "101", "from": change, "to": None})
        self.talk(at("10:00:00"), at("10:00:00"), at("10:01:00"))
        self.talk(change, change, at("00:01:00", "2026-03-10"))
        self.load()
        rows = self.managers(period=("--from", "2026-03-02", "--to", "2026-03-10"))
        self.assertEqual((rows["ivanova"]["calls"], rows["petrov"]["calls"]), (1, 1))

    def test_16_the_amount_of_a_lead_is_summed_once(self):
        for n in range(2):
            call = self.talk(at(f"1{n}:00:00"), at(f"1{n}:00:00"), at(f"1{n}:01:00"))
            self.records.append({"type": "inquiry", "id": f"i{n}", "kind": "call", "call": call["id"], "contact": None, "lead": "L1"})
        self.records.append({"type": "contact", "id": "c1", "name": None, "numbers": ["+79161110001"], "merged_into": None})
        self.records.append({"type": "lead", "id": "L1", "contact": "c1", "funnel": "sales", "stage": "booking", "inquiry": "i0",
                             "created_at": at("10:00:00"), "created_by": "call", "amount": 50_000_000, "currency": "RUB"})
        self.load()
        rows = self.rows("calls")
        self.assertEqual([rows[k]["amount"] for k in ("pbx1%3At1", "pbx1%3At2", "total")], [50_000_000] * 3)

    def test_17_a_merge_changes_who_was_first(self):
        self.talk(at("10:00:00"), at("10:00:00"), at("10:01:00"))
        self.talk(at("11:00:00"), at("11:00:00"), at("11:01:00"), number="+79161110002")
        self.records += [{"type": "contact", "id": f"c{n}", "name": None, "numbers": [f"+7916111000{n}"], "merged_into": into}
                         for n, into in ((1, None), (2, "c1"))]
        self.load()
        total = self.managers()["total"]
        self.assertEqual((total["first_unique_target"], total["calls"]), (1, 2))

    def test_18_bounds_themselves(self):
        self.call(at("10:00:00"), at("10:00:20"), at("10:00:50"), [leg("101", at("10:00:00"), at("10:00:20"), at("10:00:50"))])
        self.call(at("11:00:00"), at("11:00:00"), at("11:00:30"), [leg("101", at("11:00:00"), at("11:00:00"), at("11:00:30"))],
                  direction="out", number="+79161110002")
        self.miss(at("12:00:00"), at("12:00:05"), number="+79161110003")
        self.load()
        total = self.rows("service-level", "by=hour")["total"]
        self.assertEqual((total["within_20"], total["short"]), (1, 1))  # ≤ 20, ≤ 5
        self.assertEqual(self.rows("employee-efficiency")["ivanova"]["long_talks"], 0)  # > 30
        self.assertEqual(self.rows("calls", "kind=quality")["total"]["calls"], 2)  # ≥ 30

    def test_19_a_visit_after_the_call_is_not_its_cause(self):
        self.records.append({"type": "contact", "id": "c1", "name": None, "numbers": ["+79161110001"], "visitors": ["v1"],
                             "merged_into": None})
        for n, clock in ((1, "09:00:00"), (2, "10:00:01")):
            self.records.append({"type": "visit", "id": f"w{n}", "visitor": "v1", "at": at(clock), "source": f"s{n}", "medium": "cpc"})
        self.talk(at("10:00:00"), at("10:00:00"), at("10:01:00"))
        self.load()
        cells = self.rows("calls")["pbx1%3At1"]
        self.assertEqual((cells["source"], cells["medium"], cells["visits"]), ("s1", "cpc", 1))
        self.assertEqual(set(self.rows("multichannel-sequences", "conversions=calls")), {"s1%2Fcpc", "total"})

    def test_20_a_deadline_counts_from_the_end_and_a_second_miss_leaves_it(self):
        self.miss(at("10:00:00"), at("10:05:00"))
        self.miss(at("10:30:00"), at("10:31:00"))
        self.load("told")
        tasks = self.json("tasks")
        self.assertEqual([task["deadline_at"] for task in tasks], ["2026-03-02T11:05:00.000Z"])
        self.assertEqual(tasks[0]["more_calls"], ["pbx1:t2"])


if __name__ == "__main__":
    unittest.main()
