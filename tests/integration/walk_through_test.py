"""The walk-through that adds a vendor by YAML alone: its files and commands, taken from the page, run from the first to the last."""
import json
import re
import shlex
import signal
import socket
import subprocess
import unittest

from hookline_cli import BIN, SOURCE, CliTest

PAGE = SOURCE / "plugins" / "pbx" / "webhook" / "adding-a-vendor.md"


def blocks():
    """-> (language, file name or None, text) of each fenced block, in order."""
    return [(language, name or None, text) for language, name, text in
            re.findall(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)]


def table(heading):
    """Rows of the page's table that begins with that column, as dicts."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(f"| {heading} |"))
    cells = [[c.strip() for c in line.strip("|").split("|")] for line in lines[start:] if line.startswith("|") or None]
    rows = []
    for row in cells[2:]:
        if len(row) != len(cells[0]):
            break
        rows.append(dict(zip(cells[0], row)))
    return rows


class WalkThrough(CliTest):
    def setUp(self):
        super().setUp()
        for language, name, text in blocks():
            if name:
                (self.folder / name).write_bytes(text.replace("\n", "\r\n").encode() if language == "http" else text.encode())
        self.commands = [line.split("#")[0].strip() for language, name, text in blocks() if language == "sh"
                         for line in text.splitlines()]

    def run_command(self, line, expect=0):
        words = shlex.split(line)
        self.assertEqual(words[0], "hookline")
        done = subprocess.run([BIN / "hookline", *words[1:]], capture_output=True, text=True, cwd=self.folder, timeout=60)
        self.assertEqual(done.returncode, expect, f"{line}\n{done.stdout}{done.stderr}")
        return done.stdout

    def as_the_page_says(self, calls):
        rows = table("started")
        self.assertEqual(len(rows), 3)
        number = lambda value: "" if value is None else f"{value:g}"
        got = [{"started": f"{int(c['started_at'][11:13]) + 3:02}{c['started_at'][13:19]}", "direction": c["direction"],
                "client": c["client_number"], "outcome": c["outcome"],
                "reason": c["finish_reason"] if row["reason"] else "", "wait": number(c["wait_s"]) if row["wait"] else "",
                "talk": number(c["talk_s"])} for c, row in zip(sorted(calls, key=lambda c: c["started_at"]), rows)]
        self.assertEqual(got, rows)

    def test_every_command_does_what_the_page_says(self):
        self.assertEqual(len(self.commands), 6)
        first, refused, whole, check, feed, calls = self.commands
        self.assertIn("ignore with 200, unknown_kind", self.run_command(first))
        self.assertIn("query.token is not the setting token", self.run_command(refused, expect=1))
        shown = self.run_command(whole)
        self.assertEqual(shown.count("accept with 200"), 6, shown)
        self.assertIn('{"success":true}', shown)
        self.run_command(check)
        self.run_command(feed)
        self.as_the_page_says(json.loads(self.run_command(calls)))
        tasks = json.loads(self.run_command("hookline tasks --config hookline.yaml --format json"))
        self.assertEqual([t["kind"] for t in tasks], ["callback"])

    def test_who_was_rung_is_known(self):
        self.run_command(self.commands[4])
        calls = sorted(json.loads(self.run_command(self.commands[5])), key=lambda c: c["started_at"])
        self.assertEqual([[leg["extension"] for leg in c["legs"] if leg["extension"]] for c in calls], [["101"], ["101", "102"], ["101"]])
        self.assertEqual(calls[0]["recordings"], ["https://sipuni.example/rec/101.mp3"])

    def test_the_same_over_http(self):
        log = open(self.folder / "run.log", "w+", encoding="utf-8")
        self.addCleanup(log.close)
        process = subprocess.Popen([BIN / "hookline", "run", "--config", "hookline.yaml"], cwd=self.folder, stderr=log)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        text = lambda: (self.folder / "run.log").read_text(encoding="utf-8")
        self.wait_for(lambda: "listens on" in text(), "the host to listen")
        port = int(re.search(r"listens on http://127\.0\.0\.1:(\d+)", text()).group(1))
        for language, name, _ in blocks():
            if language != "http":
                continue
            raw = (self.folder / name).read_bytes().replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
            with socket.create_connection(("127.0.0.1", port), 20) as s:
                s.sendall(raw)
                answer = b""
                while piece := s.recv(65536):
                    answer += piece
            self.assertTrue(answer.startswith(b"HTTP/1.1 200 "), answer)
            self.assertTrue(answer.endswith(b'{"success":true}'), answer)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=30), 0, text())
        self.as_the_page_says(json.loads(self.run_command(self.commands[5])))


if __name__ == "__main__":
    unittest.main()
