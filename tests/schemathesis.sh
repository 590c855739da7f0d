#!/usr/bin/env bash
# Holds the served API against its own description: schemathesis makes requests from it, good and bad, and no answer may be
# a failure of the server or break the description. Takes the program to try; a folder for schemathesis, which is installed
# there if it is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(realpath "${1:-target/debug/stancelog}")
tools=${2:-target/schemathesis}

if [ ! -x "$tools/bin/schemathesis" ]; then
  python3 -m venv "$tools"
  "$tools/bin/pip" install --quiet 'schemathesis>=4,<5'
fi

folder=$(mktemp -d)
server=
trap 'if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; fi; rm -rf "$folder"' EXIT
export STANCELOG_DB="$folder/stances.db"
"$program" --quiet append fixtures/article/registry.jsonl
"$program" --quiet append fixtures/article/events.jsonl
"$program" --quiet audit key > /dev/null

# The server says where it listens as soon as it does.
mkfifo "$folder/address"
"$program" serve --listen 0 --journal none --max-rate 100000 > "$folder/address" &
server=$!
read -r address < "$folder/address"

# Streams never end, and are tried by tests of their own. That what fits the description is always taken cannot hold: a name
# may fit several, a word may be unknown.
"$tools/bin/schemathesis" run "$address/openapi.json" --exclude-path-regex stream --workers 2 --max-examples 30 \
  --checks not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance,unsupported_method

"$program" audit verify
