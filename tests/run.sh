#!/usr/bin/env bash
# Installs, builds and passes all tests: style, the release build, clang-tidy, four
# thousand inputs of fuzzing for each PBX adapter, and some units under AddressSanitizer and
# UndefinedBehaviorSanitizer. Closes with one line `N passed, N failed`. Safe to run
# again, quick when nothing changed.
#
#   tests/run.sh            all of that; clang-tidy looks at what the last twenty commits touched,
#                           the sanitizers at what touches bytes from outside (HKL_BRIEF
#                           in the CMake files), whose units run there alone
#   tests/run.sh asan       all tests of another preset; release, dev, tsan likewise
#   tests/run.sh tidy       clang-tidy alone, of every folder, after a release build
#   tests/run.sh fuzz       the fuzz targets alone; for longer: tests/fuzz/run.sh SECONDS
set -uo pipefail
cd "$(dirname "$0")/.."

passed=0
failed=0
broken_ones=() # what failed, by name: told again at the end, where a log's reader looks first
jobs=$(nproc)

step() { # name, command…
  local name=$1
  shift
  printf '== %s\n' "$name"
  if "$@"; then
    passed=$((passed + 1))
  else
    fail "$name"
  fi
  took "$name"
}

# Where the time goes, told as the run goes.
since=0
took() { # what
  printf '== %s took %d s\n' "$1" $((SECONDS - since))
  since=$SECONDS
}

fail() { # what
  failed=$((failed + 1))
  broken_ones+=("$1")
  printf '== FAILED: %s\n' "$1"
}

finish() {
  [ ${#broken_ones[@]} -eq 0 ] || printf 'failed: %s\n' "${broken_ones[@]}"
  printf '%d passed, %d failed\n' "$passed" "$failed"
  [ "$failed" -eq 0 ]
}

format_check() {
  git ls-files -co --exclude-standard '*.h' '*.cpp' '*.c' | xargs clang-format-14 --dry-run -Werror
}

# Of the release build; only what changed since it was last found clean.
tidy_check() { # since which commit
  tests/tidy.py build/release build/tidy "$@"
}

build_and_test() { # preset, options of cmake…
  cmake --preset "$1" -DHKL_TESTS=ON "${@:2}" >"build/$1.configure.log" 2>&1 || { tail -n 30 "build/$1.configure.log"; fail "configure $1"; return 1; }
  if ! cmake --build --preset "$1" 2>&1 | tail -n 40; then
    fail "build $1"
    return 1
  fi
  took "building $1"
  local junit="$PWD/build/$1/tests.xml"
  rm -f "$junit"
  # A test waits about as long as it computes.
  ctest --preset "$1" -j $((2 * jobs)) --output-junit "$junit" --output-on-failure 2>&1 | tail -n "${HKL_TEST_LINES:-200}"
  took "testing $1"
  local counts
  counts=$(sed -n 's/.*<testsuite[^>]* tests="\([0-9]*\)"[^>]* failures="\([0-9]*\)".*/\1 \2/p; ' "$junit" 2>/dev/null | head -n 1)
  if [ -z "$counts" ]; then
    counts=$(tr '\n' ' ' <"$junit" 2>/dev/null | sed -n 's/.*<testsuite[^>]*tests="\([0-9]*\)"[^>]*failures="\([0-9]*\)".*/\1 \2/p')
  fi
  [ -n "$counts" ] || { fail "no test ran in $1"; return 1; }
  read -r total broken <<<"$counts"
  passed=$((passed + total - broken))
  [ "$broken" -eq 0 ] && return 0
  failed=$((failed + broken))
  local names="build/$1/Testing/Temporary/LastTestsFailed.log"
  while IFS=: read -r _ name; do broken_ones+=("$1: $name"); done <"$names"
}

mkdir -p build
tests/install-deps.sh --tests || { echo "0 passed, 1 failed"; exit 1; }
took "installing"
# ccache keeps objects between presets and checkouts; bounded.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1 CCACHE_MAXSIZE=${CCACHE_MAXSIZE:-4G} CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
case "${1:-all}" in
  all)
    step "clang-format" format_check
    build_and_test release -DHKL_COMMON_UNITS=OFF && step "clang-tidy" tidy_check HEAD~20
    step "fuzz" tests/fuzz/run.sh runs=4000
    build_and_test asan -DHKL_THOROUGH=OFF
    ;;
  tidy) step "clang-tidy" tidy_check ;;
  fuzz) step "fuzz" tests/fuzz/run.sh ;;
  *) build_and_test "$1" -DHKL_THOROUGH=ON -DHKL_COMMON_UNITS=ON ;;
esac
finish
