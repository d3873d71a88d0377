#!/usr/bin/env bash
# What an edit of a large schema (600 types, 2,500 resolved fields, 20 modules) makes the compiler do again in a debug
# build; writes docs/benchmarks/rebuild.md. Fails where a comment recompiles anything.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup bc
root=$PWD
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder/Sources/Resolvers"
cat > "$folder/Package.swift" <<PACKAGE
// swift-tools-version: 6.3
import PackageDescription

let package = Package(
    name: "Synthetic",
    dependencies: [.package(name: "Atrium", path: "$root")],
    targets: [
        .target(
            name: "Resolvers",
            dependencies: [.product(name: "GraphQLEngine", package: "Atrium")],
            plugins: [.plugin(name: "SchemaGen", package: "Atrium")]
        )
    ]
)
PACKAGE
python3 Benchmarks/GeneratedCode/synthetic.py > "$folder/schema.graphql"
python3 Benchmarks/GeneratedCode/synthetic.py --stubs "$folder/stubs"
for file in "$folder"/stubs/*.swift; do
    module=$(basename "$file" | sed -n 's/^\(M[0-9]*\).*/\1/p')
    mkdir -p "$folder/Sources/Resolvers/$module"
    mv "$file" "$folder/Sources/Resolvers/$module/"
done
rmdir "$folder/stubs"
build() {
    local start; start=$(date +%s.%N)
    swift build --package-path "$folder" --scratch-path "$root/.build/rebuild" > "$folder/log" 2>&1 ||
        { tail -40 "$folder/log" >&2; exit 1; }
    seconds=$(echo "$(date +%s.%N) - $start" | bc | xargs printf '%.1f')
    compiled=$(sed -n 's/.*Compiling Resolvers //p' "$folder/log" | tr ' ' '\n' | grep -c '\.swift$' || true)
}
row() { echo "| $1 | $compiled | $seconds |"; }
build
files=$(find "$folder/Sources" "$root/.build/rebuild/plugins" -name '*.swift' | wc -l)
table=$(row "all of it, the engine too")
sed -i 's/^type M05Thing3 /# What a comment says is nobody'"'"'s business.\n&/' "$folder/schema.graphql"
build
table+=$'\n'$(row "a comment")
[ "$compiled" = 0 ] || { echo "Benchmarks/rebuild.sh: a comment recompiles $compiled files" >&2; exit 1; }
sed -i '/^type M05Thing3 /,/^}/s/^  name: String!/&\n  nickname: String/' "$folder/schema.graphql"
sed -i '/^struct M05Thing3Row/,/^}/s/^    var name: String/&\n    var nickname: String?/' "$folder/Sources/Resolvers/M05/M05Rows.swift"
build
table+=$'\n'$(row "a stored field of M05Thing3, and its property")
sed -i 's/^input M05Input1 { search: String/& text: String/' "$folder/schema.graphql"
build
table+=$'\n'$(row "a field of an input of one module")
cat > docs/benchmarks/rebuild.md <<TABLE
# Building again

A package with the synthetic schema of \`Benchmarks/GeneratedCode\` (603 types, 20 modules) and a program for it: $files Swift
files. Files compiled again by an ordinary \`swift build\` after an edit, on $(nproc) cores. Repeat with
\`Benchmarks/rebuild.sh\`.

| after an edit of | files compiled | s |
|---|--:|--:|
$table
TABLE
cat docs/benchmarks/rebuild.md
