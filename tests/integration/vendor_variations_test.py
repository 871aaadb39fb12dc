"""What vendors send besides what was captured: fields that some accounts leave out or add, hidden numbers, holds, call-backs."""
import base64
import hashlib
import hmac
import json
import unittest
import urllib.parse

from hookline_cli import FIXTURES, CliTest

WEBHOOKS = FIXTURES / "webhooks"


class Variations(CliTest):
    vendor = None

    def setUp(self):
        super().setUp()
        text = (WEBHOOKS / self.vendor / "hookline.yaml").read_text(encoding="utf-8")
        self.yaml.write_text(text.replace("../../../../config", str(FIXTURES.parents[1] / "config")), encoding="utf-8")
        self.files = []

    def post(self, path, body, content_type, **headers):
        lines = [f"POST /in/{self.vendor}{path} HTTP/1.1", "Host: hooks.hookline.example", f"Content-Type: {content_type}",
                 f"Content-Length: {len(body.encode())}", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
        self.files.append(self.folder / f"{len(self.files):02}.http")
        self.files[-1].write_bytes(("\r\n".join(lines) + "\r\n\r\n" + body).encode())

    def form(self, path, fields, **headers):
        self.post(path, urllib.parse.urlencode(fields), "application/x-www-form-urlencoded", **headers)

    def call(self):
        """The one call of all requests, the same in the order of delivery and backwards."""
        calls = []
        for name, files in (("there", self.files), ("back", self.files[::-1])):
            self.hookline("import", "--source", self.vendor, *files, store=f"{name}.db")
            calls.append(self.json("calls", store=f"{name}.db"))
        self.assertEqual(calls[0], calls[1])
        self.assertEqual(len(calls[0]), 1, calls[0])
        return calls[0][0]


class Mango(Variations):
    vendor = "mango"
    key, salt = "hl7vpbxkey0000000000000000000001", "hl7vpbxsalt000000000000000000001"
    client, phone = {"number": "79000000901"}, {"extension": "101", "number": "sip:u101@demo.mangosip.ru", "line_number": "74950000202"}

    def tell(self, path, **told):
        text = json.dumps({"entry_id": "e1", **told})
        sign = hashlib.sha256((self.key + text + self.salt).encode()).hexdigest()
        self.form(path, {"vpbx_api_key": self.key, "sign": sign, "json": text})

    def leg(self, state, at, seq, call_id="a", **told):
        self.tell("/events/call", **{"call_id": call_id, "timestamp": 1789376400 + at, "seq": seq, "call_state": state,
                                     "location": "abonent", "from": self.client, "to": self.phone, **told})

    def summary(self, talk, end, direction=1, **told):
        self.tell("/events/summary", **{"call_direction": direction, "from": self.client, "to": self.phone, "line_number": "74950000202",
                                        "create_time": 1789376400, "talk_time": talk and 1789376400 + talk,
                                        "end_time": 1789376400 + end, "entry_result": 1, "disconnect_reason": 1110, **told})

    def test_a_hold_ends_when_the_talk_goes_on(self):
        self.leg("Appeared", 0, 1)
        self.leg("Connected", 7, 2)
        self.leg("OnHold", 20, 3)
        self.leg("Connected", 50, 4)
        self.leg("Disconnected", 107, 5, disconnect_reason=1110)
        self.summary(7, 107)
        call = self.call()
        self.assertEqual((call["talk_s"], call["clean_talk_s"]), (100, 70))

    def test_a_call_back_is_an_outgoing_call_of_the_order_it_came_from(self):
        self.leg("Appeared", 0, 1, command_id="hl-task-7")
        self.leg("Connected", 5, 2, command_id="hl-task-7")
        to_client = {"call_id": "b", "from": {"extension": "101", "taken_from_call_id": "a"}, "to": self.client}
        self.leg("Appeared", 6, 1, **to_client)
        self.leg("Connected", 15, 2, **to_client)
        self.summary(15, 75, direction=2, **{"from": {"extension": "101"}, "to": self.client})
        call = self.call()
        self.assertEqual((call["direction"], call["client_number"], call["request"], call["talk_s"]), ("out", "+79000000901", "hl-task-7", 60))

    def test_call_tracking_is_told(self):
        self.leg("Appeared", 0, 1, dct={"number": "74950000303", "type": 1})
        self.summary(0, 30)
        call = self.call()
        self.assertEqual((call["call_type"], call["outcome"]), ("tracking_dynamic", "missed"))


class Zadarma(Variations):
    vendor = "zadarma"
    common = {"call_start": "2026-09-14 09:00:00", "pbx_call_id": "in_" + "ab" * 20, "caller_id": "+491520000901"}

    def tell(self, event, signed, **told):
        fields = {"event": event, **self.common, **told}
        text = "".join(fields[name] for name in signed)
        digest = hmac.new(b"hl-zadarma-secret-01", text.encode(), hashlib.sha1).hexdigest()
        self.form("", fields, Signature=base64.b64encode(digest.encode()).decode())

    def begins_and_ends(self, **end):
        signed = ("caller_id", "called_did", "call_start")
        self.tell("NOTIFY_START", signed, called_did="493000000101")
        self.tell("NOTIFY_END", signed, called_did="493000000101", status_code="16", **end)

    def test_who_answered_may_be_told_before_the_end_alone(self):
        self.begins_and_ends(disposition="answered", duration="73")
        self.tell("NOTIFY_ANSWER", ("caller_id", "destination", "call_start"), destination="493000000101", internal="101")
        call = self.call()
        self.assertEqual((call["outcome"], call["extension"], call["talk_s"]), ("answered", "101", 73))

    def test_what_the_menu_answered_is_nobodys_talk(self):
        self.begins_and_ends(disposition="answered", duration="12")
        call = self.call()
        self.assertEqual((call["outcome"], call["finish_reason"], call["talk_s"]), ("missed", "unknown", None))

    def test_a_menu_left_by_the_caller_has_rung_and_not_talked(self):
        self.begins_and_ends(disposition="cancel", duration="12")
        call = self.call()
        self.assertEqual((call["outcome"], call["finish_reason"], call["talk_s"]), ("missed", "client_hung_up", 0))

    def test_a_hidden_number_is_none(self):
        self.common = {**self.common, "caller_id": "Anonymous"}
        self.begins_and_ends(disposition="no answer", duration="0")
        call = self.call()
        self.assertEqual((call["client_number"], call["finish_reason"]), (None, "employee_no_answer"))


class MegaFon(Variations):
    vendor = "megafon"

    def tell(self, **told):
        self.form("", {"callid": "901", "phone": "89000000901", "diversion": "79390000505",
                       "crm_token": "0b6d0f0e-5d0a-4c6f-9a51-7f3f3b1d2c01", **told})

    def test_an_old_account_tells_neither_direction_nor_extension(self):
        self.tell(cmd="event", type="INCOMING", user="ivanova")
        self.tell(cmd="event", type="ACCEPTED", user="ivanova")
        self.tell(cmd="history", type="in", user="ivanova", start="20260914T090000Z", duration="40", status="success")
        call = self.call()
        self.assertEqual((call["direction"], call["client_number"], call["extension"], call["talk_s"]), ("in", "+79000000901", "101", 40))

    def test_a_history_may_call_the_direction_missed(self):
        self.tell(cmd="history", type="missed", ext="101", start="20260914T090000Z", duration="19", status="Missed")
        call = self.call()
        self.assertEqual((call["direction"], call["outcome"], call["wait_s"]), ("in", "missed", 19))

    def test_a_call_without_its_history_is_an_outgoing_one(self):
        self.tell(cmd="event", type="OUTGOING", ext="102")
        call = self.call()
        self.assertEqual((call["direction"], call["incomplete"]), ("out", True))


class Twilio(Variations):
    vendor = "twilio"

    def tell(self, path, **fields):
        url = f"https://hooks.hookline.example/in/twilio{path}"
        signed = url + "".join(name + fields[name] for name in sorted(fields))
        digest = hmac.new(b"hl0twilio0auth0token0000000000001", signed.encode(), hashlib.sha1).digest()
        self.form(path, fields, X_Twilio_Signature=base64.b64encode(digest).decode())

    def incoming(self, number):
        self.tell("/voice", CallSid="CA1", From=number, To="+12025550101", CallStatus="ringing", Direction="inbound")

    def completed(self, number, at="Mon, 14 Sep 2026 07:01:00 +0000"):
        self.tell("/status", CallSid="CA1", From=number, To="+12025550101", CallStatus="completed", Direction="inbound",
                  CallDuration="60", SequenceNumber="2", Timestamp=at)

    def test_words_on_a_keypad_stand_for_a_hidden_number(self):
        self.incoming("+266696687")
        self.completed("+266696687")
        call = self.call()
        self.assertEqual((call["client_number"], call["line"]), (None, "+12025550101"))

    def test_a_browser_is_a_phone_of_the_employee_it_is_named_after(self):
        self.incoming("+12025550199")
        child = {"CallSid": "CA2", "ParentCallSid": "CA1", "From": "+12025550199", "To": "client:alice", "Direction": "outbound-dial"}
        self.tell("/status", CallStatus="in-progress", SequenceNumber="1", Timestamp="Mon, 14 Sep 2026 07:00:10 +0000", **child)
        self.tell("/status", CallStatus="completed", SequenceNumber="2", Timestamp="Mon, 14 Sep 2026 07:01:00 +0000", CallDuration="50", **child)
        self.completed("+12025550199")
        call = self.call()
        self.assertEqual((call["outcome"], call["extension"], call["wait_s"]), ("answered", "alice", 10))


class Uis(Variations):
    vendor = "uis"

    def test_a_template_without_the_start_tells_it_by_its_durations(self):
        told = {"event": "call_finished", "virtual_phone_number": "74950000101", "notification_time": "2026-09-14 10:01:17",
                "contact_phone_number": "79000000901", "call_session_id": 901, "employee_id": 758101, "direction": "in",
                "talk_time_duration": 65, "total_time_duration": 77, "wait_time_duration": 12}
        self.post("?token=hl-uis-2f6c9a", json.dumps(told), "application/json")
        call = self.call()
        self.assertEqual((call["started_at"], call["ended_at"]), ("2026-09-14T07:00:00.000Z", "2026-09-14T07:01:17.000Z"))
        self.assertEqual((call["wait_s"], call["talk_s"]), (12, 65))


if __name__ == "__main__":
    unittest.main()
