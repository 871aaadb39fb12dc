"""Vendors that are asked: what webhooks missed is filled in, page by page, once; what both tell of is one call. The vendor is a server
on the loopback."""
import datetime
import json
import re
import ssl
import subprocess
import threading
import time
import unittest
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import yaml

from hookline_cli import SOURCE
from http_test import HttpTest
from webhooks_test import WEBHOOKS

PROFILES = SOURCE / "config" / "profiles"
LONG_AGO = "first_s: 20000000\n  span_s: 40000000\n  every_s: 1\n"  # the captures are of September


class Vendor:
    """Answers what `reply` says to each request, and keeps the requests."""

    def __init__(self, reply, certificate=None):
        self.requests = []
        self.odd = []  # statuses to answer first: 500, (429, headers), "hang"
        self.is_over = threading.Event()
        vendor = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                request = {"path": self.path, "headers": dict(self.headers), "body": body, "at": time.monotonic()}
                vendor.requests.append(request)
                odd = vendor.odd.pop(0) if vendor.odd else None
                if odd == "hang":
                    vendor.is_over.wait(30)
                    return
                status, headers = odd if isinstance(odd, tuple) else (odd, {})
                text = b"" if status else json.dumps(reply(request)).encode()
                self.send_response(status or 200)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = handle_one

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/"

    def close(self):
        self.is_over.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class PollTest(HttpTest):
    def ask_of(self, vendor_name, reply, secrets, times=LONG_AGO):
        """A host whose source `vendor_name` asks a stand-in; -> the stand-in."""
        self.use(vendor_name)
        vendor = Vendor(reply)
        self.addCleanup(vendor.close)
        profile = (PROFILES / f"{vendor_name}.yaml").read_text(encoding="utf-8")
        profile = re.sub(r"\n  span_s: \d+", "", profile).replace("\npoll:\n", f"\npoll:\n  {times}", 1)
        (self.folder / "profile.yaml").write_text(profile, encoding="utf-8")
        config = yaml.safe_load(self.yaml.read_text(encoding="utf-8"))
        settings = config["sources"][0]["settings"]
        settings["profile"] = "profile.yaml"
        settings["secrets"].update(secrets)
        settings.setdefault("values", {})["api_url"] = vendor.url
        self.yaml.write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
        return vendor

    def run_until(self, store, condition, what, seconds=30):
        process, port = self.start(store)
        self.wait_for(condition, what, seconds)
        self.stop(process, store)

    def calls(self, store):
        return sorted(self.json("calls", store=store), key=lambda c: c["id"])


def uis_record(number, at, **more):
    start = datetime.datetime.fromtimestamp(at, datetime.timezone(datetime.timedelta(hours=3)))
    text = lambda moment: moment.strftime("%Y-%m-%d %H:%M:%S")
    record = {"id": number, "start_time": text(start), "finish_time": text(start + datetime.timedelta(seconds=77)),
              "finish_reason": "success_finish", "direction": "in", "source": "va", "contact_phone_number": "79000000001",
              "virtual_phone_number": "74950000101", "wait_duration": 12, "total_duration": 77, "talk_duration": 65,
              "employees": [{"employee_id": 758101, "is_answered": True, "is_talked": True}],
              "first_talked_employee_id": 758101, "last_talked_employee_id": 758101, "call_records": [], "tags": [],
              "external_id": None}
    return {**record, **more}


