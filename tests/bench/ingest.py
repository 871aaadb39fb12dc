#!/usr/bin/env python3
"""Ingest of whole calls through the command, against bare SQLite inserts of the rows that come of it.

    ingest.py --bin BUILD/bin [--calls 10000] [--stored 1000000 | --store STORE.db] [--batch 1000] [--rounds 3]
              [--work FOLDER] [--history FILE] [--check]

AMI bytes of calls (ingest/calls.py) are imported into a store that already holds calls (engine_data, or a store to be
copied). What came to its tables is then put into a store as it was before: prepared inserts, so many calls a transaction,
with the same schema, indexes, triggers and pragmas (ingest/bare_inserts.cpp). Rounds are interleaved, each side's least
time counts. `--check` looks at counts of work only, on a small store: that is what CI runs. ingest/README.md has the
figures and how to read them.
"""
import argparse
import contextlib
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent / "ingest"))
import calls as ami  # noqa: E402
import rows  # noqa: E402
from engine import HISTORY, commit, remember  # noqa: E402

EVENTS_OF_A_COMMIT = 4000  # at the least, where more wait
# Of 2000 calls into 5000 are seen 51 and 50 700; how many depends a little on where batches end.
MOST_OF_A_CALL = {"statements": 56, "bytes written": 56_000}
AT_THE_ENDS = 12  # syncs of what comes before the first full batch and after the last
CONFIG = ami.FIXTURES / "hookline.yaml"


def hookline(bin_folder, *words, work=None):
    """CPU and wall seconds of one command. `work`: the file to which its counts go."""
    env = dict(os.environ, AMI_SECRET="none")
    if work:
        env |= {"LD_PRELOAD": str(bin_folder.parent / "lib" / "libcount_work.so"), "HKL_WORK": str(work)}
    begun = time.perf_counter()
    child = subprocess.Popen([bin_folder / "hookline", *map(str, words), "--quiet"], env=env)
    _, status, used = os.wait4(child.pid, 0)
    wall = time.perf_counter() - begun
    if status != 0:
        sys.exit(f"hookline {' '.join(map(str, words))}: {os.waitstatus_to_exitcode(status)}")
    return {"wall_s": wall, "cpu_s": used.ru_utime + used.ru_stime}


def copy(store, to):
    """The files of a store that nobody has open."""
    for end in ("", "-wal", "-shm"):
        pathlib.Path(f"{to}{end}").unlink(missing_ok=True)
    subprocess.run(["cp", "--reflink=auto", store, to], check=True)
    with open(to, "rb") as file:
        os.fsync(file.fileno())  # what is still to be written would be our wait
    return to


def make_store(options, folder):
    """The store before anything is imported, all in its file."""
    store = folder / "before.db"
    config = folder / "hookline.yaml"
    # The stored calls are of the same PBX: what it tells of itself concerns those of them that go on.
    config.write_text(CONFIG.read_text().replace("pbx1", "pbx"))
    if options.store:
        copy(options.store, store)
    (folder / "nothing.ami").write_bytes(b"Asterisk Call Manager/9.0.0\r\n")
    feed(options, config, folder / "nothing.ami", store)  # makes it, or brings it up to date
    if not options.store and options.stored:
        subprocess.run([options.bin / "engine_data", store, str(options.stored), folder / "facts.tsv"], check=True)
    db = sqlite3.connect(store)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    return config, store


def feed(options, config, capture, store, work=None):
    return hookline(options.bin, "import", "--source", "pbx", capture, "--config", config, "--store", f"sqlite:{store}", work=work)


