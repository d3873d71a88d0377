#!/usr/bin/env bash
# What an answer of 250 x 250 x 10 fields takes at its peak, beyond what the process had before, and whether that is less
# than three times its size; writes docs/benchmarks/memory.md. Needs Linux: the peak is read from /proc.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup
scripts/build release engine-bench
taskset -c 0 "$(swift build -c release --show-bin-path)/engine-bench" --memory | awk -F '\t' '
    BEGIN {
        print "# Memory\n\nWhat an answer of 250 × 250 objects of ten fields takes at its peak beyond what the process had " \
            "before:\nvalues of all levels, and the response. Repeat with `Benchmarks/memory.sh`, which fails at three times " \
            "the size.\n\n" "| answer | response bytes | peak bytes | times the size |\n|---|--:|--:|--:|" }
    { printf "| %s | %d | %d | %.2f |\n", $1, $2, $3, $4; if ($4 >= 3) failed = 1 }
    END { exit failed }' | tee docs/benchmarks/memory.md
