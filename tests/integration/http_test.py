"""A host that listens: every vendor's requests over HTTP get the answers they wait for and become the same calls as from the files;
what is too large, wrong, slow or repeated costs nothing."""
import contextlib
import json
import re
import signal
import socket
import ssl
import subprocess
import unittest

from hookline_cli import FIXTURES
from webhooks_test import VENDORS, WEBHOOKS, RequestsTest


class HttpTest(RequestsTest):
    def use(self, vendor):
        text = (WEBHOOKS / vendor / "hookline.yaml").read_text(encoding="utf-8")
        self.yaml.write_text(text.replace("../../../../config", str(FIXTURES.parents[1] / "config")), encoding="utf-8")
        self.expected_file = WEBHOOKS / vendor / "expected.yaml"

    def start(self, store, listen="127.0.0.1:0"):
        """-> process and port of a host that serves `store`."""
        log = open(self.folder / f"{store}.log", "w", encoding="utf-8")
        self.addCleanup(log.close)
        process = subprocess.Popen(self.arguments("run", *(["--listen", listen] if listen else []), store=store),
                                   env=self.environment, stdout=log, stderr=log)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        self.wait_for(lambda: "listens on" in self.log(store) or process.poll() is not None, "the host to listen")
        found = re.search(r"listens on https?://127\.0\.0\.1:(\d+)", self.log(store))
        self.assertTrue(found, self.log(store))
        return process, int(found.group(1))

    def log(self, store):
        return (self.folder / f"{store}.log").read_text(encoding="utf-8")

    def stop(self, process, store):
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=30), 0, self.log(store))

    def ask(self, port, head, body=b"", context=None):
        """-> status line and whole answer."""
        with socket.create_connection(("127.0.0.1", port), 20) as plain:
            with context.wrap_socket(plain, server_hostname="localhost") if context else contextlib.nullcontext(plain) as s:
                s.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body)
                answer = b""
                while piece := s.recv(65536):
                    answer += piece
        return answer.split(b"\r\n", 1)[0].decode(), answer.decode("utf-8", "replace")

    def status(self, port, head, body=b""):
        return int(self.ask(port, head, body)[0].split()[1])

    def request(self, vendor, name):
        """A captured request as it is sent to the live route: head and body."""
        head, body = (WEBHOOKS / vendor / name).read_bytes().split(b"\r\n\r\n", 1)
        head = re.sub(r" /in/[^/? ]+", f" /hooks/{vendor}", head.decode().replace("\r\n", "\n"), count=1)
        return head, body


class Vendors(HttpTest):
    def test_every_request_is_answered_as_its_vendor_waits_for_and_again(self):
        for vendor in VENDORS:
            with self.subTest(vendor=vendor):
                self.use(vendor)
                store = f"{vendor}.db"
                if vendor == "megafon":
                    contact = {"type": "contact", "id": "c1", "name": "ООО Ромашка", "numbers": ["+79000000201"]}
                    lead = {"type": "lead", "id": "l1", "contact": "c1", "responsible": "ivanova", "created_at": "2026-01-01T00:00:00Z"}
                    self.hookline("import", "--source", "canonical", "-", store=store,
                                  text_in=json.dumps(contact) + "\n" + json.dumps(lead) + "\n")
                process, port = self.start(store)
                self.agree("check_requests.py", "--to", f"127.0.0.1:{port}", "--twice")
                self.stop(process, store)
                self.calls_agree(store)


class FreeSwitch(HttpTest):
    config = FIXTURES / "freeswitch" / "hookline.yaml"
    requests = FIXTURES / "freeswitch" / "26-json-cdr-http"

    def test_records_are_posted_to_the_source_in_every_encoding(self):
        process, port = self.start("fs.db")
        for file in sorted(self.requests.glob("*.http")):
            head, body = file.read_bytes().split(b"\r\n\r\n", 1)
            head = head.decode().replace("\r\n", "\n").replace("POST /cdr", "POST /hooks/pbx1/cdr") + "\nConnection: close"
            self.assertEqual(self.status(port, head, body), 200, file.name)
        self.stop(process, "fs.db")
        self.expected_file = self.requests / "expected.yaml"
        self.calls_agree("fs.db", "--fed", "records")


