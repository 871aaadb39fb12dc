"""The funnels that ship: each can be taken by `include`, and what follows from its stages follows."""
import json
import pathlib
import unittest

from hookline_cli import CliTest

FUNNELS = pathlib.Path(__file__).resolve().parents[2] / "config" / "funnels"

CONFIG = """
hookline: 1
store: {url: "sqlite:hookline.db"}
locale: {timezone: Europe/Moscow, phone_region: RU, language: ru}
sources: [{name: told, plugin: canonical, history: false}]
classifiers: [{plugin: repeat-contact}]
reports: [{plugin: closed-unsuccessfully}]
"""
MISS = {"type": "call", "id": "told:1", "source": "told", "direction": "in", "client_number": "+79160000001",
        "started_at": "2026-03-02T09:00:00Z", "ended_at": "2026-03-02T09:00:20Z", "finish_reason": "client_hung_up"}


class Funnels(CliTest):
    def set(self, include):
        self.yaml.write_text(CONFIG + include, encoding="utf-8")
        self.check_config()

    def tell(self, *records):
        self.hookline("import", "--source", "told", "-", text_in="".join(json.dumps(r) + "\n" for r in records))

    def test_macrocrms_is_what_holds_without_one(self):
        shown = []
        for include in ("", f"include: [{FUNNELS}/macrocrm.yaml]\n"):
            self.set(include)
            self.tell(MISS)
            shown.append(self.json("leads"))
        self.assertEqual(shown[0][0]["stage"], "unsorted")
        self.assertEqual(shown[1], shown[0])

    def test_remonlines_reasons_are_counted(self):
        self.set(f"include: [{FUNNELS}/remonline.yaml]\n")
        self.tell(MISS)
        self.assertEqual(self.json("leads")[0]["stage"], "new")
        lead = {"type": "lead", "kind": "Звонок", "funnel": "leads", "created_at": "2026-03-02T10:00:00Z",
                "closed_at": "2026-03-03T10:00:00Z"}
        self.tell({"type": "contact", "id": "c1"},
                  *(lead | {"id": f"l{n}", "contact": "c1", "stage": stage}
                    for n, stage in enumerate(["price", "price", "terms", "won", "archive"])))
        report = self.json("report", "closed-unsuccessfully", "--from", "2026-03-01", "--to", "2026-03-31")
        self.assertEqual(sorted(row["cells"]["number"] for row in report["rows"]), ["l0", "l1", "l2", "l4"])


if __name__ == "__main__":
    unittest.main()
