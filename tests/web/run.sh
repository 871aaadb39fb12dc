#!/usr/bin/env bash
# Tests of the reference CRM in Debian's Chromium; HKL_BIN names the build's bin
# folder. Libraries come by their lock files, once.
#
#   HKL_BIN=build/release/bin tests/web/run.sh                 all
#   HKL_BIN=build/release/bin tests/web/run.sh security_test.mjs
set -euo pipefail
cd "$(dirname "$0")"
for folder in . ../../examples/crm/web; do
  if [ ! -e "$folder/node_modules/.package-lock.json" ] || [ "$folder/package-lock.json" -nt "$folder/node_modules/.package-lock.json" ]; then
    (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error)
  fi
done
[ $# -gt 0 ] || set -- *_test.mjs
# One after the other: they share the machine with a browser.
failed=0
for file in "$@"; do node --test --test-reporter=spec "$file" || failed=1; done
exit "$failed"
