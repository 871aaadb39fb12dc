"""What a CRM gets by signed webhooks: each entity once in the end, whatever the CRM does and however often Hookline is killed."""
import base64
import datetime
import hashlib
import hmac
import http.server
import json
import random
import signal
import subprocess
import threading
import time
import unittest

from hookline_cli import ASTERISK, CliTest

KEY = b"0123456789abcdef0123456789abcdef"
OLD_KEY = b"fedcba9876543210fedcba9876543210"
CRM = """
crm:
  webhook:
    url: http://127.0.0.1:%d/hookline
    secret: "whsec_%s whsec_%s"
    timeout: 300ms
  links: {contact: "https://crm.example.com/c/{id}", lead: "https://crm.example.com/l/{id}"}
"""


def secret(key):
    return base64.b64encode(key).decode()


class StandIn:
    """A CRM on a free loopback port. `mood(attempt)` says how it answers: a status, "hang", "twice" or "cut"."""

    def __init__(self, mood=lambda attempt: 200):
        self.mood = mood
        self.lock = threading.Lock()
        self.attempts = 0
        self.bad = []
        self.taken = {}    # webhook-id -> its body, of those answered with 2xx
        self.repeats = 0   # the same webhook-id once more: what an idempotency key is for
        self.given = {}    # (entity, first id heard) -> the CRM's id
        stand_in = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                try:
                    stand_in.take(self, body)
                except OSError:  # Hookline gave up waiting, or was killed
                    self.close_connection = True

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.port = self.server.server_address[1]

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def is_signed(self, headers, body):
        text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        right = "v1," + base64.b64encode(hmac.new(KEY, text, hashlib.sha256).digest()).decode()
        old = "v1," + base64.b64encode(hmac.new(OLD_KEY, text, hashlib.sha256).digest()).decode()
        is_now = abs(int(headers["webhook-timestamp"]) - time.time()) < 300
        return headers["webhook-signature"].split() == [right, old] and is_now

    def id_of(self, entity, record):
        key = (entity, record["id"])
        known = {v for (kind, _), v in self.given.items() if kind == entity}
        if record["id"] in known:
            return record["id"]
        return self.given.setdefault(key, f"crm-{entity}-{len(self.given) + 1}")

    def take(self, handler, body):
        with self.lock:
            self.attempts += 1
            mood = self.mood(self.attempts)
            if not self.is_signed(handler.headers, body):
                self.bad.append(dict(handler.headers))
            message = json.loads(body)
            answer = json.dumps({"id": None}).encode()
            if mood in (200, "twice", "cut"):
                self.repeats += handler.headers["webhook-id"] in self.taken
                self.taken[handler.headers["webhook-id"]] = message
                entity = message["type"].split(".")[0]
                if entity in ("contact", "lead", "task"):
                    answer = json.dumps({"id": self.id_of(entity, message["data"])}).encode()
        if mood == "hang":
            time.sleep(0.6)
            mood = 200
        if mood == "cut":  # taken, but the answer never arrives
            handler.close_connection = True
            return
        handler.send_response(200 if mood == "twice" else mood)
        handler.send_header("Content-Length", str(len(answer)))
        handler.end_headers()
        handler.wfile.write(answer)
        if mood == "twice":
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{\"id\": \"other\"}")

    def of(self, entity):
        """The last state of each entity, by the CRM's id or the one heard."""
        with self.lock:
            found = {}
            for message in self.taken.values():
                if message["type"].split(".")[0] == entity:
                    found[self.id_of(entity, message["data"]) if entity in ("contact", "lead", "task") else message["data"]["id"]] = message
            return found


