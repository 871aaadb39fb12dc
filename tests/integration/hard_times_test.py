"""What goes wrong between a vendor and a running host: alphabets, clocks, lost beginnings and ends, repeats, a full disk. No call is lost
or made twice, and nothing is guessed."""
import json
import subprocess
import time
import unittest

from http_test import HttpTest

PROFILE = """
profile: plain
settings: {token: {secret: true}}
request: {charset: windows-1251}
auth: [{token: query.token, secret: token, within: {time: "$header.X-Signed-At > time:unix", s: 300}}]
call: id
common: {at: "at > time:unix", client: "from > phone", client_name: name, direction: "=in"}
kinds:
  - {when: {event: begun}, emit: [{is: begun}]}
  - {when: {event: rings}, emit: [{is: ringing, extension: ext}]}
  - {when: {event: up}, emit: [{is: answered, extension: ext}]}
  - {when: {event: over}, emit: [{is: ended, talked: talked}]}
"""

CONFIG = """
hookline: 1
store: {{url: "sqlite:hookline.db"}}
locale: {{timezone: UTC, phone_region: RU}}
sources:
  - {{name: cloud, plugin: webhook, {more} settings: {{profile: plain.yaml, secrets: {{token: hl-plain-1}}}}}}
tasks: [{{plugin: callback-missed}}]
"""


class CloudTest(HttpTest):
    def setUp(self):
        super().setUp()
        (self.folder / "plain.yaml").write_text(PROFILE, encoding="utf-8")
        self.configure()
        self.now = int(time.time())

    def configure(self, more=""):
        self.yaml.write_text(CONFIG.format(more=more), encoding="utf-8")

    def post(self, port, event, at, body=None, signed_at=None, **more):
        if body is None:
            body = json.dumps({"event": event, "id": "c1", "at": at, "from": "79000000001", **more}).encode()
        head = (f"POST /hooks/cloud?token=hl-plain-1 HTTP/1.1\nHost: x\nContent-Type: application/json\nConnection: close\n"
                f"X-Signed-At: {signed_at or int(time.time())}\nContent-Length: {len(body)}")
        return self.ask(port, head, body)[1]

    def told(self, answer, status, word=""):
        self.assertIn(f"HTTP/1.1 {status} ", answer)
        self.assertIn(word, answer)

    def calls(self):
        return self.json("calls", store="x.db")


class HardTimes(CloudTest):
    def test_a_body_in_windows_1251_keeps_its_names(self):
        process, port = self.start("x.db")
        body = json.dumps({"event": "over", "id": "c1", "at": self.now, "from": "79000000001", "name": "Ромашка"}, ensure_ascii=False)
        self.told(self.post(port, "", 0, body=body.encode("windows-1251")), 200)
        self.stop(process, "x.db")
        self.assertEqual([c["client_name"] for c in self.calls()], ["Ромашка"])

    def test_half_a_body_with_its_length_right_is_refused_as_such(self):
        process, port = self.start("x.db")
        self.told(self.post(port, "", 0, body=b'{"event": "begun", "id": "c1", "at'), 400)
        self.wait_for(lambda: "400: invalid_json (the body: no JSON from byte" in self.log("x.db"), "the refusal in the log")
        self.stop(process, "x.db")
        self.assertEqual(self.calls(), [])

    def test_a_request_played_again_changes_nothing_and_an_old_one_is_refused(self):
        process, port = self.start("x.db")
        for event in ("begun", "over", "over", "begun"):
            self.told(self.post(port, event, self.now), 200)
        self.told(self.post(port, "over", self.now + 9, signed_at=self.now - 1000), 401)
        self.wait_for(lambda: "401: replayed (auth[0]: what was signed is 10" in self.log("x.db"), "the refusal in the log")
        self.stop(process, "x.db")
        now = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(self.now))
        self.assertEqual([(c["started_at"], c["ended_at"]) for c in self.calls()], [(now, now)])

    def test_a_clock_an_hour_off_is_shown_and_corrected_only_when_asked(self):
        process, port = self.start("x.db")
        for event in ("begun", "over"):
            self.told(self.post(port, event, self.now - 3600), 200)
        self.wait_for(lambda: "the clock of the PBX is 1 h 0 min behind ours" in self.log("x.db"), "a word of the clock")
        self.stop(process, "x.db")
        as_told = self.calls()[0]["started_at"]
        self.assertEqual(as_told, time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(self.now - 3600)))
        self.configure("clock: receipt,")
        process, port = self.start("y.db")
        for event in ("begun", "over"):
            self.told(self.post(port, event, self.now - 3600), 200)
        self.stop(process, "y.db")
        started = self.json("calls", store="y.db")[0]["started_at"]
        self.assertGreaterEqual(started, time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(self.now)))

    def test_events_of_one_call_hours_apart_are_one_call(self):
        process, port = self.start("x.db")
        five_hours = 5 * 3600
        for event, at in (("begun", 0), ("rings", 2), ("up", 7), ("over", five_hours)):
            self.told(self.post(port, event, self.now - five_hours + at, ext="101", talked=True), 200)
        self.stop(process, "x.db")
        (call,) = self.calls()
        self.assertEqual((call["outcome"], call["wait_s"], call["talk_s"], call["incomplete"]), ("answered", 7, five_hours - 7, False))

    def test_an_end_without_a_beginning_makes_no_beginning_up(self):
        process, port = self.start("x.db")
        self.told(self.post(port, "over", self.now, talked=False), 200)
        self.stop(process, "x.db")
        (call,) = self.calls()
        self.assertEqual((call["outcome"], call["started_at"], call["wait_s"], call["incomplete"]), ("missed", None, None, True))

    def test_a_beginning_without_an_end_is_closed_after_a_while_and_opened_again_by_its_end(self):
        self.configure("close_after: 8s,")
        process, port = self.start("x.db")
        self.told(self.post(port, "begun", self.now), 200)
        self.told(self.post(port, "rings", self.now + 1, ext="101"), 200)
        self.assertEqual(self.calls(), [], "it goes on")
        self.wait_for(self.calls, "the call to be closed", 30)
        (call,) = self.calls()
        self.assertEqual((call["outcome"], call["finish_reason"], call["ended_at"], call["incomplete"]), ("missed", "unknown", None, True))
        self.told(self.post(port, "over", self.now + 20, talked=False), 200)
        self.wait_for(lambda: not any(c["incomplete"] for c in self.calls()), "its end to count", 10)
        self.assertIsNotNone(self.calls()[0]["ended_at"])
        self.stop(process, "x.db")
        self.assertEqual(len(self.calls()), 1)


