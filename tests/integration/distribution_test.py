"""Leads shared out among people: in turn, by load, the same again after a rebuild."""
import json
import unittest

from hookline_cli import CliTest

CONFIG = """
hookline: 1
store: {url: "sqlite:hookline.db"}
locale: {timezone: Europe/Moscow, phone_region: RU, language: en}
sources: [{name: told, plugin: canonical, history: false}]
classifiers: [{plugin: repeat-contact}]
employees: [{id: a}, {id: b}, {id: c}]
"""


def missed(n, number, at):
    return {"type": "call", "id": f"told:{n}", "source": "told", "direction": "in", "client_number": number,
            "started_at": f"2026-03-02T{at}:00Z", "ended_at": f"2026-03-02T{at}:20Z", "finish_reason": "client_hung_up"}


class Distribution(CliTest):
    def setUp(self):
        super().setUp()
        self.set("")

    def set(self, leads):
        self.yaml.write_text(CONFIG + leads, encoding="utf-8")

    def tell(self, *records):
        self.hookline("import", "--source", "told", "-", text_in="".join(json.dumps(r) + "\n" for r in records))

    def leads(self):
        """By creation: stage and who is responsible."""
        return [(lead["stage"], lead["responsible"]) for lead in reversed(self.json("leads"))]

    def test_the_fan_goes_round_in_the_order_of_the_calls(self):
        self.set("leads: {distribution: [responsible, fan], fan: [a, b, c]}\n")
        calls = [missed(n, f"+7916000000{n}", f"09:0{n}") for n in range(5)]
        self.tell(*reversed(calls))  # all at once: their own times count
        self.assertEqual(self.leads(), [("check", "a"), ("check", "b"), ("check", "c"), ("check", "a"), ("check", "b")])
        self.tell(missed(5, "+79160000005", "10:00"))
        self.assertEqual(self.leads()[-1], ("check", "c"))

    def test_a_rebuild_repeats_what_was_chosen(self):
        self.set("leads: {distribution: [fan], fan: [a, b]}\n")
        for n in (2, 0, 1):  # one by one: the order of arrival decides
            self.tell(missed(n, f"+7916000000{n}", f"09:0{n}"))
        chosen = self.leads()
        self.assertEqual(chosen, [("check", "b"), ("check", "a"), ("check", "a")])
        self.set("leads: {distribution: [fan], fan: [c]}\n")
        self.hookline("rebuild")
        self.assertEqual(self.leads(), chosen)
        self.tell(missed(7, "+79160000007", "11:00"))
        self.assertEqual(self.leads()[-1], ("check", "c"))

    def test_the_least_loaded_is_who_has_the_fewest_open_leads(self):
        self.set("leads: {distribution: [least_loaded]}\n")
        self.tell({"type": "contact", "id": "c1"},
                  *({"type": "lead", "id": f"l{n}", "contact": "c1", "funnel": "sales", "stage": stage, "responsible": who,
                     "created_at": "2026-03-01T00:00:00Z"}
                    for n, (who, stage) in enumerate([("a", "check"), ("b", "refusal"), ("b", "refusal"), ("c", "check")])))
        self.tell(missed(1, "+79160000001", "09:01"))
        self.assertEqual(self.leads()[-1], ("check", "b"))
        self.tell(missed(2, "+79160000002", "09:02"), missed(3, "+79160000003", "09:03"))
        self.assertEqual(self.leads()[-2:], [("check", "a"), ("check", "c")])

    def test_withheld_numbers_make_leads_of_their_own(self):
        self.set("leads: {anonymous: create_lead}\n")
        self.tell(missed(1, None, "09:01"), missed(2, None, "09:02"))
        leads = self.json("leads")
        self.assertEqual([(lead["stage"], lead["contact"]) for lead in leads], [("unsorted", None)] * 2)
        calls = {call["id"]: call for call in self.json("calls")}
        self.assertEqual({call["lead"] for call in calls.values()}, {lead["id"] for lead in leads})
        self.tell(dict(missed(1, "+79160000001", "09:01"), updated_at="2026-03-02T12:00:00Z"))  # the number came later
        self.assertEqual(len(self.json("leads")), 2)
        self.hookline("rebuild")
        self.assertEqual(len(self.json("leads")), 2)

    def test_two_calls_at_once_of_a_new_number_make_one_contact_and_one_lead(self):
        self.tell(missed(1, "+79160000001", "09:01"), missed(2, "89160000001", "09:01"))
        self.assertEqual(len(self.json("leads")), 1)
        self.assertEqual(len(self.json("contacts")), 1)

    def test_the_stages_have_names_in_the_language_of_the_config(self):
        self.tell(missed(1, "+79160000001", "09:01"))
        self.assertIn("Unsorted", self.hookline("leads"))
        self.assertIn("Неразобранное", self.hookline("leads", "--language", "ru"))


if __name__ == "__main__":
    unittest.main()
