#!/usr/bin/env python3
"""clang-tidy over the sources of a build, several files of a folder at a time.

    tests/tidy.py BUILD_FOLDER STAMP_FOLDER [COMMIT]

With a commit it looks at the files alone that have changed since, and at those that
include a header that has; at all where git does not know the commit.

Most of clang-tidy's time goes into the headers that all files share, so the files
of one folder are looked at as one; where two of them use one name for different
things, the group is halved until it compiles. A group that was found clean is not
looked at again until a file of it, or .clang-tidy, changes.
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

CLANG_TIDY = "clang-tidy-14"
GROUP = 32
NOT_CLANGS = "-fno-gnu-unique"
ROOT = pathlib.Path(__file__).resolve().parents[1]


def flags_of(command):
    """The compiler's flags without what names one file, and without g++'s own."""
    words, kept = iter(shlex.split(command)), []
    for word in words:
        if word in ("-o", "-c", "-include"):
            next(words)  # its argument; all sources include what they use, so the precompiled header may go
        elif word.startswith(("-I", "-D", "-std", "-f")) and word != NOT_CLANGS:
            kept.append(word)
        elif word == "-isystem":
            kept += [word, next(words)]
    return tuple(kept)


def sources(build):
    """Each source of the build with its command; a file that the build made of several stands for these."""
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = pathlib.Path(entry["file"])
        if path.parent.name == "Unity":
            for included in re.findall(r'#include "([^"]+)"', path.read_text()):
                yield pathlib.Path(included), entry["command"]
        else:
            yield path, entry["command"]


def groups(build):
    """Files of one folder that are compiled alike, a few at a time."""
    alike = {}
    for path, command in sources(build):
        if path.suffix != ".cpp" or path.name.endswith("_test.cpp") or path.is_relative_to(build):
            continue
        if not path.is_relative_to(ROOT) or "tests" in path.relative_to(ROOT).parts or "test_plugins" in path.parts:
            continue
        alike.setdefault(path, (path.parent, flags_of(command)))
    together = {}
    for path, key in sorted(alike.items()):
        together.setdefault(key, []).append(path)
    for (_, flags), files in together.items():
        for start in range(0, len(files), GROUP):
            yield flags, files[start:start + GROUP]


def findings(flags, files, work):
    """What clang-tidy says of the files; nothing where they are clean."""
    unit = work / (hashlib.sha256("\n".join(map(str, files)).encode()).hexdigest()[:16] + ".cpp")
    unit.write_text("".join(f'#include "{path}"\n' for path in files))
    done = subprocess.run([CLANG_TIDY, "--quiet", f"--config-file={ROOT / '.clang-tidy'}", str(unit), "--", *flags],
                          capture_output=True, text=True)
    if len(files) > 1 and "[clang-diagnostic-error]" in done.stdout:
        half = len(files) // 2
        return findings(flags, files[:half], work) + findings(flags, files[half:], work)
    return "" if done.returncode == 0 else done.stdout or done.stderr


def judge(flags, files, work):
    told = hashlib.sha256((ROOT / ".clang-tidy").read_bytes() + "\n".join(flags).encode())
    for path in files:
        told.update(path.read_bytes())
    stamp = work / told.hexdigest()[:32]
    if stamp.exists():
        return ""
    text = findings(flags, files, work)
    if not text:
        stamp.touch()
    return text


def changed_since(commit):
    """Names from the root of what changed; None: nobody can tell."""
    done = subprocess.run(["git", "-C", ROOT, "diff", "--name-only", commit], capture_output=True, text=True)
    return None if done.returncode else set(done.stdout.splitlines())


def is_touched(path, changed):
    """Whether the file changed, or a header that it names: "reports/plan.h" of host-api/runtime/reports/plan.h."""
    headers = re.findall(r'#include "([^"]+)"', path.read_text(encoding="utf-8"))
    return str(path.relative_to(ROOT)) in changed or any(name.endswith("/" + header) for header in headers for name in changed)


def main():
    build, work = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    work.mkdir(parents=True, exist_ok=True)
    changed = changed_since(sys.argv[3]) if len(sys.argv) > 3 else None
    asked = [(flags, files if changed is None else [path for path in files if is_touched(path, changed)])
             for flags, files in groups(build)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as workers:
        texts = list(workers.map(lambda group: judge(*group, work), (group for group in asked if group[1])))
    print("".join(texts), end="")
    return 1 if any(texts) else 0


if __name__ == "__main__":
    sys.exit(main())
