"""Runs the command `hookline` of the build under test, each test in a folder of its own.

The build is named by HKL_BIN (its bin folder); ctest sets it. With HKL_ISOLATED
every plugin of the tests' configs runs in a process of its own.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import unittest

BIN = pathlib.Path(os.environ["HKL_BIN"])
SOURCE = pathlib.Path(__file__).resolve().parents[2]
FIXTURES = SOURCE / "tests" / "fixtures"
ASTERISK = FIXTURES / "asterisk"
SCENARIOS = sorted(p.name for p in ASTERISK.iterdir() if (p / "ami.raw").exists()) if ASTERISK.exists() else []


def isolated(text):
    """A config with `isolation: process` at every entry that names a plugin."""
    lines = []
    for line in text.splitlines():
        found = re.search(r"plugin: (?!canonical\b)[\w.-]+", line)
        if not found or line.lstrip().startswith("#"):
            lines.append(line)
        elif "{" in line[:found.start()]:
            lines.append(re.sub(r"(plugin: (?!canonical\b)[\w.-]+)", r"\1, isolation: process", line))
        else:
            lines += [line, " " * found.start() + "isolation: process"]
    return "\n".join(lines) + "\n"


class PbxSim:
    """An Asterisk made of captures on a free loopback port; speed 0: all at once."""

    def __init__(self, folder, captures, speed, linger, wait=False):
        self.port_file = folder / "pbx.port"
        self.port_file.unlink(missing_ok=True)
        self.log_file = folder / "pbx.log"
        words = ["--port", "0", "--port-file", self.port_file, "--speed", speed, "--linger", linger, "--username", "hookline",
                 "--secret", "hookline-test", *(["--wait-for-client"] if wait else []), *captures]
        self.log = open(self.log_file, "w", encoding="utf-8")
        self.process = subprocess.Popen([str(BIN / "pbx-sim"), *map(str, words)], stderr=self.log)
        deadline = time.monotonic() + 20
        while not self.port_file.exists():
            assert time.monotonic() < deadline and self.process.poll() is None, self.log_file.read_text()
            time.sleep(0.02)
        self.port = int(self.port_file.read_text())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.log.close()

    def is_done(self):
        """Whether all events have been said."""
        return "the last event is said" in self.log_file.read_text(encoding="utf-8")

    def wait_until_done(self, timeout):
        deadline = time.monotonic() + timeout
        while not self.is_done():
            assert time.monotonic() < deadline, "the pbx-sim did not come to its end"
            time.sleep(0.05)


class CliTest(unittest.TestCase):
    """A temporary folder with a config and its store; `self.hookline(...)` runs a command there."""

    config = FIXTURES / "asterisk" / "hookline.yaml"

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hookline-test-"))
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.yaml = self.folder / "hookline.yaml"
        shutil.copy(self.config, self.yaml)
        self.environment = {**os.environ, "AMI_SECRET": "hookline-test"}

    def arguments(self, *words, store=None):
        words = [str(w) for w in words]
        if os.environ.get("HKL_ISOLATED") and "isolation: process" not in self.yaml.read_text(encoding="utf-8"):
            self.yaml.write_text(isolated(self.yaml.read_text(encoding="utf-8")), encoding="utf-8")
        extra = ["--config", str(self.yaml)]
        if store:
            extra += ["--store", f"sqlite:{self.folder / store}"]
        return [str(BIN / "hookline"), *words, *extra]

    def hookline(self, *words, store=None, expect=0, text_in=None):
        """Standard output; fails the test when the exit code is another than `expect`."""
        done = subprocess.run(self.arguments(*words, store=store), capture_output=True, text=True, input=text_in,
                              env=self.environment, timeout=300)
        self.assertEqual(done.returncode, expect, f"{words}\nstdout: {done.stdout[-2000:]}\nstderr: {done.stderr[-2000:]}")
        self.stderr = done.stderr
        return done.stdout

    def check_config(self, expect=0):
        """What `config check` says, by lines."""
        done = subprocess.run([str(BIN / "hookline"), "config", "check", str(self.yaml)], capture_output=True, text=True,
                              env=self.environment, timeout=300)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return (done.stdout + done.stderr).strip().splitlines()

    def json(self, *words, store=None):
        return json.loads(self.hookline(*words, "--format", "json", store=store))

    def point_to(self, port, record=None):
        """Lets the config's Asterisk be the one on that loopback port."""
        text = self.yaml.read_text(encoding="utf-8")
        lines = [line for line in text.splitlines() if not line.strip().startswith(("port:", "record:"))]
        for n, line in enumerate(lines):
            if line.strip().startswith("host:"):
                indent = line[: len(line) - len(line.lstrip())]
                lines[n] = f"{indent}host: 127.0.0.1\n{indent}port: {port}"
            if record and line.strip().startswith("plugin: asterisk-ami"):
                lines[n] = f"{line}\n{line[: len(line) - len(line.lstrip())]}record: {record}"
        self.yaml.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def wait_for(self, condition, what, seconds=60):
        deadline = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), deadline, f"waited {seconds} s for {what}")
            time.sleep(0.1)

    def needs_a_disk_of_its_own(self):
        """Skips the test where no small file system can be had: in a container or a chroot the kernel may refuse."""
        allowed = subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "-o", "size=1m", "none", "/mnt"], capture_output=True)
        if allowed.returncode != 0:
            self.skipTest("`unshare -rm` with a tmpfs is refused here: " + allowed.stderr.decode().strip())

    def state(self, store=None):
        """Everything that must be the same however the events came: as bytes."""
        now = ("--now", "2026-11-24T00:00:00Z")
        lists = [self.hookline(kind, "--format", "ndjson", *now, store=store) for kind in ("calls", "inquiries", "tasks")]
        report = self.hookline("report", "calls-by-manager", "--format", "json", "--from", "2026-01-01", "--to",
                               "2026-12-31", *now, store=store)
        return "\n".join([*lists, report])
