"""host-api/sdk/README.md, "Write an adapter in an hour", done as it stands: the files it shows are written into an
empty folder, its commands run there against an installed prefix, and what it says to expect is looked for.

HKL_BUILD names the build that is installed; ctest sets it.
"""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

BUILD = pathlib.Path(os.environ["HKL_BUILD"])
PAGE = pathlib.Path(__file__).resolve().parents[2] / "host-api" / "sdk" / "README.md"
BLOCK = re.compile(r"^```(\w+)(?: ([^\n]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Walkthrough(unittest.TestCase):
    def test_from_an_empty_folder_to_a_call(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="hookline-hour-"))
        self.addCleanup(shutil.rmtree, folder)
        prefix = folder / "prefix"
        subprocess.run(["cmake", "--install", BUILD, "--prefix", prefix], check=True, capture_output=True)
        here = folder / "work"
        here.mkdir()
        said, commands, expectations = "", 0, 0
        for language, name, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
            if language == "sh":
                commands += 1
                done = subprocess.run(["bash", "-euo", "pipefail", "-c", text], cwd=here, capture_output=True, text=True,
                                      env={**os.environ, "PREFIX": str(prefix), "CMAKE_GENERATOR": "Ninja"}, timeout=600)
                self.assertEqual(done.returncode, 0, f"{text}\n{done.stdout}{done.stderr}")
                said = done.stdout
            elif name == "expected":
                for line in text.splitlines():
                    expectations += 1
                    self.assertIn(line, said)
            else:
                self.assertTrue(name, f"a block that is neither a file nor a command: {text[:80]}")
                (here / name).write_text(text, encoding="utf-8")
        self.assertGreaterEqual(commands, 3)
        self.assertGreaterEqual(expectations, 5)

    def test_links_lead_somewhere(self):
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", PAGE.read_text(encoding="utf-8")):
            self.assertTrue((PAGE.parent / target).exists(), target)


if __name__ == "__main__":
    unittest.main()
