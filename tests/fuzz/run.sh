#!/usr/bin/env bash
# Builds the fuzz targets of the PBX adapters and runs each for some seconds on
# captures of tests/fixtures, two at once.
#
#   tests/fuzz/run.sh [SECONDS [TARGET…]]     ten seconds each unless told; an hour: 3600
#   tests/fuzz/run.sh runs=4000 [TARGET…]     so many inputs, the same ones each time: for CI
#
# What it finds lies in build/fuzz/found/<target>; run it again by
# build/fuzz/<target>_fuzz FILE. The corpus grows in build/fuzz/corpus/<target>.
set -euo pipefail
cd "$(dirname "$0")/../.."
export asked=${1:-10} CCACHE_BASEDIR=${CCACHE_BASEDIR:-$PWD} CCACHE_NOHASHDIR=1
shift || true
targets=("$@")
[ $# -gt 0 ] || targets=(asterisk_ami asterisk_cdr asterisk_cel freeswitch_esl smdr webhook)

mkdir -p build/fuzz
launcher=()
command -v ccache >/dev/null && launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
cmake -S tests/fuzz -B build/fuzz -G Ninja -DCMAKE_CXX_COMPILER=clang++-14 "${launcher[@]}" >build/fuzz/configure.log 2>&1 ||
  { tail -n 30 build/fuzz/configure.log; exit 1; }
cmake --build build/fuzz --target "${targets[@]/%/_fuzz}" >build/fuzz/build.log 2>&1 || { tail -n 40 build/fuzz/build.log; exit 1; }

# The captures that a target begins with.
captures() {
  case $1 in
    asterisk_ami) find tests/fixtures/asterisk -name ami.raw ;;
    asterisk_cdr) find tests/fixtures -name 'cdr_custom.csv' -o -name Master.csv -o -name Custom.csv ;;
    asterisk_cel) find tests/fixtures -name cel.csv ;;
    freeswitch_esl) find tests/fixtures/freeswitch -name '*.raw' -o -name '*.http' ;;
    smdr) find tests/fixtures/cdr -name '*.log' -o -name smdr.csv ;;
    webhook) find tests/fixtures/webhooks -name '*.http' ;;
  esac
}

fuzz() {
  local target=$1 corpus=build/fuzz/corpus/$1 found=build/fuzz/found/$1 run=()
  case $asked in
    runs=*)
      # What it tries then follows from the captures alone: no corpus of before, nothing that
      # a clock or an address decides.
      corpus=build/fuzz/corpus/$1.again
      rm -rf "$corpus"
      run=(setarch -R "build/fuzz/${target}_fuzz" -runs="${asked#runs=}" -reload=0 -entropic=0)
      ;;
    *) run=("build/fuzz/${target}_fuzz" -max_total_time="$asked") ;;
  esac
  mkdir -p "$corpus" "$found"
  # Its first 16 KiB: more of the same makes each run slow and teaches nothing.
  while read -r file; do head -c 16384 "$file" >"$corpus/$(sha1sum "$file" | cut -c -40)"; done < <(captures "$target")
  if "${run[@]}" -timeout=60 -seed=1 -rss_limit_mb=2048 -max_len=16384 \
      -print_final_stats=1 -artifact_prefix="$found/" "$corpus" 2>"$found/log"; then
    printf '%s: %s runs\n' "$target" "$(sed -n 's/^stat::number_of_executed_units: *//p' "$found/log")"
  else
    grep -aE 'ERROR|SUMMARY|runtime error|Test unit written' "$found/log" || tail -n 20 "$found/log"
    echo "$target: FAILED; the whole log is $found/log"
    return 1
  fi
}
export -f captures fuzz
printf '%s\n' "${targets[@]}" | xargs -P 2 -I{} bash -c 'fuzz {}'