class Crm(CliTest):
    def crm(self, mood=lambda attempt: 200, yaml=CRM):
        stand_in = StandIn(mood)
        self.addCleanup(stand_in.close)
        text = "".join(line for line in self.yaml.read_text(encoding="utf-8").splitlines(True))
        self.yaml.write_text(text + yaml % (stand_in.port, secret(KEY), secret(OLD_KEY)), encoding="utf-8")
        self.quiet_source()
        return stand_in

    def quiet_source(self):
        """The PBX is not there: nothing but deliveries happens in a run."""
        self.point_to(9)

    def start(self):
        process = subprocess.Popen(self.arguments("run", "--quiet"), env=self.environment, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        return process

    def end(self, process):
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=20), 0)

    def waiting(self):
        return json.loads(self.hookline("outbox", "list", "--format", "json"))

    def import_scenarios(self, *names):
        self.hookline("import", "--source", "pbx1", *(ASTERISK / name / "ami.raw" for name in names))

    def test_entities_arrive_signed_in_order_and_get_the_crms_ids(self):
        # Patient: on a busy machine an answer that comes late would be asked for once more.
        crm = self.crm(yaml=CRM.replace("300ms", "30s"))
        self.import_scenarios("02-inbound-missed", "01-inbound-answered")
        process = self.start()
        self.wait_for(lambda: self.waiting() == [], "everything to be delivered")
        self.end(process)
        self.assertEqual(crm.bad, [])
        self.assertEqual(crm.repeats, 0)
        for entity, kind in (("contact", "contacts"), ("lead", "leads"), ("task", "tasks")):
            self.assertEqual(set(crm.of(entity)), {x["id"] for x in self.json(kind)}, entity)
            self.assertTrue(all(x["id"].startswith("crm-") for x in self.json(kind)), entity)
        lead = next(iter(crm.of("lead").values()))
        self.assertEqual(lead["type"], "lead.changed")
        self.assertTrue(lead["data"]["link"].startswith("https://crm.example.com/l/"), lead)
        self.assertLess(abs(datetime.datetime.fromisoformat(lead["timestamp"]).timestamp() - time.time()), 300)
        order = [m["type"].split(".")[0] for m in crm.taken.values()]
        self.assertLess(order.index("contact"), order.index("lead"))
        self.assertLess(order.index("lead"), order.index("task"))

    def test_a_crm_that_fails_hangs_and_answers_twice_has_each_entity_once_though_hookline_is_killed(self):
        chance = random.Random(5)
        crm = self.crm(lambda attempt: chance.choice([200, 200, 200, 200, 500, "hang", "twice", "cut"]))
        self.import_scenarios("01-inbound-answered", "02-inbound-missed", "09-ring-group", "10-queue-second-member", "15-missed-callback")
        for _ in range(4):
            process = self.start()
            time.sleep(chance.uniform(0.3, 1.0))
            process.kill()
            process.wait()
        crm.mood = lambda attempt: 200
        process = self.start()
        self.wait_for(lambda: self.waiting() == [], "everything to be delivered")
        self.end(process)
        self.assertEqual(crm.bad, [])
        for entity, kind in (("contact", "contacts"), ("lead", "leads"), ("task", "tasks"), ("call", "calls")):
            mine = {x["id"]: x for x in self.json(kind)}
            theirs = crm.of(entity)
            self.assertEqual(set(theirs), set(mine), entity)
            self.assertEqual(len({k for k in theirs}), len(mine), entity)

    def test_what_the_crm_refuses_is_set_aside_with_its_reason_and_sent_again_when_asked(self):
        crm = self.crm(lambda attempt: 422)
        self.import_scenarios("02-inbound-missed")
        process = self.start()
        self.wait_for(lambda: all(d["state"] == "set_aside" for d in self.waiting() if d["attempts"]) and
                      any(d["attempts"] for d in self.waiting()), "a refusal")
        self.end(process)
        refused = [d for d in self.waiting() if d["state"] == "set_aside"]
        self.assertIn("the CRM answered 422", refused[0]["error"])
        crm.mood = lambda attempt: 200
        self.hookline("outbox", "retry")
        process = self.start()
        self.wait_for(lambda: self.waiting() == [], "everything to be delivered")
        self.end(process)

    def test_the_crms_own_names_of_fields(self):
        fields = '    fields: {lead: {id: "{id}", TITLE: "Лид {id}", STAGE_ID: "{stage}", TAGS: "{tags}", CARD: "{link}"}}\n'
        crm = self.crm(yaml=CRM.replace("    timeout", fields + "    timeout"))
        self.import_scenarios("02-inbound-missed")
        process = self.start()
        self.wait_for(lambda: self.waiting() == [], "everything to be delivered")
        self.end(process)
        lead = [m["data"] for m in crm.taken.values() if m["type"] == "lead.changed"][0]
        self.assertEqual(set(lead), {"id", "TITLE", "STAGE_ID", "TAGS", "CARD"})
        self.assertEqual((lead["STAGE_ID"], lead["TAGS"]), ("unsorted", []))
        self.assertTrue(lead["TITLE"].startswith("Лид "), lead)

    def test_a_call_that_goes_on_is_shown_on_screens_with_its_cards(self):
        crm = self.crm(yaml=CRM.replace("    timeout", '    fields: {screen_pop: {id: "{id}", PHONES: "{extensions}", CARD: "{lead.link}"}}\n    timeout'))
        call = {"type": "call", "id": "told:1", "source": "told", "direction": "in", "client_number": "+79161110001",
                "started_at": "2026-03-02T09:00:00Z", "legs": [{"kind": "employee", "extension": "101", "started_at": "2026-03-02T09:00:01Z"}]}
        text = self.yaml.read_text(encoding="utf-8")
        self.yaml.write_text(text.replace("sources:\n", "sources:\n  - {name: told, plugin: canonical, history: false}\n", 1), encoding="utf-8")
        self.hookline("import", "--source", "told", "-", text_in=json.dumps(call))
        process = self.start()
        self.wait_for(lambda: self.waiting() == [], "everything to be delivered")
        self.end(process)
        self.assertEqual(crm.bad, [])
        order = [m["type"] for m in crm.taken.values()]
        self.assertEqual(order[-1], "screen_pop.shown")
        shown = list(crm.taken.values())[-1]["data"]
        self.assertEqual(shown["PHONES"], ["101"])
        self.assertTrue(shown["CARD"].startswith("https://crm.example.com/l/crm-lead-"), shown)

    def test_a_wrong_section_is_told_in_full(self):
        self.yaml.write_text(self.yaml.read_text(encoding="utf-8") + """
crm:
  webhook:
    url: crm.example.com
    secret: short
    fields: {lead: {TITLE: "{titel}", NOTE: "{note"}}
  links: {lead: "https://crm.example.com/leads"}
""", encoding="utf-8")
        self.hookline("config", "check", expect=1)
        for part in ('"crm.example.com" is no address', "at least 24 bytes", 'did you mean "title"', "a brace is open", "put {id} where"):
            self.assertIn(part, self.stderr)


if __name__ == "__main__":
    unittest.main()
