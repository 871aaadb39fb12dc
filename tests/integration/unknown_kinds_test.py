"""What a vendor sends and its profile does not know: answered, kept, counted, shown by `hookline plugins`; and of strangers nothing."""
import json
import unittest

from http_test import HttpTest


class UnknownKinds(HttpTest):
    token = "hl-uis-2f6c9a"

    def setUp(self):
        super().setUp()
        self.use("uis")

    def post(self, port, body, token=token):
        body = json.dumps(body).encode()
        return self.status(port, f"POST /hooks/uis?token={token} HTTP/1.1\nHost: x\nContent-Type: application/json\n"
                                 f"Content-Length: {len(body)}\nConnection: close", body)

    def unknown(self):
        return next(p for p in self.json("plugins", store="x.db") if p["id"] == "webhook")["unknown"]

    def test_are_kept_counted_and_shown_beside_the_running_host(self):
        process, port = self.start("x.db")
        self.assertEqual(self.unknown(), [])
        for number in (1, 2):
            self.assertEqual(self.post(port, {"event": "transfer_failed", "call_session_id": number, "employee_id": 758101}), 200)
        self.assertEqual(self.post(port, {"event": "talk_rated", "mark": 5}), 200)
        self.assertEqual(self.post(port, {"event": "from_a_stranger"}, token="guess"), 401)
        self.wait_for(lambda: len(self.unknown()) == 2, "both kinds to be kept", 10)
        failed, rated = sorted(self.unknown(), key=lambda u: -u["count"])
        self.assertEqual((failed["source"], failed["kind"], failed["count"]), ("uis", "unknown_kind: event=transfer_failed", 2))
        self.assertEqual(failed["latest"].splitlines()[0], "POST /hooks/uis?token=***")
        self.assertIn('"call_session_id": 2', failed["latest"])
        self.assertEqual((rated["kind"], rated["count"]), ("unknown_kind: event=talk_rated", 1))
        said = self.hookline("plugins", store="x.db")
        self.assertIn("not understood, uis: unknown_kind: event=transfer_failed, 2 times, last 20", said)
        self.stop(process, "x.db")
        self.assertEqual(self.json("calls", store="x.db"), [])

    def test_are_counted_on_after_a_restart_and_by_imports(self):
        for number in range(2):
            process, port = self.start("x.db")
            self.assertEqual(self.post(port, {"event": "transfer_failed", "call_session_id": number}), 200)
            self.stop(process, "x.db")
        file = self.folder / "odd.http"
        file.write_bytes(b'POST /hooks/uis?token=hl-uis-2f6c9a HTTP/1.1\r\nHost: x\r\nContent-Length: 28\r\n\r\n{"event": "transfer_failed"}')
        self.hookline("import", "--source", "uis", file, store="x.db")
        self.assertEqual([(u["kind"], u["count"]) for u in self.unknown()], [("unknown_kind: event=transfer_failed", 3)])

    def test_what_is_no_request_of_theirs_is_kept_too(self):
        process, port = self.start("x.db")
        self.assertEqual(self.post(port, {"event": "incoming_call"}), 422)
        self.wait_for(self.unknown, "it to be kept", 10)
        self.assertEqual([(u["kind"], u["count"]) for u in self.unknown()], [("missing_call_id", 1)])
        self.stop(process, "x.db")


if __name__ == "__main__":
    unittest.main()
