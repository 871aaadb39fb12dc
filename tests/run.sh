#!/usr/bin/env bash
# Installs, builds and passes all tests: style, the release build, clang-tidy.
# Closes with one line `N passed, N failed`. Safe to run again, quick when
# nothing changed.
#
#   tests/run.sh            all of that
#   tests/run.sh asan       the tests of another preset: here under AddressSanitizer
#                           and UndefinedBehaviorSanitizer; release, dev, tsan likewise
#   tests/run.sh tidy       clang-tidy alone, after a release build
set -uo pipefail
cd "$(dirname "$0")/.."

passed=0
failed=0
jobs=$(nproc)

step() { # name, command…
  local name=$1
  shift
  printf '== %s\n' "$name"
  if "$@"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf '== FAILED: %s\n' "$name"
  fi
}

finish() {
  printf '%d passed, %d failed\n' "$passed" "$failed"
  [ "$failed" -eq 0 ]
}

format_check() {
  git ls-files -co --exclude-standard '*.h' '*.cpp' '*.c' | xargs clang-format-14 --dry-run -Werror
}

# Of the release build; only what changed since it was last found clean.
tidy_check() {
  tests/tidy.py build/release build/tidy
}

build_and_test() { # preset
  cmake --preset "$1" -DHKL_TESTS=ON >"build/$1.configure.log" 2>&1 || { tail -n 30 "build/$1.configure.log"; failed=$((failed + 1)); return 1; }
  if ! cmake --build --preset "$1" 2>&1 | tail -n 40; then
    printf '== FAILED: build %s\n' "$1"
    failed=$((failed + 1))
    return 1
  fi
  local junit="$PWD/build/$1/tests.xml"
  rm -f "$junit"
  ctest --preset "$1" -j "$jobs" --output-junit "$junit" --output-on-failure 2>&1 | tail -n "${HKL_TEST_LINES:-200}"
  local counts
  counts=$(sed -n 's/.*<testsuite[^>]* tests="\([0-9]*\)"[^>]* failures="\([0-9]*\)".*/\1 \2/p; ' "$junit" 2>/dev/null | head -n 1)
  if [ -z "$counts" ]; then
    counts=$(tr '\n' ' ' <"$junit" 2>/dev/null | sed -n 's/.*<testsuite[^>]*tests="\([0-9]*\)"[^>]*failures="\([0-9]*\)".*/\1 \2/p')
  fi
  [ -n "$counts" ] || { printf '== FAILED: no test ran in %s\n' "$1"; failed=$((failed + 1)); return 1; }
  read -r total broken <<<"$counts"
  passed=$((passed + total - broken))
  failed=$((failed + broken))
}

mkdir -p build
tests/install-deps.sh --tests || { echo "0 passed, 1 failed"; exit 1; }
# ccache keeps objects between presets and checkouts; bounded.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1 CCACHE_MAXSIZE=${CCACHE_MAXSIZE:-4G} CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
case "${1:-all}" in
  all)
    step "clang-format" format_check
    build_and_test release && step "clang-tidy" tidy_check
    ;;
  tidy) step "clang-tidy" tidy_check ;;
  *) build_and_test "$1" ;;
esac
finish
