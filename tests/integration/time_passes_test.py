"""What nothing but time brings about: leads left lying, deadlines that pass. Each moment that comes is journalled."""
import json
import unittest

from hookline_cli import CliTest

CONFIG = """
hookline: 1
store: {url: "sqlite:hookline.db"}
locale: {timezone: Europe/Moscow, phone_region: RU, language: en}
sources: [{name: told, plugin: canonical, history: false}]
classifiers: [{plugin: repeat-contact}]
employees: [{id: ivanova, extensions: [{source: told, number: "101"}]}, {id: head}]
tasks:
  - {plugin: untouched-lead, settings: {untouched_for: 1h}}
  - {plugin: callback-missed, settings: {deadline: 2h, escalate_to: head, escalate_after: 30m}}
"""


def call(n, began, answered=None, direction="in", number="+79160000001"):
    record = {"type": "call", "id": f"told:{n}", "source": "told", "direction": direction, "client_number": number,
              "extension": "101", "started_at": f"2026-03-02T{began}:00Z", "ended_at": f"2026-03-02T{began}:30Z",
              "finish_reason": "client_hung_up"}
    if answered:
        record |= {"answered_at": f"2026-03-02T{began}:10Z", "finish_reason": "normal", "hung_up_by": "client"}
    return record


class TimePasses(CliTest):
    def setUp(self):
        super().setUp()
        self.yaml.write_text(CONFIG, encoding="utf-8")

    def tell(self, now, *records):
        self.hookline("import", "--source", "told", "-", "--now", f"2026-03-02T{now}Z",
                      text_in="".join(json.dumps(r) + "\n" for r in records))

    def tasks(self, now="20:00:00"):
        return sorted((t["kind"], t["state"], t["assignee"], t["created_at"][11:19], t["deadline_at"][11:19])
                      for t in self.json("tasks", "--now", f"2026-03-02T{now}Z"))

    def test_a_lead_left_lying_is_asked_for_when_its_time_comes(self):
        self.tell("09:59:59", call(1, "09:00"))
        self.assertEqual([t[0] for t in self.tasks("09:59:59")], ["callback"])
        self.tell("10:00:00")
        self.assertIn(("untouched_lead", "open", "ivanova", "10:00:00", "14:00:00"), self.tasks("10:00:00"))

    def test_a_deadline_that_passes_is_escalated_once(self):
        self.tell("11:30:29", call(1, "09:00"))
        self.assertNotIn("escalation", [t[0] for t in self.tasks("11:30:29")])
        self.tell("11:30:30")
        self.tell("15:00:00")
        late = [t for t in self.tasks("13:00:00") if t[0] == "escalation"]
        self.assertEqual(late, [("escalation", "open", "head", "11:30:30", "13:30:30")])
        self.tell("15:00:00", call(2, "12:00", answered=True, direction="out"))
        self.assertEqual({t[1] for t in self.tasks()}, {"done"})

    def test_the_order_of_arrival_does_not_show(self):
        talk = call(2, "09:30", answered=True)
        self.tell("18:00:00", call(1, "09:00"))
        self.assertEqual(len(self.tasks()), 3)
        self.tell("18:00:00", talk)  # it had been in time all the while
        self.assertEqual([t[:2] for t in self.tasks()], [("callback", "done")])

    def test_a_rebuild_finds_the_same_moments(self):
        self.tell("18:00:00", call(1, "09:00"), call(3, "10:00", number="+79160000003"))
        before = self.json("tasks", "--now", "2026-03-02T20:00:00Z")
        self.assertEqual(len(before), 6)
        self.hookline("rebuild", "--now", "2026-03-02T09:01:00Z")
        self.assertEqual(self.json("tasks", "--now", "2026-03-02T20:00:00Z"), before)


if __name__ == "__main__":
    unittest.main()
