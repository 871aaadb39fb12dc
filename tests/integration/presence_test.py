"""Who is signed in and who takes a break, as the PBX tells: agent-timeline knows logged-in time without any records."""
import unittest

from hookline_cli import CliTest

DAY = ("--from", "2026-03-02", "--to", "2026-03-02")
MORNING = 1772442000  # 2026-03-02T09:00:00Z


def said(event, hours, queue="support", interface="PJSIP/111", membership="dynamic", **more):
    """What app_queue says of a member so many hours after nine."""
    fields = {"Event": event, "Privilege": "agent,all", "Timestamp": f"{MORNING + int(hours * 3600)}.000000", "Queue": queue,
              "MemberName": "Dora Weiss", "Interface": interface, "StateInterface": interface, "Membership": membership,
              "Paused": "0", "PausedReason": "", **more}
    return "".join(f"{key}: {value}\r\n" for key, value in fields.items()) + "\r\n"


def paused(hours, reason, **more):
    return said("QueueMemberPause", hours, Paused="1", PausedReason=reason, **more)


WORKDAY = [said("QueueMemberAdded", 0), said("QueueMemberAdded", 0, queue="sales"),
           paused(3, "lunch"), paused(3.25, "lunch", queue="sales"),
           said("QueueMemberPause", 4), said("QueueMemberPause", 4, queue="sales"),
           said("QueueMemberRemoved", 8, queue="sales"), said("QueueMemberRemoved", 9),
           # Signs in and takes a break within one millisecond.
           said("QueueMemberAdded", 1, interface="PJSIP/113"),
           paused(1, "", interface="PJSIP/113", Timestamp=f"{MORNING + 3600}.000200"),
           said("QueueMemberPause", 2, interface="PJSIP/113"),
           said("QueueMemberRemoved", 3, interface="PJSIP/113"),
           # Of the configuration: only its break tells of a person.
           said("QueueMemberAdded", 0, interface="PJSIP/112", membership="static"),
           paused(1, "", interface="PJSIP/112", membership="static")]


class Presence(CliTest):
    def setUp(self):
        super().setUp()
        text = self.yaml.read_text(encoding="utf-8")
        self.assertIn("\nreports: [", text)
        self.yaml.write_text(text.replace("\nreports: [", "\nreports: [{plugin: agent-timeline}, ", 1), encoding="utf-8")
        self.capture = self.folder / "ami.raw"

    def hear(self, messages, store=None):
        self.capture.write_text("Asterisk Call Manager/9.0.0\r\n" + "".join(messages), encoding="utf-8")
        self.hookline("import", "--source", "pbx1", self.capture, store=store)

    def rows(self, *settings, store=None):
        words = [word for setting in settings for word in ("--set", setting)]
        report = self.json("report", "agent-timeline", *DAY, *words, store=store)
        return {row["key"]: row["cells"] for row in report["rows"]}

    def test_a_workday_in_two_queues_counts_once(self):
        self.hear(WORKDAY)
        rows = self.rows()
        self.assertEqual([rows["dora-weiss"][c] for c in ("logged_in_s", "paused_s", "basis")], [9 * 3600, 3600, "by presence"])
        self.assertEqual([rows["fanny-holm"][c] for c in ("logged_in_s", "paused_s")], [2 * 3600, 3600])
        self.assertNotIn("emil-roth", rows, "a static member's break is none where nothing tells that he was there")
        hours = self.rows("by=employee_hour")
        lunch = {key.split("T")[1][:2]: cells["paused_s"] for key, cells in hours.items() if key.startswith("dora-weiss/")}
        self.assertEqual(lunch["12"], 3600)
        self.assertEqual(sum(lunch.values()), 3600)

    def test_any_order_repeats_and_a_rebuild_tell_the_same(self):
        self.hear(WORKDAY)
        before = self.rows()
        for message in reversed(WORKDAY):
            self.hear([message], store="other.db")
        self.hear(WORKDAY, store="other.db")
        self.assertEqual(self.rows(store="other.db"), before)
        self.hookline("rebuild")
        self.assertEqual(self.rows(), before)

    def test_a_break_within_the_calendar_counts_and_its_hours_do(self):
        text = self.yaml.read_text(encoding="utf-8")
        self.yaml.write_text(text.replace("id: emil-roth, ", "id: emil-roth, calendar: office, ") +
                             'calendars: {office: {days: mon-sun, hours: ["09:00-18:00"]}}\n', encoding="utf-8")
        self.hear([*WORKDAY, said("QueueMemberPause", 1.5, interface="PJSIP/112", membership="static")])
        self.assertEqual([self.rows()["emil-roth"][c] for c in ("logged_in_s", "paused_s", "basis")], [9 * 3600, 1800, "by schedule"])


if __name__ == "__main__":
    unittest.main()
