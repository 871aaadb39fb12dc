#!/usr/bin/env bash
# clang-tidy on one file, once for each content: tidy-one.sh FILE STAMP_FOLDER
set -uo pipefail
file=$1
stamp=$2/$(sha256sum .clang-tidy "$file" | sha256sum | cut -c1-32)
[ -e "$stamp" ] && exit 0
if output=$(clang-tidy-14 --quiet -p build/tidy "$file" 2>/dev/null); then
  touch "$stamp"
else
  printf '%s\n' "$output"
  exit 1
fi
