"""Version 1.0 of the contracts stays what it was: plugins of today live in a host of 1.0, a plugin of 1.0 in the host of
today, and no type or function that was released has changed.

HKL_BUILD names the build, HKL_STABILITY its folder of this test; ctest sets them.
"""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

BUILD = pathlib.Path(os.environ["HKL_BUILD"])
HERE = pathlib.Path(os.environ["HKL_STABILITY"])
SOURCE = pathlib.Path(__file__).resolve().parents[3]
BASELINE = pathlib.Path(__file__).with_name("libhookline-1.0.abi")
OLD = BUILD / "tests/contract/hostile/files/old-1.0.so"
# Of those whose settings have no defaults.
SETTINGS = {"asterisk-ami": {"host": "10.0.0.5", "username": "a", "secret": "b"}}
RECORDINGS = {"asterisk-ami": SOURCE / "tests/fixtures/asterisk/01-inbound-answered/ami.raw"}


def run(*words, **more):
    return subprocess.run([str(w) for w in words], capture_output=True, text=True, timeout=120, **more)


def needs_of(plugin):
    """What the note says it cannot do without, and which settings have no default."""
    image = plugin.read_bytes()
    begin = image.index(b'{"id":')
    manifest = json.loads(image[begin:image.index(b"\0", begin)])
    return manifest.get("needs", []), manifest["settings"].get("required", [])


class Stability(unittest.TestCase):
    def test_plugins_of_today_live_in_a_host_that_offers_only_1_0(self):
        lived = []
        with tempfile.TemporaryDirectory() as folder:
            for plugin in sorted((BUILD / "plugins").glob("*.so")):
                needs, required = needs_of(plugin)
                settings = SETTINGS.get(plugin.stem, {})
                if set(needs) - {"hookline.host.log/1"} or set(required) - set(settings):
                    continue  # the host's loader refuses it by its note
                file = pathlib.Path(folder) / f"{plugin.stem}.json"
                file.write_text(json.dumps(settings))
                recording = [RECORDINGS[plugin.stem]] if plugin.stem in RECORDINGS else []
                done = run(HERE / "stability-host-1.0", plugin, file, *recording)
                with self.subTest(plugin=plugin.stem):
                    self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                lived.append(plugin.stem)
        self.assertGreaterEqual(len(lived), 8, lived)

    def test_a_plugin_of_1_0_lives_in_the_host_of_today(self):
        done = run(BUILD / "bin/hookline-validate", "--level", "quick", "--seed", "7", OLD)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            shutil.copy(OLD, folder)
            (folder / "hookline.yaml").write_text(f"""\
hookline: 1
store: {{url: "sqlite:hookline.db"}}
locale: {{timezone: UTC, phone_region: RU, language: en}}
plugins: {{folders: ["{folder}"]}}
sources: [{{name: pbx1, plugin: hostile-adapter, settings: {{password: x}}}}]
""", encoding="utf-8")
            (folder / "lines").write_text("1772442900000 CALL c1 101\n1772442960500 OVER c1 101\n", encoding="utf-8")
            hookline = BUILD / "bin/hookline"
            done = run(hookline, "import", "--source", "pbx1", folder / "lines", "--config", folder / "hookline.yaml")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            calls = run(hookline, "calls", "--format", "json", "--config", folder / "hookline.yaml").stdout
            self.assertEqual([call["id"] for call in json.loads(calls)], ["pbx1:c1"])

    def test_the_layout_of_1_0_is_that_of_the_headers(self):
        done = run(SOURCE / "tests/contract/freeze.sh", "--check")
        self.assertEqual(done.returncode, 0, "what is new belongs to the list of a later version, or, before the "
                                             "release, freeze.sh is run once more:\n" + done.stdout + done.stderr)

    @unittest.skipUnless(shutil.which("abidiff"), "abigail-tools is not installed")
    @unittest.skipUnless(os.uname().machine == "x86_64", "the baseline is of x86_64")
    def test_libhookline_exports_what_it_exported_in_1_0(self):
        """What is built to be shipped has no debug information, so of it abidiff compares the symbols and their
        versions alone; types of functions are compared by prototypes.c, of structs by the probes below. Once more
        while 1.0 grows, and never after it is released, the baseline is written by
        abidw --no-elf-needed --no-corpus-path --out-file libhookline-1.0.abi build/release/lib/libhookline.so"""
        done = run("abidiff", BASELINE, (BUILD / "lib/libhookline.so").resolve())
        # Bits: 1 failed, 2 wrong use, 4 something changed, 8 it is incompatible.
        self.assertEqual(done.returncode & ~4, 0, done.stdout + done.stderr)

    @unittest.skipUnless(shutil.which("abidiff"), "abigail-tools is not installed")
    def test_no_type_of_1_0_has_changed(self):
        done = run("abidiff", "--fail-no-debug-info", HERE / "libprobe-frozen.so", HERE / "libprobe-today.so")
        self.assertEqual(done.returncode & ~4, 0, done.stdout + done.stderr)
        for change in ("offset changed", "deletion", "removed", "type changed from", "type name changed"):
            self.assertNotIn(change, done.stdout)


if __name__ == "__main__":
    unittest.main()
