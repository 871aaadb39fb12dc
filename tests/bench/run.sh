#!/bin/sh
# The benchmarks of reports: builds them, gets the peers, prints the table of ratios.
#   tests/bench/run.sh [--calls 10000000] [--rounds 5] …   what engine.py takes
# SQLite comes with Python, DuckDB's library from npm, PostgreSQL and ClickHouse from Debian (as packages whose own
# services are not started); one that cannot be had is left out. The ratios of every run
# are added to build/bench-history.ndjson. What a call of a plugin costs: tests/bench/dispatch/README.md.
set -eu
cd "$(dirname "$0")/../.."
tests/install-deps.sh --bench || echo "PostgreSQL or ClickHouse cannot be installed"
cmake --preset release -DHKL_BENCH=ON >/dev/null
cmake --build --preset release --target hookline engine_data calls_by_manager heat_map lookup_bench
peers=build/bench-peers
duckdb=$peers/package/libduckdb.so
if [ ! -e "$duckdb" ]; then
  mkdir -p "$peers"
  (cd "$peers" && npm pack --silent @duckdb/node-bindings-linux-x64@1.5.6-r.1 >/dev/null && tar xzf duckdb-node-bindings-linux-x64-1.5.6-r.1.tgz) ||
    echo "DuckDB cannot be fetched"
fi
exec python3 tests/bench/engine.py --bin build/release/bin --duckdb "$duckdb" "$@"
