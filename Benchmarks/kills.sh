#!/usr/bin/env bash
# Kills PostgreSQL (-9) ten times under sixteen writers with idempotency keys: Benchmarks/kills.sh [kills]
# What was acknowledged is there once, and nothing is there twice; anything else fails.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup
kills=${1:-10}
swift build -c release --product postgres-bench
swift build -c release --product data-bench
bench=.build/release/data-bench
folder=$(mktemp -d /tmp/atrium-bench-XXXXXX)
chmod 755 "$folder"
trap 'exec 3>&-; wait || true; rm -rf "$folder"' EXIT
mkfifo "$folder/input"
.build/release/postgres-bench serve "$folder/cluster" durable < "$folder/input" > "$folder/output" &
exec 3> "$folder/input"
until grep -q host= "$folder/output"; do sleep 0.1; done
connection=$(cat "$folder/output")
"$bench" migrate "$connection"
psql -qAt "$connection" -c "CREATE TABLE ledger (number int8 NOT NULL)"

"$bench" write "$connection" $((kills * 4 + 3)) > "$folder/acknowledged" &
writer=$!
for ((kill = 0; kill < kills; kill++)); do
    sleep "$((RANDOM % 2 + 2)).$((RANDOM % 10))"
    kill -9 "$(head -1 "$folder/cluster/data/postmaster.pid")"
done
wait "$writer"
tail -1 "$folder/acknowledged"
sed -i '$d' "$folder/acknowledged"
until psql -qAt "$connection" -c "SELECT number FROM ledger" > "$folder/written" 2> /dev/null; do sleep 0.2; done
lost=$(comm -23 <(sort -u "$folder/acknowledged") <(sort -u "$folder/written") | wc -l)
twice=$(sort "$folder/written" | uniq -d | wc -l)
echo "killed $kills times: acknowledged $(wc -l < "$folder/acknowledged"), lost $lost, there twice $twice"
[ "$lost" = 0 ] && [ "$twice" = 0 ]
