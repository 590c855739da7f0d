#!/usr/bin/env bash
# Lets a fuzzer try every parser for a short while, from seeds made of the fixtures. What is found is kept under
# target/fuzz/found, and fails the run. Takes how many inputs each target tries.
#
# For longer, with cargo-fuzz and its address sanitizer (a stable toolchain does):
#   RUSTC_BOOTSTRAP=1 cargo fuzz run --fuzz-dir tests/fuzz --target-dir target/fuzz-long event target/fuzz/corpus/event
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-50000}
export RUSTC_WRAPPER="$PWD/tests/fuzz/rustc.sh"
# No flags from outside: each set of flags would build everything again.
unset RUSTFLAGS CARGO_BUILD_RUSTFLAGS
cargo build --manifest-path tests/fuzz/Cargo.toml --target-dir target/fuzz --bins
python3 tests/fuzz/seeds.py target/fuzz/corpus

mkdir -p target/fuzz/found
for file in tests/fuzz/targets/*.rs; do
  target=$(basename "$file" .rs)
  # What a run finds interesting goes to a folder that nobody keeps, so that every run starts from the same seeds.
  found=$(mktemp -d)
  log=$(mktemp)
  if ! "target/fuzz/debug/$target" -runs="$runs" -max_total_time=15 -max_len=4096 -timeout=10 -rss_limit_mb=1024 \
    -artifact_prefix="target/fuzz/found/$target-" "$found" "target/fuzz/corpus/$target" 2> "$log"; then
    tail -n 40 "$log"
    exit 1
  fi
  echo "fuzz $target: $(grep -E '^Done|DONE' "$log" | tail -n 1)"
  rm -rf "$found" "$log"
done
