#!/usr/bin/env bash
# Live events and jobs on a PostgreSQL of their own: Benchmarks/live.sh [seconds]
# The latency of the feed, a thousand reconnections, jobs a second, and jobs whose workers are killed. PostgreSQL writes to
# its disk as it does in service.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup
seconds=${1:-10}
swift build -c release --product postgres-bench
swift build -c release --product data-bench
bench=.build/release/data-bench
folder=$(mktemp -d /tmp/atrium-bench-XXXXXX)
chmod 755 "$folder"
workers=()
trap 'kill -9 "${workers[@]}" 2> /dev/null || true; exec 3>&-; wait || true; rm -rf "$folder"' EXIT
mkfifo "$folder/input"
.build/release/postgres-bench serve "$folder/cluster" durable < "$folder/input" > "$folder/output" &
exec 3> "$folder/input"
until grep -q host= "$folder/output"; do sleep 0.1; done
connection=$(cat "$folder/output")
ask() { psql -qAt "$connection" -c "$1"; }

"$bench" migrate "$connection"
echo "the feed:"
"$bench" feed "$connection" "$seconds"
"$bench" reconnect "$connection" 1000
echo "jobs that do nothing, one worker:"
"$bench" jobs "$connection" 30000

echo "jobs that leave a row, three workers of which one is killed again and again, leases of two seconds:"
ask "DELETE FROM jobs; CREATE TABLE runs (job uuid NOT NULL)"
ask "INSERT INTO jobs (name) SELECT 'row' FROM generate_series(1, 20000)"
for i in 0 1 2; do
    "$bench" work "$connection" & workers[i]=$!
done
for ((kill = 0; kill < 10; kill++)); do
    sleep 0.4
    i=$((RANDOM % 3))
    kill -9 "${workers[i]}"
    wait "${workers[i]}" 2> /dev/null || true
    "$bench" work "$connection" & workers[i]=$!
done
until [ "$(ask "SELECT count(*) FROM jobs WHERE finished_at IS NULL")" = 0 ]; do sleep 0.2; done
ask "SELECT 'killed 10 times: never run ' || count(*) FILTER (WHERE runs = 0) || ', run again after a lost lease '
        || count(*) FILTER (WHERE runs > 1 AND attempts > 1) || ', run again without one '
        || count(*) FILTER (WHERE runs > attempts) || ', of ' || count(*)
    FROM jobs LEFT JOIN LATERAL (SELECT count(*) AS runs FROM runs WHERE job = jobs.id) r ON true"