class Uis(PollTest):
    """The Data API: JSON-RPC, pages by limit and offset."""

    def data_api(self, request):
        asked = json.loads(request["body"])
        params = asked["params"]
        self.assertEqual((asked["jsonrpc"], asked["method"]), ("2.0", "get.calls_report"))
        if params["access_token"] != "hl-data-1":
            return {"jsonrpc": "2.0", "id": 1, "error": {"code": -32001, "message": "Access token is invalid"}}
        within = [r for r in self.records if params["date_from"] <= r["start_time"] <= params["date_till"]]
        page = within[params["offset"]:params["offset"] + params["limit"]]
        return {"jsonrpc": "2.0", "id": 1, "result": {"data": page + self.repeated, "metadata": {"total_items": len(within)}}}

    def setUp(self):
        super().setUp()
        self.records, self.repeated = [], []
        self.vendor = self.ask_of("uis", self.data_api, {"api_token": "hl-data-1"})
        self.now = int(time.time()) - 3600

    def params(self):
        return [json.loads(r["body"])["params"] for r in self.vendor.requests]

    def test_calls_that_no_notification_told_are_filled_in(self):
        self.records = [
            uis_record(1, self.now, call_records=["9b1c"], tags=[{"tag_id": 7, "tag_name": "Продажи"}]),
            uis_record(2, self.now + 100, talk_duration=0, wait_duration=34, total_duration=34,
                       finish_time=uis_record(0, self.now + 134)["start_time"], finish_reason="no_success_operator_call",
                       first_talked_employee_id=None, last_talked_employee_id=None,
                       employees=[{"employee_id": n, "is_answered": False, "is_talked": False} for n in (758101, 758102)]),
            uis_record(3, self.now + 200, direction="out", talk_duration=0, wait_duration=8, total_duration=8,
                       finish_reason="subscriber_busy", last_talked_employee_id=None, employees=[])]
        self.run_until("x.db", lambda: len(self.vendor.requests) > 1, "the second poll")
        answered, missed, busy = self.calls("x.db")
        self.assertEqual([(c["direction"], c["client_number"], c["line"], c["outcome"]) for c in (answered, missed, busy)],
                         [("in", "+79000000001", "+74950000101", "answered"), ("in", "+79000000001", "+74950000101", "missed"),
                          ("out", "+79000000001", "+74950000101", "unsuccessful")])
        self.assertEqual((answered["wait_s"], answered["talk_s"], answered["extension"], answered["tags"], answered["recordings"]),
                         (12, 65, "101", ["Продажи"], ["https://app.uiscom.ru/system/media/talk/1/9b1c/"]))
        self.assertEqual((missed["wait_s"], [leg["extension"] for leg in missed["legs"]]), (34, ["101", "102"]))
        self.assertEqual(busy["finish_reason"], "client_busy")
        tasks = self.json("tasks", store="x.db")
        self.assertEqual([(t["kind"], t["call"]) for t in tasks], [("callback", missed["id"])])

    def report_of_captures(self):
        """What the report says of the calls that the captured notifications tell of."""
        expected = yaml.safe_load((WEBHOOKS / "uis" / "expected.yaml").read_text(encoding="utf-8"))
        ids = {v: int(k) for k, v in expected["employee_extensions"].items()}
        for call in expected["calls"]:
            start = datetime.datetime.fromisoformat(str(call["start"]).replace("Z", "+00:00")).timestamp()
            talked = ids.get(call.get("last_talked") or call.get("answered_by"))
            first = ids.get(call.get("answered_by"))
            total = (call["wait_s"] or 0) + (call["talk_s"] or 0)
            recording = (call.get("recording_url") or "").strip("/").rsplit("/", 1)[-1]
            yield uis_record(int(call["id"]), start, direction={"inbound": "in", "outbound": "out"}[call["direction"]],
                             finish_time=uis_record(0, start + total)["start_time"], total_duration=total,
                             contact_phone_number=call["external"].strip("+"), wait_duration=call["wait_s"],
                             talk_duration=call["talk_s"], first_talked_employee_id=first, last_talked_employee_id=talked,
                             call_records=[recording] if recording else [],
                             tags=[{"tag_name": tag} for tag in call.get("tags", [])], finish_reason="success_finish",
                             employees=[{"employee_id": ids[e], "is_talked": e in (call.get("answered_by"), call.get("last_talked"))}
                                        for e in call["extensions"]])

    def test_a_call_told_of_by_notifications_and_by_the_report_is_one_whichever_came_first(self):
        self.records = list(self.report_of_captures())
        self.assertGreater(len(self.records), 6)
        files = sorted((WEBHOOKS / "uis").glob("*.http"))
        feed = lambda store: self.hookline("import", "--source", "uis", *files, store=store, expect=1)
        feed("notified.db")
        alone = {c["id"]: c for c in self.calls("notified.db")}
        for store, first, then in (("a.db", feed, self.poll_once), ("b.db", self.poll_once, feed)):
            with self.subTest(store=store):
                first(store)
                then(store)
                both = {c["id"]: c for c in self.calls(store)}
                self.assertEqual(both.keys(), alone.keys())
                self.calls_agree(store)
                for call, told in alone.items():
                    for name in ("direction", "started_at", "talk_s", "outcome", "employee", "extension", "tags", "recordings"):
                        if told[name] is not None:  # what notifications leave out the report may fill
                            self.assertEqual(both[call][name], told[name], f"{call} {name}")
                    # The report has whole seconds where notifications have parts of them.
                    self.assertAlmostEqual(both[call]["wait_s"], told["wait_s"], delta=1)
                tasks = self.json("tasks", store=store)
                missed = [c["id"] for c in both.values() if c["outcome"] == "missed"]
                self.assertEqual(sorted(call for t in tasks for call in [t["call"], *t["more_calls"]]), sorted(missed))

    def poll_once(self, store):
        asked = len(self.vendor.requests)
        self.run_until(store, lambda: len(self.vendor.requests) > asked + 1, "the next poll")

    def test_page_follows_page_and_rows_that_repeat_count_once(self):
        self.records = [uis_record(n, self.now + n) for n in range(2300)]
        self.repeated = []
        self.run_until("x.db", lambda: len(self.vendor.requests) > 3, "the fourth request")
        self.assertEqual([p["offset"] for p in self.params()][:4], [0, 1000, 2000, 0])
        self.assertEqual(len(self.calls("x.db")), 2300)
        self.repeated = self.records[:3]  # new calls shift the pages
        self.poll_once("x.db")
        self.assertEqual(len(self.calls("x.db")), 2300)

    def test_a_vendor_that_fails_is_asked_again_and_nothing_is_left_out(self):
        self.records = [uis_record(n, self.now + n) for n in range(1500)]
        self.vendor.odd = [500, (429, {"Retry-After": "2"})]
        process, _ = self.start("x.db")
        self.wait_for(lambda: len(self.vendor.requests) > 4, "both pages after the failures")
        health = self.log("x.db")
        self.stop(process, "x.db")
        self.assertIn("answers 500; next try in", health)
        self.assertIn("answers 429; next try in", health)
        self.assertEqual([p["offset"] for p in self.params()][:4], [0, 0, 0, 1000])
        self.assertGreaterEqual(self.vendor.requests[2]["at"] - self.vendor.requests[1]["at"], 2)
        self.assertEqual(len(self.calls("x.db")), 1500)

    def test_a_refused_key_is_named_and_never_shown(self):
        config = self.yaml.read_text(encoding="utf-8").replace("hl-data-1", "hl-data-2")
        self.yaml.write_text(config, encoding="utf-8")
        self.run_until("x.db", lambda: "Access token is invalid" in self.log("x.db"), "the refusal")
        self.assertNotIn("hl-data-2", self.log("x.db"))
        self.assertEqual(self.calls("x.db"), [])

    def test_a_vendor_that_hangs_keeps_nobody_from_stopping(self):
        self.vendor.odd = ["hang"]
        process, _ = self.start("x.db")
        self.wait_for(lambda: self.vendor.requests, "the first request")
        began = time.monotonic()
        self.stop(process, "x.db")
        self.assertLess(time.monotonic() - began, 10)

    def test_after_a_restart_it_goes_on_where_it_was_with_an_overlap(self):
        self.records = [uis_record(1, self.now)]
        self.run_until("x.db", lambda: len(self.vendor.requests) > 1, "the second poll")
        asked = len(self.vendor.requests)
        self.records.append(uis_record(2, self.now + 60))  # written late, an hour back
        self.run_until("x.db", lambda: len(self.vendor.requests) > asked, "a poll of the second process")
        moment = lambda text: datetime.datetime.strptime(text, "%Y-%m-%d %H:%M:%S")
        first, again = self.params()[0], self.params()[asked]
        self.assertGreater(moment(first["date_till"]) - moment(first["date_from"]), datetime.timedelta(days=200))
        overlap = moment(first["date_till"]) - moment(again["date_from"])
        self.assertGreater(overlap, datetime.timedelta(hours=1.9))
        self.assertLess(overlap, datetime.timedelta(hours=2.1))
        self.assertEqual(len(self.calls("x.db")), 2)

    def test_over_tls_the_vendor_has_to_be_who_it_says(self):
        key, certificate = self.folder / "key.pem", self.folder / "certificate.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2",
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
        vendor = Vendor(self.data_api, (certificate, key))
        self.addCleanup(vendor.close)
        self.records = [uis_record(1, self.now)]
        text = self.yaml.read_text(encoding="utf-8")
        self.yaml.write_text(text.replace(self.vendor.url, f"https://localhost:{vendor.port}/"), encoding="utf-8")
        self.run_until("x.db", lambda: "is not trusted" in self.log("x.db"), "the refusal of a stranger's certificate")
        self.environment["SSL_CERT_FILE"] = str(certificate)
        self.run_until("y.db", lambda: len(vendor.requests) > 1, "the second poll")
        self.assertEqual(len(self.calls("y.db")), 1)
        asked = len(vendor.requests)
        self.yaml.write_text(text.replace(self.vendor.url, f"https://127.0.0.1:{vendor.port}/"), encoding="utf-8")
        self.run_until("z.db", lambda: "next try in" in self.log("z.db"), "the refusal of another's name")
        self.assertEqual(len(vendor.requests), asked)

    def test_without_a_key_nobody_is_asked(self):
        config = yaml.safe_load(self.yaml.read_text(encoding="utf-8"))
        del config["sources"][0]["settings"]["secrets"]["api_token"]
        self.yaml.write_text(yaml.safe_dump(config), encoding="utf-8")
        process, port = self.start("x.db")
        head, body = self.request("uis", "01-inbound-answered-incoming.http")
        self.assertEqual(self.status(port, head, body), 200)
        self.stop(process, "x.db")
        self.assertEqual(self.vendor.requests, [])


