"""The public C API by ctypes: as much of it as asks reports."""
import ctypes
import json
import sys
import time
import urllib.parse
from ctypes import CFUNCTYPE, POINTER, Structure, byref, c_char, c_char_p, c_int32, c_int64, c_uint32, c_uint64, c_void_p, sizeof


def sized(**members):
    def __init__(self, **values):
        Structure.__init__(self, struct_size=sizeof(self), **values)
    return type("Sized", (Structure,), {"_fields_": [("struct_size", c_uint32), *members.items()], "__init__": __init__})


class Text(Structure):
    _fields_ = [("ptr", POINTER(c_char)), ("len", c_uint64)]


Error = sized(status=c_uint32, vendor_code=c_int32, text_len=c_uint32, text=c_char * 1024)
Callbacks = sized(reserved=c_uint32, user=c_void_p, deliver=c_void_p, changed=c_void_p, log=c_void_p)
Options = sized(flags=c_uint32, config_path=c_char_p, store_url=c_char_p, language=c_char_p, user=c_char_p, now_ms=c_int64,
                callbacks=Callbacks, listen=c_char_p)
WRITE = CFUNCTYPE(c_uint32, c_void_p, Text)
Writer = sized(reserved=c_uint32, user=c_void_p, write=WRITE)
Query = sized(reserved=c_uint32, report=c_char_p, format=c_char_p, from_=c_char_p, to=c_char_p, settings=c_void_p,
              setting_count=c_uint64, where=c_char_p, drill=c_char_p, sort=c_char_p, compare=c_char_p)
Request = sized(reserved=c_uint32, method=c_char_p, target=c_char_p, user=c_char_p, language=c_char_p, body=Text)
Reply = sized(http_status=c_uint32, content_type=c_char * 128, file_name=c_char * 256, location=c_char * 1024)


class Hookline:
    name = "Hookline"

    def __init__(self, library, config):
        self.hkl, self.rt, self.err = ctypes.CDLL(str(library)), c_void_p(), Error()
        self.parts = []
        self.writer = Writer(write=WRITE(lambda _user, text: self.parts.append(ctypes.string_at(text.ptr, text.len)) or 0))
        self.check(self.hkl.hkl_create(byref(Options(config_path=str(config).encode())), byref(self.rt), byref(self.err)))

    def check(self, status):
        if status != 0:
            sys.exit(self.err.text.decode())

    def start(self):
        self.check(self.hkl.hkl_start(self.rt, byref(self.err)))

    def answered(self, call):
        self.parts.clear()
        begun = time.perf_counter()
        self.check(call())
        return time.perf_counter() - begun, b"".join(self.parts)

    def ask(self, function, report, period, options=(), where=""):
        settings = [option.encode() for option in options]
        query = Query(report=report.encode(), format=b"json", from_=period[0].encode(), to=period[1].encode(),
                      where=where.encode(), setting_count=len(settings),
                      settings=ctypes.cast((c_char_p * len(settings))(*settings), c_void_p))
        return self.answered(lambda: function(self.rt, byref(query), byref(self.writer), byref(self.err)))

    def run(self, report, period, options=(), where=""):
        return self.ask(self.hkl.hkl_run_report, report, period, options, where)

    def explain(self, report, period, options=(), where=""):
        return json.loads(self.ask(self.hkl.hkl_explain_report, report, period, options, where)[1])

    def rows_behind(self, report, period, figure, limit):
        """The newest rows behind a figure, a line for each."""
        return self.ask_about_rows(report, "rows", period, figure, limit)

    def find_rows_behind(self, report, period, figure, limit):
        """In how many seconds it was known which they are; reading them comes after."""
        _, text = self.ask_about_rows(report, "explain", period, figure, limit)
        return json.loads(text)["columns_ms"] / 1000

    def ask_about_rows(self, report, what, period, figure, limit):
        asked = {"from": period[0], "to": period[1], "drill": figure, "limit": limit, "format": "ndjson"}
        target = f"/api/v1/reports/{report}/{what}?{urllib.parse.urlencode(asked)}"
        request, reply = Request(method=b"GET", target=target.encode()), Reply()
        spent, text = self.answered(lambda: self.hkl.hkl_answer_api(self.rt, byref(request), byref(self.writer), byref(reply),
                                                                    byref(self.err)))
        if reply.http_status != 200:
            sys.exit(f"{target}: {reply.http_status} {text.decode()}")
        return spent, text

    def close(self):
        self.hkl.hkl_destroy(self.rt)
