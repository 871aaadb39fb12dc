"""The walk-through "Adding a report" of plugins/reports/README.md, done as it says."""
import os
import re
import shlex
import subprocess
import unittest

from hookline_cli import FIXTURES, SOURCE, CliTest

PAGE = (SOURCE / "plugins" / "reports" / "README.md").read_text(encoding="utf-8")


def block(language):
    return re.search(rf"```{language}\n(.*?)```", PAGE, re.S).group(1)


class AddingAReport(CliTest):
    config = FIXTURES / "metrics" / "hookline.yaml"

    def build(self):
        """As hookline_add_plugin does it; by hand, since a CMake project takes longer than the compiler."""
        (self.folder / "busy_lines.cpp").write_text(block("cpp"), encoding="utf-8")
        include = SOURCE / "host-api"
        subprocess.run([os.environ.get("CXX", "c++"), "-std=c++20", "-O0", "-shared", "-fPIC", "-fvisibility=hidden",
                        "-fno-gnu-unique", "-Wl,-z,now", "-Wl,-z,relro", f"-I{include / 'include'}", f"-I{include / 'sdk' / 'include'}",
                        "busy_lines.cpp", "-o", "busy-lines.so"], cwd=self.folder, check=True, timeout=300)

    def test_the_file_is_short(self):
        self.assertLess(len(block("cpp").splitlines()), 60)

    def test_the_page_does_what_it_says(self):
        self.build()
        text = self.yaml.read_text(encoding="utf-8").replace("reports: [{plugin: calls-by-manager}]\n", "")
        text = text.replace("classifiers: [{plugin: repeat-contact}]\ntasks: [{plugin: callback-missed}]\n", "")
        self.yaml.write_text(text + block("yaml") + f"plugins: {{folders: [{self.folder}]}}\n", encoding="utf-8")
        self.hookline("import", "--source", "canonical", FIXTURES / "metrics" / "common.ndjson")
        self.check_config()
        commands = re.search(r"## 4.*?```\n(.*?)```", PAGE, re.S).group(1).strip().splitlines()
        said = []
        for command in commands:
            words = shlex.split(command)
            self.assertEqual(words[0], "hookline")
            if words[1] == "config":
                continue
            words = [w for i, w in enumerate(words[1:], 1) if w != "--config" and words[i - 1] != "--config"]
            said.append(self.hookline(*words))
        self.assertIn("Ждали зря", said[0])
        report = self.json("report", "busy-lines", "--from", "2026-03-02", "--to", "2026-03-03")
        # Waits of the missed: 40, 25, 2, 3, 10, 60 s; longer than 30 s are two.
        self.assertEqual((report["options"]["patience_s"], report["total"]["calls"], report["total"]["in_vain"]), (30, 13, 2))
        self.assertEqual(len(self.json("report", "busy-lines", "--from", "2026-03-02", "--to", "2026-03-03", "--drill",
                                       "total:in_vain")), 2)


if __name__ == "__main__":
    unittest.main()
