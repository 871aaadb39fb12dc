"""Call records in a file that is followed: kill -9 and rotation in between lose nothing and double nothing."""
import gzip
import os
import random
import re
import shutil
import sqlite3
import subprocess
import time
import unittest

from hookline_cli import CliTest

KILLS = min(int(os.environ.get("HKL_KILLS", "50")), 20)


def record(n):
    """The n-th call's line of cdr_csv: an answered one of a minute."""
    start = time.gmtime(1789369200 + n * 7)
    end = time.gmtime(1789369200 + n * 7 + 60)
    def text(at):
        return time.strftime("%Y-%m-%d %H:%M:%S", at)
    client = f"7900{n:07}"
    return (f'"","{client}","74950001010","from-trunk","""{client}"" <{client}>","PJSIP/trunk-{n:08x}","PJSIP/101-{n:08x}",'
            f'"Dial","PJSIP/101,30,tT","{text(start)}","{text(start)}","{text(end)}",60,60,"ANSWERED","DOCUMENTATION",'
            f'"{1789369200 + n * 7}.{n}",""\n')


class FollowedFile(CliTest):
    def setUp(self):
        super().setUp()
        self.file = self.folder / "Master.csv"
        self.yaml.write_text(
            'hookline: 1\nstore: {url: "sqlite:hookline.db"}\nlocale: {timezone: UTC, phone_region: RU, language: en}\n'
            f"sources:\n  - {{name: pbx1, plugin: asterisk-cdr, settings: {{file: {self.file}}}}}\n", encoding="utf-8")
        self.process = None

    def start(self):
        log = open(self.folder / "run.log", "a", encoding="utf-8")
        self.addCleanup(log.close)
        self.process = subprocess.Popen(self.arguments("run"), env=self.environment, stdout=log, stderr=log)
        self.addCleanup(self.process.wait)
        self.addCleanup(self.process.kill)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def rows(self, sql):
        if not (self.folder / "hookline.db").exists():
            return []
        with sqlite3.connect(f"file:{self.folder / 'hookline.db'}?mode=ro", uri=True) as db:
            try:
                return db.execute(sql).fetchall()
            except sqlite3.OperationalError:
                return []  # not made yet

    def append(self, numbers):
        with open(self.file, "a", encoding="utf-8") as file:
            for n in numbers:
                file.write(record(n))

    def wait_for_calls(self, count):
        self.wait_for(lambda: self.rows("SELECT count(*) FROM calls") == [(count,)], f"{count} calls")
        self.assertEqual(self.rows("SELECT source, event_id FROM journal GROUP BY 1, 2 HAVING count(*) > 1"), [])

    def test_kill_9_at_random_moments_while_the_file_grows_and_is_rotated(self):
        chance = random.Random(20261126)
        # What was rotated away before it was ever seen is nobody's to find.
        self.append(range(40))
        self.start()
        self.wait_for_calls(40)
        self.kill()
        written = 40
        for kill in range(KILLS):
            self.start()
            for _ in range(3):
                self.append(range(written, written + 40))
                written += 40
                time.sleep(chance.uniform(0, 0.25))
            if kill % 5 == 1:
                self.file.rename(self.folder / f"Master.csv.{KILLS - kill:02}")
            if kill % 5 == 3:
                shutil.copy2(self.file, self.folder / f"Master.csv-{kill:02}")
                os.truncate(self.file, 0)
            self.kill()
            if kill % 5 == 2:  # while nobody reads, and packed
                old = self.folder / f"Master.csv.{KILLS - kill:02}.gz"
                with gzip.open(old, "wb") as packed:
                    packed.write(self.file.read_bytes())
                self.file.unlink()
                time.sleep(0.01)
        self.start()
        self.wait_for_calls(written)

    def test_a_second_start_reads_only_what_is_new(self):
        self.append(range(2000))
        self.start()
        self.wait_for_calls(2000)
        self.kill()
        self.append(range(2000, 2010))
        self.start()
        self.wait_for_calls(2010)
        size = sum(len(record(n).encode()) for n in range(2000))
        log = (self.folder / "run.log").read_text(encoding="utf-8")
        # How far it read is kept after what it read, so the last piece may be read again.
        place = int(re.search(r"on from byte (\d+)", log).group(1))
        self.assertLessEqual(place, size)
        self.assertGreater(place, size * 0.9)


if __name__ == "__main__":
    unittest.main()
