#!/usr/bin/env bash
# Compares RawServer with nginx's `return 200` of the same bytes: server on core 0, wrk on core 1.
# usage: Benchmarks/raw-http.sh [seconds per round] [rounds]
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup wrk nginx-light procps
seconds=${1:-3} rounds=${2:-3}
scripts/build release RawServer --static-swift-stdlib
work=$(mktemp -d); pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
cat > "$work/nginx.conf" <<'CONF'
daemon off; worker_processes 1; pid nginx.pid; error_log stderr crit;
events { worker_connections 1024; }
http { access_log off; keepalive_requests 100000000; default_type application/json;
  server { listen 127.0.0.1:18081; location / { return 200 '{"data":{"hello":"world"}}'; } } }
CONF
taskset -c 0 .build/release/RawServer 18080 1 >/dev/null & pids+=($!); raw=$!
taskset -c 0 nginx -p "$work" -c nginx.conf 2>/dev/null & pids+=($!); nginx=$!
sleep 1
worker=$(pgrep -P "$nginx")
ticks() { awk '{print $14 + $15}' "/proc/$1/stat"; }
run() { # name pid url
  local before out
  before=$(ticks "$2")
  out=$(taskset -c 1 wrk -t1 -c64 -d"${seconds}s" "$3")
  awk -v name="$1" -v ticks=$(($(ticks "$2") - before)) -v hz="$(getconf CLK_TCK)" '
    /requests in/ { n = $1 } /Requests\/sec/ { rps = $2 } /Socket errors|Non-2xx/ { print "!", $0 }
    END { printf "%-16s %10.0f req/s %8.2f CPU us/req\n", name, rps, ticks / hz * 1e6 / n }' <<< "$out"
}
for _ in $(seq "$rounds"); do
  run "atrium sync" "$raw" http://127.0.0.1:18080/
  run "atrium task" "$raw" http://127.0.0.1:18080/task
  run "nginx return" "$worker" http://127.0.0.1:18081/
done
