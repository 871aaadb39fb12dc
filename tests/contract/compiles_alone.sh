#!/bin/sh
# Compiles one header and nothing else, with every warning an error.
#   compiles_alone.sh COMPILER LANGUAGE STANDARD HEADER DIR…
set -eu
compiler=$1 language=$2 standard=$3 header=$4
shift 4
for dir; do
  set -- "$@" -I "$dir"
  shift
done
printf '#include "%s"\n' "$header" |
  "$compiler" -x "$language" "-std=$standard" -pedantic -Wall -Wextra -Werror -fsyntax-only "$@" -