class BadInput(HttpTest):
    vendor = "mango"
    first = "36-duplicate-summary.http"  # one call in one request

    def setUp(self):
        super().setUp()
        self.use(self.vendor)

    @staticmethod
    def with_wrong_signature(body):
        return re.sub(rb"sign=(.)", lambda m: b"sign=" + (b"1" if m.group(1) == b"0" else b"0"), body, count=1)

    def calls(self):
        return self.json("calls", store="x.db")

    def test_a_wrong_signature_is_refused_counted_and_stores_nothing(self):
        process, port = self.start("x.db")
        head, body = self.request(self.vendor, self.first)
        self.assertEqual(self.status(port, head, self.with_wrong_signature(body)), 401)
        self.assertEqual(self.status(port, re.sub(r"Content-Length: \d+", "Content-Length: 0", head)), 401)
        self.assertIn("refused a request from 127.0.0.1 with 401: bad_signature", self.log("x.db"))
        self.stop(process, "x.db")
        self.assertEqual(self.calls(), [])

    def test_a_sender_who_guesses_has_to_wait_and_others_do_not(self):
        self.yaml.write_text(self.yaml.read_text(encoding="utf-8") + "http: {listen: \"127.0.0.1:0\", limits: {refusals_per_minute: 3}, "
                             "trusted_proxies: [127.0.0.1]}\n", encoding="utf-8")
        process, port = self.start("x.db", listen=None)
        head, body = self.request(self.vendor, self.first)
        wrong = self.with_wrong_signature(body)
        for _ in range(3):
            self.assertEqual(self.status(port, head + "\nX-Forwarded-For: 203.0.113.5", wrong), 401)
        line, answer = self.ask(port, head + "\nX-Forwarded-For: 203.0.113.5", body)
        self.assertIn(" 429 ", line)
        self.assertIn("Retry-After: ", answer)
        self.assertEqual(self.status(port, head + "\nX-Forwarded-For: 203.0.113.6", body), 200)
        self.stop(process, "x.db")
        self.assertEqual(len(self.calls()), 1)

    def test_what_is_too_large_is_refused_before_it_is_read(self):
        process, port = self.start("x.db")
        head, body = self.request(self.vendor, self.first)
        self.assertEqual(self.status(port, re.sub(r"Content-Length: \d+", "Content-Length: 1048577", head)), 413)
        self.assertEqual(self.status(port, head + "\nX-Long: " + "a" * 9000, body), 431)
        self.assertEqual(self.status(port, "GET /hooks/nobody HTTP/1.1\nConnection: close"), 404)
        self.assertEqual(self.status(port, "GET /nothing HTTP/1.1\nConnection: close"), 404)
        self.assertEqual(self.status(port, "nonsense"), 400)
        self.assertEqual(self.status(port, head, body), 200, "and it goes on")
        self.stop(process, "x.db")

    def test_a_body_that_breaks_off_is_no_call(self):
        process, port = self.start("x.db")
        head, body = self.request(self.vendor, self.first)
        with socket.create_connection(("127.0.0.1", port), 10) as s:
            s.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body[:-5])
        self.assertEqual(self.status(port, "GET /healthz HTTP/1.1\nConnection: close"), 200)
        self.stop(process, "x.db")
        self.assertEqual(self.calls(), [])

    def test_tls_is_spoken_where_it_is_set(self):
        key, certificate = self.folder / "key.pem", self.folder / "certificate.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2",
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
        self.yaml.write_text(self.yaml.read_text(encoding="utf-8") +
                             "http: {listen: \"127.0.0.1:0\", tls: {certificate: certificate.pem, key: key.pem}}\n", encoding="utf-8")
        process, port = self.start("x.db", listen=None)
        context = ssl.create_default_context(cafile=certificate)
        head, body = self.request(self.vendor, self.first)
        self.assertIn(" 200 ", self.ask(port, head, body, context)[0])
        self.stop(process, "x.db")
        self.assertEqual(len(self.calls()), 1)

    def test_a_port_that_is_taken_is_named(self):
        process, port = self.start("x.db")
        self.hookline("run", "--listen", f"127.0.0.1:{port}", store="y.db", expect=1)
        self.assertIn(f"cannot listen on 127.0.0.1:{port}", self.stderr)
        self.stop(process, "x.db")


if __name__ == "__main__":
    unittest.main()
