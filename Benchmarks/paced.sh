#!/usr/bin/env bash
# How long an event takes from its mutation to its subscribers: 1,000 WebSockets that listen to one post of BenchServer, ten
# comments a second. Server on core 0, sockets and PostgreSQL on core 1.
# usage: Benchmarks/paced.sh [seconds] [sockets] [events a second]
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup gcc
seconds=${1:-20} sockets=${2:-1000} rate=${3:-10}
scripts/build release BenchServer --static-swift-stdlib
cc -O2 -o .build/sockets Benchmarks/peers/sockets.c
work=$(mktemp -d)
chmod 755 "$work"
(cd "$work" && exec taskset -c 0 "$OLDPWD/.build/release/BenchServer" --port 18093 > server.log 2>&1) & server=$!
trap 'kill "$server" 2> /dev/null && wait "$server" || true; rm -rf "$work"' EXIT
until (: > /dev/tcp/127.0.0.1/18093) 2> /dev/null; do
    kill -0 "$server" 2> /dev/null || { cat "$work/server.log"; exit 1; }
    sleep 1
done
echo | taskset -c 1 .build/sockets 18093 "$sockets" "$seconds" 1 "$rate" | tail -1
