"""Wrong questions to reports: each is answered with what is wrong and the nearest right word; large ones are answered."""
import unittest

from hookline_cli import FIXTURES, CliTest


class Questions(CliTest):
    config = FIXTURES / "metrics" / "reports.yaml"

    def setUp(self):
        super().setUp()
        self.hookline("import", "--source", "told", FIXTURES / "metrics" / "common.ndjson")

    def refused(self, *words):
        out = self.hookline(*words, expect=2)
        self.assertEqual(out, "")
        return self.stderr

    def test_an_unknown_word_names_the_nearest(self):
        for words, near in ((("lost-cals",), "lost-calls"),
                            (("lost-calls", "--set", "bye=line"), '"by"'),
                            (("lost-calls", "--set", "by=lines"), '"line"'),
                            (("lost-calls", "--set", "quality=tarject"), '"target"'),
                            (("lost-calls", "--set", "employee=ivanov"), '"ivanova"'),
                            (("lost-calls", "--set", "timezone=Europe/Moskow"), "Europe/Moscow"),
                            (("lost-calls", "--sort", "call"), '"calls"'),
                            (("lost-calls", "--drill", "total:cals"), '"calls"'),
                            (("lost-calls", "--drill", "client_hung_u:calls"), '"client_hung_up"'),
                            (("lost-calls", "--where", "talk > 3"), '"talk_s"'),
                            (("lost-calls", "--format", "xls"), '"xlsx"'),
                            (("lost-calls", "--compare", "before"), "take previous")):
            with self.subTest(words=words):
                self.assertIn(near, self.refused("report", *words))

    def test_a_date_that_is_none_is_shown_with_one_that_is(self):
        for date in ("yesterday", "2026-13-01", "2026-02-30", "01.03.2026"):
            said = self.refused("report", "lost-calls", "--from", date)
            self.assertIn(f"from: \"{date}\"", said)
            self.assertIn("2026-", said.replace(date, ""))
        self.assertIn("ends (2026-03-01) before it begins (2026-03-02)", self.refused("report", "lost-calls", "--from", "2026-03-02", "--to", "2026-03-01"))

    def test_an_expression_is_pointed_into(self):
        for where, what in (("talk_s / 0 > 1", "column 8: division by zero"),
                            ("talk_s > 'x'", "column 8"),
                            ("direction + 1 = 2", "column 1"),
                            ("missed and", "column 11"),
                            ("option.x", "column 1")):
            with self.subTest(where=where):
                self.assertIn(what, self.refused("report", "lost-calls", "--where", where))

    def test_ten_years_are_answered(self):
        report = self.json("report", "lost-calls", "--from", "2016-01-01", "--to", "2026-12-31")
        self.assertEqual(report["total"]["calls"], self.json("report", "lost-calls")["total"]["calls"])


if __name__ == "__main__":
    unittest.main()
