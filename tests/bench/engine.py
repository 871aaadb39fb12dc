#!/usr/bin/env python3
"""Reports through the public C API, against databases that are asked the same in their own words.

    engine.py --bin BUILD/bin [--calls 1000000] [--rounds 5] [--peers sqlite,duckdb,postgresql,clickhouse]
              [--duckdb libduckdb.so] [--work FOLDER | --store FOLDER] [--history FILE] [--check]

Every engine holds the same calls (engine_data), is warm, and may use as many threads. Rounds are interleaved; in its turn
an engine is asked three times where it answers within 50 ms. Its least time counts, and answers are compared. A peer that is
not there is told and left out. Ratios are added to the history file, a line of JSON for each run. `--store` keeps the calls in
a folder, and finds them there the next time (ten million take minutes to make). `--check` compares answers and counts of work
only, with SQLite alone: that is what CI runs, and it fails nothing for its time.
"""
import argparse
import contextlib
import datetime
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
import machine  # noqa: E402
from c_api import Hookline  # noqa: E402
from peers import Absent, Duckdb, Sqlite  # noqa: E402
from questions import CONFIG, QUESTIONS  # noqa: E402
from servers import Clickhouse, Postgres  # noqa: E402

PEERS = {"sqlite": Sqlite, "duckdb": Duckdb, "postgresql": Postgres, "clickhouse": Clickhouse}
HISTORY = pathlib.Path(__file__).resolve().parents[2] / "build" / "bench-history.ndjson"
SLOW_S = 5  # asked once
# Who answers sooner is asked again at once: what others left in the processor's caches is not what is measured.
QUICK_S = 0.05
QUICK_ASKS = 3
ROWS_OF_A_SEGMENT = 262_144


def make_store(bin_folder, folder, calls):
    """Calls in a store, their numbers in facts.tsv, and columns beside the store. The library's path."""
    (folder / "hookline.yaml").write_text(CONFIG)
    library = bin_folder.parent / "lib" / "libhookline.so"
    made = folder / f"{calls}-calls-with-shares"  # stands where all of them are there
    if not made.exists():
        if (folder / "bench.db").exists():
            sys.exit(f"{folder} has a store of other calls; take an empty folder")
        empty = Hookline(library, folder / "hookline.yaml")  # makes the store
        empty.close()
        subprocess.run([bin_folder / "engine_data", folder / "bench.db", str(calls), folder / "facts.tsv"], check=True)
        made.touch()
    begun = time.perf_counter()
    hookline = Hookline(library, folder / "hookline.yaml")
    hookline.start()
    while not (folder / "bench.db.columns" / "manifest.json").exists():
        time.sleep(0.05)
    print(f"columns made and written in {time.perf_counter() - begun:.1f} s", flush=True)
    hookline.close()
    return library


def bytes_on_disk(folder, calls):
    """Of each call: facts, class codes, texts."""
    sizes = {"segment": 0, "classes": 0, "texts": 0}
    for file in (folder / "bench.db.columns").glob("*.hkc"):
        sizes[file.name.split("-")[0]] += file.stat().st_size / calls
    return sizes


def measure_start(library, folder, calls):
    config = folder / "hookline.yaml"
    warm = min((machine.start_up(library, config) for _ in range(3)), key=lambda told: told["ready_s"])
    machine.forget_pages(folder / "bench.db", *(folder / "bench.db.columns").iterdir())
    cold = machine.start_up(library, config)
    sizes = bytes_on_disk(folder, calls)
    print(f"ready after start: {warm['ready_s'] * 1000:.0f} ms, {cold['ready_s'] * 1000:.0f} ms when nothing of the files is in "
          f"memory; the first report of a year then takes {warm['first_s'] * 1000:.1f} ms")
    print(f"on disk, bytes a call: facts {sizes['segment']:.1f}, class codes {sizes['classes']:.1f}, texts {sizes['texts']:.1f}")
    print(f"in memory, bytes a call: columns' files {warm['columns_bytes'] / calls:.1f}, the whole process "
          f"{warm['process_bytes'] / calls:.1f}", flush=True)
    return {"ready_ms": warm["ready_s"] * 1000, "cold_ms": cold["ready_s"] * 1000,
            "columns_in_memory": warm["columns_bytes"] / calls, "process_in_memory": warm["process_bytes"] / calls, **sizes}


