"""Reports asked of one running host: a hundred questions take the time of two runs of the command."""
import hashlib
import http.client
import json
import re
import signal
import subprocess
import time
import urllib.parse

KEY = "hk_of_the_test"
YAML = f"http: {{keys: [{{name: test, role: admin, hash: \"sha256:{hashlib.sha256(KEY.encode()).hexdigest()}\"}}]}}\n"  # for its config


class ReportServer:
    """`hookline run` beside the test, over one store (None: the config's) and at one moment (None: now); ends with the `with`."""

    def __init__(self, test, store=None, now=None):
        self.log_file = test.folder / f"{store or 'server'}.log"
        self.log = open(self.log_file, "w", encoding="utf-8")
        words = ("run", "--listen", "127.0.0.1:0", *(("--now", now) if now else ()))
        self.process = subprocess.Popen(test.arguments(*words, store=store), env=test.environment, stdout=self.log, stderr=self.log)
        told, deadline = None, time.monotonic() + 60
        while told is None:
            assert time.monotonic() < deadline and self.process.poll() is None, self.log_file.read_text(encoding="utf-8")
            time.sleep(0.01)
            told = re.search(r"listens on http://127\.0\.0\.1:(\d+)", self.log_file.read_text(encoding="utf-8"))
        self.connection = http.client.HTTPConnection("127.0.0.1", int(told.group(1)), timeout=60)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=30)
        finally:
            self.process.kill()
            self.log.close()

    def ask(self, path, asked):
        self.connection.request("GET", f"/api/v1/reports/{path}?{urllib.parse.urlencode(asked)}", headers={"Authorization": f"Bearer {KEY}"})
        answer = self.connection.getresponse()
        text = answer.read()
        assert answer.status == 200, (path, asked, text[:500])
        return json.loads(text)

    def report(self, name, asked):
        return self.ask(name, asked)

    def behind(self, name, asked, figure):
        """All rows behind a figure."""
        rows, page = [], {"next": ""}
        while page["next"] is not None:
            page = self.ask(f"{name}/rows", {**asked, "drill": figure, "limit": 1000, **({"after": page["next"]} if rows else {})})
            rows += page["rows"]
        assert page["total"] == len(rows), (name, asked, figure, page["total"], len(rows))
        return rows
