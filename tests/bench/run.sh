#!/bin/sh
# The benchmarks: builds what they need, gets the peers, prints ratios.
#   tests/bench/run.sh [--calls 10000000] [--rounds 5] …   reports against databases: what engine.py takes
#   tests/bench/run.sh ingest [--stored 10000000] …        calls taken in, against bare SQLite: what ingest.py takes
#   tests/bench/run.sh adapters | dispatch                 bytes to events; what a call of a plugin costs
# SQLite comes with Python, DuckDB's library from npm, PostgreSQL and ClickHouse from Debian (as packages whose own
# services are not started); one that cannot be had is left out. The ratios of every run of reports are added to
# build/bench-history.ndjson. Each folder here has a README with what was measured.
set -eu
cd "$(dirname "$0")/../.."
what=reports
case "${1:-}" in ingest | adapters | dispatch)
  what=$1
  shift
  ;;
esac
cmake --preset release -DHKL_BENCH=ON >/dev/null
bin=build/release/bin
case "$what" in
  ingest)
    cmake --build --preset release --target ingest_bench
    exec python3 tests/bench/ingest.py --bin $bin "$@"
    ;;
  adapters | dispatch)
    cmake --build --preset release --target "${what}_bench"
    exec $bin/"${what}_bench" "$@"
    ;;
esac
tests/install-deps.sh --bench || echo "PostgreSQL or ClickHouse cannot be installed"
cmake --build --preset release --target hookline engine_data calls_by_manager employee_efficiency heat_map lookup_bench
peers=build/bench-peers
duckdb=$peers/package/libduckdb.so
if [ ! -e "$duckdb" ]; then
  mkdir -p "$peers"
  (cd "$peers" && npm pack --silent @duckdb/node-bindings-linux-x64@1.5.6-r.1 >/dev/null && tar xzf duckdb-node-bindings-linux-x64-1.5.6-r.1.tgz) ||
    echo "DuckDB cannot be fetched"
fi
exec python3 tests/bench/engine.py --bin $bin --duckdb "$duckdb" "$@"
