"""Events one by one, each durable before the next comes, in a process that counts its syncs (work.c).

    LD_PRELOAD=libcount_work.so lone_events.py LIBRARY CONFIG STORE EVENTS [CAPTURE]

Prints how many syncs each waited for, how long the middle one took, and how long a sync of four kilobytes takes beside
the store. With CAPTURE the events come while that is imported, one every 50 ms; what is printed is how long they waited.
"""
import ctypes
import json
import os
import pathlib
import statistics
import sys
import threading
import time
from ctypes import Structure, byref, c_char_p, c_int32, c_int64, c_uint32, c_uint64, c_void_p, sizeof

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from c_api import Error, Options, Text  # noqa: E402

TEXTS = ("client", "client_name", "line", "extension", "employee", "name", "queue", "dialled", "from", "to", "keys", "cause",
         "result", "reason_text", "recording", "request")
TIMES = ("started_at", "offered_at", "answered_at", "ended_at", "wait", "talk", "hold", "acw")


class Import(Structure):
    """hkl_import of hookline/runtime.h."""
    _fields_ = [("struct_size", c_uint32), ("flags", c_uint32), ("source", c_char_p), ("files", ctypes.POINTER(c_char_p)),
                ("file_count", c_uint64), ("format", c_char_p)]


class Tally(Structure):
    """hkl_tally of hookline/runtime.h."""
    _fields_ = [("struct_size", c_uint32), ("reserved", c_uint32),
                *((name, c_uint64) for name in ("accepted", "duplicates", "refused"))]


class Event(Structure):
    """hkl_call_event of hookline/events.h."""
    _fields_ = [*((name, c_uint32) for name in ("struct_size", "kind", "flags", "direction")),
                *((name, Text) for name in ("event_id", "call_ref", "leg_ref", "other_ref", "bridge_ref", "list_ref")),
                ("at_ms", c_int64), ("seq", c_uint64),
                *((name, c_uint32) for name in ("channel_kind", "leg_kind", "leg_outcome", "reason", "hung_up_by", "transfer_kind",
                                                "call_type", "presence", "is_up", "talked", "is_withheld")),
                ("rating", c_int32), *((name, Text) for name in TEXTS), ("tags", c_void_p), ("tag_count", c_uint64), ("extra", Text),
                *((name, c_int64) for name in TIMES)]


CHANNEL_BEGUN, CHANNEL_ENDED, TRUNK, IN = 64, 76, 2, 1
UNKNOWN_MS = -(1 << 63)
SYNCS = 0  # of work.c


def text(value):
    data = value.encode()
    return Text(ctypes.cast(ctypes.create_string_buffer(data), ctypes.POINTER(ctypes.c_char)), len(data))


def events(count):
    """A call begins, and ends."""
    for number in range(count):
        call, is_end = divmod(number, 2)
        event = Event(struct_size=sizeof(Event), kind=CHANNEL_ENDED if is_end else CHANNEL_BEGUN, direction=0 if is_end else IN,
                      channel_kind=TRUNK, at_ms=1_800_000_000_000 + number * 1000, **dict.fromkeys(TIMES, UNKNOWN_MS))
        event.event_id, event.call_ref = text(f"lone:{number}"), text(f"1800000000.{call}")
        event.leg_ref, event.client = event.call_ref, text(f"+1202555{call % 10000:04d}")
        event.line = text("+12025550130")
        yield event


def sync_s(folder, rounds=50):
    """Seconds of the middle sync."""
    path, taken = folder / "sync.probe", []
    with open(path, "wb", buffering=0) as file:
        for _ in range(rounds):
            file.write(b"\1" * 4096)
            begun = time.perf_counter()
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - begun)
    path.unlink()
    return statistics.median(taken)


class Runtime:
    def __init__(self, library, config, store):
        self.hkl, self.runtime = ctypes.CDLL(library), c_void_p()
        error = Error()
        self.check(self.hkl.hkl_create(byref(Options(config_path=config.encode(), store_url=f"sqlite:{store}".encode())),
                                       byref(self.runtime), byref(error)), error)

    def check(self, status, error):
        if status != 0:
            sys.exit(error.text.decode())

    def submit(self, event):
        """Seconds until it was durable."""
        error, begun = Error(), time.perf_counter()
        self.check(self.hkl.hkl_submit_event(self.runtime, c_char_p(b"pbx"), byref(event), byref(error)), error)
        return time.perf_counter() - begun

    def take_in(self, capture):
        error, tally = Error(), Tally(struct_size=sizeof(Tally))
        files = (c_char_p * 1)(str(capture).encode())
        request = Import(struct_size=sizeof(Import), source=b"pbx", files=files, file_count=1)
        self.check(self.hkl.hkl_import_files(self.runtime, byref(request), None, None, byref(tally), byref(error)), error)

    def destroy(self):
        self.hkl.hkl_destroy(self.runtime)


def alone(runtime, count):
    work_counted = ctypes.CDLL(None).work_counted
    work_counted.restype = ctypes.c_ulong
    syncs, taken = {}, []
    for event in events(count):
        before = work_counted(SYNCS)
        taken.append(runtime.submit(event))
        waited = work_counted(SYNCS) - before
        syncs[waited] = syncs.get(waited, 0) + 1
    return syncs, taken


def beside(runtime, count, capture):
    """Waits of those that came while it was imported."""
    importing = threading.Thread(target=runtime.take_in, args=(capture,))
    importing.start()
    taken = []
    for event in events(count):
        time.sleep(0.05)
        waited = runtime.submit(event)
        if not importing.is_alive():
            break
        taken.append(waited)
    importing.join()
    return sorted(taken)


def main():
    library, config, store, count, *captures = sys.argv[1:]
    runtime = Runtime(library, config, store)
    if captures:
        taken = beside(runtime, int(count), captures[0])
        runtime.destroy()
        print(json.dumps({"events": len(taken), "middle_ms": statistics.median(taken) * 1e3,
                          "p99_ms": taken[int(len(taken) * 0.99)] * 1e3, "most_ms": taken[-1] * 1e3}))
        return
    syncs, taken = alone(runtime, int(count))
    runtime.destroy()
    told = {"syncs": syncs, "wait_us": statistics.median(taken) * 1e6, "sync_us": sync_s(pathlib.Path(store).parent) * 1e6}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
