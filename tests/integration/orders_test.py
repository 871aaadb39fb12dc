"""Click-to-call of cloud PBXs: an order is one request to the vendor, in the form it wants, and the call that comes of it carries the
order's id; whoever ordered is told what the vendor said. The vendor is a server on the loopback."""
import base64
import hashlib
import hmac
import http.client
import json
import re
import threading
import time
import unittest
import urllib.parse

import yaml

from hookline_cli import SOURCE
from http_test import HttpTest
from poll_test import Vendor
from webhooks_test import WEBHOOKS

KEY = "hk_of_the_crm"


class Orders(HttpTest):
    def serve(self, name, reply, secrets=None, values=None, address="call_url", profile=None, **more):
        """A host whose source `name` orders calls of a stand-in."""
        self.use(name)
        self.vendor = Vendor(reply)
        self.addCleanup(self.vendor.close)
        config = yaml.safe_load(self.yaml.read_text(encoding="utf-8"))
        settings = config["sources"][0]["settings"]
        settings["secrets"].update(secrets or {})
        settings.setdefault("values", {}).update({address: self.vendor.url, **(values or {})})
        if profile:
            settings["profile"] = profile
        if name == "twilio":
            config["sources"][0]["public_url"] = "https://crm.example.com/hooks/twilio"
        config["employees"] = [{"id": "petrov", "name": "Петров О.", "extensions": [{"source": name, "number": "102"}]}]
        config["http"] = {"keys": [{"name": "crm", "role": "admin", "hash": "sha256:" + hashlib.sha256(KEY.encode()).hexdigest()}]}
        config.update(more)
        self.yaml.write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
        self.process, self.port = self.start("x.db")

    def order(self, number="+7 900 000-00-03"):
        """-> status, answer"""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST", "/api/v1/originate", json.dumps({"employee": "petrov", "number": number}),
                               {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def ordered(self, *number):
        status, answer = self.order(*number)
        self.assertEqual(status, 200, f"{answer}\n{self.log('x.db')}")
        self.assertEqual(len(self.vendor.requests), 1)
        return answer["request"], self.vendor.requests[0]

    def tell(self, name, files, change=lambda body: body):
        for file in files:
            head, body = self.request(name, file)
            body = change(body)
            head = re.sub(r"Content-Length: \d+", f"Content-Length: {len(body)}", head)
            self.assertEqual(self.status(self.port, head, body), 200, file)

    def calls(self):
        self.stop(self.process, "x.db")
        return self.json("calls", store="x.db")


class UisOrders(Orders):
    FILES = ["12-outbound-answered-outgoing.http", "13-outbound-answered-talk-started.http",
             "14-outbound-answered-talk-finished.http", "15-outbound-answered-finished.http"]

    def serve_uis(self, reply, **more):
        self.serve("uis", reply, {"call_token": "hl-call-1"}, {"call_line": "74950000101"}, **more)

    def took(self, request):
        return {"jsonrpc": "2.0", "id": json.loads(request["body"])["id"], "result": {"data": {"call_session_id": 4100200303}}}


class Uis(UisOrders):
    def test_the_order_is_what_the_call_api_wants_and_the_call_that_it_names_carries_its_id(self):
        self.serve_uis(self.took)
        order, sent = self.ordered()
        self.assertEqual(json.loads(sent["body"]), {
            "jsonrpc": "2.0", "id": order, "method": "start.employee_call",
            "params": {"access_token": "hl-call-1", "first_call": "employee", "direction": "out", "virtual_phone_number": "74950000101",
                       "contact": "79000000003", "external_id": order, "employee": {"id": 758102, "phone_number": "102"}}})
        self.assertEqual(sent["headers"]["Content-Type"], "application/json")
        self.tell("uis", self.FILES)
        call, = self.calls()
        self.assertEqual((call["request"], call["id"], call["direction"], call["employee"], call["client_number"], call["talk_s"]),
                         (order, "uis:4100200303", "out", "petrov", "+79000000003", 129.3))
        self.assertEqual(call["started_at"][:10], "2026-09-14")

    def test_an_order_of_which_no_call_came_is_no_call(self):
        self.serve_uis(self.took)
        self.ordered()
        self.assertEqual(self.calls(), [])

    def test_an_id_that_comes_back_with_the_notifications_is_enough(self):
        self.serve_uis(lambda request: {**self.took(request), "result": {"data": {"call_session_id": 1}}})
        order, _ = self.ordered()
        self.tell("uis", self.FILES, lambda body: body.replace(b'"external_id": null', f'"external_id": "{order}"'.encode()))
        call, = self.calls()
        self.assertEqual((call["id"], call["request"]), ("uis:4100200303", order))

    def test_a_refusal_is_told_in_the_vendors_words_and_no_secret(self):
        self.serve_uis(lambda _: {"jsonrpc": "2.0", "error": {"code": -32002, "message": "The contact 79000000003 has been found in the blacklist"}})
        status, answer = self.order()
        self.assertEqual(status, 400, answer)
        self.assertIn("has been found in the blacklist", answer["detail"])
        self.vendor.odd = [(302, {"Location": self.vendor.url + "elsewhere"})]
        status, answer = self.order()
        self.assertIn("refuses the order with 302", answer["detail"])
        self.assertEqual([r["path"] for r in self.vendor.requests], ["/", "/"])
        self.assertNotIn("hl-call-1", self.log("x.db"))
        self.assertEqual(self.calls(), [])

    def test_a_vendor_that_hangs_or_breaks_is_not_asked_again(self):
        self.serve_uis(self.took)
        self.vendor.odd = ["hang", 502]
        began = time.monotonic()
        orders = []
        waiting = threading.Thread(target=lambda: orders.append(self.order()))
        waiting.start()
        self.wait_for(lambda: self.vendor.requests, "the order")
        # Nobody else waits with it.
        self.assertEqual(self.status(self.port, *self.request("uis", self.FILES[0])), 200)
        self.assertLess(time.monotonic() - began, 5)
        waiting.join()
        self.assertLess(time.monotonic() - began, 20)
        (status, answer), = orders
        self.assertEqual(status, 504, answer)
        self.assertIn("whether it dials is not known", answer["detail"])
        status, answer = self.order()
        self.assertEqual(status, 504, answer)
        self.assertIn("refuses the order with 502; whether it dials is not known", answer["detail"])
        self.assertEqual(len(self.vendor.requests), 2)
        self.stop(self.process, "x.db")

    def test_where_no_key_is_given_nothing_is_sent_and_the_setting_is_named(self):
        self.serve("uis", self.took)
        status, answer = self.order()
        self.assertEqual(status, 501, answer)
        self.assertIn('calls can be ordered where the setting "call_token" is given', answer["detail"])
        self.assertEqual(self.vendor.requests, [])
        self.stop(self.process, "x.db")


class Mango(Orders):
    def test_the_order_is_signed_and_its_id_comes_back_with_the_events(self):
        self.serve("mango", lambda _: {"result": 1000}, values={"call_line": "74950000101"})
        order, sent = self.ordered()
        form = dict(urllib.parse.parse_qsl(sent["body"].decode()))
        self.assertEqual(json.loads(form["json"]), {"command_id": order, "from": {"extension": "102"}, "to_number": "79000000003",
                                                    "line_number": "74950000101"})
        key, salt = "hl7vpbxkey0000000000000000000001", "hl7vpbxsalt000000000000000000001"
        self.assertEqual(form["sign"], hashlib.sha256((key + form["json"] + salt).encode()).hexdigest())
        self.assertEqual(form["vpbx_api_key"], key)
        self.stop(self.process, "x.db")

    def test_a_code_is_a_refusal(self):
        self.serve("mango", lambda _: {"result": 3103})
        status, answer = self.order()
        self.assertEqual(status, 400, answer)
        self.assertIn("refuses the order with 200: 3103", answer["detail"])
        self.stop(self.process, "x.db")


class Zadarma(Orders):
    def test_the_query_is_signed(self):
        self.serve("zadarma", lambda _: {"status": "success", "from": "102", "to": "79000000003", "time": 1}, {"api_key": "hl-key"})
        _, sent = self.ordered()
        path, query = sent["path"].split("?")
        self.assertEqual(query, "format=json&from=102&to=79000000003")
        signed = "/v1/request/callback/" + query + hashlib.md5(query.encode()).hexdigest()
        digest = hmac.new(b"hl-zadarma-secret-01", signed.encode(), hashlib.sha1).hexdigest()
        self.assertEqual(sent["headers"]["Authorization"], "hl-key:" + base64.b64encode(digest.encode()).decode())
        self.stop(self.process, "x.db")


class MegaFon(Orders):
    def test_the_employee_goes_by_the_login_and_the_call_that_is_named_carries_the_order(self):
        files = sorted(p.name for p in (WEBHOOKS / "megafon").glob("1[2-5]-outbound-answered-*.http"))
        body = dict(urllib.parse.parse_qsl((WEBHOOKS / "megafon" / files[0]).read_bytes().split(b"\r\n\r\n", 1)[1].decode()))
        self.serve("megafon", lambda _: {"uuid": body["callid"]}, {"api_token": "hl-api-1"}, address="api_url")
        order, sent = self.ordered("+7 900 000-02-03")
        self.assertEqual(dict(urllib.parse.parse_qsl(sent["body"].decode())),
                         {"cmd": "makeCall", "token": "hl-api-1", "user": "petrov", "phone": "79000000203"})
        self.tell("megafon", files)
        self.assertEqual([c["request"] for c in self.calls()], [order])


class Ringostat(Orders):
    def test_the_extended_callback_names_both_sides(self):
        self.serve("ringostat", lambda _: {"jsonrpc": "2.0", "result": {}}, {"api_key": "hl-export-1"},
                   {"project": "11111", "phones": {"petrov_sip": "102"}, "api_url": "http://127.0.0.1:9/"})
        _, sent = self.ordered()
        asked = json.loads(sent["body"])
        self.assertEqual((asked["method"], sent["headers"]["Auth-key"]), ("Api\\V2\\Callback.external", "hl-export-1"))
        self.assertEqual((asked["params"]["caller"], asked["params"]["callee"], asked["params"]["projectId"]),
                         ("petrov_sip", "79000000003", "11111"))
        self.stop(self.process, "x.db")


class Twilio(Orders):
    """The employee's phone is the parent call, the client its child; both tell of themselves at …/ordered."""

    URL = "https://crm.example.com/hooks/twilio"

    def serve_twilio(self, reply):
        self.serve("twilio", reply, values={"account_sid": "AC1", "sip_domain": "firm.sip.example.com", "call_line": "+14155550101",
                                            "public_url": self.URL}, address="api_url")

    def callback(self, **fields):
        token = yaml.safe_load(self.yaml.read_text(encoding="utf-8"))["sources"][0]["settings"]["secrets"]["auth_token"]
        token = re.sub(r"\$\{\w+:-(.*)\}", r"\1", token)
        signed = self.URL + "/ordered" + "".join(name + value for name, value in sorted(fields.items()))
        signature = base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()
        body = urllib.parse.urlencode(fields).encode()
        head = (f"POST /hooks/twilio/ordered HTTP/1.1\nHost: crm.example.com\nContent-Type: application/x-www-form-urlencoded\n"
                f"X-Twilio-Signature: {signature}\nContent-Length: {len(body)}\nConnection: close")
        self.assertEqual(self.status(self.port, head, body), 200, fields)

    def tell_of_both(self, *steps):
        for n, (sid, status, moment, more) in enumerate(steps):
            parent = {"CallSid": "CA1", "From": "+14155550101", "To": "sip:102@firm.sip.example.com", "Direction": "outbound-api"}
            child = {"CallSid": "CA2", "ParentCallSid": "CA1", "From": "+14155550101", "To": "+79000000003", "Direction": "outbound-dial"}
            self.callback(**(parent if sid == "CA1" else child), CallStatus=status, SequenceNumber=str(n),
                          Timestamp=f"Mon, 14 Sep 2026 08:00:{moment:02} +0000", AccountSid="AC1", **more)

    def test_the_order_calls_the_phone_and_dials_the_client(self):
        self.serve_twilio(lambda _: {"sid": "CA1", "status": "queued"})
        _, sent = self.ordered()
        self.assertEqual(sent["path"].lstrip("/"), "Accounts/AC1/Calls.json")
        self.assertTrue(sent["headers"]["Authorization"].startswith("Basic "))
        form = urllib.parse.parse_qs(sent["body"].decode())
        self.assertEqual((form["To"], form["From"], form["Timeout"], form["StatusCallbackEvent"]),
                         (["sip:102@firm.sip.example.com"], ["+14155550101"], ["30"], ["initiated", "ringing", "answered", "completed"]))
        self.assertIn(">+79000000003</Number></Dial></Response>", form["Twiml"][0])
        self.stop(self.process, "x.db")

    def test_the_call_that_comes_of_it_is_one_with_the_client_and_the_order(self):
        self.serve_twilio(lambda _: {"sid": "CA1", "status": "queued"})
        order, _ = self.ordered()
        self.tell_of_both(("CA1", "ringing", 0, {}), ("CA1", "in-progress", 5, {}), ("CA2", "ringing", 7, {}), ("CA2", "in-progress", 15, {}),
                          ("CA2", "completed", 45, {"CallDuration": "30"}), ("CA1", "completed", 46, {"CallDuration": "41"}))
        call, = self.calls()
        self.assertEqual((call["request"], call["direction"], call["outcome"], call["client_number"], call["line"], call["employee"]),
                         (order, "out", "answered", "+79000000003", "+14155550101", "petrov"))
        self.assertEqual((call["wait_s"], call["talk_s"]), (15, 30))

    def test_a_client_who_is_busy_and_a_phone_that_nobody_takes_are_no_talks(self):
        self.serve_twilio(lambda _: {"sid": "CA1", "status": "queued"})
        self.ordered()
        self.tell_of_both(("CA1", "ringing", 0, {}), ("CA1", "in-progress", 5, {}), ("CA2", "ringing", 7, {}), ("CA2", "busy", 9, {}),
                          ("CA1", "completed", 10, {"CallDuration": "5"}))
        call, = self.calls()
        self.assertEqual((call["outcome"], call["finish_reason"], call["client_number"]), ("unsuccessful", "client_busy", "+79000000003"))

    def test_where_nothing_is_set_up_the_refusal_says_so(self):
        self.serve("twilio", lambda _: {}, address="api_url")
        status, answer = self.order()
        self.assertEqual(status, 501, answer)
        self.assertIn('where the setting "account_sid" is given', answer["detail"])
        self.stop(self.process, "x.db")


class Command(UisOrders):
    """`hookline originate`, beside the host that runs."""

    REFUSED = {"jsonrpc": "2.0", "error": {"code": -32602, "message": "The phone number does not exist or inactive"}}

    def originate(self, *more, expect=0, employee="petrov", number="8 (900) 000-00-03"):
        return self.hookline("originate", "--employee", employee, "--to", number, *more, store="x.db", expect=expect).strip()

    def refused(self, *more, **order):
        self.assertEqual(self.originate(*more, expect=1, **order), "")
        return self.stderr

    def test_the_running_host_orders_it_and_the_call_carries_what_was_printed(self):
        self.serve_uis(self.took)
        order = self.originate()
        self.assertRegex(order, r"^hl-r-\d+$")
        self.assertEqual([json.loads(r["body"])["params"]["external_id"] for r in self.vendor.requests], [order])
        self.tell("uis", self.FILES)
        self.stop(self.process, "x.db")
        calls = self.hookline("calls", "--where", f"request = '{order}'", "--format", "ndjson", store="x.db").splitlines()
        self.assertEqual([json.loads(call)["client_number"] for call in calls], ["+79000000003"])

    def test_a_refusal_says_why_and_ends_with_one(self):
        self.serve_uis(lambda _: self.REFUSED)
        self.assertEqual(self.refused(), "hookline: uis: the vendor refuses the order with 200: The phone number does not exist or inactive\n")
        self.assertIn('there is no employee "nobody"', self.refused(employee="nobody"))
        self.assertIn('"nobody" is no telephone number', self.refused(number="nobody"))
        self.assertEqual(len(self.vendor.requests), 1)
        self.stop(self.process, "x.db")

    def test_whoever_may_not_order_does_not(self):
        people = [{"id": "ivanova", "name": "Иванова А."},
                  {"id": "petrov", "name": "Петров О.", "extensions": [{"source": "uis", "number": "102"}]}]
        self.serve_uis(self.took, employees=people, users=[{"id": "ann", "role": "analyst"}, {"id": "ivan", "employee": "ivanova", "role": "manager"},
                                         {"id": "oleg", "employee": "petrov", "role": "manager"}])
        self.assertIn('the role "analyst" has no right "calls.originate"', self.refused("--as", "ann"))
        self.assertIn('may order calls on the own phone alone, not on that of "petrov"', self.refused("--as", "ivan"))
        self.assertEqual(self.vendor.requests, [])
        self.originate("--as", "oleg")
        self.assertEqual(len(self.vendor.requests), 1)
        self.stop(self.process, "x.db")

    def test_where_no_host_runs_that_is_said(self):
        self.serve_uis(self.took)
        self.stop(self.process, "x.db")
        self.assertIn("no host runs on this store; start a host", self.refused())
        self.assertEqual([p.name for p in self.folder.glob("*.sock")], [])
        self.process, _ = self.start("x.db")
        self.process.kill()
        self.process.wait()
        self.assertIn("no host runs on this store", self.refused())
        self.process, _ = self.start("x.db")  # takes the place of the socket that was left
        self.originate()
        self.stop(self.process, "x.db")


class WithoutOrders(Orders):
    def test_a_profile_that_has_none_says_so(self):
        profile = (SOURCE / "config" / "profiles" / "uis.yaml").read_text(encoding="utf-8")
        (self.folder / "own.yaml").write_text(profile[:profile.index("# Click-to-call")], encoding="utf-8")
        self.serve("uis", lambda _: {}, profile="own.yaml")
        status, answer = self.order()
        self.assertEqual(status, 501, answer)
        self.assertIn('the profile "uis" has no `order`, so it cannot order calls', answer["detail"])
        self.stop(self.process, "x.db")


if __name__ == "__main__":
    unittest.main()