class Ringostat(PollTest):
    """The export of the call log: one list, a key in a header."""

    def export(self, request):
        asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(request["path"]).query))
        self.assertEqual((request["headers"].get("Auth-key"), asked["export_type"]), ("hl-export-1", "json"))
        return [{k: v for k, v in r.items() if k in asked["fields"].split(",")} for r in self.records
                if asked["from"] <= r["calldate"] <= asked["to"]]

    def test_the_log_fills_what_webhooks_missed_and_repeats_none(self):
        self.records = []
        vendor = self.ask_of("ringostat", self.export, {"api_key": "hl-export-1"})
        files = sorted((WEBHOOKS / "ringostat").glob("*-after.http"))
        for file in files:
            body = file.read_bytes().split(b"\r\n\r\n", 1)[1]
            if body[:1] == b"{":
                told = json.loads(body)
                self.records.append({**{k: v for k, v in told.items() if k != "additional_call_data"}, **told.get("additional_call_data", {})})
        self.assertGreater(len(self.records), 3)
        lost = self.records[0]["uniqueid"]
        feed = [f for f in sorted((WEBHOOKS / "ringostat").glob("*.http")) if lost.encode() not in f.read_bytes()]
        self.hookline("import", "--source", "ringostat", *feed, store="x.db")
        before = {c["id"]: c for c in self.calls("x.db")}
        self.assertNotIn(f"ringostat:{lost}", before)
        self.run_until("x.db", lambda: len(vendor.requests) > 1, "the second poll")
        after = {c["id"]: c for c in self.calls("x.db")}
        self.assertEqual(after.keys() - before.keys(), {f"ringostat:{lost}"})
        filled = after[f"ringostat:{lost}"]
        self.assertEqual((filled["outcome"], filled["wait_s"], filled["talk_s"], filled["extension"]), ("answered", 9, 87, "101"))
        for call, told in before.items():
            for name in ("direction", "started_at", "wait_s", "talk_s", "outcome", "extension", "recordings"):
                self.assertEqual(after[call][name], told[name], f"{call} {name}")


if __name__ == "__main__":
    unittest.main()