def bare(options, into, before, store):
    """The peer: seconds of the inserts alone."""
    batches = max(1, options.calls // options.batch)
    asked = [options.bin / "bare_inserts", into, copy(before, store), str(batches)]
    return json.loads(subprocess.run(asked, stdout=subprocess.PIPE, check=True).stdout)


def lone_events(options, config, store, events):
    """What one event at a time costs, in a process of its own."""
    library = options.bin.parent / "lib" / "libhookline.so"
    env = dict(os.environ, AMI_SECRET="none", LD_PRELOAD=str(options.bin.parent / "lib" / "libcount_work.so"))
    asked = [sys.executable, pathlib.Path(ami.__file__).with_name("lone_events.py"), library, config, store, str(events)]
    return json.loads(subprocess.run(asked, stdout=subprocess.PIPE, check=True, env=env).stdout)


def least(runs):
    return {key: min(run[key] for run in runs) for key in ("wall_s", "cpu_s")}


def check(options, work):
    """Counts of work: what is done once too often for each call fails here, whatever the machine. A commit of the log
    syncs once; what it grows beyond 64 MB is moved into the store, which syncs both."""
    if work["syncs"] > 3 * (1 + work["events"] / EVENTS_OF_A_COMMIT) + AT_THE_ENDS:
        sys.exit(f"ingest: more than three syncs for {EVENTS_OF_A_COMMIT} events: {work}")
    if max(map(int, work["lone"]["syncs"])) > 3:
        sys.exit(f"ingest: a lone event waits for more than three syncs: {work['lone']}")
    for what, most in MOST_OF_A_CALL.items():
        if work[what] > most:
            sys.exit(f"ingest: a call takes more than {most} {what}: {work}")


def count_work(options, config, capture, before, folder, events):
    store, work = copy(before, folder / "counted.db"), folder / "work.txt"
    counts = []
    for source in (folder / "nothing.ami", capture):
        feed(options, config, source, store, work)
        counts.append([int(number) for number in work.read_text().split()])
    syncs, statements, written = (after - start for start, after in zip(*counts))
    return {"syncs": syncs, "events": events, "statements": round(statements / options.calls, 1),
            "bytes written": round(written / options.calls), "lone": lone_events(options, config, store, 30 if options.check else 200)}


def show(options, run):
    ours, peer = run["ours"], run["peer"]
    print(f"{'a call, µs':24}{'CPU':>10}{'wall':>10}")
    for name, spent in (("Hookline", ours), ("bare inserts", peer)):
        print(f"{name:24}" + "".join(f"{spent[key] / options.calls * 1e6:10.0f}" for key in ("cpu_s", "wall_s")))
    print(f"{'bare / Hookline':24}" + "".join(f"{run['ratio'][key]:10.2f}" for key in ("cpu_s", "wall_s")) + "   wanted: 0.5")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--calls", type=int, default=10_000)
    parser.add_argument("--stored", type=int, default=1_000_000)
    parser.add_argument("--store", type=pathlib.Path, help="is copied, never changed")
    parser.add_argument("--batch", type=int, default=1000, help="calls of a transaction of the peer")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--work", type=pathlib.Path)
    parser.add_argument("--history", type=pathlib.Path, default=HISTORY)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    options.bin = options.bin.resolve()
    if options.check:
        options.calls, options.stored = min(options.calls, 2000), min(options.stored, 5000)
    print(f"{options.calls} calls into {options.store or f'{options.stored} stored ones'}, load {os.getloadavg()[0]:.1f}", flush=True)
    with contextlib.ExitStack() as closing:
        folder = pathlib.Path(closing.enter_context(tempfile.TemporaryDirectory(dir=options.work, prefix="hookline-ingest-")))
        config, before = make_store(options, folder)
        capture = folder / "calls.ami"
        ami.write(capture, options.calls)
        run = {"ingest": options.calls, "commit": commit(), "stored": options.stored}
        ours, peer = [], []
        for number in range(1 if options.check else options.rounds):
            store = copy(before, folder / "ours.db")
            ours.append(feed(options, config, capture, store))
            if number == 0:
                run["rows"] = rows.of_import(before, store, folder / "rows.db")
                print("rows:", ", ".join(f"{table} {count}" for table, count in run["rows"].items()), flush=True)
            peer.append(bare(options, folder / "rows.db", before, folder / "peer.db"))
        run |= {"ours": least(ours), "peer": least(peer)}
        run["ratio"] = {key: run["peer"][key] / run["ours"][key] for key in ("cpu_s", "wall_s")}
        run["work"] = count_work(options, config, capture, before, folder, run["rows"]["journal"])
        show(options, run)
        print(json.dumps(run["work"]))
        if options.check:
            check(options, run["work"])
        else:
            remember(options.history, run)


if __name__ == "__main__":
    main()