class FullDisk(CloudTest):
    """In a file system of one megabyte."""

    def start_on_a_small_disk(self):
        self.needs_a_disk_of_its_own()
        words = [w.replace(str(self.folder / "x.db"), "/mnt/x.db") for w in
                 self.arguments("run", "--listen", "127.0.0.1:0", store="x.db")]
        log = open(self.folder / "x.db.log", "w", encoding="utf-8")
        self.addCleanup(log.close)
        script = ("mount -t tmpfs -o size=1m none /mnt; \"$@\" & while read -r line; do eval \"$line\"; echo done; done; "
                  f"kill %1; wait %1; cp /mnt/x.db* '{self.folder}'")
        shell = subprocess.Popen(["unshare", "-rm", "bash", "-c", script, "bash", *words], stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE, stderr=log, text=True, env=self.environment)
        self.addCleanup(shell.stdout.close)
        self.addCleanup(lambda: shell.poll() is None and shell.kill())
        self.wait_for(lambda: "listens on" in self.log("x.db"), "the host to listen")
        return shell, int(self.log("x.db").split("listens on http://127.0.0.1:")[1].split()[0].strip("/"))

    def inside(self, shell, line):
        shell.stdin.write(line + "\n")
        shell.stdin.flush()
        self.assertEqual(shell.stdout.readline(), "done\n")

    def test_what_cannot_be_stored_is_answered_503_and_the_vendors_retry_makes_one_call(self):
        shell, port = self.start_on_a_small_disk()
        self.told(self.post(port, "over", self.now, talked=False), 200)
        self.inside(shell, "dd if=/dev/zero of=/mnt/filler bs=1k 2>/dev/null")
        answer = ""
        for n in range(20):  # The first may fit into pages that the store already has.
            answer = self.post(port, "over", self.now + n, talked=False, id="c2", name="x" * 20000)
            if "HTTP/1.1 503 " in answer:
                break
        self.told(answer, 503, "Retry-After: ")
        self.inside(shell, "rm /mnt/filler")
        deadline = time.monotonic() + 30
        while "HTTP/1.1 200 " not in self.post(port, "over", self.now, talked=False, id="c2", name="x" * 20000):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.2)
        shell.stdin.close()
        shell.wait(timeout=30)
        self.assertEqual(sorted(c["id"] for c in self.calls()), ["cloud:c1", "cloud:c2"])


if __name__ == "__main__":
    unittest.main()
