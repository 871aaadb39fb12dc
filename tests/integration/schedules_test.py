"""Saved reports: asked by their name, and sent by themselves when they are due, once, to a folder or by mail."""
import base64
import email
import email.policy
import io
import json
import re
import signal
import socketserver
import ssl
import subprocess
import threading
import unittest

import openpyxl
from hookline_cli import FIXTURES, CliTest

SAVED = """
saved:
  weekly-lost: {report: lost-calls, title: "Потеряно за неделю", period: last_week, settings: {by: finish_reason, quality: [target, unverified]}}
"""


class Post(socketserver.ThreadingTCPServer):
    """A mail server of one's own: takes letters, or refuses the first `refusals` of them with `code`."""
    allow_reuse_address = daemon_threads = True

    def __init__(self, refusals=0, code=451, certificate=None, is_safe_at_once=False):
        super().__init__(("127.0.0.1", 0), Session)
        self.logins, self.is_safe_at_once, self.safety = [], is_safe_at_once, None
        if certificate:
            self.safety = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.safety.load_cert_chain(*certificate)
        self.letters, self.refusals, self.code, self.asked = [], refusals, code, 0
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Session(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def setup(self):
        super().setup()
        self.is_safe = False
        if self.server.is_safe_at_once:
            self.make_safe()

    def make_safe(self):
        self.connection = self.server.safety.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
        self.is_safe = True

    def finish(self):
        super().finish()
        if self.is_safe:
            self.connection.close()

    def handle(self):
        try:
            self.talk()
        except (ssl.SSLError, OSError):
            pass  # the other side did not trust us

    def talk(self):
        self.say("220 stand-in")
        while line := self.rfile.readline().strip():
            word = line.split()[0].upper()
            if word in (b"EHLO", b"HELO"):
                offers = ["stand-in", *(["STARTTLS"] if self.server.safety and not self.is_safe else []), "AUTH LOGIN PLAIN"]
                for i, offer in enumerate(offers):
                    self.say(f"250{'-' if i + 1 < len(offers) else ' '}{offer}")
            elif word == b"STARTTLS" and self.server.safety:
                self.say("220 go on")
                self.make_safe()
            elif word == b"STARTTLS":
                self.say("502 no such thing")
            elif word == b"AUTH":
                self.server.logins.append((self.is_safe, base64.b64decode(line.split()[2])))
                self.say("235 welcome")
            elif word == b"MAIL":
                self.server.asked += 1
                refused = self.server.asked <= self.server.refusals
                self.say(f"{self.server.code} not now" if refused else "250 ok")
            elif word == b"DATA":
                self.say("354 go on")
                lines = []
                while (data := self.rfile.readline()) != b".\r\n":
                    lines.append(data[1:] if data.startswith(b"..") else data)
                self.server.letters.append(email.message_from_bytes(b"".join(lines), policy=email.policy.default))
                self.say("250 taken")
            elif word == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")


class ScheduleTest(CliTest):
    config = FIXTURES / "metrics" / "reports.yaml"

    def setUp(self):
        super().setUp()
        self.hookline("import", "--source", "told", FIXTURES / "metrics" / "common.ndjson")
        self.runs = 0

    def add(self, text):
        with open(self.yaml, "a", encoding="utf-8") as yaml:
            yaml.write(text)

    def run_at(self, now, until):
        """A host whose clock stands at `now`, until its log says so."""
        self.runs += 1
        path = self.folder / f"run{self.runs}.log"
        with open(path, "w", encoding="utf-8") as log:
            process = subprocess.Popen(self.arguments("run", "--now", now), env=self.environment, stdout=log, stderr=log)
            try:
                self.wait_for(lambda: re.search(until, path.read_text(encoding="utf-8")) or process.poll() is not None, until)
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(timeout=30)
        text = path.read_text(encoding="utf-8")
        self.assertRegex(text, until)
        return text


class Saved(ScheduleTest):
    def test_a_name_stands_for_a_report_with_its_parameters(self):
        self.add(SAVED)
        named = self.json("report", "weekly-lost", "--now", "2026-03-10T09:00:00Z")
        whole = self.json("report", "lost-calls", "--from", "2026-03-02", "--to", "2026-03-08", "--set", "quality=target,unverified",
                          "--now", "2026-03-10T09:00:00Z")
        self.assertEqual(named["title"], "Потеряно за неделю")
        for part in ("period", "options", "rows", "total"):
            self.assertEqual(named[part], whole[part])

    def test_what_is_asked_stands_above_what_is_saved(self):
        self.add(SAVED)
        report = self.json("report", "weekly-lost", "--from", "2026-03-02", "--to", "2026-03-03", "--set", "quality=target")
        self.assertEqual(report["options"]["quality"], ["target"])
        self.assertEqual(report["period"]["to"], "2026-03-03T21:00:00.000Z")
        behind = self.json("report", "weekly-lost", "--now", "2026-03-10T09:00:00Z", "--drill", "total:calls")
        self.assertEqual(len(behind), self.json("report", "weekly-lost", "--now", "2026-03-10T09:00:00Z")["total"]["calls"])

    def test_an_unknown_name_names_the_nearest(self):
        self.add(SAVED)
        self.hookline("report", "weekly-last", expect=2)
        self.assertIn('did you mean "weekly-lost"?', self.stderr)


class Folder(ScheduleTest):
    def setUp(self):
        super().setUp()
        self.add(SAVED + 'schedules: [{id: monday, saved: weekly-lost, at: "0 9 * * mon", folder: out}]\n')
        self.out = self.folder / "out"

    def test_a_file_comes_when_it_is_due_once_and_with_its_period(self):
        self.run_at("2026-03-08T12:00:00Z", "schedule monday: next at")
        self.assertFalse(self.out.exists())
        self.run_at("2026-03-09T06:00:30Z", "schedule monday: weekly-lost of 2026-03-09T09:00:00.000.03:00 sent to")
        file = self.out / "weekly-lost-2026-03-02-2026-03-08.xlsx"
        book = openpyxl.load_workbook(file)
        report = self.json("report", "weekly-lost", "--now", "2026-03-09T06:00:30Z")
        self.assertEqual(book.worksheets[0].max_row, len(report["rows"]) + 2)
        file.unlink()
        self.run_at("2026-03-09T06:05:00Z", "schedule monday: next at")
        self.assertEqual(list(self.out.iterdir()), [])

    def test_of_several_that_were_missed_the_last_is_made(self):
        self.run_at("2026-03-08T12:00:00Z", "schedule monday: next at")
        log = self.run_at("2026-03-24T12:00:00Z", "sent to")
        self.assertIn("what was due at 2026-03-16T09:00:00.000+03:00 was not sent; the last one that was missed is", log)
        self.assertEqual([p.name for p in self.out.iterdir()], ["weekly-lost-2026-03-16-2026-03-22.xlsx"])

    def test_a_folder_that_cannot_be_written_is_tried_again(self):
        self.run_at("2026-03-08T12:00:00Z", "schedule monday: next at")
        self.out.write_text("in the way")
        self.run_at("2026-03-09T06:00:30Z", "attempt 1: .*out")
        self.out.unlink()
        self.run_at("2026-03-09T06:02:00Z", "sent to")
        self.assertEqual(len(list(self.out.iterdir())), 1)


class Mail(ScheduleTest):
    def post(self, smtp="tls: none", **manner):
        post = Post(**manner)
        self.addCleanup(post.server_close)
        self.addCleanup(post.shutdown)
        self.add(SAVED + 'schedules: [{id: monday, saved: weekly-lost, at: "0 9 * * mon", mail: [head@firm.example, boss@firm.example]}]\n'
                 f"smtp: {{host: 127.0.0.1, port: {post.server_address[1]}, {smtp}, from: reports@firm.example}}\n")
        self.run_at("2026-03-08T12:00:00Z", "schedule monday: next at")
        return post

    def test_a_letter_has_the_file_with_it(self):
        post = self.post()
        self.run_at("2026-03-09T06:00:30Z", "sent to head@firm.example, boss@firm.example")
        letter, = post.letters
        self.assertEqual(letter["Subject"], "Потеряно за неделю: 2026-03-02 – 2026-03-08")
        self.assertEqual(letter["From"], "reports@firm.example")
        self.assertIn("boss@firm.example", letter["To"])
        attached, = letter.iter_attachments()
        self.assertEqual(attached.get_filename(), "weekly-lost-2026-03-02-2026-03-08.xlsx")
        book = openpyxl.load_workbook(io.BytesIO(attached.get_content()))
        self.assertEqual(book.worksheets[0]["A1"].value, "Причина завершения")

    def test_a_server_that_is_busy_is_asked_again_and_the_letter_is_the_same(self):
        post = self.post(refusals=1)
        self.run_at("2026-03-09T06:00:30Z", "attempt 1: .*not now")
        self.assertEqual(post.letters, [])
        self.run_at("2026-03-09T06:02:00Z", "sent to")
        self.assertEqual(post.letters[0]["Message-ID"], "<monday.1773036000000@firm.example>")

    def test_what_is_refused_for_good_is_given_up_and_told(self):
        post = self.post(refusals=9, code=550)
        self.run_at("2026-03-09T06:00:30Z", "attempt 1: .*; given up")
        self.run_at("2026-03-09T06:10:00Z", "schedule monday: next at")
        self.assertEqual(post.asked, 1)

    def certificate(self):
        key, certificate = self.folder / "key.pem", self.folder / "certificate.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2",
                        "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
        return certificate, key

    def check_safe(self, smtp, **manner):
        secret = self.folder / "smtp.txt"
        secret.write_text("open sesame\n")
        secret.chmod(0o600)
        post = self.post(f"{smtp}, ca: certificate.pem, user: reports, password: !secret smtp.txt",
                         certificate=self.certificate(), **manner)
        log = self.run_at("2026-03-09T06:00:30Z", "sent to")
        self.assertEqual(post.logins, [(True, b"\0reports\0open sesame")])
        self.assertEqual(len(post.letters), 1)
        self.assertNotIn("sesame", log)

    def test_who_sends_logs_in_when_the_way_is_made_safe(self):
        self.check_safe("tls: starttls")

    def test_who_sends_logs_in_where_the_way_is_safe_from_the_first_byte(self):
        self.check_safe("tls: tls", is_safe_at_once=True)

    def test_a_server_that_nobody_vouches_for_hears_no_password(self):
        post = self.post("user: reports, password: sesame", certificate=self.certificate())
        self.run_at("2026-03-09T06:00:30Z", "attempt 1: .*certificate")
        self.assertEqual((post.logins, post.letters), ([], []))

    def test_a_server_without_a_safe_way_is_told_of(self):
        post = self.post("tls: starttls")
        self.run_at("2026-03-09T06:00:30Z", "attempt 1: .*offers no STARTTLS; set smtp.tls")
        self.assertEqual(post.letters, [])


class Roles(ScheduleTest):
    def test_a_file_holds_what_its_user_may_see(self):
        self.add(SAVED.replace("lost-calls", "employee-efficiency").split(", settings")[0] + "}\n"
                 "roles: {own: {sees: own, may: [reports.view, reports.export, calls.view]}, reader: {sees: all, may: [reports.view]}}\n"
                 "users: [{id: i, employee: ivanova, role: own}, {id: r, role: reader}]\nschedules:\n"
                 '  - {id: own, saved: weekly-lost, at: "0 9 * * mon", format: json, folder: own, user: i}\n'
                 '  - {id: no, saved: weekly-lost, at: "0 9 * * mon", folder: no, user: r}\n')
        self.run_at("2026-03-08T12:00:00Z", "schedule no: next at")
        log = self.run_at("2026-03-09T06:00:30Z", "schedule no: attempt 1(.|\n)*sent to|sent to(.|\n)*schedule no: attempt 1")
        self.assertRegex(log, "schedule no: attempt 1: .*reports.export")
        file, = (self.folder / "own").iterdir()
        sent = json.loads(file.read_text(encoding="utf-8"))
        asked = ("report", "weekly-lost", "--now", "2026-03-09T06:00:30Z")
        self.assertEqual(sent["rows"], self.json(*asked, "--as", "i")["rows"])
        self.assertLess(sent["total"]["accepted"], self.json(*asked)["total"]["accepted"])
        self.assertFalse((self.folder / "no").exists())


if __name__ == "__main__":
    unittest.main()