def check_work(hookline, calls):
    """What is read does not grow, and no question of these is left to SQL."""
    for question in QUESTIONS:
        if question.figure:
            continue  # how its rows are found is not told
        question.work(hookline)
        work = question.work(hookline)  # as asked again
        if work["path"] not in question.ways:
            sys.exit(f"{question.title}: answered by {work['path']}, not {' or '.join(question.ways)}: {work}")
        if work["bytes_read"] > question.bytes_at_most(calls):
            sys.exit(f"{question.title}: reads more than {question.bytes_at_most(calls) / calls:.1f} bytes a call: {work}")
        if question.ways == ("cubes",) and work["rows_read"] > 0:
            sys.exit(f"{question.title}: reads rows although there are cubes: {work}")
        if "cubes" in question.ways and work["rows_read"] > 2 * ROWS_OF_A_SEGMENT:
            sys.exit(f"{question.title}: reads more than the segments at both ends: {work}")
        if "month" in question.title and work["rows_read"] > calls / 6:
            sys.exit(f"{question.title}: reads more than the month: {work}")


def open_peers(names, options, folder, closing):
    opened = []
    own = pathlib.Path(closing.enter_context(tempfile.TemporaryDirectory(dir=folder, prefix="peers-")))
    for name in names:
        begun = time.perf_counter()
        try:
            more = (options.duckdb,) if name == "duckdb" else ()
            peer = PEERS[name](folder / "facts.tsv", own, os.cpu_count(), *more)
        except Absent as why:
            print(f"without {PEERS[name].name}: {why}", flush=True)
            continue
        closing.callback(peer.close)
        opened.append(peer)
        print(f"{peer.name} holds the calls after {time.perf_counter() - begun:.1f} s", flush=True)
    return opened


def asked(ask):
    """The least seconds of `ask()`, its least CPU seconds, and its answer."""
    best = cpu = float("inf")
    for _ in range(QUICK_ASKS):
        begun = time.process_time()
        spent, answer = ask()
        cpu = min(cpu, time.process_time() - begun)
        best = min(best, spent)
        if spent > QUICK_S:
            break
    return best, cpu, answer


class Race:
    """One question to all, round by round."""

    def __init__(self, question, hookline, peers):
        self.question, self.hookline, self.peers = question, hookline, peers
        self.best = self.cpu = float("inf")  # seconds; of all threads together
        self.of_peers = {}
        self.spelled = {}

    def round(self):
        spent, cpu, text = asked(lambda: self.question.of(self.hookline))
        self.cpu = min(self.cpu, cpu)
        self.best = min(self.best, spent)
        ours = self.question.ours(text)
        for peer in self.peers:
            if self.of_peers.get(peer.name, 0) > SLOW_S:
                continue
            for sql in self.spelled.get(peer.name) or self.question.spellings(peer.words, self.question.period):
                self.ask(peer, sql, ours)

    def ask(self, peer, sql, ours):
        spent, _, rows = asked(lambda: peer.run(sql))
        theirs = self.question.theirs(rows)
        if theirs != ours:
            differing = next(((a, b) for a, b in zip(theirs, ours) if a != b), (len(theirs), len(ours)))
            sys.exit(f"{self.question.title}: {peer.name} answers otherwise: {differing}\n{sql}")
        if spent < self.of_peers.get(peer.name, float("inf")):
            self.of_peers[peer.name] = spent
            self.spelled[peer.name] = [sql]

    def line(self, shows_targets):
        text = f"{self.question.title:48}{self.cpu * 1000:8.2f}{self.best * 1000:10.2f}"
        for peer in self.peers:
            ratio = self.of_peers[peer.name] / self.best
            target = self.question.targets.get(peer.name) if shows_targets else None
            wanted = "" if target is None else f"{'/' if ratio >= target else '<'}{target}"
            text += f"{self.of_peers[peer.name] * 1000:12.1f}{ratio:8.0f}{wanted:6}"
        return f"{text}  {'newest first' if self.question.figure else self.question.work(self.hookline)['path']}"

    def told(self):
        return {"ms": self.best * 1000, "cpu_ms": self.cpu * 1000, "ratios": {name: spent / self.best for name, spent in self.of_peers.items()}}


