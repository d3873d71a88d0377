#!/usr/bin/env bash
# Compares validation with graphql-js (Debian's node-graphql), the two taking turns, and writes the table to
# docs/benchmarks/validation.md.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup nodejs node-graphql
export NODE_PATH=/usr/share/nodejs NODE_ENV=production
swift build -c release --product validation-bench
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
.build/release/validation-bench write "$folder"

for _ in 1 2 3; do
    for file in "$folder"/*/*.graphql; do  # one process each, so that memory is each document's own
        .build/release/validation-bench measure "$folder/schema.graphqls" "$file" >> "$folder/ours"
        if [[ $file == */everyday/* ]]; then
            node Benchmarks/validation-graphql-js.js "$folder/schema.graphqls" "$file" >> "$folder/theirs"
        fi
    done
done

# graphql-js takes minutes for some of the hostile documents: once, and no longer than this.
for file in "$folder"/hostile/*.graphql; do
    timeout 20 node Benchmarks/validation-graphql-js.js "$folder/schema.graphqls" "$file" >> "$folder/theirs" \
        || echo "$(basename "$file" .graphql) 0 -1 0 0" >> "$folder/theirs"
done

mkdir -p docs/benchmarks
awk -v machine="$(nproc) x $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1)" \
    -v versions="graphql-js $(node -p 'require("graphql").version'), node $(node --version)" \
    -f Benchmarks/validation.awk "$folder/theirs" "$folder/ours" > docs/benchmarks/validation.md
cat docs/benchmarks/validation.md
