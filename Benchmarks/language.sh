#!/usr/bin/env bash
# Compares lexing and parsing with graphql-js (Debian's node-graphql), the two taking turns, and writes the table to
# docs/benchmarks/language.md.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup nodejs node-graphql
export NODE_PATH=/usr/share/nodejs NODE_ENV=production
swift build -c release --product language-bench
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
.build/release/language-bench write "$folder/documents"

for _ in 1 2 3; do
    for file in "$folder"/documents/*/*.graphql; do  # one process each, so that memory is each document's own
        .build/release/language-bench measure "$file" >> "$folder/ours"
        node Benchmarks/language-graphql-js.js "$file" >> "$folder/theirs"
    done
done

mkdir -p docs/benchmarks
awk -v machine="$(nproc) x $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1)" \
    -v versions="graphql-js $(node -p 'require("graphql").version'), node $(node --version)" \
    -f Benchmarks/language.awk "$folder/theirs" "$folder/ours" > docs/benchmarks/language.md
cat docs/benchmarks/language.md
