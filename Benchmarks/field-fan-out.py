#!/usr/bin/env python3
"""One field of BenchServer's schema to many WebSockets, the next event when all have the last: graphql-transport-ws, plain TCP,
no compression. Server on core 0, sockets and PostgreSQL on core 1. Prints one line. Needs a C compiler.

usage: Benchmarks/field-fan-out.py [subscribers] [seconds]
"""
import json, os, subprocess, sys
from bench_server import BenchServer, build, root

count = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 10
build()
program = os.path.join(root, ".build/sockets")
subprocess.run(["cc", "-O2", "-o", program, os.path.join(root, "Benchmarks/peers/sockets.c")], check=True)
with BenchServer(18094) as server:
    client = subprocess.Popen([program, str(server.port), str(count), str(seconds), "1"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True, bufsize=1)
    if client.stdout.readline() != "ready\n":
        raise SystemExit("no event reached everybody")
    before = server.cpu()
    client.stdin.write("\n")
    result = json.loads(client.stdout.readline())
    user, system = (now - then for now, then in zip(server.cpu(), before))
    client.communicate("\n")
messages = result["requests"]
each = (user + system) / messages * 1e6
print(f"{count} subscribers, {result['rounds']} events: {messages / result['seconds']:.0f} messages/s; "
      f"server CPU {each:.2f} us a message, {user / messages * 1e6:.2f} of them not the kernel's: "
      f"{1e6 / each:.0f} messages/s of a core")
