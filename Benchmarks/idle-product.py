#!/usr/bin/env python3
"""What an idle subscriber costs the product, where each has a source of its own: private bytes and processor time of sockets with a
heartbeat that is far off, of people who are not signed in. Prints one line.

usage: Benchmarks/idle-product.py [subscribers] [seconds of silence]   (scripts/build release Server first)
"""
import os, re, socket, sys, time
from product_server import ProductServer
from subscriber import frame, until, upgrade

count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 5


def listen():
    one = socket.create_connection(("127.0.0.1", server.port))
    one.sendall(upgrade)
    until(one, b"\r\n\r\n")
    one.sendall(frame({"type": "connection_init"}))
    until(one, b"connection_ack")
    query = "subscription { heartbeat(everySeconds: 60) { number } }"
    one.sendall(frame({"id": "1", "type": "subscribe", "payload": {"query": query}}) + frame({"type": "ping"}))
    until(one, b'"pong"')
    return one


def private_bytes():
    text = open(f"/proc/{server.pid}/smaps_rollup").read()
    return sum(int(found) for found in re.findall(r"Private_\w+: +(\d+) kB", text)) * 1024


def processor_seconds():
    fields = open(f"/proc/{server.pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


server = ProductServer(ATRIUM_CONNECTIONS_PER_ADDRESS="16384", ATRIUM_RATE_LIMITS="off", ATRIUM_JOBS="off", ATRIUM_PING_SECONDS="3600")
try:
    sockets = [listen()]
    before = private_bytes()
    sockets += [listen() for _ in range(count)]
    each = (private_bytes() - before) / count
    used = processor_seconds()
    time.sleep(seconds)
    used = processor_seconds() - used
finally:
    server.stop()
print(f"{count} subscribers: {each:.0f} private bytes each, {used * 1000:.0f} ms of the processor in {seconds:g} s of silence")
