#!/usr/bin/env bash
# Builds the program with Parquet, runs the tests of it, and has other programs read what it exports: DuckDB the tables,
# networkx the graph. Takes a folder for these, which are installed there if they are missing.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=${1:-target/parquet-tools}

cargo test --features parquet --test parquet
program=$PWD/target/debug/stancelog

if [ ! -x "$tools/bin/python" ]; then python3 -m venv "$tools"; fi
if ! "$tools/bin/python" -c 'import duckdb, networkx' 2>/dev/null; then
  "$tools/bin/pip" install --quiet duckdb networkx || { echo "DuckDB and networkx cannot be installed: not tried"; exit 0; }
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export STANCELOG_DB="$folder/stances.db"
"$program" --quiet append fixtures/article/registry.jsonl fixtures/article/events.jsonl
for table in events stances changes claims; do
  "$program" --quiet export "$table" --format parquet -o "$folder/$table.parquet"
  "$program" --quiet export "$table" -o "$folder/$table.jsonl"
done
"$program" --quiet export graph -o "$folder/stances.graphml"

"$tools/bin/python" examples/parquet.py ukraine "$folder" > "$folder/told"
grep -q 'Russia: enacted since 2022-02-24, by 1 events' "$folder/told"
"$tools/bin/python" - "$folder" <<'PYTHON'
import json, sys
import duckdb, networkx

folder = sys.argv[1]
for table in ["events", "stances", "changes", "claims"]:
    rows = [json.loads(line) for line in open(f"{folder}/{table}.jsonl")]
    file = f"{folder}/{table}.parquet"
    [count] = duckdb.execute("SELECT count(*) FROM read_parquet(?)", [file]).fetchone()
    assert count == len(rows) > 0, (table, count, len(rows))
    print(f"{table}: {count} rows, as many as lines")
signs = {"favor": 1, "against": -1}
stances = {(row["actor"], row["target"]): signs.get(row["stance"], 0) for row in map(json.loads, open(f"{folder}/stances.jsonl"))}
graph = networkx.read_graphml(f"{folder}/stances.graphml")
assert {(a, b): edge["sign"] for a, b, edge in graph.edges(data=True)} == stances
assert all(node["name"] and node["kind"] for _, node in graph.nodes(data=True))
print(f"graph: {graph.number_of_nodes()} nodes, {graph.number_of_edges()} edges, as many as stances")
PYTHON
"$program" audit verify
