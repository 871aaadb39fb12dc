"""What the machine gives, and what a start costs on it."""
import ctypes
import json
import os
import pathlib
import subprocess
import sys
import threading
import time


def copy_gb_s(threads, size=256 << 20, rounds=5):
    """Bytes read and written by copies of memory, all threads together, the best of a few rounds."""
    buffers = [[ctypes.create_string_buffer(size) for _ in range(2)] for _ in range(threads)]
    for pair in buffers:
        for buffer in pair:
            ctypes.memset(buffer, 1, size)  # pages that were never written to cost nothing to read
    best = float("inf")
    for _ in range(rounds):
        # memmove lets other threads of Python run.
        copies = [threading.Thread(target=ctypes.memmove, args=(to, source, size)) for to, source in buffers]
        begun = time.perf_counter()
        for copy in copies:
            copy.start()
        for copy in copies:
            copy.join()
        best = min(best, time.perf_counter() - begun)
    return 2 * size * threads / best / 1e9


def forget_pages(*paths):
    """Has the system drop what it keeps of these files, so that the next to read them waits for the disk."""
    for path in paths:
        file = os.open(path, os.O_RDONLY)
        os.fsync(file)
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(file)


def start_up(library, config):
    """A process that opens the store: how long until reports come from columns, and what it keeps in memory."""
    script = pathlib.Path(__file__).with_name("start_up.py")
    return json.loads(subprocess.run([sys.executable, script, library, config], stdout=subprocess.PIPE, check=True).stdout)


def look_up(program):
    """Microseconds for each way to look a number up; nothing where the benchmark was not built."""
    if not program.exists():
        return {}
    asked = [program, "--benchmark_format=json", "--benchmark_filter=^(from_memory|c_api|by_sql)$"]
    with open(os.devnull, "w") as nowhere:
        told = json.loads(subprocess.run(asked, stdout=subprocess.PIPE, stderr=nowhere, check=True).stdout)
    return {one["name"]: one["cpu_time"] for one in told["benchmarks"]}
