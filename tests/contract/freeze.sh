#!/usr/bin/env bash
# Writes down what version 1.0 of both contracts is, from the headers as they
# stand: run once more while 1.0 grows, and never after it is released.
#
#   frozen-1.0/hookline/*.h     the headers, for plugins and hosts of 1.0
#   layout_1_0_*.inc            size and offset of every struct and member
#   frozen-1.0/prototypes.inc   every function that a CRM may call
#   ../package/functions_1_0.txt   their names
#
# What the tests of this folder then compare with the headers of the day.
set -euo pipefail
cd "$(dirname "$0")"
headers=../../host-api/include/hookline
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ "${1:-}" != "--check" ]; then
  rm -rf frozen-1.0
  mkdir -p frozen-1.0/hookline
  cp "$headers"/*.h frozen-1.0/hookline/
fi

# A program that prints the layout is made from the headers' own text: names
# from there, numbers from the compiler.
layout() { # file title header…
  local out=$1 title=$2
  shift 2
  python3 - "$headers" "$title" "$@" >"$work/layout.c" <<'PYTHON'
import pathlib, re, sys
headers, title, *names = sys.argv[1:]
print('#include <stddef.h>\n#include <stdio.h>')
for file in sorted(pathlib.Path(headers).glob("*.h")):
    print(f'#include "hookline/{file.name}"')
print('int main(void) {')
print(f'  puts("/* Layout of {title}, version 1.0; see layout_1_0.c. */");')
for name in names:
    text = (pathlib.Path(headers) / name).read_text()
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    print(f'  puts("\\n/* {name} */");')
    for struct, body in re.findall(r"struct (hkl_\w+) \{(.*?)\n\}", text, flags=re.S):
        members = []
        for line in body.split(";"):
            # A function's name stands in (*name); others are the last word, an array's length taken off.
            found = re.search(r"\(\*(\w+)\)\s*\(", line) or re.search(r"(\w+)\s*(?:\[[^\]]*\])?\s*$", line.strip())
            if found:
                members.append(found.group(1))
        kind = "STRUCT" if members[0] == "struct_size" else "FIXED"
        print(f'  printf("{kind}({struct}, %zu)\\n", sizeof({struct}));')
        for member in members:
            print(f'  printf("  MEMBER({struct}, {member}, %zu, %zu)\\n", offsetof({struct}, {member}), '
                  f'sizeof((({struct} *)0)->{member}));')
print('  return 0;\n}')
PYTHON
  cc -std=c11 -I../../host-api/include "$work/layout.c" -o "$work/layout"
  "$work/layout" >"$work/$(basename "$out")"
}
layout layout_1_0_kinds.inc "the host's interfaces and the kinds of plugins" \
  host.h pbx_adapter.h pbx_http.h pbx_rows.h lead_classifier.h task_rule.h report.h
layout layout_1_0_plugin.inc "what plugins and host exchange" types.h plugin.h events.h facts.h
layout layout_1_0_runtime.inc "the CRM side" runtime.h

python3 - "$headers/runtime.h" "$work" <<'PYTHON'
import pathlib, re, sys
text = re.sub(r"/\*.*?\*/", "", pathlib.Path(sys.argv[1]).read_text(), flags=re.S)
work = pathlib.Path(sys.argv[2])
prototypes = [" ".join(one.split()) for one in re.findall(r"^HKL_PUBLIC [^;]*;", text, flags=re.M)]
(work / "prototypes.inc").write_text(
    "/* Functions of version 1.0 of the runtime. A changed one does not compile beside today's header. */\n"
    '#include "hookline/runtime.h"\n\n' +
    "\n".join(prototypes) + "\n")
names = sorted(re.search(r"(hkl_\w+)\(", one).group(1) for one in prototypes)
(work / "functions_1_0.txt").write_text("\n".join(names) + "\n")
PYTHON

if [ "${1:-}" = "--check" ]; then
  # Whoever appends to a released struct appends to a later version's list.
  failed=0
  for file in layout_1_0_kinds.inc layout_1_0_plugin.inc layout_1_0_runtime.inc; do
    diff -u "$file" "$work/$file" || failed=1
  done
  exit $failed
fi
cp "$work"/layout_1_0_*.inc .
cp "$work/prototypes.inc" frozen-1.0/
cp "$work/functions_1_0.txt" ../package/
