"""A CRM in Python, by ctypes: tells of a missed call, gets the task by callback, prints a report.

    python3 crm.py hookline.yaml /opt/hookline/lib/libhookline.so
"""
import ctypes
import json
import sys
import threading
from ctypes import CFUNCTYPE, POINTER, Structure, byref, c_char, c_char_p, c_int32, c_int64, c_uint32, c_uint64, c_void_p, sizeof

u32, u64, STATUS = c_uint32, c_uint64, c_uint32


def sized(**members):
    """A struct of hookline/runtime.h: it begins with its size, and what is not given is zero."""
    def __init__(self, **values):
        Structure.__init__(self, struct_size=sizeof(self), **values)
    return type("Sized", (Structure,), {"_fields_": [("struct_size", u32), *members.items()], "__init__": __init__})


class Str(Structure):
    _fields_ = [("ptr", POINTER(c_char)), ("len", u64)]

    def text(self):
        return ctypes.string_at(self.ptr, self.len).decode()


Error = sized(status=STATUS, vendor_code=c_int32, text_len=u32, text=c_char * 1024)
Delivery = sized(entity=u32, id=Str, key=Str, json=Str, attempt=u32, reserved=u32)
DELIVER = CFUNCTYPE(STATUS, c_void_p, POINTER(Delivery), c_void_p)
Callbacks = sized(reserved=u32, user=c_void_p, deliver=DELIVER, changed=c_void_p, log=c_void_p)
Options = sized(flags=u32, config_path=c_char_p, store_url=c_char_p, language=c_char_p, user=c_char_p, now_ms=c_int64,
                callbacks=Callbacks, listen=c_char_p)
WRITE = CFUNCTYPE(STATUS, c_void_p, Str)
Writer = sized(reserved=u32, user=c_void_p, write=WRITE)
ReportQuery = sized(reserved=u32, report=c_char_p, format=c_char_p, from_=c_char_p, to=c_char_p, settings=c_void_p,
                    setting_count=u64, where=c_char_p, drill=c_char_p, sort=c_char_p, compare=c_char_p)

CALL = {"type": "call", "id": "canonical:1", "source": "canonical", "direction": "in", "client_number": "+12125550148",
        "started_at": "2026-03-02T09:00:00Z", "ended_at": "2026-03-02T09:00:20Z", "finish_reason": "client_hung_up",
        "legs": [{"kind": "employee", "extension": "101", "outcome": "cancelled",
                  "started_at": "2026-03-02T09:00:00Z", "ended_at": "2026-03-02T09:00:20Z"}]}
config, library = sys.argv[1:]
hkl, err, rt, has_task = ctypes.CDLL(library), Error(), c_void_p(), threading.Event()


def check(status):
    if status != 0:
        sys.exit(err.text.decode())


@DELIVER
def deliver(_user, delivery, _answer):  # on a thread of the runtime
    if delivery.contents.entity == 3:  # HKL_ENTITY_TASK
        print("task", delivery.contents.json.text())
        has_task.set()
    return 0


out = Writer(write=WRITE(lambda _user, text: print(text.text(), end="") or 0))
check(hkl.hkl_create(byref(Options(config_path=config.encode(), callbacks=Callbacks(deliver=deliver))), byref(rt), byref(err)))
check(hkl.hkl_start(rt, byref(err)))
line = json.dumps(CALL).encode()
check(hkl.hkl_submit_records(rt, Str(ctypes.create_string_buffer(line), len(line)), byref(out), None, byref(err)))
has_task.wait()
check(hkl.hkl_run_report(rt, byref(ReportQuery(report=b"calls-by-manager", format=b"table", from_=b"2026-03-02", to=b"2026-03-02")),
                         byref(out), byref(err)))
hkl.hkl_destroy(rt)
