"""The API of a running host: every answer is as /api/v1/openapi.json says and as the command prints, and whoever has no key gets nothing."""
import gzip
import hashlib
import http.client
import json
import re
import signal
import subprocess
import unittest
from urllib.parse import quote, urlencode

import jsonschema
from hookline_cli import FIXTURES, CliTest

KEYS = {"admin": "hk_of_the_admin", "analyst": "hk_of_the_analyst", "bot": "hk_of_the_manager"}
PERIOD = {"from": "2026-03-02", "to": "2026-03-03"}
LISTS = ("calls", "inquiries", "leads", "tasks", "contacts")


def hash_of(key):
    return "sha256:" + hashlib.sha256(key.encode()).hexdigest()


class Answer:
    def __init__(self, response):
        self.status, self.headers, self.raw = response.status, response.headers, response.read()

    def json(self):
        return json.loads(self.raw)


class RestTest(CliTest):
    config = FIXTURES / "metrics" / "reports.yaml"

    def setUp(self):
        super().setUp()
        with open(self.yaml, "a", encoding="utf-8") as yaml:
            yaml.write("  - {plugin: calls-by-manager}\n"
                       "recordings: {folder: records}\n"
                       "users: [{id: ivanova, employee: ivanova, role: manager}]\n"
                       "http:\n  limits: {refusals_per_minute: 5, body_bytes: 4000000}\n  keys:\n"
                       f"    - {{name: admin, role: admin, hash: \"{hash_of(KEYS['admin'])}\"}}\n"
                       f"    - {{name: analyst, role: analyst, hash: \"{hash_of(KEYS['analyst'])}\"}}\n"
                       f"    - {{name: bot, user: ivanova, hash: \"{hash_of(KEYS['bot'])}\"}}\n")
        self.hookline("import", "--source", "told", FIXTURES / "metrics" / "common.ndjson")

    def start(self):
        log_file = self.folder / "run.log"
        log = open(log_file, "w", encoding="utf-8")
        self.addCleanup(log.close)
        process = subprocess.Popen(self.arguments("run", "--listen", "127.0.0.1:0"), env=self.environment, stdout=log, stderr=log)
        self.addCleanup(self.stop, process)
        told = re.compile(r"listens on http://127\.0\.0\.1:(\d+)")
        self.wait_for(lambda: told.search(log_file.read_text()) or process.poll() is not None, "the host to listen")
        self.port = int(told.search(log_file.read_text()).group(1))

    def stop(self, process):
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=20)
        finally:
            process.kill()

    def connection(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        self.addCleanup(connection.close)
        return connection

    def ask(self, path, key="admin", method="GET", body=None, **headers):
        if key:
            headers["Authorization"] = f"Bearer {KEYS.get(key, key)}"
        connection = self.connection()
        connection.request(method, "/api/v1" + path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        return Answer(connection.getresponse())

    def get(self, path, **query):
        answer = self.ask(path + ("?" + urlencode(query) if query else ""))
        self.assertEqual(answer.status, 200, (path, query, answer.raw[:500]))
        return answer.json()


class Schema(RestTest):
    def setUp(self):
        super().setUp()
        self.start()
        self.api = self.ask("/openapi.json", key=None).json()

    def check(self, answer, schema):
        """By the schema that the description names; its references are within the description."""
        whole = {**schema, "components": self.api["components"]}
        checker = jsonschema.FormatChecker()
        jsonschema.Draft202012Validator(whole, format_checker=checker).validate(answer)

    def schema_of(self, path, method="get"):
        answers = self.api["paths"]["/api/v1" + path][method]["responses"]
        return answers["200"]["content"]["application/json"]["schema"]

    def test_every_list_and_record_is_as_described(self):
        for name in LISTS:
            page = self.get(f"/{name}")
            self.check(page, self.schema_of(f"/{name}"))
            for row in page["rows"]:
                one = self.get(f"/{name}/{quote(row['id'], safe='')}")
                self.assertEqual(one, row)
                self.check(one, self.schema_of(f"/{name}/{{id}}"))
        call = self.get("/calls", limit=1)["rows"][0]["id"]
        self.check(self.get(f"/calls/{quote(call, safe='')}/explain"), self.schema_of("/calls/{id}/explain"))

    def test_every_report_and_what_is_behind_it_is_as_described(self):
        reports = self.get("/reports")
        self.check(reports, self.schema_of("/reports"))
        self.assertEqual({r["id"]: r["kind"] for r in reports}["calls"], "list")
        self.expect_options_of_every_report(reports)
        for report in reports:
            figures = self.get(f"/reports/{report['id']}", **PERIOD)
            self.check(figures, self.schema_of("/reports/{id}"))
            shown = [c["id"] for c in report["columns"] if c["shown"]]
            self.assertEqual([c["id"] for c in figures["columns"]], shown, report["id"])
            for column in [c["id"] for c in figures["columns"] if c["kind"] == "measure"][:3]:
                rows = self.get(f"/reports/{report['id']}/rows", drill=f"total:{column}", **PERIOD)
                self.check(rows, self.schema_of("/reports/{id}/rows"))

    def expect_options_of_every_report(self, reports):
        """A form is made of what is listed, so all that every report takes is there, and is a parameter of the description."""
        parameters = {p["name"] for p in self.api["paths"]["/api/v1/reports/{id}"]["get"]["parameters"]}
        of_all = ["timezone", "time_group", "show_empty", "day_start", "day_end", "week_days"]
        self.assertLessEqual(set(of_all), parameters)
        options = {r["id"]: {o["id"]: o for o in r["options"]} for r in reports}
        self.assertEqual([o for o in options["calls-by-manager"] if o in of_all], of_all)
        self.assertEqual(options["calls-by-manager"]["timezone"]["default"], "Europe/Moscow")
        self.assertEqual(options["calls-by-manager"]["time_group"]["values"][:2], ["none", "hour"])
        for report, told in options.items():
            for option in [o for o in of_all if o in told]:
                value = {"timezone": "Asia/Omsk", "time_group": "day", "show_empty": "true", "week_days": "mon",
                         "day_start": "09:00", "day_end": "18:00"}[option]
                figures = self.get(f"/reports/{report}", **PERIOD, **{option: value})
                if option in ("day_start", "day_end", "time_group"):
                    self.assertEqual(figures["options"][option], value, report)
            self.assertIn("timezone", told, report)

    def test_all_else_that_is_read_is_as_described(self):
        number = self.get("/contacts", limit=1)["rows"][0]["numbers"][0]
        self.check(self.get("/lookup", number=number), self.schema_of("/lookup"))
        for path in ("/health", "/plugins", "/keys", "/outbox", "/openapi.json"):
            self.check(self.get(path), self.schema_of(path))

    def test_what_is_refused_is_as_described(self):
        problem = {"$ref": "#/components/schemas/Problem"}
        for path, status, word in (("/calls?form=1", 400, "from"), ("/calls/nothing", 404, "nothing"), ("/nothing", 404, "openapi"),
                                   ("/reports/cals", 404, "calls"), ("/reports/calls?tabs=in", 400, "tab"),
                                   ("/reports/calls?from=yesterday", 400, "yesterday"), ("/reports/calls/rows", 400, "drill"),
                                   ("/reports/calls/rows?drill=total:tim", 400, "time"), ("/lookup?number=x", 400, "x"),
                                   ("/lookup?number=%2B74950009999", 404, "nobody"), ("/events/x", 404, "openapi")):
            answer = self.ask(path)
            self.assertEqual((answer.status, answer.headers["Content-Type"]), (status, "application/problem+json"), path)
            self.check(answer.json(), problem)
            self.assertIn(word, answer.json()["detail"], path)
        self.assertEqual(self.ask("/calls", method="DELETE").headers["Allow"], "GET")

    def test_the_description_names_every_route_once(self):
        ids = [operation["operationId"] for path in self.api["paths"].values() for operation in path.values()]
        self.assertEqual(len(ids), len(set(ids)))
        self.assertGreater(len(ids), 20)


class Agreement(RestTest):
    def test_a_report_is_what_the_command_prints(self):
        self.start()
        for report in ("calls-by-manager", "lost-calls", "service-level", "inquiries"):
            there = self.get(f"/reports/{report}", **PERIOD)
            here = self.json("report", report, "--from", PERIOD["from"], "--to", PERIOD["to"])
            there.pop("as_of"), here.pop("as_of")
            self.assertEqual(there, here)

    def test_options_and_filters_are_parameters(self):
        self.start()
        there = self.get("/reports/calls-by-manager", manager="ivanova,petrov", first_call="true", **PERIOD)
        here = self.json("report", "calls-by-manager", "--from", PERIOD["from"], "--to", PERIOD["to"], "--set", "manager=ivanova,petrov",
                         "--set", "first_call=true")
        self.assertEqual(there["rows"], here["rows"])
        self.assertEqual(there["options"]["manager"], ["ivanova", "petrov"])

    def test_lists_to_choose_from_tell_who_has_left(self):
        left = {"type": "employee", "id": "guseva", "name": "Гусева Д.", "departments": ["sales"], "extensions": [],
                "dismissed_at": "2026-03-25T00:00:00+03:00"}
        path = self.folder / "left.ndjson"
        path.write_text(json.dumps(left, ensure_ascii=False) + "\n", encoding="utf-8")
        self.hookline("import", "--source", "told", path)
        self.start()
        filters = {(r["id"], f["id"]): {v["id"]: v.get("has_left") for v in f["values"]} for r in self.get("/reports") for f in r["filters"]}
        for report, name in (("inquiries", "manager"), ("calls-by-manager", "manager"), ("employee-performance", "employee")):
            self.assertEqual((filters[report, name]["guseva"], filters[report, name]["ivanova"]), (True, None), report)

    def test_pages_hold_the_whole_list(self):
        self.start()
        for name in LISTS:
            rows, after = [], {}
            while True:
                page = self.get(f"/{name}", limit=3, **after)
                self.assertLessEqual(len(page["rows"]), 3)
                rows += page["rows"]
                if page["next"] is None:
                    break
                after = {"after": page["next"]}
            self.assertEqual(rows, self.json(name), name)

    def test_rows_behind_a_figure_come_in_pages_with_their_number(self):
        self.start()
        words = ("report", "calls-by-manager", "--from", PERIOD["from"], "--to", PERIOD["to"])
        for drill in ("total:calls", "ivanova:target_missed", "total:leads"):
            rows, after = [], {}
            while after is not None:
                page = self.get("/reports/calls-by-manager/rows", drill=drill, limit=4, **PERIOD, **after)
                rows += page["rows"]
                after = {"after": page["next"]} if page["next"] else None
            self.assertEqual(rows, self.json(*words, "--drill", drill), drill)
            self.assertEqual(page["total"], len(rows))


class Doors(RestTest):
    def setUp(self):
        super().setUp()
        self.start()

    def test_without_a_key_nothing_is_told(self):
        for key in (None, "hk_guessed", hash_of(KEYS["admin"])):
            answer = self.ask("/calls", key=key)
            self.assertEqual((answer.status, answer.headers["WWW-Authenticate"]), (401, "Bearer"))
            self.assertEqual(answer.json()["status"], 401)
        self.assertNotIn("rows", answer.json())

    def test_keys_cannot_be_guessed_at_speed(self):
        for _ in range(5):
            self.assertEqual(self.ask("/calls", key="hk_guessed").status, 401)
        answer = self.ask("/calls")
        self.assertEqual(answer.status, 429)
        self.assertGreater(int(answer.headers["Retry-After"]), 0)

    def test_a_new_key_opens_once_its_hash_is_in_the_config(self):
        key, made = (line.split()[1] for line in self.hookline_alone("key", "new").splitlines())
        self.assertEqual(hash_of(key), made)
        self.assertEqual(len(key), 67)

    def test_keys_are_listed_by_name_and_role_alone(self):
        keys = [{"name": "admin", "role": "admin", "user": None}, {"name": "analyst", "role": "analyst", "user": None},
                {"name": "bot", "role": None, "user": "ivanova"}]
        self.assertEqual(self.json("key", "list"), keys)
        self.assertEqual(self.ask("/keys").json(), keys)
        self.assertEqual(self.ask("/keys", "analyst").status, 403)
        text = self.hookline("key", "list")
        self.assertEqual(text.splitlines(), ["admin  role admin", "analyst  role analyst", "bot  as the user ivanova"])
        self.assertNotIn("sha256", text + self.ask("/keys").raw.decode())
        self.hookline("key", "list", "--as", "ivanova", expect=2)
        self.assertIn('no right "settings.view"', self.stderr)

    def hookline_alone(self, *words):
        return subprocess.run([*self.arguments(*words)[:3]], capture_output=True, text=True, check=True).stdout

    def test_a_role_limits_what_is_done(self):
        answer = self.ask("/records", "analyst", "POST", b"")
        self.assertEqual(answer.status, 403)
        self.assertIn('no right "records.write"', answer.json()["detail"])
        self.assertEqual(self.ask("/plugins", "bot").status, 403)

    def test_what_did_not_change_is_not_sent_again_and_what_is_large_is_packed(self):
        first = self.ask("/calls")
        self.assertEqual(self.ask("/calls", If_None_Match=first.headers["ETag"]).status, 304)
        packed = self.ask("/calls", Accept_Encoding="gzip")
        self.assertEqual(packed.headers["Content-Encoding"], "gzip")
        self.assertEqual(gzip.decompress(packed.raw), first.raw)

    def test_a_body_that_is_too_large_is_refused(self):
        self.assertEqual(self.ask("/records", method="POST", body=b"x" * 4_000_001).status, 413)

    def test_a_recording_is_heard_within_its_folder_by_whoever_may(self):
        (self.folder / "records").mkdir()
        (self.folder / "records" / "r1.mp3").write_bytes(b"ID3 sound")
        (self.folder / "records" / "link.mp3").symlink_to(self.yaml)
        names = ["r1.mp3", "../hookline.yaml", "/etc/passwd", "link.mp3", "https://pbx.example/r.mp3"]
        call = {"type": "call", "id": "told:r1", "source": "told", "direction": "in", "started_at": "2026-04-01T09:00:00Z",
                "ended_at": "2026-04-01T09:00:20Z", "recordings": names}
        self.assertEqual(self.ask("/records", method="POST", body=json.dumps(call)).json()["accepted"], 1)
        heard = self.ask("/recordings/told:r1")
        self.assertEqual((heard.status, heard.headers["Content-Type"], heard.raw), (200, "audio/mpeg", b"ID3 sound"))
        for number in (2, 3, 4):
            self.assertEqual(self.ask(f"/recordings/told:r1?number={number}").status, 404, names[number - 1])
        elsewhere = self.ask("/recordings/told:r1?number=5")
        self.assertEqual((elsewhere.status, elsewhere.headers["Location"]), (302, names[4]))
        self.assertIn("has 5 recordings", self.ask("/recordings/told:r1?number=6").json()["detail"])
        self.assertIn("recordings.hear", self.ask("/recordings/told:r1", "analyst").json()["detail"])
        self.assertEqual(self.ask("/recordings/told:r1", "bot").status, 404)

    def test_prometheus_reads_how_it_does_by_a_key_that_may(self):
        def scraped(key):
            connection = self.connection()
            connection.request("GET", "/metrics", headers={"Authorization": f"Bearer {key}"} if key else {})
            answer = connection.getresponse()
            return answer.status, answer.getheader("Content-Type"), answer.read().decode()
        status, kind, text = scraped(KEYS["admin"])
        self.assertEqual((status, kind), (200, "text/plain; version=0.0.4; charset=utf-8"))
        samples = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
        self.assertEqual(samples['hookline_source_state{source="told",plugin="canonical",state="off"}'], "1")
        self.assertEqual((samples["hookline_outbox_set_aside"], samples["hookline_store_in_trouble"]), ("0", "0"))
        self.assertEqual(scraped(None)[0], 401)
        self.assertEqual(scraped(KEYS["bot"])[0], 403)

    def test_records_are_taken_told_of_and_streamed(self):
        connection = self.connection()
        connection.request("GET", "/api/v1/events", headers={"Authorization": f"Bearer {KEYS['admin']}"})
        events = connection.getresponse()
        self.assertEqual(events.headers["Content-Type"], "text/event-stream")
        call = {"type": "call", "source": "told", "direction": "in", "started_at": "2026-04-01T09:00:00Z", "ended_at": "2026-04-01T09:00:20Z"}
        lines = [json.dumps({**call, "id": f"told:n{n}", "client_number": f"+7916{n:07}"}) for n in range(700)]
        answer = self.ask("/records", method="POST", body="\n".join([*lines, '{"type": "cal"}']))
        tally = answer.json()
        self.assertEqual((tally["accepted"], tally["refused"], tally["complaints"][0]["line"]), (700, 1, 701))
        while b'"call"' not in (line := events.readline()):
            self.assertTrue(line)
        self.assertTrue(json.loads(line.removeprefix(b"data: "))["id"].startswith("told:n"))

        whole = self.ask("/reports/calls/rows?drill=total:time&format=ndjson&from=2026-04-01&to=2026-04-01")
        self.assertEqual(whole.headers["Transfer-Encoding"], "chunked")
        self.assertEqual(whole.headers["Content-Disposition"].split(";")[:2], ["attachment", ' filename="calls.ndjson"'])
        self.assertEqual(len(whole.raw.splitlines()), 700)


if __name__ == "__main__":
    unittest.main()
