"""hookline-validate: shipped plugins pass every check; of the hostile ones, each
made of one good plugin by one change, the first check that fails is the named one."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as xml

BIN = pathlib.Path(os.environ["HKL_BIN"]).resolve()
BUILD = BIN.parent
ROOT = pathlib.Path(__file__).resolve().parents[2]
HOSTILE = BUILD / "host-api/runtime/plugins/test_plugins/files"
RECORDINGS = {
    "asterisk-ami": ROOT / "tests/fixtures/asterisk/01-inbound-answered/ami.raw",
    "freeswitch-esl": ROOT / "tests/fixtures/freeswitch/01-inbound-answered/esl-plain.raw",
}

# The first check that fails; None: a plugin that is odd and yet right.
FIRST_FAULT = {
    "good": None,
    "newer-minor-optional": None,
    "size-larger": None,
    "no-orders": None,
    "no-note": "S02",
    "two-notes": "S02",
    "bad-magic": "S02",
    "bad-manifest": "S02",
    "long-summary": "S02",
    "newer-minor": "S04",
    "newer-major": "S04",
    "major-zero": "S04",
    "unknown-need": "S04",
    "entry-is-function": "S05",
    "entry-writable": "S05",
    "size-lies": "S05",
    "missing-lib": "L01",
    "unresolved": "L01",
    "size-zero": "D01",
    "size-short": "D01",
    "size-huge": "D01",
    "size-odd": "D01",
    "lying-note": "D02",
    "yes-to-all": "D03",
    "throws-in-get-interface": "D03",
    "half-interface": "D04",
    "half-life": "D04",
    "short-interface": "D04",
    "empty-promise": "D04",
    "throws-in-create": "E03",
    "throws-in-configure": "E03",
    "throws-in-start": "E03",
    "throws-in-work": "E03",
    "throws-in-stop": "E03",
    "throws-in-destroy": "E03",
    "nothing-made": "C01",
    "no-sentence": "C01",
}


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
        shipped = sorted((BUILD / "plugins").glob("*.so"))
        self.assertTrue(shipped)
        for file in shipped:
            with self.subTest(plugin=file.stem):
                recording = ["--capture", str(RECORDINGS[file.stem])] if file.stem in RECORDINGS else []
                code, out, err = validate("--level", "strict", *recording, str(file))
                self.assertEqual(code, 0, out + err)

    def test_first_fault_of_each_hostile_plugin_is_the_named_one(self):
        files = [str(HOSTILE / f"{name}.so") for name in FIRST_FAULT]
        code, plugins = checks_of("--level", "strict", *files)
        self.assertEqual(code, 1)
        found = {pathlib.Path(one["file"]).stem: (faults(one) or [None])[0] for one in plugins}
        self.assertEqual(found, FIRST_FAULT)

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

    def test_wrong_use_is_two(self):
        for words in ([], ["--level", "harsh", "x.so"], ["--only", "(", "x.so"], ["--only", "Z99", "x.so"],
                      ["--settings", "/nowhere.json", "x.so"]):
            with self.subTest(words=words):
                code, _, err = validate(*words)
                self.assertEqual(code, 2)
                self.assertTrue(err)


if __name__ == "__main__":
    unittest.main()
