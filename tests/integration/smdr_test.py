"""Call records that a PBX prints: what `hookline calls` says of captures, however they come."""
import os
import socket
import subprocess
import sys
import time
import tty
import unittest

from hookline_cli import FIXTURES, SOURCE, CliTest

CHECK = FIXTURES.parent / "integration" / "check_calls.py"
CAPTURES = {"smdr-panasonic": "smdr.log", "3cx": "cdr.log", "avaya": "smdr.csv"}


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Printed(CliTest):
    config = FIXTURES / "cdr" / "3cx" / "hookline.yaml"

    def of(self, kind, settings=""):
        """The config of a kind of captures, with settings added, and its capture."""
        text = (FIXTURES / "cdr" / kind / "hookline.yaml").read_text(encoding="utf-8")
        text = text.replace("../../../../config/", f"{SOURCE}/config/")
        self.yaml.write_text(text.replace("    settings:\n", f"    settings:\n{settings}"), encoding="utf-8")
        return FIXTURES / "cdr" / kind / CAPTURES[kind]

    def agree(self, kind, store, *how):
        calls = self.folder / f"{store}.json"
        calls.write_text(self.hookline("calls", "--format", "json", store=store), encoding="utf-8")
        done = subprocess.run([sys.executable, CHECK, FIXTURES / "cdr" / kind / "expected.yaml", calls, *how],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, f"{kind}: {done.stdout}{done.stderr}")

    def test_whole_and_again(self):
        for kind in CAPTURES:
            with self.subTest(kind=kind):
                file, store = self.of(kind), f"{kind}.db"
                self.hookline("import", "--source", "pbx1", file, store=store)
                self.agree(kind, store)
                before = self.json("calls", store=store)
                self.hookline("import", "--source", "pbx1", file, store=store)
                self.assertEqual(self.json("calls", store=store), before)

    def test_cut_anywhere_it_tells_nothing_that_is_not_so(self):
        for kind in CAPTURES:
            file = self.of(kind)
            self.hookline("import", "--source", "pbx1", file, store=f"{kind}-whole.db")
            whole = {call["id"]: call for call in self.json("calls", store=f"{kind}-whole.db")}
            text = file.read_bytes()
            for at in (len(text) // 3, len(text) * 2 // 3):
                with self.subTest(kind=kind, at=at):
                    part = self.folder / f"part-{at}{file.suffix}"
                    part.write_bytes(text[:at])
                    done = subprocess.run(self.arguments("import", "--source", "pbx1", part, store=f"{kind}-{at}.db"),
                                          capture_output=True, text=True, env=self.environment, timeout=60)
                    self.assertIn("half a line at the end", done.stderr)
                    for call in self.json("calls", store=f"{kind}-{at}.db"):
                        self.assertIn(call["id"], whole)
                        for name in ("direction", "client_number", "started_at", "outcome", "extension", "wait_s"):
                            self.assertEqual(call[name], whole[call["id"]][name], (name, call))

    def live(self, kind, settings):
        self.of(kind, settings)
        with open(self.folder / "run.log", "w", encoding="utf-8") as log:
            runner = subprocess.Popen(self.arguments("run", store=f"{kind}-live.db"), env=self.environment,
                                      stdout=subprocess.DEVNULL, stderr=log)
        self.addCleanup(runner.wait)
        self.addCleanup(runner.kill)
        return runner

    def end(self, runner):
        runner.terminate()
        self.assertEqual(runner.wait(30), 0, (self.folder / "run.log").read_text())

    def test_a_serial_line_tells_what_the_file_does(self):
        """A pair of terminals stands for the cable; at its end the PBX prints on."""
        kind = "smdr-panasonic"
        pbx, line = os.openpty()
        self.addCleanup(os.close, pbx)
        tty.setraw(line)
        runner = self.live(kind, f"      serial: {os.ttyname(line)}\n      baud: 19200\n      frame: 7E1\n      flow: xonxoff\n")
        self.addCleanup(os.close, line)
        self.wait_for(lambda: "reads " in (self.folder / "run.log").read_text(), "the device to be read")
        text = (FIXTURES / "cdr" / kind / CAPTURES[kind]).read_bytes()
        for at in range(0, len(text), 100):
            os.write(pbx, text[at:at + 100])
        expected = self.of_a_file(kind)
        self.wait_for(lambda: self.json("calls", store=f"{kind}-live.db") == expected, "the calls of the file")
        self.end(runner)

    def of_a_file(self, kind):
        self.hookline("import", "--source", "pbx1", FIXTURES / "cdr" / kind / CAPTURES[kind], store="file.db")
        return self.json("calls", store="file.db")

    def test_a_serial_line_that_cannot_be_is_told_with_what_can(self):
        self.of("smdr-panasonic", "      serial: /dev/ttyUSB0\n      baud: 9601\n      frame: 9N1\n")
        said = "\n".join(self.check_config(expect=1))
        self.assertRegex(said, r"hookline.yaml:\d+:\d+: .*baud.*9600")
        self.assertRegex(said, r"hookline.yaml:\d+:\d+: .*frame.*8N1")

    def test_byte_by_byte_from_a_pbx_that_connects(self):
        for kind, name in CAPTURES.items():
            with self.subTest(kind=kind):
                port = free_port()
                runner = self.live(kind, f"      listen: \"{port}\"\n")
                self.wait_for(lambda: self.can_connect(port), "the listener")
                with socket.create_connection(("127.0.0.1", port)) as pbx:
                    pbx.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    for byte in (FIXTURES / "cdr" / kind / name).read_bytes():
                        pbx.sendall(bytes([byte]))
                    pbx.shutdown(socket.SHUT_WR)
                    pbx.settimeout(30)
                    self.assertEqual(pbx.recv(1), b"", "closed when all was taken")
                self.end(runner)
                self.agree(kind, f"{kind}-live.db")

    def test_a_pbx_that_asks_who_is_there_before_it_prints(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(30)
            runner = self.live("smdr-panasonic", f"      connect: 127.0.0.1:{server.getsockname()[1]}\n"
                                                 "      secrets: {password: open-sesame}\n")
            pbx, _ = server.accept()
            with pbx:
                pbx.settimeout(30)
                pbx.sendall(b"-")
                self.assertEqual(pbx.recv(100), b"SMDR\r\n")
                pbx.sendall(b"SMDR\r\nEnter Password:")
                self.assertEqual(pbx.recv(100), b"open-sesame\r\n")
                pbx.sendall(b"***********\r\n" + (FIXTURES / "cdr" / "smdr-panasonic" / "smdr.log").read_bytes())
                self.wait_for(lambda: "logged in" in (self.folder / "run.log").read_text(), "the log-in")
                time.sleep(0.3)
            self.end(runner)
            self.assertNotIn("open-sesame", (self.folder / "run.log").read_text())
        self.agree("smdr-panasonic", "smdr-panasonic-live.db")

    def can_connect(self, port):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        except OSError:
            return False

    def test_a_listener_open_to_everybody_is_refused(self):
        self.of("3cx", f"      listen: \"0.0.0.0:{free_port()}\"\n")
        done = subprocess.run(self.arguments("run"), capture_output=True, text=True, env=self.environment, timeout=60)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("would believe whoever connects", done.stderr)

    def told(self, kind, lines):
        self.of(kind)
        store = f"{kind}-told.db"
        file = self.folder / "told.log"
        file.write_text("".join(line + "\r\n" for line in lines), encoding="utf-8")
        self.hookline("import", "--source", "pbx1", file, store=store)
        return sorted(self.json("calls", store=store), key=lambda call: call["started_at"])

    def test_what_a_panasonic_prints_besides(self):
        calls = self.told("smdr-panasonic", [
            "09/30/26 11:58PM   101 01 <I>79000000901            0'09 00:05'00              ",
            "10/01/26  9:02AM  1102 01 9,79000000903             0'00 00:02'00 4711         ",
            "10/01/26 10:00AM   101 02 <I>IVANOV 79000000905     0'06 00:00'40           TR ",
            "10/01/26 10:00AM   103 02 <I>IVANOV 79000000905     0'05 00:00'30           TR ",
            "10/01/26 10:01AM   104 02 <I>IVANOV 79000000905     0'02 01:00'30              ",
            "10/01/26 10:02AM   101    EXT102                    0'00 00:00'10              ",
            "10/01/26 10:06AM       04 <I>79000000906            0'30 00:00'00           NA ",
            "10/01/26 10:07AM   105 04 79000000907                    00:00'00              ",
            "10/01/26 10:08AM   101 01 <D>74951234567<I>79000000908 0'04 00:00'12           ",
            "10/01/26 10:09AM   101 02 <I>79000000901            0'00 00:00'00           RC ",
            "10/01/26 10:11AM   101 01 79000000910               0'00 00:00'40           TR ",
            "10/01/26 10:11AM   103 01 79000000910               0'00 00:00'30              "])
        of = {call["client_number"]: call for call in calls}
        self.assertEqual(len(calls), 8)
        self.assertEqual(of["+79000000901"]["ended_at"], "2026-09-30T21:03:09.000Z", "over the hour and the month")
        self.assertEqual(of["+79000000903"]["extension"], "1102")
        self.assertEqual(of["+79000000903"]["extra"]["account"], "4711")
        chain = of["+79000000905"]
        self.assertEqual([(t["from"], t["to"]) for t in chain["transfers"]], [("101", "103"), ("103", "104")])
        self.assertEqual((chain["wait_s"], chain["connected_s"], chain["client_name"]), (6, 3700, "IVANOV"))
        self.assertEqual(of[None]["direction"], "internal")
        self.assertEqual([leg["extension"] for leg in of[None]["legs"]], ["101", "102"])
        self.assertEqual((of["+79000000906"]["outcome"], of["+79000000906"]["legs"]), ("missed", []))
        self.assertEqual(of["+79000000907"]["outcome"], "unsuccessful")
        self.assertEqual(of["+79000000908"]["line"], "+74951234567")
        self.assertEqual((of["+79000000910"]["talk_s"], of["+79000000910"]["wait_s"]), (70, None))

    def test_what_a_3cx_prints_besides(self):
        def row(n, answered, end, why, by, to, changed="", final="", dial="74950001011", chain=""):
            return (f"Call {n},x{n},00:00:00,2026/09/14 08:00:00,{answered},2026/09/14 08:01:00,{why},{by},{to},1,2,{dial},"
                    f"{changed},{final},,,,,,Chain: {chain}")
        took = "2026/09/14 08:00:10"
        calls = self.told("3cx", [
            row(1, took, "", "TerminatedBySrc", "+79000000709", "Ext.101", "ReplacedDst", "Ext.103", chain="+79000000709;Ext.101;Ext.103;"),
            row(2, took, "", "TerminatedBySrc", "+79000000709", "Ext.101", "NoAnswer", "Ext.103", chain="+79000000709;Ext.101;Ext.103;"),
            row(3, took, "", "TerminatedBySrc", "+79000000709", "Ext.801", "QAbandoned", dial="801", chain="+79000000709;Ext.801;Ext.101;"),
            row(4, "", "", "src_participant_terminated", "Ext.102", "+79000000712"),
            row(5, took, "", "TerminatedBySrc", "anonymous", "Ext.101", "NoAnswer", "VMail.101", chain="anonymous;Ext.101;VMail.101;"),
            row(6, took, "", "TerminatedByDst", "Ext.102", "Ext.103", dial="103", chain="Ext.102;Ext.103;")])
        a, b, c, d, e, f = sorted(calls, key=lambda call: call["id"])
        self.assertEqual((a["extension"], a["transfers"][-1]["to"]), ("101", "103"))
        self.assertEqual((b["extension"], b["outcome"], b["transfers"]), ("103", "answered", []))
        self.assertEqual((c["outcome"], c["queue"], c["talk_s"]), ("missed", "801", 0))
        self.assertEqual((d["finish_reason"], d["hung_up_by"]), ("employee_hung_up", "employee"))
        self.assertEqual((e["outcome"], e["client_number"]), ("missed", None), "a machine is no person")
        self.assertIn("voicemail", [leg["kind"] for leg in e["legs"]])
        self.assertEqual((f["direction"], f["outcome"]), ("internal", "answered"))


if __name__ == "__main__":
    unittest.main()
