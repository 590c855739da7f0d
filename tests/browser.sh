#!/usr/bin/env bash
# Looks at the pages in Chromium, with the article's log and with names that are long, turned or full of markup. Takes the
# program to try; a folder for playwright-core and axe-core, which are installed there if they are missing, and for pictures.
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(realpath "${1:-target/debug/stancelog}")
tools=${2:-target/browser}

mkdir -p "$tools"
cp tests/browser/package.json tests/browser/look.mjs "$tools"
if [ ! -d "$tools/node_modules/axe-core" ]; then
  npm install --prefix "$tools" --silent --no-audit --no-fund
fi

folder=$(mktemp -d)
server=
trap 'if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; fi; rm -rf "$folder"' EXIT

# Serves a log and looks at some of its pages.
look() {
  local name=$1 found=0
  shift
  # The server says where it listens as soon as it does.
  mkfifo "$folder/$name.address"
  "$program" --db "$folder/$name.db" serve --listen 0 --journal none > "$folder/$name.address" &
  server=$!
  local address
  read -r address < "$folder/$name.address"
  node "$tools/look.mjs" "$address" "$tools/$name" "$@" || found=$?
  kill "$server"
  server=
  return "$found"
}

"$program" --quiet --db "$folder/article.db" append fixtures/article/registry.jsonl
"$program" --quiet --db "$folder/article.db" append fixtures/article/events.jsonl
"$program" --quiet --db "$folder/hostile.db" append tests/browser/hostile.jsonl

look article / /actors/boris-johnson '/actors/boris-johnson?as_of=2022-03&known_at=@60' /targets/ukraine /pairs/boris-johnson/ukraine \
  /claims /claims/missile-threat /events /events/60 '/compare?a=boris-johnson&b=russia' '/diff?from=2022&to=2023' /flips /gaps /review \
  /audit '/search?q=strike' /entities /actions
look hostile / /actors/long /actors/turned /targets/arabic /pairs/long/arabic /claims /claims/c1 /events /events/6 \
  '/compare?a=long&b=script' '/diff?from=2022&to=2024' /review '/search?q=alert' /entities
