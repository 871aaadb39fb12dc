"""What a sanitizer finds in a plugin is a failure of the check that stands for it, in the sanitizer's words: M04 in the
tool of the preset asan, T05 in that of tsan. Elsewhere there is nothing to find: hostile_test.py asks for the skips.

HKL_BIN names the build's bin folder, HKL_HOSTILE the plugins, HKL_SANITIZE the sanitizer; ctest sets them.
"""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

BIN = pathlib.Path(os.environ["HKL_BIN"])
HOSTILE = pathlib.Path(os.environ["HKL_HOSTILE"])
SANITIZE = os.environ.get("HKL_SANITIZE", "")
LINES = """\
1772442900000 CALL c1 101
1772442900200 RING c1 101
1772442960600 OVER c1 101
"""


class Sanitized(unittest.TestCase):
    def checks(self, plugin, only):
        """The exit code, and what came of each check: {"M04": ("fail", "…")}."""
        with tempfile.NamedTemporaryFile("w", suffix=".capture") as capture:
            capture.write(LINES)
            capture.flush()
            done = subprocess.run([BIN / "hookline-validate", "--seed", "7", "--level", "strict", "--only", only, "--format",
                                   "json", "--capture", capture.name, HOSTILE / f"{plugin}.so"],
                                  capture_output=True, text=True, timeout=300)
        checks = json.loads(done.stdout)["plugins"][0]["checks"]
        return done.returncode, {check["id"]: (check["result"], check.get("text", "")) for check in checks}

    def assert_finds(self, plugin, only, words):
        code, found = self.checks(plugin, only)
        check = only[-3:]
        self.assertEqual((code, found[check][0]), (1, "fail"), found)
        self.assertTrue(found[check][1].startswith(words), found)
        # One fault has one name.
        self.assertEqual({id for id, (result, _) in found.items() if result in ("fail", "crash", "timeout")}, {check})

    @unittest.skipUnless("address" in SANITIZE, "this build has no AddressSanitizer; `tests/run.sh asan` does it")
    def test_errors_of_memory_fail_m04(self):
        self.assert_finds("reads-freed", "I0[12]|M04", "ERROR: AddressSanitizer: heap-use-after-free")
        self.assert_finds("forgets-release", "M04", "ERROR: LeakSanitizer: detected memory leaks")
        for plugin in ("good-adapter", "good-classifier"):
            self.assertEqual(self.checks(plugin, "M04"), (0, {"M04": ("pass", "")}))

    @unittest.skipUnless("address" in SANITIZE, "this build has no AddressSanitizer; `tests/run.sh asan` does it")
    def test_a_crash_stays_a_crash_where_it_happens(self):
        code, found = self.checks("segv-work", "I01|M04")
        self.assertEqual((code, found["I01"][0]), (1, "crash"), found)

    @unittest.skipUnless("thread" in SANITIZE, "this build has no ThreadSanitizer; `tests/run.sh tsan` does it")
    def test_a_data_race_fails_t05(self):
        self.assert_finds("race", "I01|T05", "WARNING: ThreadSanitizer: data race")
        self.assertEqual(self.checks("good-adapter", "T05"), (0, {"T05": ("pass", "")}))


if __name__ == "__main__":
    unittest.main()
