#!/usr/bin/env bash
# Compares execution in the process with graphql-js (Debian's node-graphql) and with a loop written by hand, the two
# programs taking turns on one core, and writes docs/benchmarks/engine.md.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup nodejs node-graphql
export NODE_PATH=/usr/share/nodejs NODE_ENV=production
swift build -c release --product engine-bench
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for _ in 1 2 3; do
    taskset -c 0 .build/release/engine-bench >> "$folder/ours"
    taskset -c 0 node Benchmarks/engine-graphql-js.js >> "$folder/theirs"
done
mkdir -p docs/benchmarks
awk -F '\t' -v versions="graphql-js $(node -p 'require("graphql").version'), node $(node --version)" '
    BEGIN { split("", order) }
    FNR == 1 { file++ }
    { if (!($1 in seen)) { seen[$1]; order[++count] = $1 }
      if (!((file, $1) in best) || $2 < best[file, $1]) best[file, $1] = $2
      if (file == 1) bytes[$1] = $3 }
    END {
        print "# Execution\n\nIn the process, without a transport; documents parsed, validated and planned before unless new.\n" \
            "Best of three rounds in which the two take turns. Repeat with `Benchmarks/engine.sh`.\n\n" versions ".\n\n" \
            "| case | response bytes | ours µs | graphql-js µs | times faster |\n|---|--:|--:|--:|--:|"
        for (i = 1; i <= count; i++) { name = order[i]
            if (name ~ /memory/) continue
            theirs = best[2, name]; ratio = theirs == "" ? "" : sprintf("%.1f", theirs / best[1, name])
            printf "| %s | %s | %.2f | %s | %s |\n", name, bytes[name], best[1, name], theirs, ratio }
    }' "$folder/ours" "$folder/theirs" > docs/benchmarks/engine.md
cat docs/benchmarks/engine.md
