#!/bin/sh
# Appends events to a stancelog server, with curl alone.
#
#   examples/append.sh events.jsonl
#   stancelog export events --format jsonl | examples/append.sh -
#
# One event a line, as in `{"id":"0190…","actor":"Boris Johnson","action":"visits","target":"Kyiv","occurred":"2023-01-22"}`.
# Lines that have an id can be sent again without harm: what the server has is counted as a duplicate. So this may be
# run again after any failure, and curl itself tries again where the server is not there or is busy.
#
# Printed are the lines that were refused, with the reason, and the counts at the end.
# Exit codes: 0 all of it is stored, 1 some lines were refused, 2 it was not called as it should be, other: curl's own.
#
# STANCELOG_URL    where the server is [http://127.0.0.1:7878]
# STANCELOG_TOKEN  a token of role append, where the server wants one
set -eu

if [ $# -ne 1 ]; then
  echo "usage: $0 FILE (or - for what is piped in)" >&2
  exit 2
fi
url=${STANCELOG_URL:-http://127.0.0.1:7878}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# The token goes through a file, for a command line can be read by everybody on this machine.
if [ -n "${STANCELOG_TOKEN:-}" ]; then
  (umask 077 && printf 'header = "Authorization: Bearer %s"\n' "$STANCELOG_TOKEN" > "$folder/config")
else
  : > "$folder/config"
fi
# What is piped in can be read only once, and a second try reads it again.
file=$1
if [ "$file" = - ]; then
  file=$folder/events
  cat > "$file"
fi

curl --config "$folder/config" --silent --show-error --fail-with-body \
  --retry 8 --retry-connrefused --retry-max-time 120 \
  --request POST --header 'Content-Type: application/x-ndjson' --header 'Expect:' \
  --upload-file "$file" --output "$folder/results" "$url/v1/events?results=rejected" || {
  code=$?
  cat "$folder/results" >&2 2>/dev/null || true
  exit "$code"
}

cat "$folder/results"
# The last line holds the counts; without it the server stopped in between.
tail -n 1 "$folder/results" | grep -q '^{"summary":' || exit 1
tail -n 1 "$folder/results" | grep -q '"rejected":0[,}]' || exit 1
