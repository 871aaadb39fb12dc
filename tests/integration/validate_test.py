"""hookline-validate: shipped plugins pass every check, what is no plugin is survived, and the outcome is told to people
and programs. What hostile plugins fail is in tests/contract/hostile."""
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as xml

import yaml

BIN = pathlib.Path(os.environ["HKL_BIN"]).resolve()
BUILD = BIN.parent
ROOT = pathlib.Path(__file__).resolve().parents[2]
HOSTILE = BUILD / "host-api/runtime/plugins/test_plugins/files"
FIXTURES = ROOT / "tests/fixtures"
RECORDINGS = {
    "asterisk-ami": FIXTURES / "asterisk/01-inbound-answered/ami.raw",
    "asterisk-cdr": FIXTURES / "cdr/asterisk-csv/Master.csv",
    "asterisk-cel": FIXTURES / "asterisk/01-inbound-answered/cel.csv",
    "freeswitch-esl": FIXTURES / "freeswitch/01-inbound-answered/esl-plain.raw",
    "smdr": FIXTURES / "cdr/avaya/smdr.csv",
    "webhook": FIXTURES / "webhooks/zadarma",
}
# Where a setting is a file of its own, its content, as the runtime hands it over.
CONTENTS = {
    "rules": lambda: {"rules": [{"name": "brief", "when": "talk_s < 10", "quality": "non_target"}]},
    "smdr": lambda: {"layout": yaml.safe_load((ROOT / "config/layouts/avaya.yaml").read_text(encoding="utf-8"))},
    "webhook": lambda: {"profile": yaml.safe_load((ROOT / "config/profiles/zadarma.yaml").read_text(encoding="utf-8")),
                        "secrets": {"secret": "hl-zadarma-secret-01"}},
}


def recording_of(plugin, folder):
    """Its recording; requests that lie in files of their own, put one behind the other."""
    recording = RECORDINGS[plugin]
    if not recording.is_dir():
        return recording
    whole = folder / f"{plugin}.http"
    whole.write_bytes(b"".join(file.read_bytes() for file in sorted(recording.glob("*.http"))))
    return whole


def validate(*words):
    done = subprocess.run([BIN / "hookline-validate", "--seed", "7", *words], capture_output=True, text=True, timeout=600)
    return done.returncode, done.stdout, done.stderr


def checks_of(*words):
    code, out, err = validate("--format", "json", *words)
    plugins = json.loads(out)["plugins"]
    return code, plugins


def faults(plugin):
    return [check["id"] for check in plugin["checks"] if check["result"] in ("fail", "crash", "timeout")]


class Validate(unittest.TestCase):
    maxDiff = None

    def test_shipped_plugins_pass_every_check(self):
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        shipped = sorted((BUILD / "plugins").glob("*.so"))
        self.assertTrue(shipped)
        for file in shipped:
            with self.subTest(plugin=file.stem):
                words = ["--capture", str(recording_of(file.stem, folder))] if file.stem in RECORDINGS else []
                if file.stem in CONTENTS:
                    settings = folder / f"{file.stem}.json"
                    settings.write_text(json.dumps(CONTENTS[file.stem]()), encoding="utf-8")
                    words += ["--settings", str(settings)]
                code, out, err = validate("--level", "strict", "--timeout", "60", *words, str(file))
                self.assertEqual(code, 0, out + err)

    def test_folder_of_no_plugins_is_survived(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            (folder / "text.so").write_text("no plugin\n")
            (folder / "empty.so").write_bytes(b"")
            (folder / "folder.so").mkdir()
            os.mkfifo(folder / "fifo.so")
            (folder / "dangling.so").symlink_to(folder / "nowhere")
            whole = (HOSTILE / "good.so").read_bytes()
            (folder / "truncated.so").write_bytes(whole[: len(whole) // 2])
            foreign = bytearray(whole)
            foreign[18] = 40 if whole[18] != 40 else 62  # e_machine
            (folder / "foreign.so").write_bytes(foreign)
            (folder / "other.so").write_bytes((BUILD / "lib/libhookline.so").resolve().read_bytes())
            loose = folder / "loose.so"
            loose.write_bytes(whole)
            loose.chmod(0o666)
            code, plugins = checks_of(*sorted(map(str, folder.iterdir())))
            found = {pathlib.Path(one["file"]).stem: faults(one)[0] for one in plugins}
        self.assertEqual(code, 1)
        self.assertEqual(found, {"text": "S01", "empty": "S01", "folder": "S01", "fifo": "S01", "dangling": "S01",
                                 "truncated": "S01", "foreign": "S01", "other": "S02", "loose": "S10"})

    def test_link_out_of_the_folder_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            link = pathlib.Path(folder) / "good.so"
            link.symlink_to(HOSTILE / "good.so")
            _, plugins = checks_of(str(link))
        self.assertEqual(faults(plugins[0]), ["S10"])

    def test_failures_are_told_to_a_build_server(self):
        code, out, _ = validate("--format", "junit", str(HOSTILE / "half-life.so"))
        suite = xml.fromstring(out)[0]
        self.assertEqual(code, 1)
        self.assertGreaterEqual(int(suite.get("failures")), 1)
        failed = [case.get("name")[:3] for case in suite if case.find("failure") is not None]
        self.assertEqual(failed, ["D04"])
        self.assertIn("no destroy", out)

    def test_each_check_tests_a_requirement_of_the_manual(self):
        code, out, _ = validate("--list", "--level", "strict")
        self.assertEqual(code, 0)
        checks = [line.split()[0] for line in out.splitlines()]
        self.assertEqual(len(checks), len(set(checks)))
        page = (ROOT / "host-api/validate/README.md").read_text(encoding="utf-8")
        tested = re.findall(r"^\| \d+ \|.*\| (\w\d\d) \|$", page, re.MULTILINE)
        self.assertEqual(sorted(tested), sorted(checks))

    def test_a_check_in_this_process_tells_what_it_found(self):
        exits = BUILD / "tests/contract/hostile/files/exits.so"
        code, _, err = validate("--in-process", "E04", str(exits))
        self.assertEqual((code, err), (1, "fail: a call called exit\n"))

    def test_wrong_use_is_two(self):
        for words in ([], ["--level", "harsh", "x.so"], ["--only", "(", "x.so"], ["--only", "Z99", "x.so"],
                      ["--settings", "/nowhere.json", "x.so"], ["/nowhere/x.so"]):
            with self.subTest(words=words):
                code, _, err = validate(*words)
                self.assertEqual(code, 2)
                self.assertTrue(err)


if __name__ == "__main__":
    unittest.main()
