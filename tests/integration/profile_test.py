"""`hookline profile test`: what requests become by a profile, field by field, and why one is refused."""
import json
import subprocess
import unittest

import yaml

from hookline_cli import BIN, FIXTURES, SOURCE, CliTest

PROFILES = SOURCE / "config" / "profiles"
WEBHOOKS = FIXTURES / "webhooks"
VENDORS = sorted(p.name for p in WEBHOOKS.iterdir() if (p / "expected.yaml").exists())


class ProfileTest(CliTest):
    def try_profile(self, *words, expect=0):
        done = subprocess.run([str(BIN / "hookline"), "profile", "test", *map(str, words)], capture_output=True, text=True,
                              cwd=self.folder, timeout=60)
        self.assertEqual(done.returncode, expect, f"{words}\n{done.stdout}{done.stderr}")
        self.stderr = done.stderr
        return done.stdout

    def tried(self, *words, expect=0):
        return json.loads(self.try_profile(*words, "--format", "json", expect=expect))

    def file(self, name, text):
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def request(self, name, line, body=b"", headers=()):
        head = "\r\n".join([f"{line} HTTP/1.1", "Host: x", *headers, f"Content-Length: {len(body)}", "", ""])
        return self.file(name, head.encode() + body)


class ShippedProfiles(ProfileTest):
    def test_every_captured_request_gets_the_verdict_of_a_real_source(self):
        for vendor in VENDORS:
            with self.subTest(vendor=vendor):
                expected = yaml.safe_load((WEBHOOKS / vendor / "expected.yaml").read_text(encoding="utf-8"))["requests"]
                refused = any(r["verdict"] == "reject" for r in expected)
                tried = self.tried(PROFILES / f"{vendor}.yaml", *(WEBHOOKS / vendor / r["file"] for r in expected), "--source",
                                   vendor, "--config", WEBHOOKS / vendor / "hookline.yaml", expect=1 if refused else 0)
                self.assertTrue(tried["sender_checked"])
                self.assertEqual(len(tried["requests"]), len(expected))
                for want, got in zip(expected, tried["requests"]):
                    self.assertTrue(got["file"].endswith(want["file"]))
                    self.assertEqual(got["verdict"], want["verdict"], want["file"])
                    self.assertEqual((got["status"], got["reason"] if want["verdict"] == "reject" else None),
                                     (want["reply_status"], want.get("reason")), want["file"])
                    self.assertTrue(got["where"] or got["reason"] in ("body_too_large", "headers_too_large"), want["file"])

    def test_a_request_is_shown_field_by_field(self):
        said = self.try_profile(PROFILES / "uis.yaml", WEBHOOKS / "uis" / "05-inbound-answered-finished.http", "--source", "uis",
                                "--config", WEBHOOKS / "uis" / "hookline.yaml")
        lines = [" ".join(line.split()) for line in said.splitlines()]
        self.assertIn("accept with 200", lines[0])
        for line in ("by kinds[6] the call is over", "call_summary", "call_ref 4100200301", "direction in", "client +79000000001",
                     "line +74950000101", "to 101", "started_at 2026-09-14T07:00:00.000Z", "wait_s 12.0", "talk_s 65.0",
                     "talked true"):
            self.assertIn(line, lines, said)

    def test_the_answer_that_a_vendor_gets_is_shown(self):
        profile = self.file("p.yaml", "auth: [{open: true}]\nkinds: [{when: {a: 1}, emit: [], reply: {json: {fields: {ok: true}}}}]\n")
        tried = self.tried(profile, self.request("a.http", "GET /hooks/x?a=1"))
        self.assertEqual((tried["requests"][0]["content_type"], tried["requests"][0]["body"]), ("application/json", '{"ok":true}'))


