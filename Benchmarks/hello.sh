#!/usr/bin/env bash
# `{ hello }` by POST over 64 kept connections: Atrium, nginx's `return 200` of the same bytes, graphql-js behind node.
# Server on core 0, wrk on core 1. usage: Benchmarks/hello.sh [seconds per round] [rounds]
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup wrk nginx-light nodejs procps
seconds=${1:-3} rounds=${2:-3}
hello=(--package-path Examples/Hello --scratch-path .build/hello --static-swift-stdlib)
scripts/build release Hello "${hello[@]}"
program=$(swift build -c release "${hello[@]}" --show-bin-path)/Hello
work=$(mktemp -d); pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
cat > "$work/nginx.conf" <<'CONF'
daemon off; worker_processes 1; pid nginx.pid; error_log stderr crit;
events { worker_connections 1024; }
http { access_log off; keepalive_requests 100000000; default_type application/json;
  server { listen 127.0.0.1:18091; location / { return 200 '{"data":{"hello":"world"}}'; } } }
CONF
taskset -c 0 "$program" 18090 >/dev/null & pids+=($!); atrium=$!
taskset -c 0 nginx -p "$work" -c nginx.conf 2>/dev/null & pids+=($!); nginx=$!
taskset -c 0 node Benchmarks/hello-graphql-js.js 18092 & pids+=($!); node=$!
sleep 1
worker=$(pgrep -P "$nginx")
ticks() { awk '{print $14 + $15}' "/proc/$1/stat"; }
run() { # name pid port
  local before out
  before=$(ticks "$2")
  out=$(taskset -c 1 wrk -t1 -c64 -d"${seconds}s" -s Benchmarks/hello.lua "http://127.0.0.1:$3/graphql")
  awk -v name="$1" -v ticks=$(($(ticks "$2") - before)) -v hz="$(getconf CLK_TCK)" '
    /requests in/ { n = $1 } /Requests\/sec/ { rps = $2 } /Socket errors|Non-2xx/ { print "!", $0 }
    END { printf "%-16s %10.0f req/s %8.2f CPU us/req\n", name, rps, ticks / hz * 1e6 / n }' <<< "$out"
}
for _ in $(seq "$rounds"); do
  run "atrium" "$atrium" 18090
  run "nginx return" "$worker" 18091
  run "graphql-js" "$node" 18092
done