def measure(hookline, peers, rounds, shows_targets):
    """The table: the CPU of all our threads and the time, what a peer takes, how many times that is more, and the target, missed
    where it stands after <. Targets are for ten million calls."""
    of_peers = "".join(f"{peer.name:>12}{'times':>8}{'':6}" for peer in peers)
    print(f"{'ms':48}{'CPU':>8}{'Hookline':>10}{of_peers}  way")
    told = {}
    for question in QUESTIONS:
        race = Race(question, hookline, peers)
        for _ in range(rounds):
            race.round()
        print(race.line(shows_targets), flush=True)
        told[question.title] = race.told()
    return told


def commit():
    asked = subprocess.run(["git", "-C", HISTORY.parents[1], "rev-parse", "--short", "HEAD"], stdout=subprocess.PIPE,
                           stderr=subprocess.DEVNULL, text=True)
    return asked.stdout.strip()


def remember(file, run):
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(file, "a") as history:
        history.write(json.dumps(run) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peers", default=",".join(PEERS), help=f"some of {','.join(PEERS)}; empty: none")
    parser.add_argument("--duckdb", default="libduckdb.so")
    parser.add_argument("--work", type=pathlib.Path)
    parser.add_argument("--store", type=pathlib.Path)
    parser.add_argument("--history", type=pathlib.Path, default=HISTORY)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    names = ["sqlite"] if options.check else [name for name in options.peers.split(",") if name]
    if unknown := set(names) - set(PEERS):
        parser.error(f"no peer is called {', '.join(sorted(unknown))}")
    run = {"at": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"), "commit": commit(),
           "calls": options.calls, "threads": os.cpu_count(), "check": options.check}
    print(f"{options.calls} calls, {os.cpu_count()} threads, load {os.getloadavg()[0]:.1f}")
    with contextlib.ExitStack() as closing:
        folder = options.store or pathlib.Path(closing.enter_context(tempfile.TemporaryDirectory(dir=options.work, prefix="hookline-bench-")))
        folder.mkdir(exist_ok=True)
        if not options.check:
            run["copy_gb_s"] = {threads: machine.copy_gb_s(threads) for threads in sorted({1, os.cpu_count()})}
            print("memory copied, read and written: "
                  + ", ".join(f"{speed:.1f} GB/s by {threads}" for threads, speed in run["copy_gb_s"].items()), flush=True)
        library = make_store(options.bin.resolve(), folder, options.calls)
        run["start"] = measure_start(library, folder, options.calls)
        if not options.check:
            run["look_up_us"] = machine.look_up(options.bin.resolve() / "lookup_bench")
            print("look-up, µs: " + (", ".join(f"{way} {us:.1f}" for way, us in run["look_up_us"].items()) or "not built"))
        hookline = Hookline(library, folder / "hookline.yaml")
        closing.callback(hookline.close)
        hookline.start()
        check_work(hookline, options.calls)
        peers = open_peers(names, options, folder, closing)
        run["questions"] = measure(hookline, peers, 1 if options.check else options.rounds, not options.check)
    remember(options.history, run)


if __name__ == "__main__":
    main()
