#!/usr/bin/env bash
# Walks through the pages in Chromium and looks at them, with the article's log and with names that are long, turned or full
# of markup.
#
# tests/browser.sh [PROGRAM [TOOLS [LOG PATH...]]]
#
# Takes the program to try; a folder for playwright-core and axe-core, which are installed there if they are missing, and for
# pictures. Where a log is given, only that one is looked at, or rather a copy of it, at the paths given.
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(realpath "${1:-target/debug/stancelog}")
tools=${2:-target/browser}
log=${3:-}

mkdir -p "$tools"
cp tests/browser/package.json tests/browser/*.mjs "$tools"
if [ ! -d "$tools/node_modules/axe-core" ]; then
  npm install --prefix "$tools" --silent --no-audit --no-fund
fi

folder=$(mktemp -d)
server=
trap 'if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; fi; rm -rf "$folder"' EXIT

# Serves a log and runs a script against it.
browse() {
  local script=$1 name=$2 found=0
  shift 2
  # The server says where it listens as soon as it does.
  mkfifo "$folder/$name.address"
  "$program" --db "$folder/$name.db" serve --listen 0 --journal none > "$folder/$name.address" &
  server=$!
  local address
  read -r address < "$folder/$name.address"
  rm "$folder/$name.address"
  node "$tools/$script.mjs" "$address" "$tools/$name" "$@" || found=$?
  kill "$server"
  wait "$server" || true
  server=
  return "$found"
}

if [ -n "$log" ]; then
  name=$(basename "$log" .db)
  "$program" --quiet --db "$log" backup "$folder/$name.db"
  browse look "$name" "${@:4}"
  exit
fi

"$program" --quiet --db "$folder/article.db" append fixtures/article/registry.jsonl
"$program" --quiet --db "$folder/article.db" append fixtures/article/events.jsonl
"$program" --quiet --db "$folder/hostile.db" append tests/browser/hostile.jsonl
cp "$folder/article.db" "$folder/desk.db"

browse walk desk "$program" "$folder/desk.db"
browse look article / /actors/boris-johnson '/actors/boris-johnson?as_of=2022-03&known_at=@60' /targets/ukraine /pairs/boris-johnson/ukraine \
  /claims /claims/missile-threat /events /events/60 '/compare?a=boris-johnson&b=russia' '/diff?from=2022&to=2023' /flips /gaps /review \
  /audit '/search?q=strike' /entities /actions /record /sign-in
browse look hostile / /actors/long /actors/turned /targets/arabic /pairs/long/arabic /claims /claims/c1 /events /events/6 \
  '/compare?a=long&b=script' '/diff?from=2022&to=2024' /review '/search?q=alert' /entities '/record?actor=long&note=alert'
