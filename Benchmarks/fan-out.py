#!/usr/bin/env python3
"""Idle memory and fan-out of WebSockets: RawServer beside a bare epoll loop, in turns. Server on core 0, this client on core 1. Needs a C compiler.

usage: Benchmarks/fan-out.py [sockets] [messages to each] [rounds]   (swift build -c release --product RawServer first)
"""
import os, select, socket, statistics, subprocess, sys, time

count = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
messages = int(sys.argv[2]) if len(sys.argv) > 2 else 50
rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 3
frame = 204
root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
bare = os.path.join(root, ".build/bare-epoll")
subprocess.run(["cc", "-O2", "-o", bare, os.path.join(root, "Benchmarks/bare-epoll.c")], check=True)
os.sched_setaffinity(0, {1})
upgrade = ("Upgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: 13\r\n"
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")


def private_bytes(pid):
    rows = [line.split() for line in open(f"/proc/{pid}/smaps_rollup") if line.startswith("Private_")]
    return sum(int(row[1]) for row in rows) * 1024


def cpu(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return [int(field) / os.sysconf("SC_CLK_TCK") for field in fields[11:13]]


def connect(path, extra):
    one = socket.create_connection(("127.0.0.1", 18085))
    one.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\n{extra}\r\n".encode())
    return one


def measure(program):
    """Private bytes of an idle socket, messages a second, CPU us of a message, and how much of that is not the kernel's."""
    server = subprocess.Popen(["taskset", "-c", "0", program, "18085"], stdout=subprocess.PIPE)
    server.stdout.readline()
    before, sockets, poll = private_bytes(server.pid), {}, select.epoll()
    for _ in range(count):
        one = connect("/join", upgrade)
        assert one.recv(4096).startswith(b"HTTP/1.1 101")
        one.setblocking(False)
        sockets[one.fileno()] = one
        poll.register(one.fileno(), select.EPOLLIN | select.EPOLLET)
    idle = (private_bytes(server.pid) - before) / count
    publisher = socket.create_connection(("127.0.0.1", 18085))
    used, start = cpu(server.pid), time.monotonic()
    for _ in range(messages):
        publisher.sendall(b"GET /publish HTTP/1.1\r\nHost: a\r\n\r\n")
        left = count * frame
        while left > 0:
            events = poll.poll(10)
            assert events, f"{left} bytes missing"
            for descriptor, _ in events:
                left -= len(sockets[descriptor].recv(65536))
        publisher.recv(4096)
    wall = time.monotonic() - start
    user, system = (now - then for now, then in zip(cpu(server.pid), used))
    total = count * messages
    server.kill()
    server.wait()
    for one in sockets.values():
        one.close()
    return idle, total / wall, (user + system) / total * 1e6, user / total * 1e6


results = {"RawServer": [], "bare epoll": []}
for _ in range(rounds):
    results["RawServer"].append(measure(os.path.join(root, ".build/release/RawServer")))
    results["bare epoll"].append(measure(bare))
print(f"{count:,} sockets, {messages} messages to each, medians of {rounds} rounds\n")
print("| | private bytes of an idle socket | messages/s, bound by the client | server CPU us | of it not the kernel's | messages/s of a core |")
print("|---|--:|--:|--:|--:|--:|")
for name, rows in results.items():
    idle, rate, used, own = (statistics.median(column) for column in zip(*rows))
    print(f"| {name} | {idle:,.0f} | {rate:,.0f} | {used:.2f} | {own:.2f} | {1e6 / used:,.0f} |")
