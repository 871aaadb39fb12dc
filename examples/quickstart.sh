#!/usr/bin/env bash
# From nothing to calls, leads, tasks and a report in the terminal, on Debian 12:
# installs what is needed, builds build/release, lets examples/pbx-sim speak as
# an Asterisk (recorded bytes of a real one, sped up) and runs Hookline against
# it, live. Ends by offering the reference CRM with a made-up firm in the browser
# (--demo: without asking). Safe to run again; seconds when nothing changed.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { if [ -t 1 ]; then printf '\n\033[1m%s\033[0m\n' "$*"; else printf '\n%s\n' "$*"; fi; }

say "1. Building (about six minutes the first time on two cores)"
tests/install-deps.sh
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
mkdir -p build
cmake --preset release -DHKL_TESTS=OFF >build/configure.log 2>&1 || { tail -n 30 build/configure.log; exit 1; }
cmake --build --preset release >build/build.log 2>&1 || { tail -n 40 build/build.log; exit 1; }
bin=$PWD/build/release/bin

demo=$(mktemp -d)
simulator='' hookline=''
clean_up() {
  [ -z "$hookline" ] || kill "$hookline" 2>/dev/null || true
  [ -z "$simulator" ] || kill "$simulator" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$demo"
}
trap clean_up EXIT

say "2. An Asterisk starts: recorded calls of a real one, 20 times faster"
"$bin/pbx-sim" --port 0 --port-file "$demo/port" --speed 20 --wait-for-client --linger 1 \
  --username hookline --secret hookline-test \
  tests/fixtures/asterisk/{01-inbound-answered,02-inbound-missed,05-outbound-answered,09-ring-group,10-queue-second-member,13-attended-transfer,15-missed-callback} &
simulator=$!
for _ in $(seq 100); do [ -s "$demo/port" ] && break; sleep 0.05; done
[ -s "$demo/port" ] || { echo "pbx-sim did not open its port" >&2; exit 1; }

export AMI_PORT AMI_SECRET=hookline-test
AMI_PORT=$(cat "$demo/port")
cp examples/quickstart.yaml "$demo/hookline.yaml"
sed -i "s/port: 5038/port: $AMI_PORT/" "$demo/hookline.yaml"

say "3. Hookline listens to it, live"
"$bin/hookline" run --config "$demo/hookline.yaml" --quiet &
hookline=$!
wait "$simulator"
simulator=''
kill -TERM "$hookline"
wait "$hookline"
hookline=''

now=(--config "$demo/hookline.yaml" --now 2026-11-23T08:00:00Z)
say "Calls"
"$bin/hookline" calls "${now[@]}"
say "Leads"
"$bin/hookline" leads "${now[@]}"
say "Tasks, with their deadlines"
"$bin/hookline" tasks "${now[@]}"
say "The report calls-by-manager"
"$bin/hookline" report calls-by-manager "${now[@]}" --from 2026-11-23 --to 2026-11-23

cat <<TEXT

What to do next
  1. copy config/hookline.yaml, write your Asterisk's address and your people into it;
  2. hookline config check hookline.yaml      says what is wrong with it, and where;
  3. hookline run --config hookline.yaml      listens, and keeps going;
  4. hookline report calls-by-manager --config hookline.yaml --drill total:target_missed
  5. to embed it in a CRM, read host-api/include/hookline/runtime.h
  6. to see it in a browser: build/release/bin/hookline-crm --demo (examples/crm/README.md)
(the commands are in build/release/bin)
TEXT

# The pages: asked for, or wished for at a terminal.
answer=n
[ "${1:-}" = "--demo" ] && answer=y
if [ $# -eq 0 ] && [ -t 0 ] && [ -t 1 ]; then
  printf '\nOpen a CRM with a year of a made-up firm in the browser now? It needs a minute. [Y/n] '
  read -r answer
fi
case "$answer" in
  '' | [Yy]*)
    (cd examples/crm/web && npm ci --omit=dev --no-audit --no-fund --loglevel=error)
    say "Making the firm; the address comes when it is ready, Ctrl-C ends it"
    "$bin/hookline-crm" --demo --config "$demo/crm/hookline.yaml" --listen 127.0.0.1:8090
    ;;
esac
