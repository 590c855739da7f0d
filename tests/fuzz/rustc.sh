#!/bin/sh
# Compiles for a fuzzer: stancelog, its targets and the readers of dates and of JSON report which branches were taken; what else they rest
# on is compiled as always.
# These are the flags of cargo-fuzz, without a sanitizer: there is no unsafe code here.
case "${CARGO_PKG_NAME:-}" in
  stancelog*|edtf-core|struson)
    exec "$@" --cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
      -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
      -Cllvm-args=-sanitizer-coverage-trace-compares -Cdebug-assertions ;;
  *) exec "$@" ;;
esac
