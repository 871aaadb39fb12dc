"""Rules, calendars and mappings that cannot be: each told with its place and the way out, before anything runs."""
import json
import unittest

from hookline_cli import CliTest

CONFIG = """hookline: 1
store: {url: "sqlite:hookline.db"}
locale: {timezone: Europe/Moscow, phone_region: RU, language: en}
sources: [{name: told, plugin: canonical, history: false}]
classifiers: [{plugin: repeat-contact}]
"""


class RulesBadInput(CliTest):
    def refused(self, text):
        self.yaml.write_text(CONFIG + text + "\n", encoding="utf-8")
        told = self.check_config(expect=1)
        self.assertTrue(all("hookline.yaml:" in line for line in told), told)
        return " ".join(told)

    def test_a_deadline_of_nothing_or_less(self):
        for deadline in ("0h", "0s", "-1h", "-1", "0.0h"):
            told = self.refused(f'tasks: [{{plugin: callback-missed, settings: {{deadline: "{deadline}"}}}}]')
            self.assertIn(':6:', told)
            self.assertIn('setting "deadline": expected a duration', told)
            self.assertIn(f'found "{deadline}"', told)

    def test_no_time_untouched_and_an_escalation_before_its_deadline(self):
        told = self.refused('tasks: [{plugin: untouched-lead, settings: {untouched_for: 0s, escalate_after: -5m}}]')
        self.assertIn('setting "untouched_for": expected a duration above nothing', told)
        self.assertIn('setting "escalate_after": expected a duration such as', told)

    def test_a_calendar_without_an_open_hour(self):
        rule = "tasks: [{plugin: callback-missed, settings: {working_hours: never}}]\n"
        self.assertIn("calendars.never.hours: the list is empty", self.refused(rule + "calendars: {never: {days: mon-fri, hours: []}}"))
        told = self.refused(rule + "calendars: {never: {except: {2026-03-09: closed}}}")
        self.assertIn('calendars.never: "hours" is missing: spans of a day, such as', told)

    def test_a_template_with_an_unknown_field(self):
        for rule in ("callback-missed", "follow-up", "untouched-lead", "low-rating", "promise-tag"):
            told = self.refused(f'tasks: [{{plugin: {rule}, settings: {{title: "Call {{nmber}}"}}}}]')
            self.assertIn(f'{rule}, setting "title": there is no field "nmber"; did you mean "number"?', told)

    def test_an_extension_of_two_employees_at_once(self):
        told = self.refused('employees:\n'
                            '  - {id: a, extensions: [{source: told, number: "101", to: "2026-03-02T00:00:00Z"}]}\n'
                            '  - {id: b, extensions: [{source: told, number: "101", from: "2026-03-01T00:00:00Z"}]}')
        self.assertIn(":8:", told)
        self.assertIn('extension 101 of told belongs to a at the same time (line 7); end one period with "to"', told)

    def test_a_task_for_an_employee_whom_nobody_knows(self):
        people = "employees: [{id: ivanova}, {id: petrov}]\n"
        for setting in ("escalate_to", "given_to"):
            told = self.refused(people + f"tasks: [{{plugin: callback-missed, settings: {{{setting}: ivanvoa}}}}]")
            self.assertIn(f'callback-missed, setting "{setting}": there is no employee "ivanvoa"; did you mean "ivanova"?', told)
        self.yaml.write_text(CONFIG + "tasks: [{plugin: callback-missed, settings: {escalate_to: boss}}]\n", encoding="utf-8")
        self.check_config()  # people may come as records

    def test_a_lead_at_a_stage_that_no_funnel_has_is_kept_and_told_of(self):
        self.yaml.write_text(CONFIG, encoding="utf-8")
        contact = {"type": "contact", "id": "c1"}
        lead = {"type": "lead", "id": "l1", "contact": "c1", "created_at": "2026-03-02T09:00:00Z", "created_by": "manual"}
        funnel = {"type": "funnel", "id": "repair", "stages": [{"id": "done"}]}
        for more, said in (({"stage": "chekc"}, 'lead l1: the funnel "sales" has no stage "chekc" yet; did you mean "check"?'),
                           ({"funnel": "sale", "stage": "x"}, 'lead l1: there is no funnel "sale" yet; did you mean "sales"?')):
            records = [contact, {**lead, **more}]
            self.hookline("import", "--source", "told", "-", text_in="\n".join(map(json.dumps, records)) + "\n")
            self.assertIn(said, self.stderr)
            self.assertEqual([one["stage"] for one in self.json("leads")], [more["stage"]], "nothing is lost")
        records = [contact, {**lead, "id": "l2", "funnel": "repair", "stage": "done"}, funnel]
        self.hookline("import", "--source", "told", "-", text_in="\n".join(map(json.dumps, records)) + "\n")
        self.assertNotIn("l2", self.stderr)


if __name__ == "__main__":
    unittest.main()