class Refusals(ProfileTest):
    profile = """
settings: {token: {secret: true}, key: {secret: true}, from: {type: list, default: ["127.0.0.1"]}}
request: {methods: [POST]}
auth:
  - {when: {how: net}, networks: from}
  - {when: {how: sign}, sign: {kind: hmac, algorithm: sha256, key: key, over: [$body], encoding: hex, in: header.X-Sign}}
  - {when: {how: token}, token: query.token, secret: token, refuse: 403}
call: id
kinds: [{name: a phone rings, when: {event: ring}, emit: [{is: ringing, extension: ext}]}]
"""
    good = b'{"id": "c1", "event": "ring", "ext": "101"}'

    def refusal(self, line, body=good, headers=()):
        profile = self.file("p.yaml", self.profile)
        request = self.request("r.http", line, body, ("Content-Type: application/json", *headers))
        answer = self.tried(profile, request, "--set", "token=t", "--set", "key=k", "--set", 'from=["10.0.0.0/8"]', expect=1)
        self.assertEqual(answer["requests"][0]["verdict"], "reject")
        self.assertEqual(answer["requests"][0]["events"], [])
        self.assertIn("1 of 1 requests were refused", self.stderr)
        return answer["requests"][0]

    def test_each_kind_names_the_rule_and_what_it_saw(self):
        xml = ("Content-Type: text/xml",)
        for line, body, headers, status, reason, where in (
                ("GET /hooks/x", b"", (), 405, "method_not_allowed", "request.methods: GET is none of them"),
                ("POST /hooks/x", self.good, (), 401, "bad_credential", "auth: no rule is for such a request"),
                ("POST /hooks/x?how=token", self.good, (), 403, "bad_credential", "auth[2]: query.token is not there"),
                ("POST /hooks/x?how=token&token=u", self.good, (), 403, "bad_credential",
                 "auth[2]: query.token is not the setting token"),
                ("POST /hooks/x?how=sign", self.good, (), 401, "bad_signature", "auth[1]: header.X-Sign is not there"),
                ("POST /hooks/x?how=sign", self.good, ("X-Sign: ab",), 401, "bad_signature",
                 "auth[1]: header.X-Sign is not the signature over $body"),
                ("POST /hooks/x?how=net", self.good, (), 401, "bad_address", "auth[0]:  is in none of the networks in from"),
                ("POST /hooks/x?how=token&token=t", b'{"id": "c1", "ev', (), 400, "invalid_json",
                 "the body: no JSON from byte 17 of 16 on"),
                ("POST /hooks/x?how=token&token=t", b"7", (), 400, "invalid_json", "the body: no object or array"),
                ("POST /hooks/x?how=token&token=t", b'{"event": "ring"}', (), 422, "missing_call_id",
                 "kinds[0] a phone rings: call is nothing")):
            with self.subTest(reason=reason, where=where):
                got = self.refusal(line, body, headers)
                self.assertEqual((got["status"], got["reason"], got["where"]), (status, reason, where))
        with self.subTest(reason="invalid_xml"):
            profile = self.file("x.yaml", self.profile.replace("methods: [POST]", "body: xml"))
            request = self.request("x.http", "POST /hooks/x?how=token&token=t", b"<a><b></a>", xml)
            got = self.tried(profile, request, "--set", "token=t", "--set", "key=k", expect=1)["requests"][0]
            self.assertEqual((got["status"], got["reason"], got["where"]), (400, "invalid_xml", "the body"))

    def test_what_is_no_whole_request_is_refused_too(self):
        profile = self.file("p.yaml", self.profile)
        head = b"POST /hooks/x HTTP/1.1\r\nHost: x\r\nContent-Length: "
        for raw, reason in ((head + b"100\r\n\r\nhalf", "incomplete_request"), (head + b"1048577\r\n\r\n", "body_too_large"),
                            (head + b"0\r\nX: " + b"a" * 70000 + b"\r\n\r\n", "headers_too_large"),
                            (head + b"x\r\n\r\n", "malformed_request")):
            with self.subTest(reason=reason):
                answer = self.tried(profile, self.file("r.http", raw), expect=1)
                self.assertEqual([r["reason"] for r in answer["requests"]], [reason])

    def test_without_its_secrets_the_sender_is_not_checked_and_that_is_said(self):
        profile, request = self.file("p.yaml", self.profile), self.request("r.http", "POST /hooks/x", self.good)
        self.assertIn("The sender is not checked, as this is not given: key, token\n", self.try_profile(profile, request))
        answer = self.tried(profile, request)
        self.assertEqual((answer["sender_checked"], answer["not_given"]), (False, ["key", "token"]))
        self.assertEqual(answer["requests"][0]["events"][0]["extension"], "101")

    def test_an_unknown_kind_and_a_repeat_are_told_apart(self):
        profile = self.file("p.yaml", self.profile)
        again, odd = self.request("r.http", "POST /hooks/x", self.good), self.request("o.http", "POST /hooks/x", b'{"event": "new"}')
        tried = self.tried(profile, again, again, odd)["requests"]
        self.assertEqual([r["verdict"] for r in tried], ["accept", "duplicate", "ignore"])
        self.assertEqual(tried[2]["reason"], "unknown_kind")

    def test_a_profile_that_cannot_be_is_answered_with_the_place(self):
        request = self.request("r.http", "POST /hooks/x", self.good)
        for text, said in ((self.profile.replace("extension: ext", "extension: \"ext > phne\""), "kinds[0].emit[0].extension"),
                           (self.profile.replace("kinds:", "kindz:"), "kindz"), ("auth: [\n", "p.yaml:2"), ("", "a profile is a map")):
            with self.subTest(said=said):
                self.try_profile(self.file("p.yaml", text), request, expect=1)
                self.assertIn(said, self.stderr)
        good = self.file("p.yaml", self.profile)
        self.try_profile(good, request, "--set", "tokem=t", expect=1)
        self.assertIn('did you mean "token"?', self.stderr)
        self.try_profile(self.folder / "nowhere.yaml", request, expect=1)
        self.assertIn("nowhere.yaml", self.stderr)
        self.try_profile(good, self.folder / "nowhere.http", expect=2)
        self.assertIn("nowhere.http", self.stderr)
        self.try_profile(good, request, "--source", "mango", "--config", WEBHOOKS / "uis" / "hookline.yaml", expect=2)
        self.assertIn("uis", self.stderr)


if __name__ == "__main__":
    unittest.main()
