"""Channel events of a Wazo, where the cases lie beside the repository: our calls against the logs that Wazo's own tests assert.

The cases are under a licence of their own and are read where they lie.
"""
import datetime
import unittest

import yaml
from hookline_cli import SOURCE, CliTest

CASES = next((at for at in (SOURCE.parent / "shared" / "fixtures" / "wazo-cel",) if at.is_dir()), None)
# What an admin knows: Wazo names phones by chance words, so trunks have to be named. "none": there is none, and every word is a phone.
TRUNKS = {"12": "dev_32", "18": "trunk", "21": "trunk", "24": "voipms_trunk_2c34c282-433e-4bb8-8d56-fec14ff7e1e9_39756",
          "30": "dev_44", "39": "9EYlfTvB", "48": "yeFKZg6L", "51": "dev_32", "66": "2c70p24m", "69": "2c70p24m", "75": "2c70p24m"}
# Where Wazo's notion is another one, and why ours stays.
DIFFERS = {
    ("03", "direction"): "caller and callee are one phone here; only Wazo's own event says that it came from outside",
    ("78", "direction"): "as 03",
    ("51", "answered"): "two outside phones joined by an order: no person of ours spoke, which Wazo does not ask",
    ("51", "spoke"): "as above",
    ("51", "date_answer"): "as above",
    ("51", "date"): "the order began with a Local channel, which is nobody; our call begins when somebody is rung",
    ("63", "date_end"): "Wazo ends a call when its channel is taken away, ours ends with the hang-up a second before",
    ("72", "answered"): "the client's leaving of the bridge is noted and its entering is not: it was there, since when is not known",
    ("72", "spoke"): "as above",
    ("72", "date_answer"): "as above",
}
DIRECTIONS = {"inbound": "in", "outbound": "out", "internal": "internal"}


def moment(value):
    if isinstance(value, str):
        value = datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    return value if value.tzinfo else value.replace(tzinfo=datetime.timezone.utc)


def identity(text):
    """"sip/hg63xv" as the name in a channel."""
    return text.split("/", 1)[1].lower()


@unittest.skipUnless(CASES, "the cases of Wazo do not lie beside the repository (../shared/fixtures/wazo-cel)")
class WazoCel(CliTest):
    def calls_of(self, folder):
        number = folder.name[:2]
        store = f"wazo-{number}.db"
        self.yaml.write_text(
            'hookline: 1\nstore: {url: "sqlite:x.db"}\nlocale: {timezone: UTC, phone_region: CA, language: en}\nsources:\n'
            f"  - {{name: pbx1, plugin: asterisk-cel, settings: {{trunks: [{TRUNKS.get(number, 'none')}]}}}}\n", encoding="utf-8")
        self.hookline("import", "--source", "pbx1", folder / "cel.csv", store=store)
        return self.json("calls", store=store)

    def agree(self, number, what, got, wanted):
        if (number, what) in DIFFERS:
            return
        self.assertEqual(got, wanted, what)

    def close(self, number, what, got, wanted, within=0.25):
        if (number, what) in DIFFERS:
            return
        self.assertIsNotNone(got, what)
        self.assertLess(abs((moment(got) - moment(wanted)).total_seconds()), within, f"{what}: {got} is not {wanted}")

    def check(self, number, log, call):
        if "direction" in log:
            self.agree(number, "direction", call["direction"], DIRECTIONS[log["direction"]])
        if "answered" in log:
            self.agree(number, "answered", call["outcome"] == "answered", log["answered"])
        for what, field in (("date", "started_at"), ("date_answer", "answered_at"), ("date_end", "ended_at")):
            if isinstance(log.get(what), dict):
                self.close(number, what, call[field], log[what]["value"], log[what]["delta_seconds"])
            elif log.get(what) is not None:
                self.close(number, what, call[field], log[what])
            elif what in log:
                self.agree(number, what, call[field], None)
        phones = {(leg["extension"] or "").lower(): leg for leg in call["legs"] if leg["kind"] == "employee"}
        if call["direction"] != "out" and "destination_line_identity" in log and "answered" in log:
            leg = phones.get(identity(log["destination_line_identity"]))
            self.assertIsNotNone(leg, f"who was rung: {log['destination_line_identity']} of {list(phones)}")
            self.agree(number, "spoke", (leg["talk_s"] or 0) > 0, log["answered"])
        if call["direction"] != "in" and "source_line_identity" in log and (number, "spoke") not in DIFFERS:
            self.assertIn(identity(log["source_line_identity"]), phones, "who called")
        if call["direction"] == "in" and "requested_exten" in log and number not in ("12", "21"):
            wanted = str(log["requested_exten"])
            self.assertIn(wanted, (call["line"], *[leg["extension"] for leg in call["legs"]]), "who was asked for")

    def test_our_calls_agree_with_the_asserted_logs(self):
        folders = [folder for folder in sorted(CASES.iterdir()) if (folder / "cel.csv").exists()]
        self.assertGreaterEqual(len(folders), 26)
        for folder in folders:
            number = folder.name[:2]
            with self.subTest(case=folder.name):
                expected = yaml.safe_load((folder / "expected.yaml").read_text(encoding="utf-8"))
                calls = sorted(self.calls_of(folder), key=lambda call: call["started_at"])
                logs = expected["expected"].get("all_call_logs", {}).get("items")
                if logs:  # Wazo's batch leaves the one that it had done before; ours makes all
                    calls = [call for call in calls if any(moment(call["started_at"]) == moment(log["date"]) for log in logs)]
                    self.assertEqual(len(calls), len(logs))
                    for log, call in zip(sorted(logs, key=lambda log: moment(log["date"])), calls):
                        self.check(number, log, call)
                    continue
                log = expected["expected"].get("call_log")
                if not log or log.get("match") == "not":
                    self.assertGreaterEqual(len(calls), 1)
                    continue
                linked = str(expected.get("linkedid", ""))
                mine = [call for call in calls if call["id"] == f"pbx1:{linked}"] or calls
                self.check(number, log, mine[0])

    def test_who_talks_in_calls_whose_log_names_no_bridge(self):
        wanted = {"09": ("as2mkq", "je5qtq"), "18": ("hg63xv",), "54": ("aaaaaa", "bbbbbb"), "33": ("101", "mvkph8he")}
        for number, phones in wanted.items():
            with self.subTest(case=number):
                folder = next(CASES.glob(f"{number}_*"))
                call = self.calls_of(folder)[0]
                spoke = {leg["extension"] for leg in call["legs"] if leg["kind"] == "employee" and (leg["talk_s"] or 0) > 0}
                self.assertEqual(spoke, set(phones))


if __name__ == "__main__":
    unittest.main()
