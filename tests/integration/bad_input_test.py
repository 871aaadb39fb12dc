"""What a tired admin does wrong, and what he reads then."""
import json
import os
import shutil
import sqlite3
import subprocess
import unittest

from hookline_cli import ASTERISK, BIN, FIXTURES, CliTest


class BadInput(CliTest):
    def test_a_bad_line_is_named_and_the_nine_good_ones_go_in(self):
        lines = [json.dumps({"type": "contact", "id": f"c{i}", "name": f"Contact {i}"}) for i in range(1, 11)]
        lines[6] = '{"type": "contact", "id": "c7", "nmae": "x"}'
        path = self.folder / "ten.ndjson"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.hookline("import", "--source", "canonical", path, expect=1)
        self.assertIn("ten.ndjson:7:", self.stderr)
        self.assertIn("name", self.stderr)
        self.assertEqual(len(self.json("contacts")), 9)

    def test_five_mistakes_in_a_config_are_five_lines_with_their_places(self):
        self.yaml.write_text(
            "hookline: 1\n"
            "stor: {url: \"sqlite:x.db\"}\n"
            "locale: {timezone: Europe/Moscw}\n"
            "sources:\n"
            "  - {name: pbx1, plugin: asterisk-amy, settings: {host: h}}\n"
            "classifiers: [{plugin: callback-missed}]\n"
            "tasks: [{plugin: callback-missed, settings: {deadline: soon}}]\n", encoding="utf-8")
        done = subprocess.run([str(BIN / "hookline"), "config", "check", str(self.yaml)], capture_output=True, text=True)
        self.assertEqual(done.returncode, 1, done.stderr)
        lines = (done.stdout + done.stderr).strip().splitlines()
        places = [line.split("hookline.yaml:")[1].split(":")[0] for line in lines if "hookline.yaml:" in line]
        self.assertEqual(sorted(places), ["2", "3", "5", "6", "7"], lines)
        self.assertIn("store", lines[0])
        self.assertTrue(any("asterisk-ami" in line for line in lines), lines)

    def test_half_an_event_at_the_end_is_reported_and_the_rest_counts(self):
        raw = (ASTERISK / "01-inbound-answered" / "ami.raw").read_bytes()
        path = self.folder / "cut.raw"
        path.write_bytes(raw[:-40])
        self.hookline("import", "--source", "pbx1", path, expect=1)
        self.assertIn("cut.raw", self.stderr)
        self.assertIn("half a message", self.stderr)
        self.assertEqual(len(self.json("calls")), 1)

    def test_a_name_in_another_alphabet_costs_its_letters_and_not_the_call(self):
        raw = (ASTERISK / "01-inbound-answered" / "ami.raw").read_bytes()
        path = self.folder / "cp1251.raw"
        path.write_bytes(raw.replace(b"ACME Corp", "Ромашка".encode("windows-1251")))
        self.hookline("import", "--source", "pbx1", path)
        (call,) = self.json("calls")
        self.assertEqual((call["outcome"], call["client_number"], call["client_name"]), ("answered", "+12125550143", "\ufffd" * 7))

    def test_ten_megabytes_without_a_newline_are_left_out(self):
        path = self.folder / "flood.raw"
        raw = (ASTERISK / "01-inbound-answered" / "ami.raw").read_bytes()
        path.write_bytes(raw + b"x" * (10 << 20) + b"\r\n\r\n")
        self.hookline("import", "--source", "pbx1", path, expect=1)
        self.assertIn("256 KiB", self.stderr)
        self.assertEqual(len(self.json("calls")), 1)

    def test_a_missing_file_an_unknown_source_an_unknown_report(self):
        self.hookline("import", "--source", "pbx1", self.folder / "none.raw", expect=2)
        self.assertIn("none.raw", self.stderr)
        self.hookline("import", "--source", "pbx2", ASTERISK / "01-inbound-answered" / "ami.raw", expect=2)
        self.assertIn("pbx1", self.stderr)
        self.hookline("import", "--source", "pbx1", ASTERISK / "01-inbound-answered" / "ami.raw")
        self.hookline("report", "calls-by-manger", "--from", "2026-11-23", "--to", "2026-11-23", expect=2)
        self.assertIn("calls-by-manager", self.stderr)
        self.hookline("report", "calls-by-manager", "--from", "2026-11-24", "--to", "2026-11-23", expect=2)
        self.assertTrue(self.stderr.strip())
        self.hookline("calls", "--where", "outcom = 'missed'", expect=2)
        self.assertIn("outcome", self.stderr)

    def test_a_folder_that_may_not_be_written(self):
        self.hookline("import", "--source", "pbx1", ASTERISK / "01-inbound-answered" / "ami.raw",
                      store="nowhere/x.db", expect=2)
        self.assertIn("nowhere", self.stderr)

    def test_a_store_of_a_newer_version_is_refused(self):
        self.hookline("import", "--source", "pbx1", ASTERISK / "01-inbound-answered" / "ami.raw", store="new.db")
        with sqlite3.connect(self.folder / "new.db") as db:
            db.execute("PRAGMA user_version = 9999")
            db.execute("UPDATE meta SET value = '9999' WHERE key = 'schema'")
        self.hookline("calls", store="new.db", expect=2)
        self.assertIn("newer", self.stderr)

    def test_files_that_are_no_plugins_are_named_and_the_others_work(self):
        plugins = self.folder / "plugins"
        shutil.copytree(BIN.parent / "plugins", plugins)
        os.chmod(plugins, 0o755)
        (plugins / "notes.txt").write_text("hello", encoding="utf-8")
        (plugins / "text.so").write_text("not a library", encoding="utf-8")
        whole = (plugins / "repeat-contact.so").read_bytes()
        (plugins / "torn.so").write_bytes(whole[: len(whole) // 2])
        foreign = bytearray(whole)
        foreign[18:20] = (183).to_bytes(2, "little")  # e_machine: AArch64
        (plugins / "foreign.so").write_bytes(bytes(foreign))
        shutil.copy(plugins / "repeat-contact.so", plugins / "zz-twin.so")
        text = self.yaml.read_text(encoding="utf-8")
        self.yaml.write_text(text + f"plugins: {{folders: [\"{plugins}\"]}}\n", encoding="utf-8")
        self.hookline("import", "--source", "pbx1", ASTERISK / "01-inbound-answered" / "ami.raw")
        said = self.hookline("plugins")
        for name in ("text.so", "torn.so", "foreign.so", "zz-twin.so"):
            line = next((l for l in said.splitlines() if "left out" in l and name in l), None)
            self.assertIsNotNone(line, said)
        self.assertEqual(len(self.json("calls")), 1)

    def test_a_full_disk_loses_nothing_and_says_so(self):
        """In a file system of one megabyte."""
        self.needs_a_disk_of_its_own()
        script = self.folder / "full.sh"
        command = " ".join(f"'{word}'" for word in self.arguments(
            "import", "--source", "pbx1", "--quiet", ASTERISK / "burst-100" / "ami.raw.gz"))
        script.write_text(
            "set -u\n"
            "mount -t tmpfs -o size=1m none /mnt\n"
            f"timeout 60 {command} --store sqlite:/mnt/full.db\n"
            "echo first=$?\n"
            "mount -o remount,size=64m /mnt\n"
            f"{command} --store sqlite:/mnt/full.db\n"
            "echo second=$?\n"
            f"cp /mnt/full.db '{self.folder}/full.db'; cp /mnt/full.db-wal '{self.folder}/full.db-wal' 2>/dev/null\n"
            "exit 0\n", encoding="utf-8")
        done = subprocess.run(["unshare", "-rm", "bash", str(script)], capture_output=True, text=True, env=self.environment,
                              timeout=200)
        self.assertNotIn("first=0", done.stdout, done.stderr)
        self.assertIn("second=0", done.stdout, done.stderr)
        self.assertRegex(done.stderr, "(?i)full|no space")
        self.hookline("import", "--source", "pbx1", ASTERISK / "burst-100" / "ami.raw.gz", store="plain.db")
        self.assertEqual(self.state(store="full.db"), self.state(store="plain.db"))


if __name__ == "__main__":
    unittest.main()
