"""Events one by one, each durable before the next comes, in a process that counts its syncs (syncs.c).

    LD_PRELOAD=libcount_syncs.so lone_events.py LIBRARY CONFIG STORE EVENTS

Prints how many syncs each waited for, how long the middle one took, and how long a sync of four kilobytes takes beside
the store.
"""
import ctypes
import json
import os
import pathlib
import statistics
import sys
import time
from ctypes import Structure, byref, c_char_p, c_int32, c_int64, c_uint32, c_uint64, c_void_p, sizeof

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from c_api import Error, Options, Text  # noqa: E402

TEXTS = ("client", "client_name", "line", "extension", "employee", "name", "queue", "dialled", "from", "to", "keys", "cause",
         "result", "reason_text", "recording", "request")
TIMES = ("started_at", "offered_at", "answered_at", "ended_at", "wait", "talk", "hold", "acw")


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


def main():
    library, config, store, count = sys.argv[1:]
    hkl, runtime, error = ctypes.CDLL(library), c_void_p(), Error()
    counter = ctypes.CDLL(None).syncs_counted
    counter.restype = ctypes.c_ulong

    def check(status):
        if status != 0:
            sys.exit(error.text.decode())
    check(hkl.hkl_create(byref(Options(config_path=config.encode(), store_url=f"sqlite:{store}".encode())), byref(runtime),
                         byref(error)))
    syncs, taken = {}, []
    for event in events(int(count)):
        before, begun = counter(), time.perf_counter()
        check(hkl.hkl_submit_event(runtime, c_char_p(b"pbx"), byref(event), byref(error)))
        taken.append(time.perf_counter() - begun)
        waited = counter() - before
        syncs[waited] = syncs.get(waited, 0) + 1
    hkl.hkl_destroy(runtime)
    told = {"syncs": syncs, "wait_us": statistics.median(taken) * 1e6, "sync_us": sync_s(pathlib.Path(store).parent) * 1e6}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
