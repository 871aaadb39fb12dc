"""The installed package as strangers meet it: examples built outside of the tree against a prefix alone.

HKL_BUILD names the build that is installed; ctest sets it.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

BUILD = pathlib.Path(os.environ["HKL_BUILD"])
SOURCE = pathlib.Path(__file__).resolve().parents[2]
EXAMPLES = SOURCE / "examples"
ADAPTERS = {"cpp": "com.example.lines-cpp", "c": "com.example.lines", "rust": "com.example.lines-rust"}
VIP = "+12125550148"

# At noon a client of the list gives up, another talks; at night somebody rings.
CAPTURE = f"""\
1772452800000 CALL c1 - in {VIP} +12125550100
1772452800200 RING c1 101
1772452820000 END c1 101
1772452820000 OVER c1 -
1772452900000 CALL c2 - in +12125550149 +12125550100
1772452900200 RING c2 101
1772452904000 ANSWER c2 101
nonsense
1772452960500 END c2 101
1772452960500 OVER c2 -
1772409600000 CALL c3 - in +12125550150 +12125550101
1772409600200 RING c3 101
1772409620000 END c3 101
1772409620000 OVER c3 -
"""


def run(*words, check=True, **more):
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True, timeout=300, **more)
    if check and done.returncode != 0:
        raise AssertionError(f"{words}\n{done.stdout}{done.stderr}")
    return done.stdout


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="hookline-package-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.prefix = cls.folder / "prefix"
        run("cmake", "--install", BUILD, "--prefix", cls.prefix)
        cls.environment = {**os.environ, "CMAKE_GENERATOR": "Ninja", "PKG_CONFIG_PATH": str(cls.prefix / "lib" / "pkgconfig")}
        cls.plugins = cls.cmake_builds("plugins") / "plugins"

    @classmethod
    def cmake_builds(cls, example):
        """A copy of the example, which knows nothing but the prefix."""
        here, out = cls.folder / example, cls.folder / f"{example}-build"
        shutil.copytree(EXAMPLES / example, here)
        run("cmake", "-S", here, "-B", out, f"-DCMAKE_PREFIX_PATH={cls.prefix}", "-DCMAKE_BUILD_TYPE=Release",
            "-DCMAKE_C_FLAGS=-Wall -Wextra -Werror", "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Werror", env=cls.environment)
        run("cmake", "--build", out, "-j", "2")
        return out

    def config(self, source="", plugins=None):
        home = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        (home / "hookline.yaml").write_text(f"""\
