#!/usr/bin/env bash
# Compares reads through PostgresClient with pgbench on the same server: Benchmarks/data.sh [seconds each]
# The client on core 0, the server on core 1. Columns: rows a second, and the client's CPU in µs a row.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup
seconds=${1:-3}
swift build -c release --product postgres-bench
bench=.build/release/postgres-bench
folder=$(mktemp -d /tmp/atrium-bench-XXXXXX)
chmod 755 "$folder"
trap 'exec 3>&-; wait; rm -rf "$folder"' EXIT
mkfifo "$folder/input"
taskset -c 1 "$bench" serve "$folder/cluster" < "$folder/input" > "$folder/output" &
exec 3> "$folder/input"
until grep -q host= "$folder/output"; do sleep 0.1; done
connection=$(cat "$folder/output")
psql -q "$connection" -c "CREATE TABLE rows AS SELECT i::int8 AS id, gen_random_uuid() AS key, 'name of ' || i AS name,
    (i % 1000)::int4 AS score, now() AS at FROM generate_series(1, 100000) i" \
    -c "ALTER TABLE rows ADD PRIMARY KEY (id)" -c "VACUUM ANALYZE rows"
select='SELECT id, key, name, score, at FROM rows WHERE id = :id;'
printf '%s\n' '\set id random(1, 100000)' "$select" > "$folder/one.sql"
{
    for ((i = 0; i < 64; i++)); do echo "\\set id$i random(1, 100000)"; done
    echo '\startpipeline'
    for ((i = 0; i < 64; i++)); do echo "${select/:id/:id$i}"; done
    echo '\endpipeline'
} > "$folder/pipeline.sql"
rate() { sed -n 's/^tps = \([0-9]*\).*/\1/p'; }
for round in 1 2; do
    one=$(taskset -c 0 pgbench -n -M prepared -T "$seconds" -f "$folder/one.sql" "$connection" 2> /dev/null | rate)
    printf 'pgbench, one at a time\t%s\n' "$one"
    many=$(taskset -c 0 pgbench -n -M prepared -T "$seconds" -f "$folder/pipeline.sql" "$connection" 2> /dev/null | rate)
    printf 'pgbench, pipelines of 64\t%s\n' $((many * 64))
    taskset -c 0 "$bench" run "$connection" "$seconds"
done
