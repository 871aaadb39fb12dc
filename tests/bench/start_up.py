#!/usr/bin/env python3
"""Opens the benchmark's store as a CRM would and tells as JSON how long it took, and the memory.

    start_up.py libhookline.so hookline.yaml
"""
import json
import re
import sys
import time

sys.dont_write_bytecode = True
from c_api import Hookline  # noqa: E402
from questions import YEAR  # noqa: E402

MINUTE = ("2025-06-02T10:00:00", "2025-06-02T10:01:00")  # so that an answer by SQL costs little


def memory():
    """Bytes of this process in memory, and of them those of the columns' files."""
    all_of_it = columns = 0
    is_column = False
    for line in open("/proc/self/smaps"):
        if re.match(r"[0-9a-f]+-[0-9a-f]+ ", line):
            is_column = ".columns/" in line
        elif line.startswith("Rss:"):
            size = int(line.split()[1]) * 1024
            all_of_it += size
            columns += size if is_column else 0
    return all_of_it, columns


def main():
    before, _ = memory()
    begun = time.perf_counter()
    hookline = Hookline(sys.argv[1], sys.argv[2])
    hookline.start()
    while hookline.explain("calls-by-manager", MINUTE)["path"] == "sql":
        time.sleep(0.001)
    ready_s = time.perf_counter() - begun
    first_s, _ = hookline.run("calls-by-manager", YEAR)
    after, columns = memory()
    hookline.close()
    print(json.dumps({"ready_s": ready_s, "first_s": first_s, "process_bytes": after - before, "columns_bytes": columns}))


if __name__ == "__main__":
    main()