hookline: 1
store: {{url: "sqlite:hookline.db"}}
locale: {{timezone: UTC, phone_region: US, language: en}}
plugins: {{folders: ["{self.prefix}/plugins", "{plugins or self.plugins}"]}}
sources: [{{name: pbx1, plugin: {source or ADAPTERS["c"]}{', settings: {host: 127.0.0.1}' if source == ADAPTERS["cpp"] else ''}}}]
classifiers: [{{plugin: com.example.night-calls}}, {{plugin: repeat-contact}}]
tasks: [{{plugin: com.example.vip-callback, settings: {{numbers: ["{VIP}"], deadline: 10m}}}}]
reports: [{{plugin: com.example.calls-by-line}}]
employees: [{{id: anna, name: Anna, extensions: [{{source: pbx1, number: "101"}}]}}]
""", encoding="utf-8")
        (home / "lines.capture").write_text(CAPTURE, encoding="utf-8")
        return home

    def hookline(self, home, *words, check=True):
        return run(self.prefix / "bin" / "hookline", *words, "--config", home / "hookline.yaml", cwd=home, check=check)

    def imported(self, source=""):
        home = self.config(source)
        self.hookline(home, "import", "--source", "pbx1", home / "lines.capture", check=False)  # one line is nonsense
        return home

    def listed(self, home, what):
        return [json.loads(line) for line in self.hookline(home, what, "--format", "ndjson").splitlines()]

    def test_adapters_in_three_languages_tell_the_same_calls(self):
        told = {language: self.listed(self.imported(plugin), "calls") for language, plugin in ADAPTERS.items()}
        self.assertEqual([call["outcome"] for call in told["c"]], ["answered", "missed", "missed"])
        self.assertEqual(told["c"][1]["client_number"], VIP)
        self.assertEqual(told["c"], told["cpp"])
        self.assertEqual(told["c"], told["rust"])

    def test_every_example_is_found_by_its_note(self):
        home = self.config()
        self.assertTrue(self.hookline(home, "config", "check").endswith(": good\n"))
        loaded = self.hookline(home, "plugins")
        for plugin in (ADAPTERS["c"], "com.example.night-calls", "com.example.vip-callback", "com.example.calls-by-line"):
            self.assertIn(plugin, loaded)

    def test_the_installed_validator_finds_them_good(self):
        plugins = sorted(self.plugins.glob("*.so"))
        self.assertGreaterEqual(len(plugins), 6)
        for plugin in plugins:
            run(self.prefix / "bin" / "hookline-validate", "--level", "strict", plugin)

    def test_the_classifier_judges(self):
        quality = {i["call"]: i["quality"] for i in self.listed(self.imported(), "inquiries")}
        self.assertEqual(quality["pbx1:c3"], "non_target")
        self.assertNotEqual(quality["pbx1:c1"], "non_target")

    def test_the_task_rule_asks_for_one_task(self):
        (task,) = self.listed(self.imported(), "tasks")
        self.assertEqual((task["call"], task["rule"]), ("pbx1:c1", "com.example.vip-callback"))
        self.assertEqual(task["deadline_at"], "2026-03-02T12:10:20.000Z")

    def test_the_report_runs_and_its_figures_open(self):
        home = self.imported()
        period = ("--from", "2026-03-01", "--to", "2026-03-03")
        report = json.loads(self.hookline(home, "report", "com.example.calls-by-line", *period, "--format", "json"))
        cells = {row["cells"]["line"]: (row["cells"]["calls"], row["cells"]["missed"], row["cells"]["missed_share"])
                 for row in report["rows"]}
        self.assertEqual(cells, {"+12125550100": (2, 1, 50), "+12125550101": (1, 1, 100)})
        behind = self.hookline(home, "report", "com.example.calls-by-line", *period, "--drill", "total:missed")
        self.assertIn("pbx1:c1", behind)
        self.assertIn("pbx1:c3", behind)

    def test_plain_c_needs_pkg_config_alone(self):
        def pkg_config(*words):
            return run("pkg-config", *words, "hookline", env=self.environment).split()
        alone = self.folder / "by-pkg-config"
        alone.mkdir()
        for other in self.plugins.glob("*.so"):
            if other.name != "com.example.lines.so":
                shutil.copy(other, alone)
        run("cc", "-std=c11", "-Wall", "-Wextra", "-Werror", *pkg_config("--variable=plugin_cflags"),
            EXAMPLES / "plugins" / "lines-c" / "lines.c", "-o", alone / "lines.so", *pkg_config("--variable=plugin_ldflags"))
        home = self.config(plugins=alone)
        self.hookline(home, "import", "--source", "pbx1", home / "lines.capture", check=False)
        self.assertEqual(len(self.listed(home, "calls")), 3)
        cxx = pkg_config("--variable=plugin_cxxflags")
        self.assertEqual(cxx, [*pkg_config("--variable=plugin_cflags"), "-fno-gnu-unique"])
        run("c++", "-std=c++17", *cxx, EXAMPLES / "plugins" / "lines-cpp" / "lines.cpp", "-o", self.folder / "by-cxx.so",
            *pkg_config("--variable=plugin_ldflags"))
        run(self.prefix / "bin" / "hookline-validate", "--level", "quick", self.folder / "by-cxx.so")
        run("cc", "-std=c11", "-Wall", "-Wextra", "-Werror", EXAMPLES / "hosts" / "crm.c", "-o", self.folder / "crm-by-pkg-config",
            *pkg_config("--cflags", "--libs"))
        self.is_a_crm(self.folder / "crm-by-pkg-config", env={**os.environ, "LD_LIBRARY_PATH": str(self.prefix / "lib")})

    def is_a_crm(self, *words, **more):
        """Tells of a call, hears of its task, prints the report."""
        home = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        shutil.copy(EXAMPLES / "hosts" / "hookline.yaml", home)
        said = run(*words, home / "hookline.yaml", *more.pop("after", ()), cwd=home, **more)
        self.assertIn('"call":"canonical:1"', said.split("\n")[0])
        self.assertRegex(said, r"Anna Kern +0 +1")

    def test_a_crm_in_c_is_built_by_find_package(self):
        self.is_a_crm(self.cmake_builds("hosts") / "crm")

    def test_a_crm_in_python(self):
        self.is_a_crm("/usr/bin/python3", EXAMPLES / "hosts" / "crm.py", after=[self.prefix / "lib" / "libhookline.so.1"])

    def test_a_crm_in_php(self):
        self.is_a_crm("php", "-d", "ffi.enable=1", EXAMPLES / "hosts" / "crm.php", after=[self.prefix / "lib" / "libhookline.so.1"])

    def test_the_template_is_built_and_passes_its_own_tests(self):
        here = self.folder / "my-plugin"
        shutil.copytree(EXAMPLES / "plugins" / "template", here)
        environment = {**self.environment, "CMAKE_PREFIX_PATH": str(self.prefix)}
        run("cmake", "--preset", "dev", cwd=here, env=environment)
        run("cmake", "--build", "--preset", "dev", cwd=here)
        self.assertIn("100% tests passed", run("ctest", "--preset", "dev", cwd=here))
        self.assertTrue((here / "build" / "plugins" / "com.example.my-pbx.so").exists())

    def test_examples_stay_short(self):
        for file in (EXAMPLES / "hosts").glob("crm.*"):
            self.assertLess(len(file.read_text().splitlines()), 80, file.name)
        self.assertLess(len((EXAMPLES / "plugins" / "lines-cpp" / "lines.cpp").read_text().splitlines()), 100)
        self.assertLess(len((EXAMPLES / "plugins" / "template" / "my_pbx.cpp").read_text().splitlines()), 40)

    def test_the_library_shows_the_api_alone_and_names_its_version(self):
        for line in run("nm", "-D", "--defined-only", self.prefix / "lib" / "libhookline.so.1").splitlines():
            name = line.split()[-1]
            self.assertRegex(name, r"^(hkl_[a-z_]+@@HOOKLINE_1\.0|HOOKLINE_1\.0)$")

    def test_no_function_that_a_program_may_use_has_gone(self):
        lines = run("nm", "-D", "--defined-only", self.prefix / "lib" / "libhookline.so.1").splitlines()
        there = {line.split()[-1].split("@")[0] for line in lines}
        promised = set((pathlib.Path(__file__).parent / "functions_1_0.txt").read_text().split())
        self.assertEqual(promised - there, set(), "a released function stays until the next major version")
        declared = set(re.findall(r"HKL_PUBLIC [^;(]*?(hkl_\w+)\(", (SOURCE / "host-api/include/hookline/runtime.h").read_text()))
        self.assertEqual(declared - there, set(), "declared in the public header and not exported")

    def test_plugins_show_their_one_door(self):
        for file in [*self.plugins.glob("*.so"), *(self.prefix / "plugins").glob("*.so")]:
            names = [line.split()[-1] for line in run("nm", "-D", "--defined-only", file).splitlines()]
            self.assertEqual(names, ["hookline_plugin_v1"], file.name)


if __name__ == "__main__":
    unittest.main(verbosity=2)
